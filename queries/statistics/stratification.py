"""Compare residents with and without a service among similar residents, stratum by stratum, and pool the strata."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queries.statistics.rates import Z95


@dataclass(frozen=True)
class Stratum:
    """Residents who are alike in what they are matched on: successes and number, with and without the service.

    `strata` is the number of strata with these counts.
    """

    successes_with: int
    with_: int
    successes_without: int
    without: int
    strata: int = 1


@dataclass(frozen=True)
class Standardized:
    """Two rates over the same mix of strata and their difference, as fractions, with its 95% interval.

    `low` and `high` are None when every stratum is all successes or all failures on each side, so that nothing shows the
    noise. Matched residents are those in strata with both sides; for `unmatched_with` nobody similar was without.
    """

    rate_with: float
    rate_without: float
    difference: float
    low: float | None
    high: float | None
    matched_with: int
    matched_without: int
    unmatched_with: int


def standardized(strata: Sequence[Stratum]) -> Standardized | None:
    """Compare residents with and without a service by the Mantel-Haenszel risk difference.

    Each stratum weighs n₁ n₀ ÷ (n₁ + n₀) (Cochran 1954; Mantel and Haenszel 1959) in both rates, so that their difference
    is the estimate. The variance is Sato's (1989, Biometrics 45:1323-1324), which holds for few large strata and for many
    small ones.

    Args:
        strata: The strata. Those with only one side count toward `unmatched_with` and nothing else.

    Returns:
        The comparison. None when no stratum has both sides.
    """
    columns = [(s.successes_with, s.with_, s.successes_without, s.without, s.strata) for s in strata]
    counts = np.array(columns, dtype=float).reshape(-1, 5)
    has_with, has_without = counts[:, 1] > 0, counts[:, 3] > 0
    a, n1, b, n0, times = counts[has_with & has_without].T
    if not len(times):
        return None
    n = n1 + n0
    weight = float(np.sum(times * n1 * n0 / n))
    rate_with, rate_without = float(np.sum(times * a * n0 / n)), float(np.sum(times * b * n1 / n))
    sato_p = float(np.sum(times * (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2))
    sato_q = float(np.sum(times * (a * (n0 - b) + b * (n1 - a)) / (2 * n)))
    difference = (rate_with - rate_without) / weight
    variance = (difference * sato_p + sato_q) / weight**2
    single = counts[has_with & ~has_without]
    margin = Z95 * math.sqrt(variance) if variance > 1e-15 else None
    return Standardized(
        rate_with=rate_with / weight,
        rate_without=rate_without / weight,
        difference=difference,
        low=None if margin is None else max(-1.0, difference - margin),
        high=None if margin is None else min(1.0, difference + margin),
        matched_with=int(np.sum(times * n1)),
        matched_without=int(np.sum(times * n0)),
        unmatched_with=int(np.sum(single[:, 1] * single[:, 4])),
    )
