"""Rows of measures about underrepresented groups: one per group and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from queries.aggregations.groups import by_sides
from queries.context import QueryContext
from queries.database import SqlRow
from queries.models import Row
from queries.notes import NOT_SUPPLIED
from queries.scope import OUTCOMES

R = TypeVar("R", bound=Row)
# The rate of each step on the path from application to employment.
STEPS: Mapping[str, str] = {
    "enrolled": "intake_rate",
    "started": "start_rate",
    "completed": "completion_rate",
    "credential": "credential_rate",
    "employed": "placement_rate",
}
# The rates of steps and outcomes that groups are compared by.
RATES = tuple(dict.fromkeys((*OUTCOMES, *STEPS.values())))


def by_group(context: QueryContext, agg: str, fact: str | None = None) -> Iterator[tuple[str, str, SqlRow]]:
    """Yield (key, group, SQL row) for each group; the key is the group unless there is another breakdown."""
    scope = context.scope.but(group=None)
    raw_rows = context.rows(by=context.by_place, fact=fact, agg=agg, scope=scope, of_group=context.scope.group)
    yield from _of_groups(context, by_sides(raw_rows) if agg == "rate_by_side" else raw_rows)


def _of_groups(context: QueryContext, raw_rows: Iterable[SqlRow]) -> Iterator[tuple[str, str, SqlRow]]:
    missing = context.groups_not_supplied()
    for raw in raw_rows:
        group = raw["group_id"]
        if group not in missing:
            yield (group if context.by_place is None else raw["key"]), group, raw


def rates_by_group(context: QueryContext, outcomes: Iterable[str]) -> dict[str, list[tuple[str, str, SqlRow]]]:
    """Return (key, group, SQL row) of each group for each of these outcomes and steps that the delivery has the columns for.

    All of RATES are asked for together, so that the measures of a page that show some of them share one query.
    """
    scope = context.scope.but(group=None)
    raw_rows = context.rows_of_facts(
        [rate for rate in RATES if context.is_supplied(rate)],
        by=context.by_place, agg="rate_by_side", scope=scope, of_group=context.scope.group,
    )  # fmt: skip
    return {
        outcome: list(_of_groups(context, by_sides(raw_rows[outcome]))) for outcome in outcomes if outcome in raw_rows
    }


def not_supplied_groups(context: QueryContext, row_type: type[R]) -> list[R]:
    """Return a row with that note for each group that the delivery has no column for."""
    missing = context.groups_not_supplied()
    return [
        row_type(key=group, group=group, value=None, note=NOT_SUPPLIED)
        for group in context.groups()
        if group in missing
    ]
