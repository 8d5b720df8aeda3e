"""Funnel limits: how far a rate may lie from what is expected of it before chance no longer explains the distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

MOST_EXACT = 3_000  # trials up to which the exact distribution is computed
FEWEST_UNITS = 10  # fewer say too little about how far units spread
WINSORIZED = 0.1  # of the units at either end


def count_limits(rates: Floats, trials: Floats, *, tails: Sequence[float]) -> list[tuple[int, int]]:
    """Return the lowest and highest count of successes that chance explains, where trials differ in their rates.

    Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, with exact limits. The count follows a Poisson binomial
    distribution (Hong 2013, Computational Statistics and Data Analysis 59:41-51), which is the binomial where all rates are
    equal. Above `MOST_EXACT` trials, where both agree to a fraction of a success, the normal distribution with the skewness
    correction of Volkova (1996) takes its place.

    Args:
        rates: The expected rate of each cell, as a fraction.
        trials: The trials of each cell, as whole numbers.
        tails: For each pair of limits, the probability beyond each of the two, at most.
    """
    total = round(float(trials.sum()))
    cumulative = _exact(rates, trials, total) if total <= MOST_EXACT else _approximate(rates, trials, total)
    # the lowest count with P(X <= count) >= tail, and the lowest with P(X > count) <= tail
    ends = [np.searchsorted(cumulative, (tail - 1e-12, 1 - tail - 1e-12)) for tail in tails]
    return [(min(int(low), total), min(int(high), total)) for low, high in ends]


def dispersion(counts: Sequence[tuple[float, Floats, Floats]]) -> float:
    """Return by what factor the variance between units is larger than chance makes it, at least 1.

    The multiplicative factor of Spiegelhalter (2005), Quality and Safety in Health Care 14:347-351: the mean square of the
    units' z-scores, of which the lowest and the highest tenth are moved in to the next one, so that a few units that truly
    differ do not widen the limits for themselves.

    Args:
        counts: For each unit its successes, and the expected rates and trials of its cells.
    """
    scores = []
    for successes, rates, trials in counts:
        variance = float((trials * rates * (1 - rates)).sum())
        if variance > 0:
            scores.append((successes - float((trials * rates).sum())) / math.sqrt(variance))
    if len(scores) < FEWEST_UNITS:
        return 1.0
    low, high = np.quantile(scores, (WINSORIZED, 1 - WINSORIZED))
    return max(1.0, float(np.mean(np.clip(scores, low, high) ** 2)))


def widened(limits: tuple[int, int], *, mean: float, factor: float, total: int) -> tuple[int, int]:
    """Return limits as much further from the mean as a larger variance puts them, in whole successes of `total` trials."""
    if factor == 1:
        return limits
    low, high = (mean + (limit - mean) * math.sqrt(factor) for limit in limits)
    return max(0, math.floor(low)), min(total, math.ceil(high))


def _exact(rates: Floats, trials: Floats, total: int) -> Floats:
    """Return P(X <= k) for k = 0 .. n from the characteristic function (Hong 2013, section 2.5).

    It is exact to about 13 decimals. scipy's `poisson_binom` gives the same in far more time.
    """
    unique, place = np.unique(np.round(rates, 12), return_inverse=True)
    sizes = np.bincount(place, weights=trials)
    half = np.arange((total + 1) // 2 + 1)  # the other half is its mirror image
    turns = np.exp(2j * np.pi * half / (total + 1))
    characteristic = np.prod((1 + unique[:, None] * (turns - 1)) ** sizes[:, None], axis=0)
    mass = np.fft.irfft(np.conj(characteristic), total + 1)
    return np.cumsum(np.clip(mass, 0, None))


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
