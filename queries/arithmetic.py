"""Sums, shares and means of numbers that answers already hold, for the sentences that compare two of them.

None stands for not known: where a number is hidden or missing, so is whatever would be made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from queries.models import Row


def share_of(part: float | None, total: float | None) -> float | None:
    """Return a part as a fraction of a total; None where one of them is not known or the total is zero."""
    if part is None or total is None or not isfinite(part) or not isfinite(total) or not total:
        return None
    return float(part) / float(total)


def sum_of(values: Iterable[float | None]) -> float | None:
    """Return the sum; None where a value is not known."""
    total = 0.0
    for value in values:
        if value is None or not isfinite(value):
            return None
        total += float(value)
    return total


def total_of(rows: Iterable[Row]) -> float | None:
    """Return the sum of the rows' values; None where one is hidden or not known."""
    return sum_of(row.value for row in rows)


def mean_of(values: Iterable[float | None]) -> float | None:
    """Return the mean; None where there are no values or one is not known."""
    listed = list(values)
    return share_of(sum_of(listed), len(listed)) if listed else None
