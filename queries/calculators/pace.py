"""Pace: residents enrolled compared with the target's schedule, and the range that the next weeks may bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from queries.calculators.counts import counted, rows_by_key
from queries.calculators.registry import Calculator, Disclosure, Separate
from queries.calculators.targets import SCOPE_COLUMNS, Target, targets_set
from queries.context import QueryContext
from queries.disclosure import derived, public
from queries.models import Row
from queries.notes import NO_TARGET
from queries.scope import Scope
from queries.statistics.projection import BASE_WEEKS, Projection, horizon, project

QUARTERS_AROUND = 3  # the recent weeks begin in one of the last three quarters


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
        projected_on: The day projected to: `due_on`, or as far before it as the history allows.
        projection: Residents enrolled by then at the present rate.
        projection_low_80: Lower end of the range that should hold the outcome four times in five.
        projection_high_80: Upper end of that range.
        projection_low: Lower end of the range that should hold it 19 times in 20.
        projection_high: Upper end of that range.
        origins: How many earlier projections over as many weeks the ranges rest on.
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
    projected_on: date | None = public()
    projection: float | None = derived()
    projection_low_80: float | None = derived()
    projection_high_80: float | None = derived()
    projection_low: float | None = derived()
    projection_high: float | None = derived()
    origins: int | None = public()


RECENT = ("weekly", "projection", "projection_low_80", "projection_high_80", "projection_low", "projection_high")


def without_few_around_quarters(context: QueryContext, rows: Sequence[PaceRow]) -> list[PaceRow]:
    """Remove the recent rate where its weeks and the last quarters, which are shown by themselves, differ by a few residents."""
    least = context.scope.viewer.min_count if context.scope.viewer else 0

    def differs_by_few(row: PaceRow) -> bool:
        place = {context.by: row.key} if context.by else {}
        scope = context.scope.but(since=None, until=None, viewer=None, **place)
        quarters = {
            each.key: each.value or 0 for each in rows_by_key(context.other("residents_new", by="quarter", scope=scope))
        }
        sums = accumulate(quarters[key] for key in sorted(quarters, reverse=True)[:QUARTERS_AROUND])
        return any(0 < abs(_recent(row) - total) < least for total in sums)

    removed = dict.fromkeys(RECENT)
    return [row.but(**removed) if row.weekly is not None and differs_by_few(row) else row for row in rows]


def _recent(row: PaceRow) -> int:
    """Return the residents of the recent weeks."""
    return round((row.weekly or 0) * (row.weeks or 0))


DISCLOSURE = Disclosure[PaceRow](
    counts=lambda row: (row.numerator,),
    separate=(Separate(fields=RECENT, counts=lambda row: (_recent(row),)),),
    clear=without_few_around_quarters,
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
    row = PaceRow(
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
        weekly_needed=max(total - enrolled, 0.0) / weeks_left if weeks_left else None,
    )
    counts = _weekly_counts(context, scope, starts_on)
    weeks = horizon(history=len(counts), wanted=weeks_left)
    projection = project(counts, weeks=weeks)
    return _with_projection(row, projection, context.as_of + timedelta(weeks=weeks)) if projection else row


def _with_projection(row: PaceRow, projection: Projection, day: date) -> PaceRow:
    enrolled = row.numerator or 0
    (low_80, high_80), (low, high) = projection.range80, projection.range95
    return replace(
        row,
        weeks=BASE_WEEKS,
        weekly=projection.weekly,
        projected_on=day,
        projection=enrolled + projection.value,
        projection_low_80=enrolled + low_80,
        projection_high_80=enrolled + high_80,
        projection_low=enrolled + low,
        projection_high=enrolled + high,
        origins=projection.origins,
    )


def _weekly_counts(context: QueryContext, scope: Scope, starts_on: date) -> list[int]:
    """Return first enrollments in each full week since the schedule and enrollment began, the oldest first."""
    rows = rows_by_key(context.other("residents_new", by="weeks_back", scope=scope))
    by_week = {int(row.key): int(row.value or 0) for row in rows}
    weeks = min(max((context.as_of - starts_on).days // 7, 0), max(by_week, default=0))
    return [by_week.get(week, 0) for week in range(weeks - 1, -1, -1)]
