"""Rates counted from one reading of the rows equal each rate's own query."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries import several_rates
from queries.axes import axis_of
from queries.calculators.group_rows import RATES
from queries.compiler import QuerySpec, write
from queries.database import Store, delivery, open_store
from queries.dimensions import MODELS, PERIODS
from queries.scope import Scope
from tests.conftest import UseStore
from tests.queries.test_rollups import newest, random_spec

QUESTIONS = 150
BREAKDOWNS = [by for by in MODELS["enrollments"].breakdowns if by != "group" and by not in PERIODS]


def random_specs(draw: random.Random, store: Store) -> list[QuerySpec]:
    """Several rates under the same filters and breakdown."""
    bits = {row["group_id"]: row["bit"] for row in store.rows("select group_id, bit from ref_groups")}
    values = {
        name: [value for value in axis_of(store, "enrollments", name)]
        for name in ("initiative", "region", "sector", "provider")
    }
    spec = random_spec(draw, delivery(store).delivered_on, values, bits)
    spec = replace(
        spec,
        agg=draw.choice(["rate_by_side", "rate_by_answers"]),
        by=draw.choice(BREAKDOWNS),
        of_group=draw.choice([None, *bits]),
        support="any",
        received=None,
    )
    if spec.agg == "rate_by_answers":
        spec = replace(spec, of_group=None)
    return [replace(spec, fact=fact) for fact in draw.sample(RATES, draw.randint(2, len(RATES)))]


def assert_equal(store: Store, seed: int) -> Counter[str]:
    draw, rows_seen = random.Random(seed), Counter[str]()
    for _ in range(QUESTIONS):
        specs = random_specs(draw, store)
        counted = several_rates.rows(store, specs)
        assert counted is not None
        for spec in specs:
            query = write(spec)
            assert counted[spec.fact] == store.rows(query.text, query.parameters), spec
            rows_seen[spec.agg] += len(counted[spec.fact])
    return rows_seen


def test_the_demo(demo_store: Path, use_store: UseStore) -> None:
    use_store(demo_store)
    assert min(assert_equal(open_store(newest(demo_store).name), 1).values()) > QUESTIONS


def test_an_awkward_delivery(hostile_store: tuple[Path, Any], use_store: UseStore) -> None:
    use_store(hostile_store[0])
    assert min(assert_equal(open_store(newest(hostile_store[0]).name), 2).values()) > QUESTIONS


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "month"},
        {"by": "group"},
        {"agg": "rate_by_pair"},
        {"fact": "residents_new"},
    ],
    ids=str,
)
def test_rates_that_need_their_queries(
    changes: dict[str, Any], hostile_store: tuple[Path, Any], use_store: UseStore
) -> None:
    use_store(hostile_store[0])
    store = open_store(newest(hostile_store[0]).name)
    spec = QuerySpec(
        fact="completion_rate", agg="rate_by_side", by=None, scope=Scope(as_of=date(2026, 1, 1)), bits={"women": 1}
    )
    assert several_rates.rows(store, [spec, replace(spec, fact="placement_rate")])
    assert several_rates.rows(store, [replace(spec, **changes), spec]) is None


def test_a_large_table_has_a_query_for_each_rate(
    hostile_store: tuple[Path, Any], use_store: UseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_store(hostile_store[0])
    store = open_store(newest(hostile_store[0]).name)
    spec = QuerySpec(
        fact="completion_rate", agg="rate_by_side", by=None, scope=Scope(as_of=date(2026, 1, 1)), bits={"women": 1}
    )
    monkeypatch.setattr(several_rates, "MOST_ROWS", 1)
    assert several_rates.rows(store, [spec, replace(spec, fact="placement_rate")]) is None
