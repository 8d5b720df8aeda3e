"""Sums, shares and means of numbers that answers already hold, for the sentences that compare two of them.

None stands for not known: where a number is hidden or missing, so is whatever would be made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isfinite

from queries.models import Answer, Row


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


def per_10_000(answer: Answer, population: Mapping[str, float | None]) -> Answer:
    """Return counts of residents as rates per 10,000 of a population, with what was counted and of how many.

    Args:
        answer: Counts by a breakdown.
        population: Residents by key. A row without a population has no value; its note says so.
    """
    return replace(answer, rows=tuple(_rate(row, population.get(row.key)) for row in answer.rows))


def _rate(row: Row, population: float | None) -> Row:
    part = share_of(row.value, population)
    if part is None:
        note = row.note if row.value is None else "population not known"
        return replace(row, value=None, numerator=row.value, denominator=None, note=note)
    return replace(row, value=part * 10_000, numerator=row.value, denominator=population)
