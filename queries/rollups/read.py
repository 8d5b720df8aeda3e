"""Answer a question from the rollups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from queries.aggregations.groups import PLACES as CELL_PLACES
from queries.compiler import QuerySpec, used
from queries.database import SqlRow, Store
from queries.rollups.pieces import query_of
from queries.rollups.question import RollupQuestion, Shape

IDS = ("key", "month_number", *CELL_PLACES)
Finish = Callable[[SqlRow], SqlRow]


def rows(store: Store, spec: QuerySpec, delivered_on: date) -> list[SqlRow] | None:
    """Return the rows of a query, as the query itself returns them; None if the rollups cannot answer it or there are none.

    Args:
        store: The store.
        spec: What is counted; its scope has an as-of date.
        delivered_on: The delivery's date.
    """
    columns = _pair_columns(store)
    if spec.agg not in SHAPES or not columns:
        return None
    question = RollupQuestion(spec=spec, shape=SHAPES[spec.agg], delivered_on=delivered_on)
    if question.fact.model != "enrollments" or not question.is_possible:
        return None
    query = query_of(question, columns)
    counted = store.rows(query, used(query, question.parameters))
    return _FINISHED[spec.agg](_in_order(counted, spec), spec)


@lru_cache(maxsize=8)
def _pair_columns(store: Store) -> frozenset[str]:
    """Return the columns that the store's pairs have of both applications; none without rollups."""
    query = "select column_name from information_schema.columns where table_name = 'rollup_pairs' and column_name like 'other\\_%' escape '\\'"
    return frozenset(row["column_name"].removeprefix("other_") for row in store.rows(query))


def _in_order(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    """Return the rows in the order in which queries return them, with the group or the pair of groups by id."""
    groups = {bit: group for group, bit in spec.bits.items()}
    pairs = {first | second: (first, second) for first in groups for second in groups if first < second}
    result = []
    for row in counted:
        bits = row.get("bits")
        first, second = (bits, None) if bits is None or bits in groups else pairs[bits]
        named = {"group_id": groups[first]} if first is not None else {}
        named |= {"other_id": groups[second]} if second is not None else {}
        part = row["part"] if SHAPES[spec.agg].unit == "clusters" else ""
        order = (first or 0, second or 0, part, *(row[name] for name in IDS if name in row))
        result.append((order, named | row))
    return [row for _, row in sorted(result, key=lambda item: item[0])]


def _counts(counted: Sequence[SqlRow], spec: QuerySpec, finish: Finish) -> list[SqlRow]:
    by = "group_id" if spec.by == "group" else "key"
    listed = [({"key": row[by]} if by in row else {}) | finish(row) for row in counted]
    return sorted(listed, key=lambda row: row.get("key", ""))


def _parts(counted: Sequence[SqlRow]) -> list[tuple[SqlRow, Mapping[str, SqlRow]]]:
    """Return the rows of each group, key, place and month by part, with what they have in common."""
    joined: dict[tuple[object, ...], tuple[SqlRow, dict[str, SqlRow]]] = {}
    for row in counted:
        common = {name: row[name] for name in ("group_id", *IDS) if name in row}
        joined.setdefault(tuple(common.values()), (common, {}))[1][row["part"]] = row
    return list(joined.values())


def _sum(parts: Mapping[str, SqlRow], name: str, *which: str) -> int:
    return sum(parts[part][name] for part in which if part in parts)


def _participation(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    return [
        common
        | {"numerator": _sum(parts, "n", "in"), "denominator": _sum(parts, "n", "in", "out"), "everyone": _sum(parts, "n", *parts)}
        for common, parts in _parts(counted)
    ]


def _intake(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    names = {"inside": "in", "outside": "out", "undisclosed": "undisclosed"}
    return [
        {name: value for name, value in common.items() if name != "group_id"}
        | {name: _sum(parts, "n", part) for name, part in names.items()}
        for common, parts in _parts(counted)
    ]


def _two_sides(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    return [
        common | {f"{name}_{part}": _sum(parts, name, part) for part in ("in", "out") for name in ("successes", "known")}
        for common, parts in _parts(counted)
    ]


def _exits(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    return [{name: value for name, value in row.items() if name != "group_id"} for row in _two_sides(counted, spec)]


def _sides(counted: Sequence[SqlRow], spec: QuerySpec) -> list[SqlRow]:
    names = ("key", "group_id", "other_id", "part", "residents", "successes", "known", "hh", "hm", "mm")
    names = tuple(name for name in names if name != "residents" or spec.agg == "rate_by_pair")
    return [
        {("side" if name == "part" else name): (row[name] if name != "residents" or row["part"] == "in" else 0) for name in names if name in row}
        for row in counted
    ]


SHAPES = {
    "count_rows": Shape(unit="rows"),
    "rate_of_rows": Shape(unit="rows"),
    "count_residents": Shape(unit="residents"),
    "rate_of_residents": Shape(unit="residents"),
    "participation": Shape(unit="residents", sides="groups"),
    "intake_by_side": Shape(unit="residents", sides="groups", is_monthly=True),
    "rate_by_side": Shape(unit="clusters", sides="groups"),
    "rate_by_pair": Shape(unit="clusters", sides="pairs"),
    "cells_by_side": Shape(unit="rows", sides="groups", places=CELL_PLACES),
    "exits_by_side": Shape(unit="rows", sides="groups", is_monthly=True),
}


def _count(row: SqlRow) -> SqlRow:
    return {"numerator": row["n"]}


def _rate(row: SqlRow) -> SqlRow:
    return {"numerator": row["successes"], "denominator": row["known"], "unknown": row["n"] - row["known"]}


def _rate_of_residents(row: SqlRow) -> SqlRow:
    return {"numerator": row["successes"], "denominator": row["n"]}


_FINISHED: Mapping[str, Callable[[Sequence[SqlRow], QuerySpec], list[SqlRow]]] = {
    "count_rows": lambda counted, spec: _counts(counted, spec, _count),
    "count_residents": lambda counted, spec: _counts(counted, spec, _count),
    "rate_of_rows": lambda counted, spec: _counts(counted, spec, _rate),
    "rate_of_residents": lambda counted, spec: _counts(counted, spec, _rate_of_residents),
    "participation": _participation,
    "intake_by_side": _intake,
    "rate_by_side": _sides,
    "rate_by_pair": _sides,
    "cells_by_side": _two_sides,
    "exits_by_side": _exits,
}
