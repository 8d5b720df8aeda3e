"""Project a cumulative count to a later date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Projection:
    """A projected count with its 95% prediction interval, and the weekly mean it is based on."""

    value: float
    low: float
    high: float
    weekly: float


def project(*, now: int, weekly_counts: Sequence[int], weeks_left: float) -> Projection | None:
    """Project a count from its recent weeks, which are treated as independent draws around one mean.

    The variance of the sum of h coming weeks, with the mean itself estimated from w weeks, is s² (h + h²/w); the interval
    uses Student's t with w − 1 degrees of freedom (Hahn and Meeker 1991, chapter 4). The low end is never below `now`.

    Args:
        now: The count so far.
        weekly_counts: Additions in each recent week.
        weeks_left: Weeks until the date to project to.

    Returns:
        The projection. None with fewer than four weeks of history, or when the date has passed.
    """
    from scipy.stats import t

    weeks = len(weekly_counts)
    if weeks < 4 or weeks_left < 0:
        return None
    mean = sum(weekly_counts) / weeks
    spread = math.sqrt(sum((count - mean) ** 2 for count in weekly_counts) / (weeks - 1))
    margin = float(t.ppf(0.975, weeks - 1)) * spread * math.sqrt(weeks_left + weeks_left**2 / weeks)
    value = now + mean * weeks_left
    return Projection(value, max(float(now), value - margin), value + margin, mean)
