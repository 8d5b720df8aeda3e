"""Turn measurements into figures, figures into ratios and ratios into verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spread = Mapping[str, float]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values do not exceed, interpolated linearly."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the count of measurements."""
    return {
        "median": round(percentile(values, 50), 2),
        "p95": round(percentile(values, 95), 2),
        "count": len(values),
    }


def ratio(of: float, to: float) -> float | None:
    """Return `of` ÷ `to`, or None if `to` is 0."""
    return round(of / to, 2) if to else None


def ratios(of: Spread, to: Spread) -> dict[str, float | None]:
    """Return the ratios of the medians and of the 95th percentiles."""
    return {name: ratio(of[name], to[name]) for name in ("median", "p95")}


def verdict(value: float | None, target: float) -> str:
    """Return whether a figure is at most its target, and by how much it is not."""
    if value is None:
        return "not measured"
    if value <= target:
        return "met"
    return f"not met: {value / target:.1f} times the target" if target else "not met"


def target(what: str, value: float | None, most: float, unit: str = "") -> dict[str, Any]:
    """Return a line of the table of targets."""
    return {"what": what, "value": value, "target": most, "unit": unit, "verdict": verdict(value, most)}


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as text, with text left-aligned and numbers right-aligned."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    is_number = [
        bool(rows) and all(isinstance(row[column], int | float | None) for row in rows) for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
