"""Rows of measures about underrepresented groups: one per group and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from queries.aggregations.groups import by_sides
from queries.context import QueryContext
from queries.database import SqlRow
from queries.models import Row
from queries.notes import NOT_SUPPLIED

R = TypeVar("R", bound=Row)


def by_group(context: QueryContext, agg: str, fact: str | None = None) -> Iterator[tuple[str, str, SqlRow]]:
    """Yield (key, group, SQL row) for each group; the key is the group unless there is another breakdown."""
    scope = context.scope.but(group=None)
    raw_rows = context.rows(by=context.by_place, fact=fact, agg=agg, scope=scope, of_group=context.scope.group)
    missing = context.groups_not_supplied()
    for raw in by_sides(raw_rows) if agg == "rate_by_side" else raw_rows:
        group = raw["group_id"]
        if group not in missing:
            yield (group if context.by_place is None else raw["key"]), group, raw


def rates_by_group(context: QueryContext, rates: Iterable[str]) -> dict[str, list[tuple[str, str, SqlRow]]]:
    """Return (key, group, SQL row) of each group for each of these rates that the delivery has the columns for."""
    return {rate: list(by_group(context, "rate_by_side", rate)) for rate in rates if context.is_supplied(rate)}


def not_supplied_groups(context: QueryContext, row_type: type[R]) -> list[R]:
    """Return a row with that note for each group that the delivery has no column for; under another breakdown, of the total."""
    missing = context.groups_not_supplied()
    return [
        row_type(key=group if context.by_place is None else "Total", group=group, value=None, note=NOT_SUPPLIED)
        for group in context.groups()
        if group in missing
    ]
