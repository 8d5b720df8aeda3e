"""Arrays of rows stay in memory up to a limit in bytes, however many deliveries are looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from queries import arrays, database
from queries.arrays import size_of
from queries.cache import BoundedCache
from queries.database import current_delivery_id, open_store
from tests.conftest import UseStore
from tests.queries import test_small_deliveries
from tests.queries.test_small_deliveries import assert_counts_are_equal, assert_equal

LIMIT = 20_000  # bytes: the questions read 270,000 to 320,000


def test_a_value_is_as_large_as_its_arrays():
    eight = np.zeros(1, np.int64)
    assert size_of(eight) == 8
    assert size_of({"a": [eight, (eight, "text")], "b": None}) == 16
    assert size_of("a text") == 0


def test_counts_are_the_same_where_there_is_little_room_for_arrays(
    hostile_store: tuple[Path, Any], use_store: UseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: BoundedCache[Any] = BoundedCache(LIMIT, size_of)
    answers: BoundedCache[Any] = BoundedCache(database.MOST_CELLS, database.cells, database.LARGEST)
    monkeypatch.setattr(arrays, "ARRAYS", held)
    monkeypatch.setattr(database, "ANSWERS", answers)
    monkeypatch.setattr(test_small_deliveries, "QUESTIONS", 80)
    use_store(hostile_store[0])
    store = open_store(current_delivery_id())
    assert_equal(store, 5)
    assert_counts_are_equal(store, 6)
    assert sum(size_of(value) for _, value in held.items()) <= LIMIT
    assert not any(size_of(value) for _, value in answers.items())
