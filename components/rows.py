"""What the horizontal charts share: where rows stand, their names, values, whiskers and reference lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components import chart as c
from components.numbers import axis, format_value, known

Reference = tuple[float | None, str]
PITCH = 1.0
TALL = 1.3


def places_of(texts: Sequence[str], *, rows: int | None = None, tall: bool = False) -> tuple[list[float], int]:
    """Where each row stands, and the height of all of them in pixels. Every row gets what the tallest text needs."""
    tallest, rows = max((c.line_count(text) for text in texts), default=1), len(texts) if rows is None else rows
    pitch = max(48 if tall else 36, tallest * c.LINE + 10)
    step = TALL if tall else PITCH
    return [step * i for i in range(rows)], pitch * max(rows, 1) + 10


def last(places: Sequence[float], step: float = PITCH) -> float:
    return (places[-1] if places else 0) + step * 0.5


def left(names: Sequence[str]) -> int:
    return c.text_width(names) + 12


def whiskers_of(rows: Sequence[Any]) -> dict[str, Any]:
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


def reference_line(reference: Reference, unit: str, low: float, high: float) -> tuple[list[dict], dict]:
    value, name = reference
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
