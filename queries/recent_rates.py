"""What the months behind the as-of date show: the present rate, and the most a place has done. Months count from year 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

PRESENT_MONTHS = 6  # full months whose mean is the present rate
CAPACITY_QUARTERS = 8  # full quarters among which the best one is what a place has shown it can do
RATE_MONTHS = 12  # full months of exits that make the present rate of an outcome
SIDES = ("inside", "outside", "undisclosed")
History = Mapping[int, Mapping[str, int]]  # month to the counts of that month


@dataclass(frozen=True)
class MonthWindow:
    """The full months behind the as-of date, from the first with anybody in it; months are counted from year 0."""

    first: int
    last: int

    def months(self, most: int) -> range:
        """The last full months, at most so many."""
        return range(max(self.first, self.last - most + 1), self.last + 1)

    def quarters(self, most: int) -> list[range]:
        """The last full calendar quarters, at most so many, each as its three months."""
        newest = (self.last + 1) // 3 - 1
        return [range(3 * q, 3 * q + 3) for q in range(max(newest - most + 1, self.first // 3), newest + 1)]


@dataclass(frozen=True)
class Intake:
    """Residents enrolled so far, on each side of a group, and a month: now, and at the most the place has shown."""

    inside: int
    outside: int
    undisclosed: int
    inside_now: Fraction
    outside_now: Fraction
    undisclosed_now: Fraction
    capacity: Fraction

    @property
    def room(self) -> Fraction:
        """Residents of the group a month for whom there is room once the others have come at their present rate."""
        return self.capacity - self.outside_now - self.undisclosed_now


def by_key(rows: Iterable[Mapping[str, Any]]) -> dict[str, History]:
    """SQL rows of a key and month each, as key to its months."""
    found: dict[str, dict[int, Mapping[str, int]]] = {}
    for raw in rows:
        found.setdefault(raw["key"], {})[int(raw["month_number"])] = raw
    return dict(found)


def clock_of(as_of: date, histories: Mapping[str, History]) -> MonthWindow:
    """The full months up to a day, from the first month in these histories."""
    month = as_of.year * 12 + as_of.month - 1
    is_full = (as_of + timedelta(days=1)).month != as_of.month
    first = min((number for history in histories.values() for number in history), default=month + 1)
    return MonthWindow(first, month if is_full else month - 1)


def total(history: History, name: str, months: range | None = None) -> int:
    """One count summed over some months, or over all."""
    return sum(raw[name] for number, raw in history.items() if months is None or number in months)


def intake(history: History, clock: MonthWindow) -> Intake:
    """What a place's months say; the clock needs at least one full month."""
    months = clock.months(PRESENT_MONTHS)
    inside, outside, undisclosed = (Fraction(total(history, side, months), len(months)) for side in SIDES)
    best = [Fraction(sum(total(history, side, q) for side in SIDES), 3) for q in clock.quarters(CAPACITY_QUARTERS)]
    return Intake(
        inside=total(history, "inside"),
        outside=total(history, "outside"),
        undisclosed=total(history, "undisclosed"),
        inside_now=inside,
        outside_now=outside,
        undisclosed_now=undisclosed,
        capacity=max([*best, inside + outside + undisclosed]),
    )
