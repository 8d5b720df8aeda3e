"""Present rates: what the full months before the as-of date show. Months count from year 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias

from queries.database import SqlRow

PRESENT_MONTHS = 6  # full months whose mean is the present rate
CAPACITY_QUARTERS = 8  # full quarters; the best of them is what a place has shown it can do
BEST_QUARTER_MONTHS = 3  # months whose mean is the best quarter's
RATE_MONTHS = 12  # full months of mature exits that make the present rate of an outcome
SIDES = ("inside", "outside", "undisclosed")
History: TypeAlias = Mapping[int, SqlRow]  # month to the counts of that month


@dataclass(frozen=True)
class MonthWindow:
    """The full months before the as-of date.

    Attributes:
        first: The first month with anybody in it.
        last: The last full month.
    """

    first: int
    last: int

    def months(self, most: int) -> range:
        """Return the last full months, at most so many."""
        return range(max(self.first, self.last - most + 1), self.last + 1)

    def quarters(self, most: int) -> list[range]:
        """Return the last full calendar quarters, at most so many, each as its three months."""
        newest = (self.last + 1) // 3 - 1
        return [range(3 * q, 3 * q + 3) for q in range(max(newest - most + 1, self.first // 3), newest + 1)]


@dataclass(frozen=True)
class Intake:
    """Residents enrolled, and residents who enroll per month.

    Attributes:
        inside: Residents of the group enrolled so far.
        outside: Residents known not to be in the group.
        undisclosed: Residents who did not disclose.
        inside_now: Residents of the group per month at the present rate.
        outside_now: Likewise, residents known not to be in it.
        undisclosed_now: Likewise, residents who did not disclose.
        capacity: The most residents per month in a quarter.
        months: How many full months the rates per month are the mean of.
    """

    inside: int
    outside: int
    undisclosed: int
    inside_now: Fraction
    outside_now: Fraction
    undisclosed_now: Fraction
    capacity: Fraction
    months: int

    @property
    def room(self) -> Fraction:
        """Residents of the group per month for whom there is room if the others come at their present rate."""
        return self.capacity - self.outside_now - self.undisclosed_now


def by_key(rows: Iterable[SqlRow]) -> dict[str, History]:
    """Return SQL rows of a key and month each as {key: {month: row}}."""
    histories: dict[str, dict[int, SqlRow]] = {}
    for raw in rows:
        histories.setdefault(raw["key"], {})[int(raw["month_number"])] = raw
    return dict(histories)


def month_window(as_of: date, histories: Mapping[str, History]) -> MonthWindow:
    """Return the full months up to a day, from the first month in these histories."""
    month = as_of.year * 12 + as_of.month - 1
    is_full = (as_of + timedelta(days=1)).month != as_of.month
    first = min((number for history in histories.values() for number in history), default=month + 1)
    return MonthWindow(first, month if is_full else month - 1)


def last_day(months: range) -> date | None:
    """Return the last day of some months; None without any."""
    return date(months.stop // 12, months.stop % 12 + 1, 1) - timedelta(days=1) if months else None


def total(history: History, column: str, months: range | None = None) -> int:
    """Return one count summed over some months, or over all."""
    return sum(int(raw[column]) for number, raw in history.items() if months is None or number in months)


def intake(history: History, window: MonthWindow) -> Intake:
    """Return what a place's months show. The window needs at least one full month."""
    months = window.months(PRESENT_MONTHS)
    inside, outside, undisclosed = (Fraction(total(history, side, months), len(months)) for side in SIDES)
    quarters = [
        Fraction(sum(total(history, side, quarter) for side in SIDES), BEST_QUARTER_MONTHS)
        for quarter in window.quarters(CAPACITY_QUARTERS)
    ]
    return Intake(
        inside=total(history, "inside"),
        outside=total(history, "outside"),
        undisclosed=total(history, "undisclosed"),
        inside_now=inside,
        outside_now=outside,
        undisclosed_now=undisclosed,
        capacity=max([*quarters, inside + outside + undisclosed]),
        months=len(months),
    )
