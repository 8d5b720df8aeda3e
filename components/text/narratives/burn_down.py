"""Describe the burn-down: the dollars left at the start of each month, and where the pace of the last 90 days leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from components.data_table import Table
from components.text import prose, scope_words
from components.text.format import day, dollar_range, dollars, known
from components.text.period_labels import period_label
from queries.calculators.burn import BURN_DAYS, BurnRow
from queries.models import Answer, Row
from queries.periods import days_of, every, key_of
from queries.scope import Scope

UNITS = {"Dollars left": "dollars"}
PACE = f"At the pace of the last {BURN_DAYS} days"
WORDS = "Line: dollars left at the start of each month. Dashed: the pace of the last 90 days, for at most two quarters."


@dataclass(frozen=True)
class BurnDown:
    """The dollars left over time, and the points (day, dollars) of the pace that the last 90 days set.

    Attributes:
        left: One row a month: what was left on its first day.
        pace: From the start of this month to the deadline, or as far as the pace is followed.
    """

    left: Sequence[Row]
    pace: Sequence[tuple[date, float]]


def outlook(answer: Answer) -> str:
    """Say where the pace of the last 90 days leads within two quarters; "" where that is not known."""
    row = answer.total_of(BurnRow)
    who = prose.capital(spender(answer.scope))
    if row.value is None or not known(row.value) or row.left is None or not row.available or row.available <= 0:
        return ""
    if row.left < 0:
        return f"{who} spent {dollars(-row.left)} more than its {row.left_of} dollars."
    if row.left == 0:
        return f"All the money of {spender(answer.scope)} has been spent."
    if reason := _no_pace(row, who, answer.as_of):
        return reason
    pace = f"{who} spent {dollars(row.value)} in the last 90 days. At that pace"
    if row.expend_by and known(row.will_lapse) and row.will_lapse > 0:
        text = f"{pace}, {dollars(row.will_lapse)} of the {row.left_of} dollars would lapse on {day(row.expend_by)}"
        if known(row.will_lapse_low) and known(row.will_lapse_high):
            text += (
                f". The range is {dollar_range(row.will_lapse_low, row.will_lapse_high)}, if spending varies as it has"
            )
        return f"{text}."
    if row.runs_out_on:
        return f"{pace}, the {row.left_of} dollars would run out on {day(row.runs_out_on)}."
    if row.lasts_until:
        return (
            f"{pace}, the {row.left_of} dollars would last beyond {day(row.lasts_until)}. {dollars(row.left)} is left."
        )
    return ""


def _no_pace(row: BurnRow, who: str, as_of: date) -> str:
    """Say why the last 90 days set no pace to follow, and what is left; "" where they do."""
    left = dollars(row.left)
    if row.expend_by and row.expend_by < as_of:
        return f"{who}: {left} is left; the day to spend it by, {day(row.expend_by)}, has passed."
    if (row.value or 0) < 0:
        taken = dollars(-(row.value or 0))
        return f"{who}: in the last 90 days, corrections exceed the dollars spent by {taken}; {left} is left."
    return "" if row.value else f"{who} spent nothing in the last 90 days; {left} is left."


def burn_down(spent: Answer, burn: Answer) -> BurnDown | None:
    """Return what is left over time; None where it is not known.

    Args:
        spent: "award_expended" by month, over all time, in US dollars.
        burn: "burn" under the same filters.
    """
    row = burn.total_of(BurnRow)
    months = {month.key: month.value for month in spent.rows if known(month.value) and len(month.key) == 7}
    if not months or not row.available or row.available <= 0 or row.left is None or row.daily is None:
        return None
    if any(not known(month.value) for month in spent.rows):
        return None
    left, dollars_left = [], row.available
    for key in every(days_of(min(months), "month")[0], burn.as_of, "month"):
        left.append(Row(key=key, value=dollars_left))
        dollars_left -= months.get(key, 0.0)
    start = days_of(key_of(burn.as_of, "month"), "month")[0]
    pace = [(start, left[-1].value or 0.0), (burn.as_of, row.left)]
    last = _end_of_pace(row, as_of=burn.as_of)
    return BurnDown(left, [*pace, last] if last else pace)


def _end_of_pace(row: BurnRow, *, as_of: date) -> tuple[date, float] | None:
    """Return the day and the dollars where the pace ends; None where nothing is left, or nothing was spent."""
    left, daily = row.left or 0.0, row.daily or 0.0
    if left <= 0 or daily <= 0:
        return None
    if row.expend_by and known(row.will_lapse) and row.expend_by > as_of:
        return row.expend_by, row.will_lapse
    if row.runs_out_on:
        return row.runs_out_on, 0.0
    if row.lasts_until:
        return row.lasts_until, left - daily * (row.lasts_until - as_of).days
    return None


def title(burn: Answer) -> str:
    """State the finding: what would be left on the deadline, else what is left now."""
    row = burn.total_of(BurnRow)
    if row.expend_by and known(row.will_lapse) and row.will_lapse > 0:
        who = prose.capital(spender(burn.scope))
        return f"{who}: {dollars(row.will_lapse)} would be left on {day(row.expend_by)} at this pace"
    return _left(burn)


def _left(burn: Answer) -> str:
    who, left = prose.capital(spender(burn.scope)), burn.total_of(BurnRow).left or 0.0
    return f"{who}: {dollars(left)} left on {day(burn.as_of)}"


def spender(scope: Scope) -> str:
    """Name whose dollars a burn counts: an initiative's, or those of the awards for a region, a sector or a recipient."""
    name = scope.initiative or "all initiatives"
    place = scope_words.within(scope)
    return f"awards of {name}{place}" if place else name


def line_name(burn: Answer) -> str:
    """Name the line with the day of its last point: "Left on November 1, 2026"."""
    return f"Left on {day(days_of(key_of(burn.as_of, 'month'), 'month')[0])}"


def chart_table(table: Table, burn: Answer) -> Table:
    """Return the table of the chart with a heading for every month: the line's name tells the day of its last point only."""
    return table.renamed({line_name(burn): "Left at the start of the month"})


def words(burn: Answer) -> str:
    """Say how to read the chart, and what is left on the as-of date unless the title says so."""
    left = _left(burn)
    return WORDS if title(burn) == left else f"{WORDS} {left}."


def table(data: BurnDown) -> list[dict[str, prose.Cell]]:
    """Return one table row a month, and one a point of the pace after it."""
    months: list[dict[str, prose.Cell]] = [
        {"When": f"start of {period_label(row.key)}", "Dollars left": row.value} for row in data.left
    ]
    ahead: list[dict[str, prose.Cell]] = [
        {"When": f"{day(when)}{', at the pace of the last 90 days' if position else ''}", "Dollars left": value}
        for position, (when, value) in enumerate(data.pace[1:])
    ]
    return [*months, *ahead]
