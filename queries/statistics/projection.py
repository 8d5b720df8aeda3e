"""Where a count is heading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Projection:
    """Where a count will stand, with a 95% prediction interval, and the weekly mean it rests on."""

    value: float
    low: float
    high: float
    weekly: float


def project(*, now: int, weekly_counts: Sequence[int], weeks_left: float) -> Projection | None:
    """Project a count from its recent weeks, taken as independent draws around one mean; None under four weeks.

    The variance of the sum of h coming weeks, the mean itself estimated from w weeks, is s² (h + h²/w); Student's t with
    w − 1 degrees of freedom (a prediction interval as in any text on sampling, e.g. Hahn and Meeker 1991, chapter 4).
    """
    weeks = len(weekly_counts)
    if weeks < 4 or weeks_left < 0:
        return None
    from scipy.stats import t

    mean = sum(weekly_counts) / weeks
    spread = math.sqrt(sum((count - mean) ** 2 for count in weekly_counts) / (weeks - 1))
    reach = float(t.ppf(0.975, weeks - 1)) * spread * math.sqrt(weeks_left + weeks_left**2 / weeks)
    value = now + mean * weeks_left
    return Projection(value, max(float(now), value - reach), value + reach, mean)
