"""Check the numbers of the Treasury report before it is filed: no total falls unexplained, and the parts agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from components.data_table import Table
from components.text.format import day, dollars, known, people
from components.text.listing_rows import Deadline
from components.text.period_labels import period_label
from queries.models import Answer
from queries.periods import days_of

_CENT = 0.005
HIDDEN = "A number is hidden from this reader or missing."


class Result(StrEnum):
    """What came of a check."""

    PASSED = "Passed"
    EXPLAINED = "Explained"
    OPEN = "Needs a look"
    NOT_CHECKED = "Not checked"


@dataclass(frozen=True)
class Check:
    """One check: what must hold, what came of it, and the numbers."""

    rule: str
    result: Result
    detail: str

    @property
    def is_open(self) -> bool:
        """Whether somebody must look at it."""
        return self.result == Result.OPEN


@dataclass(frozen=True)
class CheckedSeries:
    """A cumulative indicator.

    Attributes:
        quarters: The quarters, oldest first.
        values: The value at the end of each; None where it is hidden.
        corrections: Negative entries in each quarter.
        unit: "dollars" or "workers".
    """

    quarters: tuple[str, ...]
    values: tuple[float | None, ...]
    corrections: tuple[float, ...]
    unit: str

    def text(self, value: float) -> str:
        """Write a value in the unit."""
        return dollars(value) if self.unit == "dollars" else people(value)


def check(
    series: Mapping[str, CheckedSeries], totals: Mapping[str, Answer], deadlines: Sequence[Deadline], *, as_of: date
) -> list[Check]:
    """Return every check.

    Args:
        series: "Obligated", "Spent", "Enrolled" and "Completing" so far, by quarter.
        totals: The totals by measure.
        deadlines: The federal deadlines.
        as_of: The day the numbers hold for.
    """
    measures = {
        "Obligated": "obligated",
        "Spent": "expended",
        "Enrolled": "slfrf_enrolled",
        "Completing": "slfrf_completing",
    }
    checks = [_never_falls(name, values) for name, values in series.items()]
    checks += [_adds_up(name, values, totals[measures[name]]) for name, values in series.items()]
    checks += [
        _never_above("Spent", "Obligated", series),
        _never_above("Completing", "Enrolled", series),
    ]
    for deadline, name in (("obligate", "Obligated"), ("expend", "Spent")):
        due = next((row["falls_on"] for row in deadlines if row["kind"] == deadline), None)
        if due is not None and due <= as_of:
            checks.append(_nothing_after(name, series[name], due))
    return checks


def table_of(checks: Sequence[Check]) -> Table:
    """Return the checks as a table; those that need a look come first."""
    order = (Result.OPEN, Result.NOT_CHECKED, Result.EXPLAINED, Result.PASSED)
    ranked = sorted(checks, key=lambda each: order.index(each.result))
    return Table.from_columns(
        {
            "Check": [each.rule for each in ranked],
            "Result": [each.result.value for each in ranked],
            "Detail": [each.detail for each in ranked],
        }
    )


def _never_falls(name: str, series: CheckedSeries) -> Check:
    """Check that a cumulative number never falls from one quarter to the next, or that corrections explain it."""
    rule = f"{name} so far never falls from one quarter to the next"
    if not all(map(known, series.values)):
        return Check(rule, Result.NOT_CHECKED, HIDDEN)
    explained, unexplained = [], []
    for place, (before, after) in enumerate(pairwise(series.values), start=1):
        fall = (before or 0) - (after or 0)
        if fall <= _CENT:
            continue
        quarter, corrections = series.quarters[place], -series.corrections[place]
        words = f"{period_label(quarter)}: falls by {series.text(fall)}"
        if corrections + _CENT >= fall:
            explained.append(f"{words}; corrections of {series.text(corrections)}")
        else:
            unexplained.append(words)
    if unexplained:
        return Check(rule, Result.OPEN, "; ".join(unexplained))
    if explained:
        return Check(rule, Result.EXPLAINED, "; ".join(explained))
    return Check(rule, Result.PASSED, f"{len(series.quarters)} quarters")


def _adds_up(name: str, series: CheckedSeries, total: Answer) -> Check:
    """Check that the last quarter's cumulative number is the total."""
    rule, value = f"{name}: the quarters add up to the total", total.total.value
    last = series.values[-1] if series.values else None
    if not known(last) or not known(value):
        return Check(rule, Result.NOT_CHECKED, HIDDEN)
    result = Result.PASSED if abs(last - value) <= _CENT else Result.OPEN
    return Check(rule, result, f"{series.text(last)} by quarter, {series.text(value)} in total")


def _never_above(name: str, limit: str, series: Mapping[str, CheckedSeries]) -> Check:
    """Check that one cumulative number never exceeds another."""
    rule = f"{name} so far is never above {limit.lower()} so far"
    pairs = list(zip(series[name].quarters, series[name].values, series[limit].values, strict=True))
    if not all(known(value) and known(most) for _, value, most in pairs):
        return Check(rule, Result.NOT_CHECKED, HIDDEN)
    above = [
        f"{period_label(quarter)}: {series[name].text(value)}, above {series[limit].text(most)}"
        for quarter, value, most in pairs
        if value is not None and most is not None and value > most + _CENT
    ]
    return Check(rule, Result.OPEN if above else Result.PASSED, "; ".join(above) or f"{len(pairs)} quarters")


def _nothing_after(name: str, series: CheckedSeries, due: date) -> Check:
    """Check that a cumulative number does not grow in the quarters after a deadline."""
    rule = f"{name} does not grow after {day(due)}"
    later = [place for place, quarter in enumerate(series.quarters) if days_of(quarter, "quarter")[0] > due]
    if not later or not all(map(known, series.values)):
        return Check(rule, Result.NOT_CHECKED if later else Result.PASSED, HIDDEN if later else "No later quarter")
    before = (series.values[later[0] - 1] or 0) if later[0] else 0.0
    highest = max(series.values[place] or 0 for place in later)
    if highest <= before + _CENT:
        return Check(rule, Result.PASSED, f"{series.text(before)} on {day(due)}, never more since")
    return Check(rule, Result.OPEN, f"{series.text(before)} on {day(due)}, {series.text(highest)} since")
