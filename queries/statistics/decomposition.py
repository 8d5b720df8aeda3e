"""A difference of two rates, split into who is where and how they fare there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One place's successes and trials, for those in the group and for the others."""

    key: str
    successes_in: int
    known_in: int
    successes_out: int
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
