"""Project a count some weeks ahead, with ranges as wide as the history's own projections were wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BASE_WEEKS = 13  # the present rate is the mean of the last quarter of a year
MAX_WEEKS = 26  # no projection reaches further
MIN_WEEKS = 4
INDEPENDENT_ERRORS = 2  # a horizon must fit this many times into the weeks that were projected
MAX_ORIGINS = 130  # two and a half years: a program's first months say little about its later ones


@dataclass(frozen=True)
class Projection:
    """A projected sum of coming weeks.

    Attributes:
        value: The sum at the present rate.
        range80: The range that should hold the outcome four times in five.
        range95: The range that should hold it 19 times in 20.
        weekly: The present rate.
        origins: How many earlier projections over as many weeks the ranges rest on.
    """

    value: float
    range80: tuple[float, float]
    range95: tuple[float, float]
    weekly: float
    origins: int


def horizon(*, history: int, wanted: float) -> int:
    """Return how many weeks ahead a history can be projected, at most those wanted; 0 where it is too short.

    Args:
        history: Full weeks of history.
        wanted: Weeks until the date of interest.
    """
    weeks = min(math.floor(wanted), MAX_WEEKS, (history - BASE_WEEKS) // INDEPENDENT_ERRORS)
    return weeks if weeks >= MIN_WEEKS or 0 < weeks == math.floor(wanted) else 0


def project(weekly: Sequence[float], *, weeks: int, is_count: bool = True) -> Projection | None:
    """Project the sum of the coming weeks at the rate of the last 13, with ranges from a rolling-origin backtest.

    Every earlier week with 13 weeks before it and as many after it as are projected is an origin, up to 130 of them
    (Tashman 2000, International Journal of Forecasting 16:437-450). Its error is the log of outcome over projection. The mean squared
    error has two parts: counting noise, as of a Poisson count, which is larger for a smaller program; and changes of the
    rate, which is what remains. The ranges add the noise of today's size to the changes seen in the past. They use
    Student's t. Origins overlap, so it has two degrees of freedom for each horizon that fits into the history: the number
    with which ranges held what came in benchmarks/projections.py.

    Args:
        weekly: Additions in each full week, the oldest first.
        weeks: How many weeks to project; see `horizon`.
        is_count: Whether they are counts of people, which vary at least as much as a Poisson count. Dollars are not.

    Returns:
        The projection. None where the history is too short for it.
    """
    from scipy.special import stdtrit

    if weeks < 1 or len(weekly) < BASE_WEEKS + INDEPENDENT_ERRORS * weeks:
        return None
    sums = np.concatenate(([0.0], np.cumsum(weekly, dtype=float)))
    origins = np.arange(BASE_WEEKS, len(weekly) - weeks + 1)[-MAX_ORIGINS:]
    # corrections can make a sum of dollars negative
    projected = np.maximum((sums[origins] - sums[origins - BASE_WEEKS]) * weeks / BASE_WEEKS, 0)
    outcomes = np.maximum(sums[origins + weeks] - sums[origins], 0)
    value = max(float(sums[-1] - sums[-1 - BASE_WEEKS]) * weeks / BASE_WEEKS, 0.0)
    squared_errors = (np.log(outcomes + 0.5) - np.log(projected + 0.5)) ** 2
    # what counting alone gives: the noise of the outcome, and of the 13 weeks before
    noise = (1 + weeks / BASE_WEEKS) * is_count
    changes = max(float((squared_errors - noise / (projected + 0.5)).mean()), 0.0)
    independent = (len(origins) - 1) / weeks + 1
    spread = math.sqrt((changes + noise / (value + 0.5)) * (1 + 1 / independent))

    def bounds(level: float) -> tuple[float, float]:
        factor = math.exp(float(stdtrit(2 * independent, 0.5 + level / 2)) * spread)
        return max((value + 0.5) / factor - 0.5, 0.0), (value + 0.5) * factor - 0.5

    return Projection(value, bounds(0.8), bounds(0.95), value / weeks, len(origins))
