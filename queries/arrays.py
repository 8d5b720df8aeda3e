"""Arrays with a number for each row of a delivery's tables, read once, up to a limit in bytes.

They are too large for the cache of answers, which counts values: with an array as one value, every delivery that anybody ever looked at
would stay in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np

from queries.cache import BoundedCache
from queries.database import Store

MOST_BYTES = 500_000_000  # the demo of 12,000 residents takes about five million
T = TypeVar("T")


def size_of(value: object) -> int:
    """Return how many bytes a value's arrays have."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, Mapping):
        return sum(map(size_of, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(size_of, value))
    if is_dataclass(value):
        return sum(size_of(getattr(value, field.name)) for field in fields(value))
    return 0


ARRAYS: BoundedCache[Any] = BoundedCache(MOST_BYTES, lambda value: 1_000 + size_of(value))


def read_once(store: Store, key: Hashable, read: Callable[[], T]) -> T:
    """Return the arrays of a store that were read under this key before, else read them. Nobody may change them."""
    arrays: T = ARRAYS.get_or_compute((store.file, key), read)
    return arrays
