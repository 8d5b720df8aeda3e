"""Answer a question from the rollups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from queries.aggregations.groups import PLACES as CELL_PLACES
from queries.aggregations.groups import SIDE_SUMS
from queries.compiler import QuerySpec, used
from queries.database import SqlRow, Store
from queries.facts import facts
from queries.rollups.facts import MODEL
from queries.rollups.pieces import query_of
from queries.rollups.question import RollupQuestion, Shape

IDS = ("key", *CELL_PLACES, "month_number")
RATE = ("n", "successes", "known")
SHAPES = {
    "count_rows": Shape(),
    "rate_of_rows": Shape(values=RATE),
    "count_residents": Shape(once=True),
    "rate_of_residents": Shape(values=("n", "successes"), once=True),
    "participation": Shape(once=True, sides="groups"),
    "intake_by_side": Shape(once=True, sides="groups", is_monthly=True),
    "rate_by_side": Shape(values=("n", *SIDE_SUMS), sides="groups"),
    "rate_by_pair": Shape(values=("n", "residents", *SIDE_SUMS), sides="pairs"),
    "cells_by_side": Shape(values=RATE, sides="groups", places=CELL_PLACES),
    "exits_by_side": Shape(values=RATE, sides="groups", is_monthly=True),
}
Parts = Mapping[str, SqlRow]


def rows(store: Store, spec: QuerySpec, delivered_on: date) -> list[SqlRow] | None:
    """Return the rows of a query, as the query itself returns them; None if the rollups cannot answer it or there are none.

    Args:
        store: The store.
        spec: What is counted; its scope has an as-of date.
        delivered_on: The delivery's date.
    """
    if facts()[spec.fact].model != MODEL or spec.agg not in SHAPES or not (both := _columns_of_pairs(store)):
        return None
    question = RollupQuestion(spec=spec, shape=SHAPES[spec.agg], delivered_on=delivered_on)
    if not question.is_possible:
        return None
    query = query_of(question, both)
    parameters = {**question.parameters, "first_day": _first_day(store, question)}
    return _FINISH[spec.agg](_in_order(store.rows(query, used(query, parameters)), spec))


def _first_day(store: Store, question: RollupQuestion) -> date | None:
    """Return the first day of a fact that may count differently after the last full month, so that fewer rows are read."""
    if not question.is_cut_by_as_of:
        return None
    query = "select min(month) as month from rollup_counts where fact = $fact and bits = 0 and seen_month >= $month"
    month = question.months["to_month"]
    first = store.rows(query, {"fact": question.parameters["fact"], "month": month})[0]["month"]
    return min(first or month, month)


@lru_cache(maxsize=8)
def _columns_of_pairs(store: Store) -> frozenset[str]:
    """Return the columns that rollup_pairs has of both applications; none in a store without rollups."""
    columns = store.rows("select column_name as name from information_schema.columns where table_name = 'rollup_pairs'")
    return frozenset(row["name"].removeprefix("other_") for row in columns if row["name"].startswith("other_"))


def _in_order(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    """Return the rows with the ids of their groups, in the order of the query: by group, part (of sides), key, place and month."""
    groups = {0: (), **{bit: (group,) for group, bit in spec.bits.items()}}
    groups |= {a | b: (*groups[a], *groups[b]) for a in groups for b in groups if 0 < a < b}
    result = []
    for row in counted:
        names = dict(zip(("group_id", "other_id"), groups[row.get("bits", 0)], strict=False))
        if spec.by == "group" and not SHAPES[spec.agg].sides:
            names = {"key": names["group_id"]}
        result.append(row | names)
    is_by_part = "hh" in SHAPES[spec.agg].values
    return sorted(
        result,
        key=lambda row: (
            *(spec.bits[row[name]] for name in ("group_id", "other_id") if name in row),
            *([row["part"]] if is_by_part else []),
            *(row[name] for name in IDS if name in row),
        ),
    )


def _counts(**columns: Callable[[SqlRow], int]) -> Callable[[Sequence[SqlRow]], list[SqlRow]]:
    """Return a function that makes rows with these columns, after the key."""
    return lambda counted: [
        {name: row[name] for name in ("key",) if name in row} | {name: column(row) for name, column in columns.items()} for row in counted
    ]


def _joined(*ids: str, **columns: Callable[[Parts], int]) -> Callable[[Sequence[SqlRow]], list[SqlRow]]:
    """Return a function that joins the parts of a group to rows with these ids and columns."""

    def finish(counted: Sequence[SqlRow]) -> list[SqlRow]:
        parts: dict[tuple[object, ...], dict[str, SqlRow]] = {}
        for row in counted:
            parts.setdefault(tuple((name, row[name]) for name in ids if name in row), {})[row["part"]] = row
        return [dict(common) | {name: column(of) for name, column in columns.items()} for common, of in parts.items()]

    return finish


def _sum(name: str, *parts: str) -> Callable[[Parts], int]:
    return lambda of: sum(of[part][name] for part in parts if part in of)


def _sides(counted: Sequence[SqlRow]) -> list[SqlRow]:
    """Return the rows of a rate by side, or by pair of groups."""
    result = []
    for row in counted:
        ids = {name: row[name] for name in ("key", "group_id", "other_id") if name in row} | {"side": row["part"]}
        residents = {"residents": row["residents"] if row["part"] == "in" else 0} if "residents" in row else {}
        result.append(ids | residents | {name: row[name] for name in SIDE_SUMS})
    return result


_TWO_SIDES = {f"{name}_{part}": _sum(name, part) for part in ("in", "out") for name in ("successes", "known")}
_FINISH: Mapping[str, Callable[[Sequence[SqlRow]], list[SqlRow]]] = {
    "count_rows": _counts(numerator=lambda row: row["n"]),
    "count_residents": _counts(numerator=lambda row: row["n"]),
    "rate_of_rows": _counts(
        numerator=lambda row: row["successes"], denominator=lambda row: row["known"], unknown=lambda row: row["n"] - row["known"]
    ),
    "rate_of_residents": _counts(numerator=lambda row: row["successes"], denominator=lambda row: row["n"]),
    "participation": _joined(
        "key", "group_id", numerator=_sum("n", "in"), denominator=_sum("n", "in", "out"), everyone=_sum("n", "in", "out", "undisclosed")
    ),
    "intake_by_side": _joined("key", "month_number", inside=_sum("n", "in"), outside=_sum("n", "out"), undisclosed=_sum("n", "undisclosed")),
    "rate_by_side": _sides,
    "rate_by_pair": _sides,
    "cells_by_side": _joined("group_id", *CELL_PLACES, **_TWO_SIDES),
    "exits_by_side": _joined("key", "month_number", **_TWO_SIDES),
}
