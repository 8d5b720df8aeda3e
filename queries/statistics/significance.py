"""Could chance explain a difference? Repeated residents, two rates, a share, and many comparisons at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from queries.statistics.factorials import log_factorials
from queries.statistics.lazy import lazy
from queries.statistics.rates import Z95, Ratio, rate_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


class Moments(NamedTuple):
    """Sums over residents, each with h successes of m trials: Σ h², Σ h m, Σ m². Whole numbers, unless an effect was assumed."""

    hh: float
    hm: float
    mm: float


def design_effect(*, successes: int, trials: int, squares: Moments) -> float:
    """Return how many times larger a rate's variance is than if every trial were a different resident's.

    Rao and Scott (1992), Biometrics 48:577-585, with residents as clusters: Σ (h − p m)² ÷ (trials p (1 − p)).

    Returns:
        The design effect, never below 1. It is exactly 1 when each resident has one trial, and when nobody or everybody has
        the outcome.
    """
    if squares.mm == trials:  # each resident has one trial
        return 1.0
    # with Python's integers, the cubes of millions neither overflow nor cancel
    successes, trials = int(successes), int(trials)
    binomial = successes * (trials - successes) * trials
    if binomial <= 0:
        return 1.0
    hh, hm, mm = (each if isinstance(each, float) else int(each) for each in squares)
    clustered = hh * trials**2 - 2 * successes * trials * hm + successes**2 * mm
    return max(1.0, clustered / binomial)


@dataclass(frozen=True)
class Side:
    """One side of a comparison: successes, trials, and the sums over its residents of h², h m and m² (see `Moments`)."""

    successes: int
    trials: int
    hh: float
    hm: float
    mm: float

    @classmethod
    def of_people(cls, successes: int, trials: int, *, effect: float = 1) -> Side:
        """Return a side on which every resident has exactly one trial, or whose residents have this design effect."""
        return cls(successes, trials, successes * effect, successes * effect, trials * effect)

    @property
    def rate(self) -> float | None:
        """Successes ÷ trials. None without trials."""
        return self.successes / self.trials if self.trials else None

    @lazy
    def effect(self) -> float:
        """The design effect of its residents."""
        return design_effect(successes=self.successes, trials=self.trials, squares=Moments(self.hh, self.hm, self.mm))

    @lazy
    def effective_trials(self) -> int:
        """The number of independent trials with the same information: trials ÷ effect, rounded down."""
        return math.floor(self.trials / self.effect)

    @lazy
    def effective_successes(self) -> int:
        """The successes among the effective trials: the integer nearest to the same rate."""
        if not self.trials:
            return 0
        # rounding down, as for the trials, would lower a small side's rate by up to one success
        return (2 * int(self.successes) * self.effective_trials + int(self.trials)) // (2 * int(self.trials))


def p_two_rates(side: Side, other: Side) -> float | None:
    """Test whether two rates differ, by Fisher's exact test on the effective counts (Rao and Scott 1992).

    It works at any size. scipy's `fisher_exact` gives the same value in 5 to 12 ms, which is too slow for a page with dozens
    of comparisons.

    Returns:
        The two-sided p-value. None when a side has no trials.
    """
    if not side.effective_trials or not other.effective_trials:
        return None
    return _p_exact(side.effective_successes, side.effective_trials, other.effective_successes, other.effective_trials)


@lru_cache(maxsize=10_000)
def _p_exact(observed: int, n1: int, other: int, n2: int) -> float:
    """Return the p-value of Fisher's exact test. A page makes some comparisons several times: in all, by region, by sector."""
    successes, total = observed + other, n1 + n2
    mean = n1 * successes / total
    spread = math.sqrt(mean * (1 - successes / total) * n2 / total)
    first, last = _likely_counts(mean, spread, low=max(0, successes - n2), high=min(n1, successes))
    # the hypergeometric probability of each table, up to a common factor
    log_probability = -log_factorials(first, last) - log_factorials(n1 - first, n1 - last)
    log_probability -= log_factorials(successes - first, successes - last)
    log_probability -= log_factorials(n2 - successes + first, n2 - successes + last)
    return _two_sided(observed - first, log_probability)


def deviations(side: Side, other: Side) -> float | None:
    """Return the difference of two rates in standard deviations, on the effective counts.

    The "two or three standard deviations" of Hazelwood School District v. United States (433 U.S. 299, 308 note 14,
    1977): (p₁ − p₂) ÷ √(p (1 − p) (1/n₁ + 1/n₂)) with the pooled rate p.

    Returns:
        The difference, positive where the first rate is higher. None without trials, or where all or none have the outcome.
    """
    n1, n2 = side.effective_trials, other.effective_trials
    successes, total = side.effective_successes + other.effective_successes, n1 + n2
    if not n1 or not n2 or not 0 < successes < total:
        return None
    pooled = successes / total
    difference = side.effective_successes / n1 - other.effective_successes / n2
    return difference / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))


def p_share(successes: int, trials: int, share: float, *, error: float = 0.0) -> float | None:
    """Test whether a share differs from another: by the exact binomial test, or a score test if that is an estimate.

    The exact test works at any size and gives the same value as scipy's `binomtest`, which takes 2 to 7 ms. With a standard
    error, both variances add up, as in the Urban Institute's Spatial Equity Data Tool (2020, technical appendix).

    Args:
        successes: Observed successes.
        trials: Observed trials.
        share: The share to compare with, a fraction from 0 to 1.
        error: Its standard error; 0 if it is known exactly.

    Returns:
        The two-sided p-value. None without trials.
    """
    if trials <= 0:
        return None
    if not 0 < share < 1:
        return float(successes == trials * share)
    if error > 0:
        spread = math.sqrt(share * (1 - share) / trials + error**2)
        return math.erfc(abs(successes / trials - share) / spread / math.sqrt(2))
    successes, trials, mean = int(successes), int(trials), trials * share
    first, last = _likely_counts(mean, math.sqrt(mean * (1 - share)), low=0, high=trials)
    log_probability = -log_factorials(first, last) - log_factorials(trials - first, trials - last)
    log_probability += np.arange(first, last + 1) * math.log(share / (1 - share))
    return _two_sided(successes - first, log_probability)


def _likely_counts(mean: float, spread: float, *, low: int, high: int) -> tuple[int, int]:
    """Return the first and last count within 40 standard deviations. Those beyond have a total probability under 1e-100."""
    distance = 40 * (1 + spread)
    return max(low, math.floor(mean - distance)), min(high, math.ceil(mean + distance))


def _two_sided(observed: int, log_probability: Floats) -> float:
    """Return the probability of the counts that are at most as likely as the one at index `observed`.

    Counts within one part in ten million count as ties, as in R's `fisher.test` and `binom.test`. A count so rare that it is
    not in the array has probability 0.
    """
    if not 0 <= observed < len(log_probability):
        return 0.0
    probability = np.exp(log_probability - log_probability.max())
    is_as_rare = log_probability <= log_probability[observed] + 1e-7
    return min(1.0, float(probability[is_as_rare].sum() / probability.sum()))


def p_of_difference(difference: float, margin: float) -> float:
    """Return the two-sided p-value of a normal 95% interval of difference ± margin.

    With a margin of 0 the p-value is 0 for any difference and 1 for none.
    """
    if not margin:
        return 0.0 if difference else 1.0
    return math.erfc(abs(difference) * Z95 / margin / math.sqrt(2))


def discoveries(ps: Sequence[float | None], *, rate: float = 0.05) -> list[float | None]:
    """Adjust p-values for their number, by Benjamini and Hochberg (1995).

    Calling those at or under `rate` keeps the expected share of false calls at or under `rate`. This is proved for
    independent and for positively dependent comparisons (Benjamini and Yekutieli 2001); benchmarks/verdicts.py simulates
    overlapping groups.

    Args:
        ps: The p-values. A None stays None and does not count as a comparison.
        rate: The false discovery rate, a fraction between 0 and 1.

    Returns:
        The adjusted p-values, in order.

    Raises:
        ValueError: `rate` is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise ValueError("rate must be a fraction between 0 and 1")
    known = np.array([p for p in ps if p is not None])
    order = known.argsort()[::-1]
    ranks = np.arange(len(known), 0, -1)
    adjusted = np.empty(len(known))
    adjusted[order] = np.minimum(np.minimum.accumulate(known[order] * len(known) / ranks), 1)
    each = iter(adjusted.tolist())
    return [None if p is None else next(each) for p in ps]


def interval_ratio(side: Side, other: Side, *, confidence: float = 0.95) -> Ratio | None:
    """Divide a rate by another, with the interval of `rate_ratio` on the effective counts.

    Returns:
        The ratio of the true counts, with its interval; its ends are None when a side has no effective successes. None when a side has no trials or the denominator's rate is zero.
    """
    if not side.trials or not other.trials or not other.successes:
        return None
    value = (side.successes / side.trials) / (other.successes / other.trials)
    effective = rate_ratio(
        side.effective_successes,
        side.effective_trials,
        other.effective_successes,
        other.effective_trials,
        confidence=confidence,
    )
    if effective is None or effective.low is None or effective.high is None or not effective.value:
        return Ratio(value, None, None)
    correction = value / effective.value  # rounding the effective counts shifts their ratio slightly
    return Ratio(value, effective.low * correction, effective.high * correction)
