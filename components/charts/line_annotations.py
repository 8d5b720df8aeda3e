"""What a line over time carries besides its values: incomplete periods, signals of a control chart, target steps.

All of it is read from rows of type `PeriodRow`; other rows make plain lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go

from components.charts.base import HOVER, INK, UNCHECKED, Part, note, safe
from components.palette import CONTEXT, faded
from components.text.format import known
from components.text.period_labels import period_label
from queries import Row
from queries.calculators.over_time import PeriodRow
from queries.privacy.suppression import HIDDEN, is_hidden

NOT_COMPLETE = "not complete yet"
_LABELED_SIGNALS = 2


@dataclass(frozen=True)
class Point:
    """One point of a line: the first day of its period, the value drawn, and the row it comes from."""

    day: date
    value: float
    row: Row

    @property
    def is_incomplete(self) -> bool:
        """Whether the period is not complete yet."""
        return is_incomplete(self.row)

    @property
    def signal(self) -> str:
        """The rule of the control chart that the period breaks, or ""."""
        return (self.row.signal or "") if isinstance(self.row, PeriodRow) else ""

    @property
    def remark(self) -> str:
        """What hovering adds: that the period is not complete yet and why, or the rule it breaks."""
        if not isinstance(self.row, PeriodRow):
            return ""
        if self.row.is_mature is False:
            return f" ({NOT_COMPLETE}: {self.row.why_not})" if self.row.why_not else f" ({NOT_COMPLETE})"
        return f" ({self.row.signal})" if self.row.signal else ""


def is_incomplete(row: Row) -> bool:
    """Return whether a row's period is not complete yet."""
    return isinstance(row, PeriodRow) and row.is_mature is False


def incomplete_trace(points: Sequence[Point], color: str, hover: Sequence[str]) -> list[go.Scatter]:
    """Draw the line from the last complete period on: dotted, its points hollow."""
    first = next((i for i, point in enumerate(points) if point.is_incomplete), None)
    if first is None:
        return []
    start = max(first - 1, 0)
    sizes = [0 if i < first else 7 for i in range(start, len(points))]
    return [
        go.Scatter(
            **UNCHECKED,
            x=[point.day for point in points[start:]],
            y=[point.value for point in points[start:]],
            mode="lines+markers",
            line={"color": color, "width": 2, "dash": "dot"},
            marker={"color": color, "size": sizes, "symbol": "circle-open", "line": {"width": 2, "color": color}},
            hovertext=hover[start:],
            hovertemplate=HOVER,
        )
    ]


def signal_trace(points: Sequence[Point], color: str, hover: Sequence[str]) -> list[go.Scatter]:
    """Draw diamonds where a control chart shows more than noise."""
    positions = [i for i, point in enumerate(points) if point.signal]
    if not positions:
        return []
    return [
        go.Scatter(
            **UNCHECKED,
            x=[points[i].day for i in positions],
            y=[points[i].value for i in positions],
            mode="markers",
            marker={"color": color, "size": 14, "symbol": "diamond", "line": {"color": INK, "width": 1.5}},
            hovertext=[hover[i] for i in positions],
            hovertemplate=HOVER,
        )
    ]


def signal_notes(points: Sequence[Point]) -> list[Part]:
    """Name the last two signals; of several in a row, the first."""
    signals = [point.signal for point in points]
    starts = [i for i, signal in enumerate(signals) if signal and (i == 0 or signals[i - 1] != signal)]
    notes = []
    for i in starts[-_LABELED_SIGNALS:]:
        point = points[i]
        center = point.row.center if isinstance(point.row, PeriodRow) else None
        is_above = not known(center) or point.value >= center
        side = "left" if i < len(points) / 3 else "right" if i > 2 * len(points) / 3 else "center"
        text = f"<b>{safe(period_label(point.row.key))}</b><br>{safe(point.signal)}"
        vertical = {"yanchor": "bottom", "yshift": 9} if is_above else {"yanchor": "top", "yshift": -9}
        notes.append(note(text, x=point.day, y=point.value, xanchor=side, align=side, **vertical))
    return notes


@dataclass(frozen=True)
class Shading:
    """The part of the plot whose periods are not complete yet: the area, its label, and the last day of the axis."""

    area: Part
    label: Part
    end: date


def shading(dated: Sequence[tuple[date, Row]]) -> Shading | None:
    """Return the shading for (first day, row) of every line; None where all periods are complete."""
    days = sorted({day for day, _ in dated})
    incomplete = [day for day, row in dated if is_incomplete(row)]
    if not incomplete:
        return None
    first = min(incomplete)
    half = min((after - before for before, after in pairwise(days)), default=timedelta(days=40)) // 2
    end = days[-1] + half
    area: Part = {
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
    return Shading(area, note(NOT_COMPLETE, x=end, y=1, yref="paper", xanchor="right", yanchor="bottom"), end)


def table_columns(rows: Sequence[Row], keys: Sequence[str], target_name: str) -> dict[str, list[object]]:
    """Return what the table adds for each period key: target, whether complete, signal; empty columns are left out."""
    by_key = {row.key: row for row in rows if isinstance(row, PeriodRow)}
    periods = [by_key.get(key) for key in keys]
    columns: dict[str, list[object]] = {}
    if any(row and known(row.target) for row in periods):
        columns[target_name] = [row.target if row else None for row in periods]
    if any(row and row.is_mature is False for row in periods):
        columns["Complete"] = [_completeness(row) for row in periods]
    if any(row and row.signal for row in periods):
        columns["More than noise"] = [(row and row.signal) or "no" for row in periods]
    return columns


def _completeness(row: PeriodRow | None) -> str:
    if row is None:
        return ""
    if row.is_mature is None:
        return HIDDEN if is_hidden(row) else ""
    return "yes" if row.is_mature else f"not yet: {row.why_not}"
