"""Every answer from the tallies equals the one counted resident by resident, whatever is asked."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries import Question, ask, measures, rollups
from queries.context import QueryContext
from queries.database import Store, delivery, open_store
from queries.models import Row
from queries.registry import Measure
from queries.rollups import streams
from queries.rollups.question import sides
from queries.rollups.read_rows import AGGREGATIONS
from queries.scope import PERIODS, Scope
from tests.conftest import UseStore, publish

ANSWERS = 1_200  # from the demo's tallies, and a third of it from each awkward delivery's
TAIL_COUNTED = {
    "count_rows": list(streams.SUMS),
    "rate_of_rows": [name for name, entry in streams.SUMS.items() if entry.events == "flagged"],
    "count_residents": ["residents_applied", "residents_enrolled", *streams.DATED_BY_FIRST],
    "rate_of_residents": ["supports_reach"],
    "median_of_rows": list(streams.VALUES),
    "participation": ["residents_applied", "residents_enrolled"],
    "intake_by_side": ["residents_enrolled"],
    "rate_by_side": list(streams.SIDED),
    "exits_by_side": list(streams.OUTCOMES),
    "cells_by_side": list(streams.OUTCOMES),
    "rate_by_pair": list(streams.OUTCOMES),
}
WITHOUT_PARTS = ("cells_by_side", "rate_by_pair")
SINGLE_TOTAL = (*WITHOUT_PARTS, "exits_by_side", "intake_by_side")
PLACED = ("initiative", "region", "sector")
NAME_BREAKDOWNS = ("program", "provider", "town", "intake")


@pytest.fixture(scope="module")
def tallied_demo(demo_deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo's last delivery, published as if it were large."""
    store = tmp_path_factory.mktemp("tallied-demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("queries.rollups.build.MIN_COUNT", 0)
        publish(demo_deliveries[-1], store)
    return store


@pytest.fixture(scope="module")
def tallied_hostile(hostile_store: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An awkward delivery's store with tallies."""
    return _tallied(hostile_store[0], tmp_path_factory.mktemp("tallied-hostile"))


def _tallied(source: Path, folder: Path) -> Path:
    store = folder / "store"
    shutil.copytree(source, store)
    newest = sorted((store / "deliveries").iterdir())[-1]
    assert rollups.prepare(newest / "store.duckdb", min_count=0)
    return store


def _agree(store: Store, *, seed: int, answers: int) -> Counter[str]:
    """Ask both ways until the tallies have given so many answers; how many of each tail. What they do not hold (a period cut
    within a month, say) is passed over."""
    asks, answered = random.Random(seed), Counter[str]()
    about = delivery(store)
    listed = store.rows("select distinct initiative, region, sector from enrollments")
    known = {name: sorted({row[name] for row in listed if row[name]}) for name in PLACED}
    groups = sides(store).groups
    measure = next(entry for entry in measures().values() if entry.model == "enrollments")
    while answered.total() < answers:
        query = _random_query(asks, about.delivered_on, known, groups)
        rows = rollups.rows(store, query)
        if rows is None:
            continue
        answered[query.agg] += 1
        assert _rounded(rows) == _rounded(_from_rows(store, measure, query)), query
    return answered


def _rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counts as they are; a quantile between two amounts without the last of its 16 digits, which depends on how it is written."""
    return [{name: float(f"{v:.12g}") if isinstance(v, float) else v for name, v in row.items()} for row in rows]


def _random_query(
    asks: random.Random, delivered_on: date, known: dict[str, list[str]], groups: tuple[str, ...]
) -> rollups.RollupQuery:
    agg = asks.choice(list(TAIL_COUNTED))
    fact = asks.choice(TAIL_COUNTED[agg])
    about_groups = agg in (
        "participation",
        "intake_by_side",
        "rate_by_side",
        "exits_by_side",
        "cells_by_side",
        "rate_by_pair",
    )
    by = asks.choice(
        [
            None,
            None,
            *PLACED,
            *(() if agg in SINGLE_TOTAL else PERIODS),
            *(() if about_groups else ("group", *NAME_BREAKDOWNS)),
        ]
    )
    by = None if agg in WITHOUT_PARTS else by
    fields: dict[str, Any] = {name: asks.choice(known[name]) for name in PLACED if known[name] and asks.random() < 0.3}
    if not about_groups and by != "group" and asks.random() < 0.4:
        fields |= {"group": asks.choice(groups), "group_side": asks.choice(["in", "out", "undisclosed"])}
    fields["as_of"] = delivered_on - timedelta(days=asks.choice([0, 0, 0, 0, 0, 0, 1, 90, 400]))
    fields |= {name: day for name in ("since", "until") if (day := _day(asks, delivered_on, is_end=name == "until"))}
    if agg == "median_of_rows":  # tallied for all time alone, of everyone
        fields = {
            name: value for name, value in fields.items() if name in PLACED or name == "as_of" or asks.random() < 0.2
        }
    more: dict[str, Any] = {}
    if fact == "supports_reach":
        more["support"] = asks.choice(streams.SUPPORTS)
    if agg in ("exits_by_side", "intake_by_side"):
        more["of_group"] = asks.choice(groups)
    elif (about_groups and agg != "rate_by_pair") or by == "group":
        more["of_group"] = asks.choice([None, *groups])
    return rollups.RollupQuery(fact, agg, by, Scope(**fields), more)


def _day(asks: random.Random, delivered_on: date, *, is_end: bool) -> date | None:
    """Mostly none, or the edge of a month; now and then any day."""
    if asks.random() < 0.6:
        return None
    day = delivered_on - timedelta(days=asks.randrange(0, 1500))
    if asks.random() < 0.3:
        return day
    first = day.replace(day=1, month=day.month if asks.random() < 0.5 else asks.choice([1, 4, 7, 10]))
    return first - timedelta(days=1) if is_end else first


def _from_rows(store: Store, measure: Measure, query: rollups.RollupQuery) -> list[dict[str, Any]]:
    context = QueryContext(measure, query.by, query.scope, store, delivery(store))
    sql = context.query(by=query.by, fact=query.fact, agg=query.agg, **query.more)
    rows = store.rows(sql.text, sql.parameters)
    return rows if query.by or query.agg == "cells_by_side" else [{"key": "Total", **row} for row in rows]


def test_thousands_of_questions_about_the_demo(tallied_demo: Path, use_store: UseStore) -> None:
    use_store(tallied_demo)
    store = open_store(sorted((tallied_demo / "deliveries").iterdir())[-1].name)
    assert set(_agree(store, seed=1, answers=ANSWERS)) == set(AGGREGATIONS) == set(TAIL_COUNTED)


def test_every_answer_is_the_same_with_tallies_and_without(
    tallied_demo: Path, demo_store: Path, use_store: UseStore
) -> None:
    def answers(folder: Path) -> dict[tuple[str, Question], Any]:
        use_store(folder)
        questions = [Question(name, by) for name in measures() for by in (None, "region", "sector", "quarter", "group")]
        region, provider = Scope(region="Northwest"), Scope(provider="Riverbend Training Center (demo)")
        return {
            **{("region", entry): _plain(ask(entry, region).rows) for entry in questions},
            **{("provider", entry): _plain(ask(entry, provider).rows) for entry in questions if entry.by != "region"},
        }

    plain, tallied = answers(demo_store), answers(tallied_demo)
    assert plain.keys() == tallied.keys()
    assert sum(map(len, plain.values())) > 1000
    for question, rows in plain.items():
        assert tallied[question] == rows, question


def _plain(rows: Sequence[Row]) -> list[Any]:
    """Answer rows with their numbers to ten digits: sums of floats depend on their order in the last ones."""

    def short(value: Any) -> Any:
        return float(f"{value:.10g}") if isinstance(value, float) else value

    return [
        {
            name: {k: short(v) for k, v in value.items()} if isinstance(value, dict) else short(value)
            for name, value in vars(row).items()
        }
        for row in rows
    ]


def test_a_small_delivery_is_answered_from_its_rows(demo_store: Path, use_store: UseStore) -> None:
    use_store(demo_store)
    store = open_store(sorted((demo_store / "deliveries").iterdir())[-1].name)
    assert sides(store) is None
    assert rollups.rows(store, rollups.RollupQuery("residents_enrolled", "count_residents", None, Scope())) is None


def test_thousands_of_questions_about_awkward_deliveries(tallied_hostile: Path, use_store: UseStore) -> None:
    use_store(tallied_hostile)
    store = open_store(sorted((tallied_hostile / "deliveries").iterdir())[-1].name)
    assert set(_agree(store, seed=2, answers=ANSWERS // 3)) == set(AGGREGATIONS)
