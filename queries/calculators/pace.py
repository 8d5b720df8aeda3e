"""Pace: residents enrolled against what the target's schedule asks, and where the present rate leads."""

from __future__ import annotations

from datetime import date
from typing import Any

from queries.calculators.counts import counted as counted_rows
from queries.calculators.counts import each_key
from queries.context import QueryContext
from queries.models import Row
from queries.scope import Scope
from queries.statistics import project

RECENT_WEEKS = 26
FIELDS = {"initiative": "initiative", "region": "region", "sector": "sector", "group": "group_id"}
NO_TARGET = "no target has been set for this"


def targets_in_force(context: QueryContext, as_of: date) -> list[dict[str, Any]]:
    """The newest enrollment target set by the date, one for each initiative, region, sector and group that has one."""
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in context.listing("targets"):
        if row["measure"] == "residents_enrolled" and row["set_on"] <= as_of:
            newest[tuple(row[name] for name in FIELDS.values())] = row
    return list(newest.values())


def pace(context: QueryContext) -> list[Row]:
    """One row a target that fits the filters and the breakdown; without any, one row that says so."""
    scope, found = context.scope, []
    wanted = {name: getattr(scope, name) for name in FIELDS}
    for target in targets_in_force(context, context.as_of):
        fits = all(
            target[column] == wanted[name] or (name == context.by and wanted[name] is None and target[column])
            for name, column in FIELDS.items()
        )
        if fits:
            narrowed = scope.but(**{name: target[column] for name, column in FIELDS.items()})
            key = target[FIELDS[context.by]] if context.by in FIELDS else "Total"
            found.append(_against(context, target, narrowed, key))
    if not found and context.by is None:
        found.append(Row(key="Total", value=None, note=NO_TARGET))
    return found


def _against(context: QueryContext, target: dict[str, Any], scope: Scope, key: str) -> Row:
    open_period = scope.but(since=None, until=None)
    enrolled = int(counted_rows(context.other("residents_enrolled", by=None, scope=open_period))[0].value or 0)
    starts_on, due_on, whole = target["starts_on"], target["due_on"], float(target["value"])
    days = max((due_on - starts_on).days, 1)
    elapsed = min(max((context.as_of - starts_on).days, 0), days)
    asked = whole * elapsed / days
    weeks_left = max((due_on - context.as_of).days, 0) / 7
    back = {
        int(row.key): int(row.value or 0)
        for row in each_key(context.other("residents_new", by="weeks_back", scope=open_period))
    }
    recent_weeks = min(RECENT_WEEKS, max((context.as_of - starts_on).days // 7, 0))
    ahead = project(
        now=enrolled, weekly_counts=[back.get(week, 0) for week in range(recent_weeks)], weeks_left=weeks_left
    )
    still = max(whole - enrolled, 0.0)
    return Row(
        key=key,
        value=enrolled / asked if asked else None,
        numerator=enrolled,
        denominator=asked,
        note=None if asked else "the schedule has not begun",
        extra={
            "target": whole,
            "set_on": target["set_on"],
            "starts_on": starts_on,
            "due_on": due_on,
            "source": target["source"],
            "weeks": recent_weeks,
            "weekly": ahead.weekly if ahead else None,
            "weekly_needed": still / weeks_left if weeks_left else None,
            "projection": ahead.value if ahead else None,
            "projection_low": ahead.low if ahead else None,
            "projection_high": ahead.high if ahead else None,
        },
    )
