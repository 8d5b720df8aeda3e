"""Shares with their intervals, ratios of two rates, and the residents that a share is short of a target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

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
    """A ratio of two rates with its interval. The ends are None when a side has no successes."""

    value: float
    low: float | None
    high: float | None


@lru_cache(maxsize=10_000)
def rate_ratio(
    successes: int, trials: int, other_successes: int, other_trials: int, *, confidence: float = 0.95
) -> Ratio | None:
    """Divide a rate by another, with the log interval of Katz et al. (1978).

    Args:
        successes: Successes of the rate in the numerator.
        trials: Its trials.
        other_successes: Successes of the rate in the denominator.
        other_trials: Its trials.
        confidence: The level of the interval, as a fraction.

    Returns:
        The ratio. None when a side has no trials or the denominator's rate is zero.
    """
    from scipy.stats.contingency import relative_risk

    if trials <= 0 or other_trials <= 0 or other_successes <= 0:
        return None
    result = relative_risk(successes, trials, other_successes, other_trials)
    interval = result.confidence_interval(confidence_level=confidence)
    low, high = float(interval.low), float(interval.high)
    has_interval = successes > 0 and math.isfinite(low) and math.isfinite(high)
    return Ratio(float(result.relative_risk), low if has_interval else None, high if has_interval else None)


def ratio_of_shares(
    share: float, share_interval: tuple[float, float], other: float, other_interval: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the interval of a share divided by another, from the intervals of both (MOVER-R).

    Donner and Zou (2012), Statistical Methods in Medical Research 21:347-359; Newcombe (2016), Statistical Methods in
    Medical Research 25:1774-1778. If the other share is known exactly, both ends are simply divided by it.

    Returns:
        The low and high ends. None if the other share's interval reaches zero.
    """
    low, high = share_interval
    other_low, other_high = other_interval
    if other_low <= 0:
        return None
    product = share * other
    below = product**2 - low * other_high * (2 * share - low) * (2 * other - other_high)
    above = product**2 - high * other_low * (2 * share - high) * (2 * other - other_low)
    return (
        (product - math.sqrt(max(below, 0.0))) / (other_high * (2 * other - other_high)),
        (product + math.sqrt(max(above, 0.0))) / (other_low * (2 * other - other_low)),
    )


def difference_interval(
    rate: float, rate_interval: tuple[float, float], other: float, other_interval: tuple[float, float]
) -> tuple[float, float]:
    """Return the 95% interval of a rate less another, from the Wilson intervals of both.

    Newcombe (1998), Statistics in Medicine 17:873-890, method 10.
    """
    (low, high), (other_low, other_high) = rate_interval, other_interval
    difference = rate - other
    return (
        difference - math.hypot(rate - low, other_high - other),
        difference + math.hypot(high - rate, other - other_low),
    )


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
