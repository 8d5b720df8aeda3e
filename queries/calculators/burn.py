"""The burn rate: what was spent in the last 90 days, what is left, and where that leads in the next two quarters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from queries.calculators.ledger import MoneyRow, money_rows
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.disclosure import public
from queries.statistics.projection import BASE_WEEKS, MAX_WEEKS, horizon, project

BURN_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class BurnRow(MoneyRow):
    """Dollars expended in the last 90 days.

    Attributes:
        available: Dollars that can be spent in all: the obligation or the allocation.
        left: `available` less everything spent so far.
        left_of: Which of the two `available` is: "obligated" or "allocated".
        daily: Dollars spent per day.
        runs_out_on: The day nothing is left at that rate, if it comes within the next 26 weeks.
        lasts_until: The end of these 26 weeks, if something is left then at that rate.
        will_lapse: Dollars left on the day to spend by at that rate, if it comes within the next 26 weeks.
        will_lapse_low: Lower end of the range that should hold these dollars 19 times in 20.
        will_lapse_high: Upper end of that range.
        expend_by: The day by which the recovery funds must be spent.
    """

    available: float | None = public()
    left: float | None = public()
    left_of: str | None = public()
    daily: float | None = public()
    runs_out_on: date | None = public()
    lasts_until: date | None = public()
    will_lapse: float | None = public()
    will_lapse_low: float | None = public()
    will_lapse_high: float | None = public()
    expend_by: date | None = public()


DISCLOSURE = Disclosure[BurnRow](counts=lambda row: ())


@Calculator("burn", row=BurnRow, disclosure=DISCLOSURE, is_about_groups=False)
def burn(context: QueryContext) -> list[BurnRow]:
    """Return one row per key, with what is left; without a breakdown, also with where the rate leads.

    What is left is taken from the obligation once the date to obligate has passed, or if nothing is allocated to the
    key; else from the allocation. The deadlines bind the recovery funds only, so nothing lapses unless the scope is one
    initiative paid from them. Under a region or sector, both sides count the awards obligated for it: their dollars may
    be spent elsewhere.
    """
    deadlines: dict[str, date] = {row["kind"]: row["falls_on"] for row in context.listing("deadlines")}
    of_recovery_funds = {row["initiative"] for row in context.listing("initiatives") if row["is_slfrf"]}
    is_bound = context.scope.initiative in of_recovery_funds
    obligate_by, expend_by = (deadlines.get(kind) if is_bound else None for kind in ("obligate", "expend"))
    allocated, obligated, spent = (
        _sums(context, measure_id) for measure_id in ("allocated", "award_obligated", "award_expended")
    )
    rows = []
    for row in money_rows(context):
        is_obligated = bool(obligate_by and context.as_of > obligate_by) or not allocated.get(row.key)
        available = (obligated if is_obligated else allocated).get(row.key, 0.0)
        burn_row = BurnRow(
            key=row.key,
            value=row.value,
            corrections=row.corrections,
            transactions=row.transactions,
            available=available,
            left=available - spent.get(row.key, 0.0),
            left_of="obligated" if is_obligated else "allocated",
            daily=(row.value or 0) / BURN_DAYS,
        )
        rows.append(burn_row if context.by else _with_outlook(burn_row, context, expend_by))
    return rows


def _sums(context: QueryContext, measure_id: str) -> dict[str, float]:
    """Return the dollars of a measure by key, over the full history."""
    scope = context.scope.but(since=None, until=None)
    rows = money_rows(context.other(measure_id, by=context.by, scope=scope))
    return {row.key: row.value or 0.0 for row in rows}


def _with_outlook(row: BurnRow, context: QueryContext, expend_by: date | None) -> BurnRow:
    """Return the row with where its rate leads in 26 weeks.

    It leads nowhere where spending began less than 13 weeks ago, where corrections took back more than was spent, or after the
    day to spend by.
    """
    weekly = _weekly_dollars(context)
    if len(weekly) < BASE_WEEKS:
        return row
    if (row.daily or 0) < 0 or (expend_by and expend_by < context.as_of):
        return replace(row, expend_by=expend_by)
    left, daily, as_of = row.left or 0.0, row.daily or 0.0, context.as_of
    days_ahead = MAX_WEEKS * 7
    runs_out_on = as_of + timedelta(days=int(left / daily)) if daily > 0 and left <= daily * days_ahead else None
    lasts_until = as_of + timedelta(days=days_ahead) if runs_out_on is None else None
    row = replace(row, runs_out_on=runs_out_on, lasts_until=lasts_until, expend_by=expend_by)
    days = (expend_by - as_of).days if expend_by else days_ahead + 1
    if days > days_ahead:
        return row
    row = replace(row, will_lapse=max(left - daily * days, 0.0))
    weeks = horizon(history=len(weekly), wanted=days / 7)
    projection = project(weekly, weeks=weeks, is_count=False)
    if projection is None or weeks != days // 7:
        return row
    low, high = (end * days / (7 * weeks) for end in projection.range95)
    return replace(row, will_lapse_low=max(left - high, 0.0), will_lapse_high=max(left - low, 0.0))


def _weekly_dollars(context: QueryContext) -> list[float]:
    """Return the dollars spent in each full week since the first spending, the oldest first."""
    scope = context.scope.but(since=None, until=None)
    rows = money_rows(context.other("award_expended", by="weeks_back", scope=scope))
    by_week = {int(row.key): row.value or 0.0 for row in rows}
    return [by_week.get(week, 0.0) for week in range(max(by_week, default=0) - 1, -1, -1)]
