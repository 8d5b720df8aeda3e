"""Many questions from one query: the tables of the family ask for every value of a filter and for every side of every group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from queries.compiler import Query, QuerySpec, can_count_across, write
from queries.context import QueryContext
from queries.database import SqlRow, Store

_RowsByValue: TypeAlias = Mapping[tuple[str, ...], list[SqlRow]]


class AcrossContext(QueryContext):
    """A context whose questions with one filter are answered by one query across that filter. The rows are the same."""

    def _counted_rows(self, spec: QuerySpec) -> list[SqlRow]:
        """Return the rows of a question that the rollups do not hold."""
        scope = spec.scope
        if len(scope.filters) != 1 or scope.since or scope.until:
            return super()._counted_rows(spec)
        ((name, value),) = scope.filters.items()
        if not can_count_across(spec, name):
            return super()._counted_rows(spec)
        opened: dict[str, None] = {name: None}
        query = write(replace(spec, scope=scope.but(**opened), across=name))
        rows = _rows_by_value(self.store, query).get((value, scope.group_side) if name == "group" else (value,), [])
        return [dict(row) for row in rows]


def _rows_by_value(store: Store, query: Query) -> _RowsByValue:
    """Return the rows of a query across a filter by its value; by group and side for groups."""

    def compute() -> _RowsByValue:
        result: dict[tuple[str, ...], list[SqlRow]] = {}
        for row in store.run(query.text, query.parameters):
            names = ("group_id", "side") if "side" in row else ("across",)
            result.setdefault(tuple(row.pop(name) for name in names), []).append(row)
        return result

    return store.get_or_compute(("across", query.text, tuple(query.parameters.items())), compute)
