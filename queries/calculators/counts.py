"""Counts, rates and medians of people and their enrollments: one SQL, one row a key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from queries.context import QueryContext
from queries.models import Row
from queries.scope import PERIODS
from queries.statistics import wilson

NOBODY_YET = "nobody to count yet"
FEWEST_ON_A_WAY = 10
OTHER_WAYS = "Other ways"


def to_row(raw: dict[str, Any]) -> Row:
    """One SQL row as an answer row: a rate where it has a denominator, a median where it has a value, else a count."""
    raw = dict(raw)
    key, numerator, denominator = raw.pop("key"), raw.pop("numerator", None), raw.pop("denominator", None)
    if "value" in raw:
        value = raw.pop("value")
        note = NOBODY_YET if value is None else None
        return Row(key=key, value=value, numerator=None, denominator=denominator, note=note, extra=raw)
    if denominator is None:
        return Row(key=key, value=numerator, numerator=numerator, extra=raw)
    interval = wilson(numerator, denominator)
    low, high = interval or (None, None)
    value = numerator / denominator if denominator else None
    note = None if denominator else NOBODY_YET
    return Row(
        key=key, value=value, numerator=numerator, denominator=denominator, low=low, high=high, note=note, extra=raw
    )


def each_key(context: QueryContext, **more: Any) -> list[Row]:
    """One row a key; by group, a resident in several groups is in several rows."""
    if context.by != "group":
        return [to_row(raw) for raw in context.rows(by=context.by, **more)]
    everyone = context.scope.but(group=None)
    return [to_row(raw) for raw in context.rows(by="group", scope=everyone, of_group=context.scope.group, **more)]


def counted(context: QueryContext) -> list[Row]:
    """Counts, rates and medians. Counts without rows are a true zero; rates then say that there is nobody to count."""
    rows = each_key(context)
    if not rows and context.by is None:
        is_count = context.measure.denominator is None
        rows = [Row(key="Total", value=0 if is_count else None, note=None if is_count else NOBODY_YET)]
    return rows


def slfrf(context: QueryContext) -> list[Row]:
    """Cumulative and current-period workers: by time, `extra["cumulative"]` runs up; else `extra["current_period"]`."""
    rows = counted(context)
    if context.by in PERIODS:
        running, found = 0.0, []
        for row in rows:
            running += row.value or 0
            found.append(replace(row, extra={**row.extra, "cumulative": running}))
        return found
    first_month = 3 * ((context.as_of.month - 1) // 3) + 1
    quarter_start = context.as_of.replace(month=first_month, day=1)
    now = QueryContext(context.measure, context.by, context.scope.but(since=quarter_start, until=context.as_of), context.store, context.delivery)
    current = {row.key: row.value for row in counted(now)}
    return [replace(row, extra={**row.extra, "current_period": current.get(row.key, 0)}) for row in rows]


def paths(context: QueryContext) -> list[Row]:
    """Residents by the order in which they met the initiatives. Ways walked by a few are added up under one name; the
    smallest other way joins them while they are fewer than ten together, so that none can be had by subtraction."""
    rows = sorted(each_key(context), key=lambda row: -(row.value or 0))
    shown = [row for row in rows if (row.value or 0) >= FEWEST_ON_A_WAY]
    others = sum(row.value or 0 for row in rows) - sum(row.value or 0 for row in shown)
    while shown and 0 < others < FEWEST_ON_A_WAY:
        others += shown.pop().value or 0
    if not others:
        return shown
    few = others < FEWEST_ON_A_WAY
    return [*shown, Row(key=OTHER_WAYS, value=None if few else others, note="fewer than 10" if few else None)]
