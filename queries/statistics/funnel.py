"""Funnel limits: how far a rate may lie from what is expected of it before chance no longer explains the distance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

MOST_EXACT = 3_000  # trials up to which the exact distribution is computed


def count_limits(rates: Floats, trials: Floats, *, tail: float) -> tuple[int, int]:
    """Return the lowest and highest count of successes that chance explains, where trials differ in their rates.

    Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, with exact limits. The count follows a Poisson binomial
    distribution (Hong 2013, Computational Statistics and Data Analysis 59:41-51), which is the binomial where all rates are
    equal. Above `MOST_EXACT` trials, where both agree to a fraction of a success, the normal distribution with the skewness
    correction of Volkova (1996) takes its place.

    Args:
        rates: The expected rate of each cell, as a fraction.
        trials: The trials of each cell, as whole numbers.
        tail: The probability beyond each limit, at most.
    """
    total = round(float(trials.sum()))
    cumulative = _exact(rates, trials) if total <= MOST_EXACT else _approximate(rates, trials, total)
    # the lowest count with P(X <= count) >= tail, and the lowest with P(X > count) <= tail
    low = int(np.searchsorted(cumulative, tail - 1e-12))
    high = int(np.searchsorted(cumulative, 1 - tail - 1e-12))
    return min(low, total), min(high, total)


def _exact(rates: Floats, trials: Floats) -> Floats:
    """Return P(X <= k) for k = 0 .. n, as scipy's `poisson_binom` does in twenty times the time."""
    from scipy.stats import binom

    unique, place = np.unique(np.round(rates, 12), return_inverse=True)
    sizes = np.bincount(place, weights=trials).round().astype(np.int64)
    mass = np.ones(1)
    for rate, size in zip(unique, sizes, strict=True):
        if size == 1:
            mass = np.append(mass * (1 - rate), 0.0) + np.append(0.0, mass * rate)
        elif size > 1:
            mass = np.convolve(mass, binom.pmf(np.arange(size + 1), size, rate))
    return np.cumsum(mass)


def _approximate(rates: Floats, trials: Floats, total: int) -> Floats:
    """Return P(X <= k) for k = 0 .. n by the refined normal approximation."""
    from scipy.special import ndtr

    mean = float((trials * rates).sum())
    spread = math.sqrt(float((trials * rates * (1 - rates)).sum())) or 1e-9
    skewness = float((trials * rates * (1 - rates) * (1 - 2 * rates)).sum()) / spread**3
    z = (np.arange(total + 1) + 0.5 - mean) / spread
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    result: Floats = np.clip(ndtr(z) + skewness * (1 - z**2) * density / 6, 0.0, 1.0)
    return np.maximum.accumulate(result)
