"""Residents with and without something, compared among alike: stratum by stratum, then pooled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from queries.statistics.rates import Z95


@dataclass(frozen=True)
class Stratum:
    """Residents alike in what they are matched on: successes and number, with and without."""

    successes_with: int
    with_: int
    successes_without: int
    without: int


@dataclass(frozen=True)
class Standardized:
    """Two rates over the same mix of strata and their difference, as fractions, with its 95% interval.

    `low` and `high` are None where every stratum is all successes or all misses on each side, so that nothing shows the noise.
    Matched are the people in strata with both; `unmatched_with` had no one alike without.
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
    """Compare those with and without among alike; None where no stratum has both.

    The Mantel-Haenszel risk difference: strata weigh n₁ n₀ ÷ (n₁ + n₀) (Cochran 1954; Mantel and Haenszel 1959), in both
    rates alike, so that their difference is the estimate. Variance by Sato (1989), Biometrics 45:1323-1324, which holds
    for few large strata and for many small ones.
    """
    both = [one for one in strata if one.with_ > 0 and one.without > 0]
    if not both:
        return None
    weight = with_rate = without_rate = lean = noise = 0.0
    for one in both:
        a, n1, b, n0 = one.successes_with, one.with_, one.successes_without, one.without
        n = n1 + n0
        weight += n1 * n0 / n
        with_rate += a * n0 / n
        without_rate += b * n1 / n
        lean += (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2  # Sato's P
        noise += (a * (n0 - b) + b * (n1 - a)) / (2 * n)  # Sato's Q
    difference = (with_rate - without_rate) / weight
    variance = (difference * lean + noise) / weight**2
    reach = Z95 * math.sqrt(variance) if variance > 1e-15 else None
    return Standardized(
        rate_with=with_rate / weight,
        rate_without=without_rate / weight,
        difference=difference,
        low=None if reach is None else max(-1.0, difference - reach),
        high=None if reach is None else min(1.0, difference + reach),
        matched_with=sum(one.with_ for one in both),
        matched_without=sum(one.without for one in both),
        unmatched_with=sum(one.with_ for one in strata if one.with_ > 0 and not one.without > 0),
    )
