"""Shares with their intervals, ratios of two rates, and the residents that a share is short of a target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution


def wilson(successes: float, trials: float, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share.

    Wilson (1927), in closed form. scipy gives the same interval, but only together with an exact test that takes
    milliseconds for each share.

    Args:
        successes: Observed successes. Both counts may be divided by a design effect.
        trials: Observed trials.
        confidence: The level of the interval, as a fraction.

    Returns:
        The low and high ends, as fractions. None without trials.
    """
    if trials <= 0:
        return None
    z = Z95 if confidence == 0.95 else NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = successes / trials, z**2
    center = share + square / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
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
    """Divide a rate by another, with an interval from the Wilson intervals of both rates (MOVER-R, `ratio_of_shares`).

    It holds its level also near 100%, where the log interval of Katz et al. (1978) is too narrow: that interval has no width
    where everyone on both sides has the outcome, and holds 86% of the time for 97% of 30 against 90% of 300.

    Args:
        successes: Successes of the rate in the numerator.
        trials: Its trials.
        other_successes: Successes of the rate in the denominator.
        other_trials: Its trials.
        confidence: The level of the interval, as a fraction.

    Returns:
        The ratio; without successes in the numerator it has no interval. None when a side has no trials or the denominator's
        rate is zero.
    """
    inside = wilson(successes, trials, confidence=confidence)
    outside = wilson(other_successes, other_trials, confidence=confidence)
    if inside is None or outside is None or other_successes <= 0:
        return None
    rate, other_rate = successes / trials, other_successes / other_trials
    ends = ratio_of_shares(rate, inside, other_rate, outside) if successes > 0 else None
    return Ratio(rate / other_rate, *(ends or (None, None)))


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
