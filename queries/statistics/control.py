"""Control charts for shares: which periods stand out from a series' noise, and whether its rate changed for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from queries.statistics.significance import Side, p_two_rates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]

FALSE_ALARMS = 0.05  # the largest chance of any signal in a family of charts without any change
MIN_TRIALS = 30  # effective trials of a period, or of either side of a change, under which nothing is flagged

BEYOND_LIMITS = "beyond limits"
LASTING_CHANGE = "lasting change"


@dataclass(frozen=True)
class Chart:
    """A control chart. All rates are fractions.

    Attributes:
        center: The pooled rate. None when there are no trials at all.
        limits: For each period, the lowest and highest rates that chance would still explain. None for a period with too
            few trials to judge.
        signals: For each period, None, "beyond limits" or "lasting change": the first period of a new level.
    """

    center: float | None
    limits: list[tuple[float, float] | None]
    signals: list[str | None]


def signals(periods: Sequence[Side], *, charts: int) -> Chart:
    """Build a p-chart around the pooled rate and flag what chance does not explain.

    Two questions are asked of a chart with m periods. Is a period beyond its limits (Shewhart 1931; Montgomery,
    Introduction to Statistical Quality Control, chapter 7)? And does the rate differ before and after some period, by
    Fisher's exact test at the split with the largest chi-square (Hinkley and Hinkley 1970, Biometrika 57:477-488)? These
    are 2m - 1 tests, so each is made at 5% / charts / (2m - 1): by Bonferroni's inequality, at most 5% of families without
    any change show a signal anywhere. The limits are exact binomial limits. Given the total, a period's count is
    hypergeometric, which is narrower than the binomial, so the limits are conservative.

    Args:
        periods: Mature periods in order of time. Counts are made effective for residents with several trials.
        charts: How many charts are judged together.

    Returns:
        The chart, with one limit and one signal for each period, in order.
    """
    trials, successes = (sum(getattr(period, name) for period in periods) for name in ("trials", "successes"))
    if not trials:
        return Chart(None, [None] * len(periods), [None] * len(periods))
    center = successes / trials
    alpha = FALSE_ALARMS / charts / max(2 * len(periods) - 1, 1)
    limits = _limits(periods, center, alpha)
    flags: list[str | None] = [
        BEYOND_LIMITS
        if bounds and not bounds[0] <= period.effective_successes / period.effective_trials <= bounds[1]
        else None
        for period, bounds in zip(periods, limits, strict=True)
    ]
    change = _change(periods, alpha)
    if change is not None:
        flags[change] = LASTING_CHANGE
    return Chart(center, limits, flags)


def _limits(periods: Sequence[Side], center: float, alpha: float) -> list[tuple[float, float] | None]:
    """Return exact limits with at most half of alpha beyond each."""
    sizes = sorted({period.effective_trials for period in periods if period.effective_trials >= MIN_TRIALS})
    if not sizes:
        return [None] * len(periods)
    trials = np.array(sizes)
    lows, failures = (lowest_likely(trials, rate, alpha / 2) for rate in (center, 1 - center))
    limits = {size: (low / size, (size - few) / size) for size, low, few in zip(sizes, lows, failures, strict=True)}
    return [limits.get(period.effective_trials) for period in periods]


def lowest_likely(trials: Ints, rate: float, tail: float) -> list[int]:
    """Return, for each number of trials, the smallest count that is not too low: fewer successes have a chance under `tail`.

    scipy.special has the binomial distribution itself. Its quantiles are in scipy.stats, which takes 50 MB of a server's memory.

    Args:
        trials: Numbers of trials.
        rate: The chance of a success in each.
        tail: A small chance.
    """
    from scipy.special import bdtr, bdtrik

    if rate in (0, 1):
        return [int(each * rate) for each in trials]
    near = np.ceil(bdtrik(tail, trials, rate))  # up to one too low or too high
    counts = np.clip(near + np.array([[-1], [0], [1]]), 0, trials)
    first = (bdtr(counts, trials, rate) >= tail).argmax(axis=0)
    return [int(count) for count in counts[first, np.arange(len(trials))]]


def _change(periods: Sequence[Side], alpha: float) -> int | None:
    """Return the index of the first period of a new level; None where chance explains every split."""
    sums = np.array([(p.successes, p.trials, p.hh, p.hm, p.mm) for p in periods], dtype=np.int64)
    before = sums.cumsum(axis=0)[:-1]
    after = sums.sum(axis=0) - before
    is_enough = np.minimum(before[:, 1], after[:, 1]) >= MIN_TRIALS
    if not is_enough.any():
        return None
    n1, n2 = np.maximum(before[:, 1], 1), np.maximum(after[:, 1], 1)
    squared = np.where(is_enough, (before[:, 0] / n1 - after[:, 0] / n2) ** 2 / (1 / n1 + 1 / n2), -1)
    split = int(squared.argmax())
    sides = [Side(*row[split].tolist()) for row in (before, after)]
    p = p_two_rates(*sides)
    is_clear = p is not None and p <= alpha and min(side.effective_trials for side in sides) >= MIN_TRIALS
    return split + 1 if is_clear else None
