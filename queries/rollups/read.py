"""Answer a question from the rollups."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from queries.aggregations.groups import PLACES as CELL_PLACES
from queries.aggregations.groups import SIDE_SUMS
from queries.compiler import QuerySpec, used
from queries.database import SqlRow, Store
from queries.facts import facts
from queries.rollups import paths
from queries.rollups.facts import MODEL
from queries.rollups.pieces import query_of
from queries.rollups.question import RollupQuestion, Shape

IN, OUT = "filter (where part = 'in')", "filter (where part = 'out')"
TWO_SIDES = {
    f"{name}_{side}": f"sum({name}) {part}"
    for side, part in (("in", IN), ("out", OUT))
    for name in ("successes", "known")
}
SUMS = {name: f"sum({name})" for name in SIDE_SUMS}
PARTICIPATION = {
    "numerator": f"sum(n) {IN}",
    "denominator": "sum(n) filter (where part <> 'undisclosed')",
    "everyone": "sum(n)",
}
INTAKE = {
    "inside": f"sum(n) {IN}",
    "outside": f"sum(n) {OUT}",
    "undisclosed": "sum(n) filter (where part = 'undisclosed')",
}
RATE = {"numerator": "sum(successes)", "denominator": "sum(known)", "unknown": "sum(n) - sum(known)"}
# by aggregation, with the columns of its query in queries/aggregations/
SHAPES = {
    "count_rows": Shape(columns={"numerator": "sum(n)"}),
    "rate_of_rows": Shape(columns=RATE),
    "count_residents": Shape(columns={"numerator": "sum(n)"}, once=True),
    "rate_of_residents": Shape(columns={"numerator": "sum(successes)", "denominator": "sum(n)"}, once=True),
    "rate_of_known_residents": Shape(columns=RATE, once=True),
    "participation": Shape(columns=PARTICIPATION, once=True, sides="groups"),
    "intake_by_side": Shape(columns=INTAKE, once=True, sides="groups", is_monthly=True),
    "participation_by_pair": Shape(columns=PARTICIPATION, once=True, sides="pairs"),
    "rate_by_side": Shape(columns=SUMS, sides="groups", by_part=True),
    "rate_by_pair": Shape(columns={"residents": f"sum(residents) {IN}", **SUMS}, sides="pairs", by_part=True),
    "cells_by_side": Shape(columns=TWO_SIDES, sides="groups", places=CELL_PLACES),
    "exits_by_side": Shape(columns={**TWO_SIDES, "exits_in": f"sum(n) {IN}"}, sides="groups", is_monthly=True),
}


def rows(store: Store, spec: QuerySpec, delivered_on: date, *, has_rows: bool = True) -> list[SqlRow] | None:
    """Return the rows of a query, as the query itself returns them; None if the rollups cannot answer it or there are none.

    Args:
        store: The delivery's tables.
        spec: The question.
        delivered_on: The delivery's date.
        has_rows: Whether residents' rows may be read, too.
    """
    if facts()[spec.fact].model != MODEL:
        return paths.rows(store, spec)
    shape, both = SHAPES.get(spec.agg), _columns_of_pairs(store)
    if shape is None or not both:
        return None
    question = RollupQuestion(
        spec=spec, shape=shape, delivered_on=delivered_on, as_of=spec.scope.as_of or delivered_on,
        has_rows=has_rows,
    )  # fmt: skip
    if not question.is_possible:
        return None
    query = query_of(question, both)
    return store.rows(query, used(query, question.parameters | {"first_day": _first_day(store, question)}))


@lru_cache(maxsize=8)
def _columns_of_pairs(store: Store) -> frozenset[str]:
    """Return the columns that rollup_pairs has of both applications; none in a store without rollups."""
    columns = store.rows("select column_name as name from information_schema.columns where table_name = 'rollup_pairs'")
    return frozenset(row["name"].removeprefix("other_") for row in columns if row["name"].startswith("other_"))


def _first_day(store: Store, question: RollupQuestion) -> date | None:
    """Return the first day of a fact that may count differently after the last full month, so that fewer rows are read."""
    if not question.is_cut_by_as_of or not question.has_rows:
        return None
    query = "select min(month) as month from rollup_counts where fact = $fact and bits = 0 and seen_month >= $month"
    fact, month = question.parameters["fact"], question.months["to_month"]
    first: date | None = store.rows(query, {"fact": fact, "month": month})[0]["month"]
    return min(first or month, month)
