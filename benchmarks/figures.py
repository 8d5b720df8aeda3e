"""Turn measurements into figures, and compare figures with targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Cell = str | float | None  # None is printed as a dash


@dataclass(frozen=True)
class Spread:
    """The median, the 95th percentile and the count of measurements."""

    median: float
    p95: float
    count: int


@dataclass(frozen=True)
class Target:
    """A figure and the most that it should be."""

    what: str
    value: float | None
    most: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        """Whether the figure is at most its target, and by how much it is not."""
        if self.value is None:
            return "not measured"
        if self.value <= self.most:
            return "met"
        return f"not met: {self.value / self.most:.1f} times the target" if self.most else "not met"


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values do not exceed, interpolated linearly."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    return float(np.percentile(values, percent))


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of at least one measurement."""
    return Spread(round(percentile(values, 50), 2), round(percentile(values, 95), 2), len(values))


def ratio(dividend: float, divisor: float) -> float | None:
    """Return the ratio, or None if the divisor is 0."""
    return round(dividend / divisor, 2) if divisor else None


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as text, with text left-aligned and numbers right-aligned."""
    cells = [list(head), *([_text(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    is_number = [
        bool(rows) and all(isinstance(row[column], int | float | None) for row in rows) for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    )


def _text(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value
