"""Could chance alone have made this? Residents with several exits, two rates, a share, and many comparisons at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from queries.statistics.rates import Z95, Ratio, rate_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Moments(NamedTuple):
    """Sums over residents, each with h successes of m trials: Σ h², Σ h m, Σ m²."""

    hh: int
    hm: int
    mm: int


def design_effect(*, successes: int, trials: int, squares: Moments) -> float:
    """How many times larger a rate's variance is than if every try were another resident's; never below 1.

    Rao and Scott (1992), Biometrics 48:577-585, with residents as clusters: Σ (h − p m)² ÷ (trials p (1 − p)). Exactly 1
    where each resident has one try, and 1 where nobody, or everybody, has the outcome.
    """
    # in whole Python numbers: the cubes of millions neither overflow nor cancel
    successes, trials = int(successes), int(trials)
    binomial = successes * (trials - successes) * trials
    if binomial <= 0:
        return 1.0
    clustered = int(squares.hh) * trials**2 - 2 * successes * trials * int(squares.hm) + successes**2 * int(squares.mm)
    return max(1.0, clustered / binomial)


@dataclass(frozen=True)
class Side:
    """One side of a comparison: successes of trials, and the sums over its residents of h², h m and m²."""

    successes: int
    trials: int
    hh: int
    hm: int
    mm: int

    @classmethod
    def of_people(cls, successes: int, trials: int) -> Side:
        """A side on which every resident has exactly one try."""
        return cls(successes, trials, successes, successes, trials)

    @property
    def rate(self) -> float | None:
        """Successes ÷ trials; None where there were no trials."""
        return self.successes / self.trials if self.trials else None

    @cached_property
    def effect(self) -> float:
        """The design effect of its residents."""
        return design_effect(successes=self.successes, trials=self.trials, squares=Moments(self.hh, self.hm, self.mm))

    @property
    def effective_trials(self) -> int:
        """As many independent trials as tell as much: trials ÷ effect, rounded down."""
        return math.floor(self.trials / self.effect)

    @property
    def effective_successes(self) -> int:
        """The successes among the effective trials: the whole number nearest to the same rate."""
        if not self.trials:
            return 0
        # rounded down like the trials, a small side's rate would sink by as much as a hit
        return (2 * int(self.successes) * self.effective_trials + int(self.trials)) // (2 * int(self.trials))


def p_two_rates(one: Side, other: Side) -> float | None:
    """How often chance alone makes two rates differ as much: Fisher's exact test, two-sided; None if a side is empty.

    On the effective counts (Rao and Scott 1992), at any size. scipy's own gives the same in 5 to 12 ms, too slow for a page
    with dozens of comparisons.
    """
    n1, n2 = one.effective_trials, other.effective_trials
    if not n1 or not n2:
        return None
    from scipy.special import gammaln

    successes, everyone = one.effective_successes + other.effective_successes, n1 + n2
    middle = n1 * successes / everyone
    spread = math.sqrt(middle * (1 - successes / everyone) * n2 / everyone)
    tables = _whole_numbers(middle, spread, low=max(0, successes - n2), high=min(n1, successes))
    # the hypergeometric chance of each table, but for a factor they share
    log_chance = -gammaln(tables + 1) - gammaln(n1 - tables + 1) - gammaln(successes - tables + 1)
    log_chance -= gammaln(n2 - successes + tables + 1)
    return _as_rare_as(one.effective_successes - int(tables[0]), log_chance)


def p_share(successes: int, trials: int, share: float) -> float | None:
    """How often chance alone takes a share as far from a known one: the exact binomial test, two-sided; None for no trials.

    `share` is a fraction between 0 and 1. At any size, and the same as scipy's, which takes 2 to 7 ms.
    """
    if trials <= 0:
        return None
    if not 0 < share < 1:
        return float(successes == trials * share)
    from scipy.special import gammaln

    successes, trials, middle = int(successes), int(trials), trials * share
    counts = _whole_numbers(middle, math.sqrt(middle * (1 - share)), low=0, high=trials)
    log_chance = -gammaln(counts + 1) - gammaln(trials - counts + 1)
    log_chance += counts * math.log(share / (1 - share))
    return _as_rare_as(successes - int(counts[0]), log_chance)


def _whole_numbers(middle: float, spread: float, *, low: int, high: int) -> NDArray[Any]:
    """The counts that weigh anything: those left out, 40 standard deviations off and more, come to under 1e-100."""
    import numpy as np

    far = 40 * (1 + spread)
    return np.arange(max(low, math.floor(middle - far)), min(high, math.ceil(middle + far)) + 1)


def _as_rare_as(seen: int, log_chance: NDArray[Any]) -> float:
    """The share of chance in counts at most as likely as the one at index `seen`, ties within one part in ten million.

    As R's `fisher.test` and `binom.test` add them up; 0 for a count so rare that it is not among them.
    """
    import numpy as np

    if not 0 <= seen < len(log_chance):
        return 0.0
    chance = np.exp(log_chance - log_chance.max())
    rare = log_chance <= log_chance[seen] + 1e-7
    return min(1.0, float(chance[rare].sum() / chance.sum()))


def p_of_difference(difference: float, reach: float) -> float:
    """The two-sided p-value that goes with a normal 95% interval of difference ± reach; with no reach, 0 for a difference."""
    if not reach:
        return 0.0 if difference else 1.0
    return math.erfc(abs(difference) * Z95 / reach / math.sqrt(2))


def discoveries(ps: Sequence[float | None], *, rate: float = 0.05) -> list[float | None]:
    """The p-values adjusted for their number: call those at or under `rate` and at most that share of calls is chance.

    Benjamini and Hochberg (1995), as scipy has it; proved for independent and for positively related comparisons (Benjamini
    and Yekutieli 2001), and tried on overlapping groups in benchmarks/verdicts.py. A None stays None and is not counted.
    """
    if not 0 < rate < 1:
        raise ValueError("rate is a fraction between 0 and 1")
    known = [p for p in ps if p is not None]
    if not known:
        return [None] * len(ps)
    from scipy.stats import false_discovery_control

    adjusted = iter(false_discovery_control(known, method="bh"))
    return [None if p is None else float(next(adjusted)) for p in ps]


def interval_ratio(one: Side, other: Side) -> Ratio | None:
    """One rate over another, with the 95% interval of Katz et al. (1978) as wide as the effective counts make it.

    The value is that of the true counts and the interval lies around it on the log scale; it is None where a side is left
    without successes. None where a side is empty or the other side's rate is zero.
    """
    if not one.trials or not other.trials or not other.successes:
        return None
    value = (one.successes / one.trials) / (other.successes / other.trials)
    counted = rate_ratio(one.effective_successes, one.effective_trials, other.effective_successes, other.effective_trials)
    if counted is None or counted.low is None or counted.high is None or not counted.value:
        return Ratio(value, None, None)
    moved = value / counted.value  # whole effective counts miss the rate by a hair
    return Ratio(value, counted.low * moved, counted.high * moved)
