"""Decompose the difference of two rates into composition (between places) and rates (within places)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """Successes and trials in one place, for residents in the group and for everyone else.

    `known_in` and `known_out` are the trials: the residents whose outcome is known.
    """

    key: str
    successes_in: int
    known_in: int
    successes_out: int
    known_out: int


@dataclass(frozen=True)
class Part:
    """One place's contribution to the gap, as fractions.

    `between` is due to how many of each side are there; `within` is due to their rates there.
    """

    key: str
    between: float
    within: float


def decompose(cells: Sequence[Cell]) -> list[Part] | None:
    """Split the difference of two rates into parts between and within places. The parts add up to it exactly.

    Kitagawa (1955), two components: between = Σ (share_in − share_out) × mean rate; within = Σ (rate_in − rate_out) ×
    mean share. Between is centered on the overall rate, so that a place's part shows what the place adds to the gap and
    not how large the place is. Where one side is absent from a place it has no rate there, so the other side's rate is
    used and the place counts as between.

    Args:
        cells: One cell for each place. Cells without trials are left out.

    Returns:
        One part for each place, in order, in fractions (0.01 is one point). None if either side has no trials.
    """
    all_in = sum(cell.known_in for cell in cells)
    all_out = sum(cell.known_out for cell in cells)
    if not all_in or not all_out:
        return None
    center = sum(cell.successes_in + cell.successes_out for cell in cells) / (all_in + all_out)
    parts = []
    for cell in cells:
        if not cell.known_in and not cell.known_out:
            continue
        rate_out = cell.successes_out / cell.known_out if cell.known_out else cell.successes_in / cell.known_in
        rate_in = cell.successes_in / cell.known_in if cell.known_in else rate_out
        share_in, share_out = cell.known_in / all_in, cell.known_out / all_out
        parts.append(
            Part(
                cell.key,
                between=(share_in - share_out) * ((rate_in + rate_out) / 2 - center),
                within=(rate_in - rate_out) * (share_in + share_out) / 2,
            )
        )
    return parts
