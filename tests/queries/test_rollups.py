"""Every answer from the rollups equals the one counted resident by resident, and pandas."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from queries import Question, ask, formats, measures, rollups
from queries.compiler import QuerySpec, write
from queries.database import Store, delivery, open_store
from queries.dimensions import MODELS
from queries.registry import facts
from queries.rollups import paths
from queries.rollups.facts import rolled_facts
from queries.rollups.piece import with_months
from queries.scope import SIDES, Scope
from queries.sides import AGGREGATIONS, MONTHLY, OF_PAIRS
from tests.conftest import UseStore, publish
from tests.data.deliveries import tables
from tests.data.deliveries import write as write_delivery
from tests.queries import independent
from tests.queries.random_questions import rounded
from tests.queries.test_measures import BY, LAST, SCOPES, check, facts_of

ANSWERS = 1_200  # from the demo's rollups, and a third of it from each awkward delivery's
FACTS = {name: fact for name, fact in facts().items() if fact.model == "enrollments" and not fact.amount}
RESIDENTS = ("residents_applied", "residents_enrolled", "residents_new", "slfrf_enrolled", "slfrf_completing")
OF_RESIDENT_COUNTS = ("count_residents", "participation", "participation_by_pair", "intake_by_side")
OF_RATES = tuple(agg for agg in AGGREGATIONS if agg.startswith("rate") or agg in ("cells_by_side", "exits_by_side"))
OF_GROUPS = ("participation", "rate_by_side", "cells_by_side", *MONTHLY)
PLACES = ("initiative", "region", "sector", "provider")


@pytest.fixture(scope="module")
def rolled_demo(demo_deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo's last delivery, published as if it were large."""
    store = tmp_path_factory.mktemp("rolled-demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("queries.rollups.build.MIN_COUNT", 0)
        publish(demo_deliveries[-1], store)
    return store


@pytest.fixture(scope="module")
def rolled_hostile(hostile_store: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An awkward delivery's store with rollups."""
    store = tmp_path_factory.mktemp("rolled-hostile") / "store"
    shutil.copytree(hostile_store[0], store)
    assert rollups.prepare(newest(store) / "store.duckdb", min_count=0)
    return store


def newest(store: Path) -> Path:
    return sorted((store / "deliveries").iterdir())[-1]


def assert_equal_to_rows(store: Store, *, seed: int, answers: int) -> Counter[str]:
    """Ask both ways until the rollups have answered so often; return how often by aggregation."""
    draw, answered = random.Random(seed), Counter[str]()
    bits = {row["group_id"]: row["bit"] for row in store.rows("select group_id, bit from ref_groups")}
    listed = store.rows("select distinct initiative, region, sector, provider from enrollments")
    values = {name: sorted({row[name] for row in listed if row[name]}) for name in PLACES}
    delivered_on = delivery(store).delivered_on
    while answered.total() < answers:
        spec = random_spec(draw, delivered_on, values, bits)
        rows = rollups.rows(store, spec, delivered_on)
        if rows is None:
            continue
        query = write(spec)
        assert rows == store.rows(query.text, query.parameters), spec
        answered[spec.agg] += 1
    return answered


def random_spec(
    draw: random.Random, delivered_on: date, values: Mapping[str, list[str]], bits: Mapping[str, int]
) -> QuerySpec:
    agg = draw.choice(AGGREGATIONS)
    rates = [name for name, fact in FACTS.items() if fact.success]
    is_rate, is_of_groups = agg in OF_RATES, agg in OF_GROUPS or agg in OF_PAIRS
    is_of_residents = agg in OF_RESIDENT_COUNTS and draw.random() < 0.6
    fact = draw.choice(RESIDENTS if is_of_residents else rates if is_rate else list(FACTS))
    breakdowns = [by for by in MODELS["enrollments"].breakdowns if by != "group" or not is_of_groups]
    by = None if agg == "cells_by_side" else draw.choice([None, None, *breakdowns])
    fields: dict[str, Any] = {
        name: draw.choice(values[name]) for name in PLACES if values[name] and draw.random() < 0.3
    }
    if not is_of_groups and by != "group" and draw.random() < 0.4:
        fields |= {"group": draw.choice(list(bits)), "group_side": draw.choice(SIDES)}
    as_of = delivered_on - timedelta(days=draw.choice([0, 0, 0, 1, 14, 90, 400]))
    fields["as_of"] = as_of if draw.random() < 0.8 else as_of.replace(day=1) - timedelta(days=1)
    fields |= {"since": random_day(draw, delivered_on), "until": random_day(draw, delivered_on, is_end=True)}
    is_of_group = agg in MONTHLY or ((by == "group" or agg in OF_GROUPS) and draw.random() < 0.5)
    of_group = draw.choice(list(bits)) if is_of_group else None
    support = draw.choice(["any", "child_care", "transportation"])
    return QuerySpec(
        fact=fact, agg=agg, by=by, scope=Scope(**fields), bits=bits, of_group=of_group, support=support, received=True
    )


def random_day(draw: random.Random, delivered_on: date, *, is_end: bool = False) -> date | None:
    """No day, the first or last day of a month, or any day."""
    if draw.random() < 0.5:
        return None
    day = delivered_on - timedelta(days=draw.randrange(1500))
    if draw.random() < 0.5:
        return day
    return day.replace(day=1) - timedelta(days=1) if is_end else day.replace(day=1)


def test_thousands_of_questions_about_the_demo(rolled_demo: Path, use_store: UseStore) -> None:
    use_store(rolled_demo)
    assert set(assert_equal_to_rows(open_store(newest(rolled_demo).name), seed=1, answers=ANSWERS)) == set(AGGREGATIONS)


def test_thousands_of_questions_about_awkward_deliveries(rolled_hostile: Path, use_store: UseStore) -> None:
    use_store(rolled_hostile)
    store = open_store(newest(rolled_hostile).name)
    assert set(assert_equal_to_rows(store, seed=2, answers=ANSWERS // 3)) == set(AGGREGATIONS)


@pytest.mark.parametrize("scope", SCOPES)
def test_answers_from_rollups_equal_pandas(
    rolled_hostile: Path, hostile_store: tuple[Path, Any], scope: str, use_store: UseStore
) -> None:
    use_store(rolled_hostile)
    frame = facts_of(*hostile_store)
    draw = random.Random(scope)
    is_of_members = (
        SCOPES[scope].get("group_side", "in") == "in"
    )  # others are not broken down by group (test_measures.py)
    breakdowns = [by for by in BY if by != "group" or is_of_members]
    for measure_id in independent.plain(LAST):
        check(measure_id, draw.choice(breakdowns), SCOPES[scope], frame, LAST)


def test_every_answer_is_the_same_with_rollups_and_without(
    rolled_demo: Path, demo_store: Path, use_store: UseStore
) -> None:
    def answers(folder: Path) -> dict[tuple[str, Question], Any]:
        use_store(folder)
        questions = [Question(name, by) for name in measures() for by in (None, "region", "sector", "quarter", "group")]
        region, provider = Scope(region="Northwest"), Scope(provider="Riverbend Training Center (demo)")
        return {
            **{("region", entry): rounded(ask(entry, region).rows) for entry in questions},
            **{("provider", entry): rounded(ask(entry, provider).rows) for entry in questions if entry.by != "region"},
        }

    plain, rolled = answers(demo_store), answers(rolled_demo)
    assert plain.keys() == rolled.keys()
    assert sum(map(len, plain.values())) > 1000
    for question, rows in plain.items():
        assert rolled[question] == rows, question


def test_a_provider_may_be_called_what_rows_without_a_value_are(tmp_path: Path, use_store: UseStore) -> None:
    """Residents with several applications at it counted once for each."""
    made = tables(200)
    made["enrollments"]["provider"] = ["Not recorded" if n % 3 else "Provider (test)" for n in range(200)]
    publish(write_delivery(tmp_path, made), tmp_path / "store")
    use_store(tmp_path / "store")
    assert rollups.prepare(newest(tmp_path / "store") / "store.duckdb", min_count=0)
    store = open_store(newest(tmp_path / "store").name)
    assert_equal_to_rows(store, seed=4, answers=ANSWERS // 3)
    total = ask(Question("residents_applied"), Scope(provider="Not recorded")).total
    assert total.value == made["enrollments"].query("provider == 'Not recorded'")["participant_id"].nunique()


def test_a_small_delivery_is_answered_from_its_rows(demo_store: Path, use_store: UseStore) -> None:
    use_store(demo_store)
    store = open_store(newest(demo_store).name)
    spec = QuerySpec(fact="residents_enrolled", agg="count_residents", by=None, scope=Scope(as_of=LAST), bits={})
    assert rollups.rows(store, spec, LAST) is None


def test_rows_answer_under_a_filter_that_rollups_do_not_hold(
    rolled_demo: Path, use_store: UseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_store(rolled_demo)
    store = open_store(newest(rolled_demo).name)
    delivered_on = delivery(store).delivered_on

    def questions(region: str) -> list[QuerySpec]:
        scope = Scope(region=region, as_of=delivered_on)
        return [
            QuerySpec(fact="residents_enrolled", agg=agg, by=None, scope=scope, bits={})
            for agg in ("count_rows", "count_residents")
        ]

    assert all(rollups.rows(store, spec, delivered_on) for spec in questions("Eastern"))
    monkeypatch.setattr("queries.rollups.question.PLACES", ("sector",))
    counted, residents = questions("Northwest")
    assert rollups.rows(store, counted, delivered_on) is None
    query = write(residents)
    assert rollups.rows(store, residents, delivered_on) == store.run(query.text, query.parameters)


@pytest.mark.parametrize("days_before", [0, 1, 40])
def test_days_of_cut_months_count_by_the_as_of_date(rolled_demo: Path, use_store: UseStore, days_before: int) -> None:
    """A period that begins in the month of the as-of date leaves no full month, and planned ends lie after the delivery."""
    use_store(rolled_demo)
    store = open_store(newest(rolled_demo).name)
    delivered_on = delivery(store).delivered_on
    as_of = delivered_on - timedelta(days=days_before)
    compared = 0
    for fact_id, fact in FACTS.items():
        for back in (3, 45):
            scope = Scope(as_of=as_of, since=as_of - timedelta(days=back))
            for agg in ("count_rows", *(["rate_of_rows"] if fact.success else [])):
                spec = QuerySpec(fact=fact_id, agg=agg, by="region", scope=scope, bits={}, received=True)
                rows, query = rollups.rows(store, spec, delivered_on), write(spec)
                if rows is not None:
                    assert rows == store.rows(query.text, query.parameters), spec
                    compared += 1
    assert compared > len(FACTS)


def test_facts_that_change_after_their_date_say_when() -> None:
    for name, fact in rolled_facts():
        assert bool(fact.changes) == ("$as_of" in fact.where + fact.success), name


def test_keys_by_month_have_numbers_of_their_own_however_many_there_are() -> None:
    keys = [{"key": str(number)} for number in range(600)]
    by_month, numbers = with_months(keys, np.array([0, 599, 599], np.int16), np.array([24_000, 24_000, 24_099]))
    assert [by_month[number] for number in numbers] == [
        {"key": "0", "month_number": 24_000},
        {"key": "599", "month_number": 24_000},
        {"key": "599", "month_number": 24_099},
    ]


def test_the_tables_of_the_format_are_those_that_publishing_writes(rolled_demo: Path, use_store: UseStore) -> None:
    use_store(rolled_demo)
    tables = open_store(newest(rolled_demo).name).rows("select table_name from information_schema.tables")
    assert {row["table_name"] for row in tables} == formats.TABLES | formats.ROLLUPS


def assert_paths_are_those_of_the_rows(folder: Path) -> int:
    """Ask on many days both ways; return how many rows the answers had."""
    store, draw, counted = open_store(newest(folder).name), random.Random(3), 0
    delivered_on = delivery(store).delivered_on
    regions = [None, *(row["region"] for row in store.rows("select region from ref_regions order by region"))]
    for agg in paths.AGGREGATIONS:
        for as_of in (delivered_on, *(delivered_on - timedelta(days=draw.randrange(1_500)) for _ in range(20))):
            scope = Scope(as_of=as_of, region=draw.choice(regions))
            spec = QuerySpec(fact="meetings", agg=agg, by=None, scope=scope, bits={})
            rows, query = rollups.rows(store, spec, delivered_on), write(spec)
            assert rows == store.run(query.text, query.parameters), spec
            assert rows is not None
            counted += len(rows)
    return counted


@pytest.mark.parametrize("rolled", [True, False])
def test_paths_of_the_demo_on_any_date_are_those_of_the_rows(
    rolled_demo: Path, demo_store: Path, use_store: UseStore, rolled: bool
) -> None:
    folder = rolled_demo if rolled else demo_store
    use_store(folder)
    assert assert_paths_are_those_of_the_rows(folder) > 60


def test_paths_of_awkward_deliveries_on_any_date_are_those_of_the_rows(
    rolled_hostile: Path, use_store: UseStore
) -> None:
    use_store(rolled_hostile)
    assert_paths_are_those_of_the_rows(rolled_hostile)
