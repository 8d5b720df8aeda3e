"""Pace: residents enrolled compared with the target's schedule, and where the present rate leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queries.calculators.counts import counted, rows_by_key
from queries.calculators.registry import Calculator, Disclosure, Separate
from queries.calculators.targets import SCOPE_COLUMNS, Target, targets_set
from queries.context import QueryContext
from queries.disclosure import derived, public
from queries.models import Row
from queries.notes import NO_TARGET
from queries.scope import Scope
from queries.statistics import project

RECENT_WEEKS = 26


@dataclass(frozen=True, kw_only=True)
class PaceRow(Row):
    """Residents enrolled ÷ residents the schedule expects by the as-of date.

    Attributes:
        target: The target: residents to enroll by `due_on`.
        set_on: The day it was set.
        starts_on: The first day of its schedule.
        due_on: The last day of its schedule.
        source: Where it is documented.
        weeks: How many recent weeks the present rate is the mean of.
        weekly: Residents enrolled per week in those weeks.
        weekly_needed: Residents per week that would reach the target.
        projection: Residents enrolled by `due_on` at the present rate.
        projection_low: Lower end of its 95% interval.
        projection_high: Upper end of its 95% interval.
    """

    denominator: float | None = public()
    target: float | None = public()
    set_on: date | None = public()
    starts_on: date | None = public()
    due_on: date | None = public()
    source: str | None = public()
    weeks: int | None = public()
    weekly: float | None = derived()
    weekly_needed: float | None = derived()
    projection: float | None = derived()
    projection_low: float | None = derived()
    projection_high: float | None = derived()


DISCLOSURE = Disclosure[PaceRow](
    counts=lambda row: (row.numerator,),
    separate=(
        Separate(
            fields=("weekly", "projection", "projection_low", "projection_high"),
            counts=lambda row: (round((row.weekly or 0) * (row.weeks or 0)),),
        ),
    ),
)


@Calculator("pace", row=PaceRow, disclosure=DISCLOSURE, is_about_groups=False, dimensions=(None, *SCOPE_COLUMNS))
def pace(context: QueryContext) -> list[PaceRow]:
    """Return one row per target that fits the filters and the breakdown; without any, one row that says so."""
    newest = {_place(target): target for target in targets_set(context, "residents_enrolled")}
    rows = [_row(context, target) for target in newest.values() if _fits(context, target)]
    if not rows and context.by is None:
        return [PaceRow(key="Total", value=None, note=NO_TARGET)]
    return rows


def _place(target: Target) -> tuple[str | None, ...]:
    return tuple(target.place(field) for field in SCOPE_COLUMNS)


def _fits(context: QueryContext, target: Target) -> bool:
    """Whether a target is set for exactly the filters, but for any one value of the breakdown."""
    for field in SCOPE_COLUMNS:
        filtered = getattr(context.scope, field)
        is_key = field == context.by and filtered is None and target.place(field)
        if target.place(field) != filtered and not is_key:
            return False
    return True


def _row(context: QueryContext, target: Target) -> PaceRow:
    starts_on, due_on, total = target.starts_on, target.due_on, float(target.value)
    if starts_on is None or due_on is None:
        raise ValueError("A target of residents has no schedule.")  # publishing refuses such a target
    scope = context.scope.but(since=None, until=None, **{field: target.place(field) for field in SCOPE_COLUMNS})
    enrolled = int(counted(context.other("residents_enrolled", by=None, scope=scope))[0].value or 0)
    days = max((due_on - starts_on).days, 1)
    elapsed = min(max((context.as_of - starts_on).days, 0), days)
    expected = total * elapsed / days
    weeks_left = max((due_on - context.as_of).days, 0) / 7
    weeks = min(RECENT_WEEKS, max((context.as_of - starts_on).days // 7, 0))
    projection = project(now=enrolled, weekly_counts=_weekly_counts(context, scope, weeks), weeks_left=weeks_left)
    return PaceRow(
        key=(target.place(context.by) if context.by else None) or "Total",
        value=enrolled / expected if expected else None,
        numerator=enrolled,
        denominator=expected,
        note=None if expected else "the schedule has not begun",
        target=total,
        set_on=target.set_on,
        starts_on=starts_on,
        due_on=due_on,
        source=target.source,
        weeks=weeks,
        weekly=projection.weekly if projection else None,
        weekly_needed=max(total - enrolled, 0.0) / weeks_left if weeks_left else None,
        projection=projection.value if projection else None,
        projection_low=projection.low if projection else None,
        projection_high=projection.high if projection else None,
    )


def _weekly_counts(context: QueryContext, scope: Scope, weeks: int) -> list[int]:
    """Return first enrollments in each of the last weeks, the newest first."""
    rows = rows_by_key(context.other("residents_new", by="weeks_back", scope=scope))
    by_week = {int(row.key): int(row.value or 0) for row in rows}
    return [by_week.get(week, 0) for week in range(weeks)]
