"""The statistics, each from a library or a cited formula; plain numbers in, plain numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution


def wilson(hits: int, tries: int) -> tuple[float, float] | None:
    """The 95% Wilson score interval of a share; None where nobody was counted.

    Wilson (1927), in closed form: scipy gives the same only together with an exact test that takes milliseconds a share.
    """
    if tries <= 0:
        return None
    share, square = hits / tries, Z95**2
    center = share + square / (2 * tries)
    spread = Z95 * math.sqrt(share * (1 - share) / tries + square / (4 * tries**2))
    low, high = ((center + sign * spread) / (1 + square / tries) for sign in (-1, 1))
    return (0.0 if hits == 0 else max(low, 0.0)), (1.0 if hits == tries else min(high, 1.0))


@dataclass(frozen=True)
class Ratio:
    """A ratio of two rates with its 95% interval; the interval is None where it cannot be had (a side without hits)."""

    value: float
    low: float | None
    high: float | None


def rate_ratio(hits: int, tries: int, other_hits: int, other_tries: int) -> Ratio | None:
    """One rate over another, with the 95% log interval of Katz et al. (1978), as scipy has it.

    None where a side is empty or the other side's rate is zero.
    """
    if tries <= 0 or other_tries <= 0 or other_hits <= 0:
        return None
    from scipy.stats.contingency import relative_risk

    result = relative_risk(hits, tries, other_hits, other_tries)
    interval = result.confidence_interval(confidence_level=0.95)
    low, high = float(interval.low), float(interval.high)
    known = hits > 0 and math.isfinite(low) and math.isfinite(high)
    return Ratio(float(result.relative_risk), low if known else None, high if known else None)


def residents_to_reach(group: int, everyone: int, target: float) -> int | None:
    """The least whole x with (group + x) ÷ (everyone + x) >= target; 0 where reached, None where no x can do it."""
    share = Fraction(str(target))
    if group >= share * everyone:
        return 0
    if share >= 1:
        return None
    return math.ceil((share * everyone - group) / (1 - share))


@dataclass(frozen=True)
class Cell:
    """One place's hits and tries, for those in the group and for the others."""

    key: str
    hits_in: int
    known_in: int
    hits_out: int
    known_out: int


@dataclass(frozen=True)
class Part:
    """One place's share of the gap, in points as fractions: who is there (between), how they fare there (within)."""

    key: str
    between: float
    within: float


def decompose(cells: Sequence[Cell]) -> list[Part] | None:
    """Split the difference of two rates into parts between and within places; the parts add up to it exactly.

    Kitagawa (1955), two components: between = Σ (share_in − share_out) × mean rate, within = Σ (rate_in − rate_out) ×
    mean share. Where one side is absent from a place it has no rate there, and the other side's stands in, so that such
    a place counts as between. None where a side is empty altogether.
    """
    all_in = sum(cell.known_in for cell in cells)
    all_out = sum(cell.known_out for cell in cells)
    if not all_in or not all_out:
        return None
    # centered on the overall rate, so that a place's part says what it adds to the gap, not how large it is
    center = sum(cell.hits_in + cell.hits_out for cell in cells) / (all_in + all_out)
    parts = []
    for cell in cells:
        if not cell.known_in and not cell.known_out:
            continue
        rate_out = cell.hits_out / cell.known_out if cell.known_out else cell.hits_in / cell.known_in
        rate_in = cell.hits_in / cell.known_in if cell.known_in else rate_out
        share_in, share_out = cell.known_in / all_in, cell.known_out / all_out
        parts.append(
            Part(
                cell.key,
                between=(share_in - share_out) * ((rate_in + rate_out) / 2 - center),
                within=(rate_in - rate_out) * (share_in + share_out) / 2,
            )
        )
    return parts


@dataclass(frozen=True)
class Projection:
    """Where a count will stand, with a 95% prediction interval, and the weekly mean it rests on."""

    value: float
    low: float
    high: float
    weekly: float


def project(*, now: int, weekly_counts: Sequence[int], weeks_left: float) -> Projection | None:
    """Project a count from its recent weeks, taken as independent draws around one mean; None under four weeks.

    The variance of the sum of h coming weeks, the mean itself estimated from w weeks, is s² (h + h²/w); Student's t with
    w − 1 degrees of freedom (a prediction interval as in any text on sampling, e.g. Hahn and Meeker 1991, chapter 4).
    """
    weeks = len(weekly_counts)
    if weeks < 4 or weeks_left < 0:
        return None
    from scipy.stats import t

    mean = sum(weekly_counts) / weeks
    spread = math.sqrt(sum((count - mean) ** 2 for count in weekly_counts) / (weeks - 1))
    reach = float(t.ppf(0.975, weeks - 1)) * spread * math.sqrt(weeks_left + weeks_left**2 / weeks)
    value = now + mean * weeks_left
    return Projection(value, max(float(now), value - reach), value + reach, mean)
