"""Counting by many dimensions at once gives the same rows as one query for each question."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from queries.context import QueryContext
from queries.database import current_delivery_id, delivery, open_store
from queries.dimensions import DIMENSIONS
from queries.privacy.across import AcrossContext
from queries.privacy.joint import JOINT_TYPES
from queries.privacy.rule import rule_of
from queries.privacy.tables import Table
from queries.registry import Measure, measures
from queries.scope import SIDES, Scope
from tests.conftest import UseStore

MEASURES = [measure for measure in measures().values() if measure.type in JOINT_TYPES and measure.agg]


def context_of(measure: Measure, kind: type[QueryContext], scope: Scope) -> QueryContext:
    store = open_store(current_delivery_id())
    about = delivery(store)
    return kind(measure, None, scope.but(as_of=about.delivered_on), store, about)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.id)
def test_the_rows_are_the_same(demo_store: Path, use_store: UseStore, measure: Measure) -> None:
    use_store(demo_store)
    rng = random.Random(measure.id)
    # the pattern needs no medians: only how many people are behind them
    unread = ("value", "quartile_low", "quartile_high") if measure.agg == "median_of_rows" else ()
    opened = context_of(measure, QueryContext, Scope())
    breakdowns = [None, *(by for by in opened.model.breakdowns if by != "group" and by != "weeks_back")]
    questions: list[tuple[str | None, Scope]] = [(by, Scope()) for by in (*breakdowns, "group")]
    for name in opened.model.filters:
        dimension = DIMENSIONS[name]
        values = [str(row[dimension.reference_key]) for row in opened.listing(dimension.reference)]
        for by in (rng.choice(breakdowns), rng.choice(("quarter", "fiscal_year")), None):
            filters: dict[str, str] = {name: rng.choice(values)}
            questions.append((by, Scope(group_side=rng.choice(SIDES)).but(**filters)))
    quarter, year = (date(2026, 4, 1), date(2026, 6, 30)), (date(2025, 7, 1), date(2026, 6, 30))
    questions += [
        (by, Scope(since=since, until=until)) for by in opened.model.filters for since, until in (quarter, year)
    ]
    for by, scope in questions:
        if by not in opened.model.breakdowns:
            continue
        plain, across = (
            [
                {column: value for column, value in row.items() if column not in unread}
                for row in context_of(measure, kind, scope).rows(by=by)
            ]
            for kind in (QueryContext, AcrossContext)
        )
        assert across == plain, (by, scope)


@pytest.mark.parametrize("period", ["quarter", "fiscal_year"])
def test_the_pattern_covers_rows_that_no_filter_keeps(demo_store: Path, use_store: UseStore, period: str) -> None:
    use_store(demo_store)
    context = context_of(measures()["completions"], AcrossContext, Scope())
    cells = Table(context, rule_of(10), tuple(sorted(("sector", period)))).cells()
    empty = context.model.empty
    counted = [sum(cell.values) for address, cell in cells.items() if ("sector", empty) in address]
    (total,) = (row["numerator"] for row in context.rows(by="sector") if row["key"] == empty)
    assert sum(counted) == total > 0
