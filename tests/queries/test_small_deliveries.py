"""Groups counted from one reading of the rows: the same rows as from each question's own query."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries import key_counts, row_codes, small_deliveries
from queries.aggregations.supports import SUPPORTS
from queries.axes import axis_of, row_count
from queries.compiler import QuerySpec, write
from queries.database import SqlRow, Store, delivery, open_store
from queries.dimensions import MODELS, PERIODS
from queries.registry import facts
from queries.scope import RATES, SIDES, Scope
from tests.conftest import UseStore, publish
from tests.data.deliveries import tables
from tests.data.deliveries import write as write_delivery
from tests.queries.test_rollups import newest, random_spec

QUESTIONS = 400
EVENTS = ("residents_applied", "residents_enrolled", "starts", "completions")
FACTS = {
    "rate_by_side": RATES,
    "rate_by_answers": RATES,
    "rate_by_pair": RATES,
    "cells_by_side": RATES,
    "participation": EVENTS,
    "participation_by_pair": EVENTS,
}
BY_PLACE = ("rate_by_side", "rate_by_answers", "participation")
QUANTILES = ("value", "quartile_low", "quartile_high")
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
    return replace(
        random_spec(draw, delivery(store).delivered_on, values, bits),
        fact=fact,
        agg=agg,
        by=draw.choice(BREAKDOWNS) if agg in BY_PLACE else None,
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


def random_count(draw: random.Random, store: Store) -> QuerySpec:
    """Return a count, rate or sum of any fact and any of its breakdowns that does not need its own query."""
    name, fact = draw.choice([(name, fact) for name, fact in facts().items() if fact.model != "learners"])
    model = MODELS[fact.model]
    aggs = ["count_rows"]
    if fact.model in ("enrollments", "courses", "meetings"):
        aggs = ["count_residents"] if fact.first else ["count_rows", "count_residents"]
    if fact.success and not fact.first:
        aggs += [agg for agg in key_counts.COUNTED if "rate" in agg or "success" in agg]
    if fact.amount == "amount":
        aggs = ["sum_of_dollars"]
    elif fact.amount and fact.model in ("courses", "openings"):
        aggs = ["sum_of_rows"]
    if fact.inside or name == "wage_after_exit":
        aggs = ["median_of_rows"]
    filters: dict[str, Any] = {
        name: draw.choice([*axis_of(store, model.table, name)] or ["nowhere"])
        for name in model.filters
        if name != "group" and draw.random() < 0.4
    }
    breakdowns = [by for by in model.breakdowns if by not in model.moved and (by in PERIODS or not fact.first)]
    bits = {row["group_id"]: row["bit"] for row in store.rows("select group_id, bit from ref_groups")}
    by = draw.choice([None, *breakdowns, "weeks_back"])
    if "group" in model.filters and by != "group" and draw.random() < 0.3:
        filters |= {"group": draw.choice(list(bits)), "group_side": draw.choice(SIDES)}
    as_of = delivery(store).delivered_on - timedelta(days=draw.choice([0, 1, draw.randrange(1_000)]))
    first, last = sorted(as_of - timedelta(days=draw.randrange(1_000)) for _ in range(2))
    since, until = draw.choice([(None, None), (first, None), (first, last), (None, last)])
    scope = replace(Scope(**filters), as_of=as_of, since=since, until=until)
    of_group = draw.choice([None, *bits]) if by == "group" else None
    return QuerySpec(
        fact=name,
        agg=draw.choice(aggs),
        by=by,
        scope=scope,
        bits=bits,
        of_group=of_group,
        support=draw.choice(["any", *SUPPORTS]),
    )


def assert_counts_are_equal(store: Store, seed: int) -> Counter[str]:
    """Compare random counts; return how many rows each aggregation had."""
    draw, rows_seen = random.Random(seed), Counter[str]()
    for _ in range(QUESTIONS):
        spec = random_count(draw, store)
        rows = small_deliveries.rows(store, spec)
        if rows is None:
            assert needs_its_query(spec) or not row_count(store, MODELS[facts()[spec.fact].model].table)
            continue
        query = write(spec)
        assert comparable(rows) == comparable(store.run(query.text, query.parameters)), spec
        rows_seen[facts()[spec.fact].model] += len(rows)
        rows_seen[spec.agg] += len(rows)
    return rows_seen


def comparable(rows: list[SqlRow]) -> list[SqlRow]:
    """Return rows with medians and quartiles to twelve digits: processors differ in the last ones."""
    return [
        {name: float(f"{value:.12g}") if name in QUANTILES else value for name, value in row.items()}
        if "quartile_low" in row
        else row
        for row in rows
    ]


@pytest.mark.parametrize("amount", ["99999999999999.99", "9999999999999999.99", "-9999999999999999.99"])
def test_the_largest_amount_is_published_and_counted(amount: str, tmp_path: Path, use_store: UseStore) -> None:
    made = tables()
    made["funding"]["amount"] = [*made["funding"]["amount"].map("{:.2f}".format)[:-3], amount, amount, "-0.01"]
    publish(write_delivery(tmp_path, made), tmp_path / "store")
    use_store(tmp_path / "store")
    store = open_store(newest(tmp_path / "store").name)
    for name in ("allocated", "obligated", "expended", "award_expended"):
        for by in (None, "award", "category"):
            scope = Scope(as_of=delivery(store).delivered_on)
            spec = QuerySpec(fact=name, agg="sum_of_dollars", by=by, scope=scope, bits={})
            query = write(spec)
            assert small_deliveries.rows(store, spec) in (None, store.run(query.text, query.parameters))


def needs_its_query(spec: QuerySpec) -> bool:
    fact = facts()[spec.fact]
    expressions = fact.where + fact.success
    return "$received" in expressions or ("$as_of" in expressions and not fact.changes) or fact.amount == "hours"


def test_counts_of_the_demo(demo_store: Path, use_store: UseStore) -> None:
    use_store(demo_store)
    rows_seen = assert_counts_are_equal(open_store(newest(demo_store).name), 3)
    models = {"enrollments", "funding", "awards", "courses", "openings", "meetings"}
    assert rows_seen.keys() == models | {*key_counts.COUNTED}


def test_counts_of_an_awkward_delivery(hostile_store: tuple[Path, Any], use_store: UseStore) -> None:
    use_store(hostile_store[0])
    rows_seen = assert_counts_are_equal(open_store(newest(hostile_store[0]).name), 4)
    assert rows_seen.keys() > {*key_counts.COUNTED} - {"sum_of_rows"}  # it has no openings and no courses


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "weeks_back"},
        {"by": "group"},
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
    monkeypatch.setattr(row_codes, "MOST_ROWS", 1)
    assert small_deliveries.rows(store, spec) is None
