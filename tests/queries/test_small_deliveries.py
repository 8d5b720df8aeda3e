"""Groups counted from one reading of the rows: the same rows as from each question's own query."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries import small_deliveries
from queries.aggregations.supports import SUPPORTS
from queries.axes import axis_of
from queries.compiler import QuerySpec, write
from queries.database import Store, delivery, open_store
from queries.dimensions import MODELS, PERIODS
from queries.scope import RATES, Scope
from tests.conftest import UseStore
from tests.queries.test_rollups import newest, random_spec

QUESTIONS = 400
PLAIN = ("residents_applied", "residents_enrolled", "starts")
EVENTS = (*PLAIN, "completions")
FACTS = {
    "rate_by_side": RATES,
    "rate_by_answers": RATES,
    "rate_by_pair": RATES,
    "cells_by_side": RATES,
    "participation": EVENTS,
    "participation_by_pair": EVENTS,
    "count_rows": EVENTS,
    "count_residents": (*EVENTS, "residents_new"),
    "rate_of_rows": RATES,
    "rate_of_residents": ("supports_reach",),
}
BY_KEY = ("count_rows", "count_residents", "rate_of_rows", "rate_of_residents")
BY_PLACE = ("rate_by_side", "rate_by_answers", "participation", *BY_KEY)
OF_GROUP = ("rate_by_side", "cells_by_side", "participation")
BREAKDOWNS = [by for by in MODELS["enrollments"].breakdowns if by not in ("group", "weeks_back")]


def random_question(draw: random.Random, store: Store) -> QuerySpec:
    bits = {row["group_id"]: row["bit"] for row in store.rows("select group_id, bit from ref_groups")}
    values = {
        name: [value for value in axis_of(store, "enrollments", name)]
        for name in ("initiative", "region", "sector", "provider")
    }
    agg = draw.choice(list(FACTS))
    fact = draw.choice(FACTS[agg])
    breakdowns = [None, *PERIODS] if fact == "residents_new" else BREAKDOWNS[agg in BY_KEY and fact not in PLAIN :]
    return replace(
        random_spec(draw, delivery(store).delivered_on, values, bits),
        fact=fact,
        agg=agg,
        by=draw.choice(breakdowns) if agg in BY_PLACE else None,
        of_group=draw.choice([None, *bits]) if agg in OF_GROUP else None,
        support=draw.choice(["any", *SUPPORTS]),
        received=None,
    )


def assert_equal(store: Store, seed: int) -> Counter[str]:
    draw, rows_seen = random.Random(seed), Counter[str]()
    for _ in range(QUESTIONS):
        spec = random_question(draw, store)
        query = write(spec)
        counted = small_deliveries.rows(store, spec)
        assert counted is not None
        assert counted == store.rows(query.text, query.parameters), spec
        rows_seen[spec.agg] += len(counted)
    assert rows_seen.keys() == FACTS.keys()
    return rows_seen


def test_the_demo(demo_store: Path, use_store: UseStore) -> None:
    use_store(demo_store)
    assert min(assert_equal(open_store(newest(demo_store).name), 1).values()) > 50


def test_an_awkward_delivery(hostile_store: tuple[Path, Any], use_store: UseStore) -> None:
    use_store(hostile_store[0])
    assert min(assert_equal(open_store(newest(hostile_store[0]).name), 2).values()) > 50


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "weeks_back"},
        {"by": "group"},
        {"agg": "rate_of_rows"},
        {"agg": "participation"},
        {"fact": "residents_new"},
        {"fact": "residents_enrolled"},
    ],
    ids=str,
)
def test_questions_that_need_their_queries(
    changes: dict[str, Any], hostile_store: tuple[Path, Any], use_store: UseStore
) -> None:
    use_store(hostile_store[0])
    store = open_store(newest(hostile_store[0]).name)
    spec = QuerySpec(
        fact="completion_rate", agg="rate_by_side", by=None, scope=Scope(as_of=date(2026, 1, 1)), bits={"women": 1}
    )
    assert small_deliveries.rows(store, spec)
    assert small_deliveries.rows(store, replace(spec, **changes)) is None


def test_a_large_table_has_a_query_for_each_question(
    hostile_store: tuple[Path, Any], use_store: UseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_store(hostile_store[0])
    store = open_store(newest(hostile_store[0]).name)
    spec = QuerySpec(
        fact="completion_rate", agg="rate_by_side", by=None, scope=Scope(as_of=date(2026, 1, 1)), bits={"women": 1}
    )
    monkeypatch.setattr(small_deliveries, "MOST_ROWS", 1)
    assert small_deliveries.rows(store, spec) is None
