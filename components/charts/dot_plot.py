"""Dots with their 95% intervals, against a reference line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Reference,
    Rows,
    grid_axis,
    hover_text,
    layout,
    name_axis,
    row_table,
    rows_and_measure,
    text_width,
    vertical_line,
    wrapped,
)
from components.charts.row_layout import name_width, reason_notes, reference_note, row_centers, value_note
from components.charts.ticks import range_ticks
from components.memoize import memoize
from components.palette import ACCENT, BAD, CONTEXT
from components.text.format import known, value_of
from components.text.prose import is_unrecorded
from queries import Row


@dataclass(frozen=True)
class _Dot:
    """One dot; `low` and `high` bound its interval, None where it has none. key: what a reader who picks it filters by."""

    key: str | None
    value: float
    low: float | None
    high: float | None
    y: float
    text: str
    hover: str
    color: str
    symbol: str


@memoize
def dot_plot(
    data: Rows,
    *,
    measure: str | None = None,
    labels: Mapping[str, str] | None = None,
    reference: Reference | None = (1.0, "Parity"),
    sort: bool = True,
    flagged: Sequence[str] = (),
    sure: Collection[str] | None = None,
    key_name: str = "",
) -> Chart:
    """Draw one dot a row: filled where it differs from the reference by more than chance, hollow where it may not.

    Args:
        data: An answer, or rows of one with their `measure`.
        measure: Id of the measure, for rows.
        labels: Names by row key, where a key is not a name.
        reference: Value and name of the line to compare with.
        sort: Whether to sort by value; else rows stay in their order.
        flagged: Keys of the dots to draw as red diamonds.
        sure: Keys of the dots to fill, where the answer allows for many comparisons; without it, those whose interval
            leaves the reference line.
        key_name: Heading of the table's first column.
    """
    rows, about = rows_and_measure(data, measure)
    labels = labels or {}
    if sort:
        rows = sorted(rows, key=lambda row: (not known(row.value), row.value if known(row.value) else 0, row.key))
    names = [wrapped(labels.get(row.key, row.key)) for row in rows]
    reasons = ["" if known(row.value) else wrapped(value_of(row, about), 20) for row in rows]
    centers, height = row_centers(names, reasons)
    dots = []
    for row, y in zip(rows, centers, strict=True):
        if not known(row.value):
            continue
        is_filled = row.key in sure if sure is not None else _leaves(row, reference)
        is_flagged = row.key in flagged
        color = BAD if is_flagged else ACCENT if is_filled else CONTEXT
        symbol = "diamond" if is_flagged else "circle" if is_filled else "circle-open"
        text, hover = value_of(row, about), hover_text(row, about, labels.get(row.key, row.key))
        key = None if is_unrecorded(row) else row.key
        dots.append(_Dot(key, row.value, row.low, row.high, y, text, hover, color, symbol))
    line = (reference[0], reference[1]) if reference and known(reference[0]) else None
    figure = _figure(dots, line, names=names, reasons=reasons, centers=centers, height=height, unit=about.unit)
    return Chart(figure, row_table(rows, about, labels, key_name))


def _leaves(row: Row, reference: Reference | None) -> bool:
    """Return whether a row's interval leaves the reference line; a row without an interval counts as clear of it."""
    line = reference[0] if reference else None
    return not known(row.low) or not known(row.high) or line is None or not row.low <= line <= row.high


def _figure(
    dots: Sequence[_Dot],
    line: tuple[float, str] | None,
    *,
    names: Sequence[str],
    reasons: Sequence[str],
    centers: Sequence[float],
    height: int,
    unit: str,
) -> go.Figure:
    """Draw the dots and the line to compare with (value, name)."""
    values = [v for dot in dots for v in (dot.value, dot.low, dot.high) if known(v)] + ([line[0]] if line else [])
    low, high = (min(values), max(values)) if values else (0, 1)
    padding = (high - low or 1) * 0.06
    notes = [value_note(dot.text, y=dot.y, bar_end=None) for dot in dots]
    notes += reason_notes(reasons, centers, x=low, shift=None)
    notes += [reference_note(*line, unit, low=low, high=high, yshift=2)] if line else []
    room = 18 if line else 0  # for the name of the line
    look = layout(
        height + 34 + room,
        left=name_width(names),
        right=text_width([dot.text for dot in dots]) + 14,
        top=6 + room,
        bottom=28,
        shapes=[vertical_line(line[0], dash="solid", layer="between")] if line else [],
        annotations=notes,
        xaxis=grid_axis(
            range=[low - padding, high + padding], nticks=5, **range_ticks(low - padding, high + padding, unit)
        ),
        yaxis=name_axis(names, centers, height),
    )
    return go.Figure([*_intervals(dots), _markers(dots)], look, **UNCHECKED)


def _intervals(dots: Sequence[_Dot]) -> list[go.Scatter]:
    return [
        go.Scatter(
            **UNCHECKED,
            x=[dot.low, dot.high],
            y=[dot.y, dot.y],
            mode="lines",
            line={"color": dot.color, "width": 2.5},
            hoverinfo="skip",
        )
        for dot in dots
        if known(dot.low) and known(dot.high)
    ]


def _markers(dots: Sequence[_Dot]) -> go.Scatter:
    colors = [dot.color for dot in dots]
    return go.Scatter(
        **UNCHECKED,
        x=[dot.value for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers",
        marker={
            "color": colors,
            "symbol": [dot.symbol for dot in dots],
            "size": 12,
            "line": {"width": 2.5, "color": colors},
        },
        hovertext=[dot.hover for dot in dots],
        hovertemplate=HOVER,
        customdata=[dot.key for dot in dots],
    )
