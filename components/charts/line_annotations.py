"""What a line over time carries besides its values: periods not complete yet, signals of a control chart, target steps.

All of it is read from `extra` of the rows (queries/calculators/over_time.py); rows without it are plain lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.palette import CONTEXT, faded
from components.text.format import known
from components.text.period_labels import period_label
from queries.calculators.over_time import PeriodRow

Point = tuple[date, float, Any]
WAITING = "not complete yet"
_MOST_NAMED = 2


def is_waiting(row: Any) -> bool:
    """Whether a row's period is not complete yet."""
    return isinstance(row, PeriodRow) and row.is_mature is False


def signal_of(row: Any) -> str | None:
    """The rule of a control chart that a row's period breaks, or None."""
    return row.signal if isinstance(row, PeriodRow) else None


def remark(row: Any) -> str:
    """What hovering over a point adds: that it is not complete yet and why, or which rule it breaks; else nothing."""
    if is_waiting(row):
        return f" ({WAITING}: {row.why_not})" if row.why_not else f" ({WAITING})"
    return f" ({signal})" if (signal := signal_of(row)) else ""


def loose_end(points: Sequence[Point], color: str, texts: Sequence[str]) -> list[go.Scatter]:
    """The line from the last complete period on: dotted, its points hollow."""
    first = next((i for i, point in enumerate(points) if is_waiting(point[2])), None)
    if first is None:
        return []
    start = max(first - 1, 0)
    hollow = [0 if i < first else 7 for i in range(start, len(points))]
    return [
        go.Scatter(
            x=[p[0] for p in points[start:]],
            y=[p[1] for p in points[start:]],
            mode="lines+markers",
            line={"color": color, "width": 2, "dash": "dot"},
            marker={"color": color, "size": hollow, "symbol": "circle-open", "line": {"width": 2, "color": color}},
            hovertext=texts[start:],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    ]


def shade(dated: Sequence[tuple[date, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], date | None]:
    """The part of the plot where periods are not complete yet, from (first day, row) of every line: (shapes, notes, last
    day of the axis); empty where all are complete."""
    days = sorted({day for day, _ in dated})
    waiting = [day for day, row in dated if is_waiting(row)]
    if not waiting:
        return [], [], None
    first = min(waiting)
    before = [day for day in days if day < first]
    half = timedelta(days=max((first - before[-1]).days // 2, 1)) if before else timedelta(days=20)
    end = days[-1] + half
    area = {
        "type": "rect",
        "x0": first - half,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": faded(CONTEXT, 0.16),
    }
    return [area], [c.note(WAITING, x=end, y=1, yref="paper", xanchor="right", yanchor="bottom")], end


def signal_marks(points: Sequence[Point], color: str, texts: Sequence[str]) -> list[go.Scatter]:
    """Diamonds where a control chart sees more than noise."""
    at = [i for i, point in enumerate(points) if signal_of(point[2])]
    if not at:
        return []
    return [
        go.Scatter(
            x=[points[i][0] for i in at],
            y=[points[i][1] for i in at],
            mode="markers",
            marker={"color": color, "size": 14, "symbol": "diamond", "line": {"color": c.ink(), "width": 1.5}},
            hovertext=[texts[i] for i in at],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    ]


def signal_notes(points: Sequence[Point]) -> list[dict[str, Any]]:
    """The names of the last two signals; of several in a row, the first."""
    firsts = [
        i
        for i, point in enumerate(points)
        if (signal := signal_of(point[2])) and not (i and signal_of(points[i - 1][2]) == signal)
    ]
    notes = []
    for i in firsts[-_MOST_NAMED:]:
        when, value, row = points[i]
        center = row.center
        above = not known(center) or value >= center
        side = "left" if i < len(points) / 3 else "right" if i > 2 * len(points) / 3 else "center"
        text = f"<b>{c.safe(period_label(row.key))}</b><br>{c.safe(row.signal)}"
        place = {"yanchor": "bottom", "yshift": 9} if above else {"yanchor": "top", "yshift": -9}
        notes.append(c.note(text, x=when, y=value, xanchor=side, align=side, **place))
    return notes


def columns(rows: Sequence[Any], keys: Sequence[str], target_name: str) -> dict[str, list[Any]]:
    """What the table beside the chart says of each period, by its key: target, whether complete, signal."""
    found = {row.key: row for row in rows}
    read = [row if isinstance(row := found.get(key), PeriodRow) else None for key in keys]
    told: dict[str, list[Any]] = {}
    if any(row and known(row.target) for row in read):
        told[target_name] = [row.target if row else None for row in read]
    if any(row and row.is_mature is False for row in read):
        told["Complete"] = ["yes" if row and row.is_mature else f"not yet: {row.why_not if row else None}" for row in read]
    if any(row and row.signal for row in read):
        told["More than noise"] = [row and row.signal or "no" for row in read]
    return told
