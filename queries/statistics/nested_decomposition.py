"""A difference of two rates, split level by level: by sector, by region within the sector, by provider in both, the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from queries.statistics.decomposition import Cell, decompose
from queries.statistics.rates import Z95

if TYPE_CHECKING:
    from numpy.typing import NDArray

WITHIN = "within"


@dataclass(frozen=True)
class NestedCell:
    """Successes and trials, of those in the group and of the others, in one place named from its widest level to its narrowest."""

    levels: tuple[str, ...]
    successes_in: int
    known_in: int
    successes_out: int
    known_out: int


@dataclass(frozen=True)
class NestedPart:
    """One level's part of the gap, in points as fractions, with its 95% interval; the last is called "within".

    `alone`: the share of all trials that lie in places, at this level, where only one side is; nobody can be compared there,
    and all such a place adds counts as between. A large share says the level is cut too fine.
    """

    level: str
    value: float
    low: float
    high: float
    alone: float


@dataclass(frozen=True)
class CellPart:
    """What one cell adds to the gap, in points as fractions: who is there (between) and how they fare there (within)."""

    levels: tuple[str, ...]
    between: float
    within: float

    @property
    def value(self) -> float:
        """Both together."""
        return self.between + self.within


def nested(
    cells: Sequence[NestedCell], *, levels: Sequence[str], effects: tuple[float, float] = (1.0, 1.0)
) -> list[NestedPart] | None:
    """Split the difference of two rates over nested levels; one part a level and "within", which add up to it exactly.

    Kitagawa's (1955) between component, taken over the places of the first level, of the first two, and so on: each level's
    part is what it adds to the one before; what the narrowest cells leave is within (hierarchical factors: Kim and Strobino
    1984, Demography 21:361-372; another order of the levels gives other parts). A side absent from a place gets the
    other's rate there, as in `decompose`. Intervals by the delta method over the two multinomials of cells and outcomes
    (Bishop, Fienberg and Holland 1975, chapter 14); `effects` are the design effects, in the group and out of it, that widen
    each side's variance. For the variance alone a cell's rate is drawn toward its side's by two trials' worth: a cell of one
    or two trials would else seem to have no noise. Where nothing differs the intervals are on the wide side.
    None where a side is empty altogether. ValueError where a cell does not name every level.
    """
    import numpy as np

    if any(len(cell.levels) != len(levels) for cell in cells):
        raise ValueError("every cell must name every level")
    counts = np.array([(c.successes_in, c.known_in, c.successes_out, c.known_out) for c in cells], dtype=float).reshape(-1, 4)
    all_in, all_out = counts[:, 1].sum(), counts[:, 3].sum()
    if not all_in or not all_out:
        return None
    # shares of a side that are successes and misses in each cell: in the group, then out of it
    shares = np.stack(
        [
            counts[:, 0] / all_in,
            (counts[:, 1] - counts[:, 0]) / all_in,
            counts[:, 2] / all_out,
            (counts[:, 3] - counts[:, 2]) / all_out,
        ]
    )
    gap = float(shares[0].sum() - shares[2].sum())
    noise = _drawn_in(shares, all_in, all_out)
    widths = (effects[0] / all_in, effects[1] / all_out)
    value_before, slope_before, alone = 0.0, np.zeros_like(shares), 0.0
    parts = []
    for depth, level in enumerate(levels, start=1):
        places = _places(cells, depth)
        value, slope = _between(shares, places)
        here_in, here_out = (np.bincount(places, weights=counts[:, column]) for column in (1, 3))
        alone = float(np.where((here_in == 0) | (here_out == 0), here_in + here_out, 0).sum() / (all_in + all_out))
        parts.append(_part(level, value - value_before, slope - slope_before, noise, widths, alone))
        value_before, slope_before = value, slope
    whole = np.zeros_like(shares)
    whole[0], whole[2] = 1.0, -1.0
    parts.append(_part(WITHIN, gap - value_before, whole - slope_before, noise, widths, alone))
    return parts


def cell_parts(cells: Sequence[NestedCell]) -> list[CellPart] | None:
    """What each cell adds to the gap, adding up to it exactly; None where a side is empty altogether.

    `decompose` over the narrowest cells: between is centered on the overall rate. Cells without anybody are left out.
    """
    parts = decompose(
        [Cell(str(at), c.successes_in, c.known_in, c.successes_out, c.known_out) for at, c in enumerate(cells)],
    )
    if parts is None:
        return None
    return [CellPart(cells[int(part.key)].levels, part.between, part.within) for part in parts]


def _drawn_in(shares: NDArray[Any], *trials: float) -> NDArray[Any]:
    """The shares with each cell's successes as if two more trials had come out at its side's rate; a cell's own share stays."""
    import numpy as np

    drawn = np.zeros_like(shares)
    for row, everyone in zip((0, 2), trials, strict=True):
        successes, cell = shares[row], shares[row] + shares[row + 1]
        rate = (successes * everyone + 2 * successes.sum()) / (cell * everyone + 2)
        drawn[row], drawn[row + 1] = cell * rate, cell * (1 - rate)
    return drawn


def _places(cells: Sequence[NestedCell], depth: int) -> NDArray[Any]:
    """The number of the place, by the first `depth` levels, that each cell lies in."""
    import numpy as np

    numbers: dict[tuple[str, ...], int] = {}
    return np.array([numbers.setdefault(cell.levels[:depth], len(numbers)) for cell in cells], dtype=int)


def _between(shares: NDArray[Any], places: NDArray[Any]) -> tuple[float, NDArray[Any]]:
    """The between component over some places, and its slope in each of the cells' four shares."""
    import numpy as np

    hit_in, miss_in, hit_out, miss_out = (np.bincount(places, weights=row) for row in shares)
    in_, out = hit_in + miss_in, hit_out + miss_out
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_in, rate_out = hit_in / in_, hit_out / out
        ahead = in_ - out
        both = rate_in + rate_out
        slopes = np.stack(
            [
                (both + ahead * (1 - rate_in) / in_) / 2,
                (both - ahead * rate_in / in_) / 2,
                (-both + ahead * (1 - rate_out) / out) / 2,
                (-both - ahead * rate_out / out) / 2,
            ]
        )
        values = ahead * both / 2
    # where one side is absent the other's rate stands in: the place adds that side's successes alone, (share) × (rate)
    alone_in, alone_out, nobody = (in_ > 0) & (out == 0), (in_ == 0) & (out > 0), (in_ == 0) & (out == 0)
    values = np.select([alone_in, alone_out, nobody], [hit_in, -hit_out, 0.0], values)
    for row, (one, other) in enumerate(((1.0, 0.0), (0.0, 0.0), (0.0, -1.0), (0.0, 0.0))):
        slopes[row] = np.select([alone_in, alone_out, nobody], [one, other, 0.0], slopes[row])
    return float(values.sum()), slopes[:, places]


def _part(
    level: str, value: float, slope: NDArray[Any], shares: NDArray[Any], widths: tuple[float, float], alone: float
) -> NestedPart:
    """A part with its interval: each side's variance is (effect ÷ N) (Σ g² π − (Σ g π)²), summed around the mean slope."""
    variance = 0.0
    for width, rows in zip(widths, (slice(0, 2), slice(2, 4)), strict=True):
        mean = float((slope[rows] * shares[rows]).sum())
        variance += width * float(((slope[rows] - mean) ** 2 * shares[rows]).sum())
    reach = Z95 * math.sqrt(variance)
    return NestedPart(level, value, value - reach, value + reach, alone)
