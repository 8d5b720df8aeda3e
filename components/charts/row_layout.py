"""What the horizontal charts share: where rows stand, and their values, whiskers and reference lines."""

from __future__ import annotations

from collections.abc import Sequence

from components.charts.base import INK, LINE_HEIGHT, Part, line_count, note, safe, text_width
from components.text.format import format_value, known
from queries import Row

BAR_HEIGHT = 22  # pixels


def row_centers(*texts: Sequence[str], min_height: int = 36) -> tuple[list[float], int]:
    """Lay rows out from the top, each as high as its texts need.

    Args:
        texts: One sequence a column, with one text for each row.
        min_height: Pixels that a row takes at least.

    Returns:
        The center of each row and the height of all rows, in pixels from the top.
    """
    centers, total = [], 0
    for row in zip(*texts, strict=True):
        height = max(min_height, max(line_count(text) for text in row) * LINE_HEIGHT + 12)
        centers.append(total + height / 2)
        total += height
    return centers, max(total, min_height)


def name_width(names: Sequence[str]) -> int:
    """Return the left margin, in pixels, that the names need."""
    return text_width(names) + 12


def error_bars(rows: Sequence[Row]) -> Part:
    """Return the error bars for the 95% intervals of these rows; of length zero where a row has none."""
    ends = [
        (row.high - row.value, row.value - row.low)
        if known(row.low) and known(row.high) and known(row.value)
        else (0, 0)
        for row in rows
    ]
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(up, 0) for up, _ in ends],
        "arrayminus": [max(down, 0) for _, down in ends],
        "thickness": 1.5,
        "width": 4,
        "color": INK,
    }


def value_note(text: str, *, y: float, bar_end: float | None) -> Part:
    """Return a row's value in bold: at the end of its bar, or (bar_end None) in a column that no line crosses."""
    if bar_end is None:
        return note(f"<b>{safe(text)}</b>", x=1, xref="paper", y=y, xanchor="left", xshift=8)
    return note(f"<b>{safe(text)}</b>", x=bar_end, y=y, xanchor="left", xshift=4)


def reason_notes(
    reasons: Sequence[str], centers: Sequence[float], *, x: float = 0, shift: int | None = 4
) -> list[Part]:
    """Return, for each row without a value, the reason in the bar's place. shift: pixels to the right of x."""
    moved = {} if shift is None else {"xshift": shift}
    return [
        note(reason, x=x, y=y, xanchor="left", align="left", **moved)
        for reason, y in zip(reasons, centers, strict=True)
        if reason
    ]


def reference_note(value: float, name: str, unit: str, *, low: float, high: float, yshift: int = 2) -> Part:
    """Return the label above a reference line, which leans inward near either end of the axis."""
    position = (value - low) / ((high - low) or 1)
    anchor = "left" if position < 0.3 else "right" if position > 0.7 else "center"
    text = f"{safe(name)} {format_value(value, unit)}"
    return note(text, x=value, y=1, yref="paper", xanchor=anchor, yanchor="bottom", yshift=yshift)
