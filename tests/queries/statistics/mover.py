"""The interval of a ratio of two rates, found by its definition: where the interval of a difference has an end at zero."""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import binomtest


def ratio_interval(first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the ends of (successes, trials) ÷ (successes, trials).

    A ratio R is an end if the interval of rate − R × other rate, of squares added up (Zou and Donner 2008), ends at zero. Each rate's
    own interval is scipy's Wilson interval.
    """
    rate, other = first[0] / first[1], second[0] / second[1]
    inside, outside = (binomtest(*side).proportion_ci(confidence, method="wilson") for side in (first, second))

    def lowest(ratio: float) -> float:
        return rate - ratio * other - math.hypot(rate - inside.low, ratio * (outside.high - other))

    def highest(ratio: float) -> float:
        return rate - ratio * other + math.hypot(inside.high - rate, ratio * (other - outside.low))

    return brentq(lowest, 0, rate / other, xtol=1e-13), brentq(highest, rate / other, 1e4, xtol=1e-13)
