"""Targets as they were set: which one is in force on a day for a measure, group and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from queries.context import QueryContext
from queries.database import SqlRow

# The fields of a scope that a target can be set for, and its columns.
SCOPE_COLUMNS: Mapping[str, str] = {
    "initiative": "initiative",
    "region": "region",
    "sector": "sector",
    "group": "group_id",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """One target as it was set on a day.

    Attributes:
        measure: The measure it is for.
        initiative: The initiative it is for; None for all of them together. Likewise region, sector and group_id.
        set_on: The day it was set.
        starts_on: The first day of its period, if it has one.
        due_on: The day it is to be reached, if it has one.
        value: The value to reach: a count or a fraction.
        set_by: Who set it.
        source: Where it is documented.
    """

    measure: str
    initiative: str | None
    region: str | None
    sector: str | None
    group_id: str | None
    set_on: date
    starts_on: date | None
    due_on: date | None
    value: float
    set_by: str
    source: str

    def place(self, field: str) -> str | None:
        """Return what the target is set for in a field of the scope, such as "region"; None for all."""
        value: str | None = getattr(self, SCOPE_COLUMNS[field])
        return value


def targets_set(context: QueryContext, measure_id: str) -> list[Target]:
    """Return every target of a measure set by the as-of date, oldest first within one place and group.

    There is none under a filter that targets are not set for: a provider's residents have no target.
    """
    if not context.scope.filters.keys() <= SCOPE_COLUMNS.keys():
        return []
    return [
        _target(row)
        for row in context.listing("targets")
        if row["measure"] == measure_id and row["set_on"] is not None and row["set_on"] <= context.as_of
    ]


def history(context: QueryContext, measure_id: str, *, group: str | None, region: str | None) -> list[Target]:
    """Return the targets set by the as-of date for the group, region, initiative and sector, oldest first.

    A target for one initiative says nothing about all initiatives, so only an exact match counts.
    """
    place = (context.scope.initiative, region, context.scope.sector, group)
    return [
        target
        for target in targets_set(context, measure_id)
        if (target.initiative, target.region, target.sector, target.group_id) == place
    ]


def in_force(targets: Sequence[Target], day: date) -> Target | None:
    """Return the newest target set by the day; None before the first."""
    return next((target for target in reversed(targets) if target.set_on <= day), None)


def target_of(context: QueryContext, measure_id: str, *, group: str | None, region: str | None) -> Target | None:
    """Return the target in force on the as-of date, if one is set."""
    return in_force(history(context, measure_id, group=group, region=region), context.as_of)


def _target(row: SqlRow) -> Target:
    names = ("measure", *SCOPE_COLUMNS.values(), "set_on", "starts_on", "due_on", "value", "set_by", "source")
    return Target(**{name: row[name] for name in names})
