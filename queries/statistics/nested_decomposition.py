"""Decompose the difference of two rates level by level: by sector, by region within the sector, by provider within both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from queries.statistics.decomposition import Cell, decompose
from queries.statistics.rates import Z95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

WITHIN = "within"


@dataclass(frozen=True)
class NestedCell:
    """Successes and trials in one place, for residents in the group and for everyone else.

    `levels` names the place from the widest level to the narrowest. `known_in` and `known_out` are the trials.
    """

    levels: tuple[str, ...]
    successes_in: int
    known_in: int
    successes_out: int
    known_out: int


@dataclass(frozen=True)
class NestedPart:
    """One level's part of the gap with its 95% interval, as fractions. The last part is called "within".

    `unpaired_share` is the share of all trials in places, at this level, where only one side is present. Nobody can be
    compared there, so everything such a place adds counts as between. A large share means that the level is too fine.
    """

    level: str
    value: float
    low: float
    high: float
    unpaired_share: float


@dataclass(frozen=True)
class CellPart:
    """One cell's contribution to the gap, as fractions: from composition (between) and from rates (within)."""

    levels: tuple[str, ...]
    between: float
    within: float

    @property
    def value(self) -> float:
        """The cell's total contribution."""
        return self.between + self.within


def nested(
    cells: Sequence[NestedCell], *, levels: Sequence[str], effects: tuple[float, float] = (1.0, 1.0)
) -> list[NestedPart] | None:
    """Split the difference of two rates over nested levels. The parts add up to it exactly.

    Kitagawa's (1955) between component is computed over the places of the first level, then of the first two levels, and
    so on; each level's part is what it adds to the one before, and the remainder is within (hierarchical factors: Kim and
    Strobino 1984, Demography 21:361-372). The order of the levels matters. A side that is absent from a place gets the
    other side's rate there, as in `decompose`.

    Intervals use the delta method over the two multinomials of cells and outcomes (Bishop, Fienberg and Holland 1975,
    chapter 14). For the variance only, each cell's rate is drawn toward its side's rate by two trials; otherwise a cell with
    one or two trials would seem to have no noise. Where nothing differs, the intervals are somewhat wide.

    Args:
        cells: One cell for each narrowest place.
        levels: The names of the levels, from the widest to the narrowest.
        effects: Design effects of the group and of everyone else. They widen each side's variance.

    Returns:
        One part for each level, then "within". None if either side has no trials.

    Raises:
        ValueError: A cell does not name every level.
    """
    if any(len(cell.levels) != len(levels) for cell in cells):
        raise ValueError("every cell must name every level")
    counts = np.array([(c.successes_in, c.known_in, c.successes_out, c.known_out) for c in cells], dtype=float).reshape(
        -1, 4
    )
    all_in, all_out = counts[:, 1].sum(), counts[:, 3].sum()
    if not all_in or not all_out:
        return None
    # each cell's successes and failures as shares of its side: two rows for the group, two for everyone else
    shares = np.stack(
        [
            counts[:, 0] / all_in,
            (counts[:, 1] - counts[:, 0]) / all_in,
            counts[:, 2] / all_out,
            (counts[:, 3] - counts[:, 2]) / all_out,
        ]
    )
    gap = float(shares[0].sum() - shares[2].sum())
    smoothed = _smooth(shares, all_in, all_out)
    scales = (effects[0] / all_in, effects[1] / all_out)
    previous, previous_slope, unpaired = 0.0, np.zeros_like(shares), 0.0
    parts = []
    for depth, level in enumerate(levels, start=1):
        places = _place_numbers(cells, depth)
        value, slope = _between(shares, places)
        trials_in, trials_out = (np.bincount(places, weights=counts[:, column]) for column in (1, 3))
        is_unpaired = (trials_in == 0) | (trials_out == 0)
        unpaired = float(np.where(is_unpaired, trials_in + trials_out, 0).sum() / (all_in + all_out))
        parts.append(
            _part(level, value - previous, slope - previous_slope, smoothed, scales=scales, unpaired_share=unpaired)
        )
        previous, previous_slope = value, slope
    gap_slope = np.zeros_like(shares)
    gap_slope[0], gap_slope[2] = 1.0, -1.0
    parts.append(
        _part(WITHIN, gap - previous, gap_slope - previous_slope, smoothed, scales=scales, unpaired_share=unpaired)
    )
    return parts


def cell_parts(cells: Sequence[NestedCell]) -> list[CellPart] | None:
    """Compute what each cell adds to the gap, by `decompose` over the narrowest cells.

    Returns:
        One part for each cell that has trials, in order, in fractions. They add up to the gap exactly. None if either side
        has no trials.
    """
    parts = decompose(
        [Cell(str(index), c.successes_in, c.known_in, c.successes_out, c.known_out) for index, c in enumerate(cells)],
    )
    if parts is None:
        return None
    return [CellPart(cells[int(part.key)].levels, part.between, part.within) for part in parts]


def _smooth(shares: Floats, *trials: float) -> Floats:
    """Return the shares as if each cell had two more trials at its side's rate. Each cell's share of its side stays."""
    smoothed = np.zeros_like(shares)
    for row, side_trials in zip((0, 2), trials, strict=True):
        successes, cell = shares[row], shares[row] + shares[row + 1]
        rate = (successes * side_trials + 2 * successes.sum()) / (cell * side_trials + 2)
        rate = np.minimum(rate, 1.0)  # where everyone has the outcome, floating-point sums pass 1
        smoothed[row], smoothed[row + 1] = cell * rate, cell * (1 - rate)
    return smoothed


def _place_numbers(cells: Sequence[NestedCell], depth: int) -> Integers:
    """Number the places that the first `depth` levels form, and return each cell's number."""
    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(cell.levels[:depth], len(numbers)) for cell in cells], dtype=np.int64)


def _between(shares: Floats, places: Integers) -> tuple[float, Floats]:
    """Return the between component over the places, and its derivative in each of the cells' four shares."""
    success_in, failure_in, success_out, failure_out = (np.bincount(places, weights=row) for row in shares)
    in_, out = success_in + failure_in, success_out + failure_out
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_in, rate_out = success_in / in_, success_out / out
        lead = in_ - out
        rates = rate_in + rate_out
        slopes = np.stack(
            [
                (rates + lead * (1 - rate_in) / in_) / 2,
                (rates - lead * rate_in / in_) / 2,
                (-rates + lead * (1 - rate_out) / out) / 2,
                (-rates - lead * rate_out / out) / 2,
            ]
        )
        values = lead * rates / 2
    # where a side is absent the other's rate stands in, so the place adds that side's share × rate: its successes
    only_in, only_out, empty = (in_ > 0) & (out == 0), (in_ == 0) & (out > 0), (in_ == 0) & (out == 0)
    values[only_in], values[only_out], values[empty] = success_in[only_in], -success_out[only_out], 0.0
    slopes[:, only_in | only_out | empty] = 0.0
    slopes[0, only_in], slopes[2, only_out] = 1.0, -1.0
    return float(values.sum()), slopes[:, places]


def _part(
    level: str, value: float, slope: Floats, shares: Floats, *, scales: tuple[float, float], unpaired_share: float
) -> NestedPart:
    """Return a part with its interval.

    Each side's variance is (effect ÷ N) (Σ g² π − (Σ g π)²), summed around the mean slope.
    """
    variance = 0.0
    for scale, rows in zip(scales, (slice(0, 2), slice(2, 4)), strict=True):
        mean = float((slope[rows] * shares[rows]).sum())
        variance += scale * float(((slope[rows] - mean) ** 2 * shares[rows]).sum())
    margin = Z95 * math.sqrt(variance)
    return NestedPart(level, value, value - margin, value + margin, unpaired_share)
