"""What the horizontal charts share: where rows stand, their names, values, whiskers and reference lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.charts import base as c
from components.text.format import axis, format_value, known

Reference = tuple[float | None, str]
BAR = 22  # pixels a bar is thick, on every chart


def places_of(*texts: Sequence[str], least: int = 36) -> tuple[list[float], int]:
    """The middle of each row and the height of all rows, in pixels from the top; a row is as high as its texts need."""
    places, height = [], 0
    for row in zip(*texts, strict=True):
        pitch = max(least, max(c.line_count(text) for text in row) * c.LINE + 12)
        places.append(height + pitch / 2)
        height += pitch
    return places, max(height, least)


def left(names: Sequence[str]) -> int:
    """Pixels the names take."""
    return c.text_width(names) + 12


def whiskers_of(rows: Sequence[Any]) -> dict[str, Any]:
    """The error bars for the 95% intervals of these rows; nothing where a row has none."""
    ends = [
        (r.high - r.value, r.value - r.low) if known(r.low) and known(r.high) and known(r.value) else (0, 0)
        for r in rows
    ]
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(up, 0) for up, _ in ends],
        "arrayminus": [max(down, 0) for _, down in ends],
        "thickness": 1.5,
        "width": 4,
        "color": c.ink(),
    }


def value_note(text: str, place: float, end: float | None) -> dict[str, Any] | None:
    """A value at the end of its bar, or (end None) in a column at the right, where no line crosses it."""
    if not text:
        return None
    if end is None:
        return c.note(f"<b>{c.safe(text)}</b>", x=1, xref="paper", y=place, xanchor="left", xshift=8)
    return c.note(f"<b>{c.safe(text)}</b>", x=end, y=place, xanchor="left", xshift=4)


def reference_line(value: float, name: str, unit: str, low: float, high: float) -> tuple[list[dict], dict]:
    """The line at `value` and its label, which leans inward near either end of the axis."""
    where = (value - low) / ((high - low) or 1)
    anchor = "left" if where < 0.3 else "right" if where > 0.7 else "center"
    label = c.note(
        f"{c.safe(name)} {format_value(value, unit)}",
        x=value,
        y=1,
        yref="paper",
        xanchor=anchor,
        yanchor="bottom",
        yshift=2,
    )
    return [c.vertical(value)], label


def ticks(low: float, high: float, unit: str) -> dict[str, Any]:
    """About four round tick values between low and high, written in the unit."""
    rough = (high - low) / 4 or 1
    size = 10.0 ** int(f"{rough:e}".split("e")[1])
    step = next((m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough), 10 * size)
    first = -int(-low // step) if low > 0 else int(low / step)
    values = [round(i * step, 10) for i in range(first, first + 9) if low <= i * step <= high]
    places = 2 if step < 0.1 else 1
    return {"tickvals": values, "ticktext": [f"{v:.{places}f}" if unit == "ratio" else axis(v, unit) for v in values]}
