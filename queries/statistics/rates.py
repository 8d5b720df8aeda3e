"""Shares with their intervals, ratios of two rates, and the residents that a share is short of a target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Return the 95% Wilson score interval of a share.

    Wilson (1927), in closed form. scipy gives the same interval, but only together with an exact test that takes
    milliseconds for each share.

    Returns:
        The low and high ends, as fractions. None without trials.
    """
    if trials <= 0:
        return None
    share, square = successes / trials, Z95**2
    center = share + square / (2 * trials)
    spread = Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    low, high = ((center + sign * spread) / (1 + square / trials) for sign in (-1, 1))
    return (0.0 if successes == 0 else max(low, 0.0)), (1.0 if successes == trials else min(high, 1.0))


@dataclass(frozen=True)
class Ratio:
    """A ratio of two rates with its 95% interval. The ends are None when a side has no successes."""

    value: float
    low: float | None
    high: float | None


def rate_ratio(successes: int, trials: int, other_successes: int, other_trials: int) -> Ratio | None:
    """Divide a rate by another, with the 95% log interval of Katz et al. (1978).

    Args:
        successes: Successes of the rate in the numerator.
        trials: Its trials.
        other_successes: Successes of the rate in the denominator.
        other_trials: Its trials.

    Returns:
        The ratio. None when a side has no trials or the denominator's rate is zero.
    """
    from scipy.stats.contingency import relative_risk

    if trials <= 0 or other_trials <= 0 or other_successes <= 0:
        return None
    result = relative_risk(successes, trials, other_successes, other_trials)
    interval = result.confidence_interval(confidence_level=0.95)
    low, high = float(interval.low), float(interval.high)
    has_interval = successes > 0 and math.isfinite(low) and math.isfinite(high)
    return Ratio(float(result.relative_risk), low if has_interval else None, high if has_interval else None)


def residents_to_reach(group: int, everyone: int, target: float) -> int | None:
    """Return the smallest integer x with (group + x) ÷ (everyone + x) >= target.

    Args:
        group: Residents in the group.
        everyone: All residents, the group included.
        target: The share to reach, as a fraction. Computed exactly from its decimal notation.

    Returns:
        The residents to add to the group: 0 when the target is reached, None when no number can reach it.
    """
    share = Fraction(str(target))
    if group >= share * everyone:
        return 0
    if share >= 1:
        return None
    return math.ceil((share * everyone - group) / (1 - share))
