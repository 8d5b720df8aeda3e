"""Shares and their intervals, ratios of two rates, and the residents a share is short of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """The 95% Wilson score interval of a share; None where nobody was counted.

    Wilson (1927), in closed form: scipy gives the same only together with an exact test that takes milliseconds a share.
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
    """A ratio of two rates with its 95% interval; the interval is None where it cannot be had (a side without successes)."""

    value: float
    low: float | None
    high: float | None


def rate_ratio(successes: int, trials: int, other_successes: int, other_trials: int) -> Ratio | None:
    """One rate over another, with the 95% log interval of Katz et al. (1978), as scipy has it.

    None where a side is empty or the other side's rate is zero.
    """
    if trials <= 0 or other_trials <= 0 or other_successes <= 0:
        return None
    from scipy.stats.contingency import relative_risk

    result = relative_risk(successes, trials, other_successes, other_trials)
    interval = result.confidence_interval(confidence_level=0.95)
    low, high = float(interval.low), float(interval.high)
    known = successes > 0 and math.isfinite(low) and math.isfinite(high)
    return Ratio(float(result.relative_risk), low if known else None, high if known else None)


def residents_to_reach(group: int, everyone: int, target: float) -> int | None:
    """The least whole x with (group + x) ÷ (everyone + x) >= target; 0 where reached, None where no x can do it."""
    share = Fraction(str(target))
    if group >= share * everyone:
        return 0
    if share >= 1:
        return None
    return math.ceil((share * everyone - group) / (1 - share))
