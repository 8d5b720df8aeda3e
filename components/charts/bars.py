"""Horizontal bars: one a row, each with its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Part,
    Reference,
    Rows,
    hidden_axis,
    hover_text,
    layout,
    name_axis,
    row_table,
    rows_and_measure,
    text_width,
    vertical_line,
    wrapped,
)
from components.charts.row_layout import (
    BAR_HEIGHT,
    error_bars,
    name_width,
    reason_notes,
    reference_note,
    row_centers,
    value_note,
)
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT, color_of
from components.text.format import known, value_of
from components.text.prose import is_unrecorded
from queries import Measure, Row


@dataclass(frozen=True)
class _Bars:
    """What is drawn, one entry a row; `low` and `high` bound the values, `reference` is a value and its name."""

    rows: Sequence[Row]
    names: list[str]
    texts: list[str]
    reasons: list[str]
    hover: list[str]
    colors: list[str]
    ends: list[float]
    low: float
    high: float
    has_whiskers: bool
    reference: tuple[float, str] | None
    unit: str


@memoize
def bar_chart(
    data: Rows,
    *,
    measure: str | None = None,
    labels: Mapping[str, str] | None = None,
    highlight: str | None = None,
    reference: Reference | None = None,
    limit: int | None = None,
) -> Chart:
    """Draw horizontal bars, longest first, each with its value and, where it has one, its 95% interval.

    A row without a value gives the reason.

    Args:
        data: An answer, or rows of one with their `measure`.
        measure: Id of the measure, for rows.
        labels: Names by row key, where a key is not a name.
        highlight: Key of the bar in the accent color; the others are grey.
        reference: Value and name of a thin line to compare with.
        limit: How many bars to draw, where there are more than that with a category; the table has all rows.
    """
    rows, about = rows_and_measure(data, measure)
    names = {row.key: row.key for row in rows} | dict(labels or {})
    rows = sorted(rows, key=lambda row: (not known(row.value), -(row.value or 0) if known(row.value) else 0, row.key))
    recorded = [row for row in rows if not is_unrecorded(row)]
    is_cut = bool(limit) and len(recorded) > (limit or 0)
    drawn = recorded[:limit] if is_cut else rows
    fills = [color_of(row.key) if highlight is None else ACCENT if row.key == highlight else CONTEXT for row in drawn]
    bars = _prepare(drawn, about, names, fills, reference=reference)
    remark = f"Showing {len(drawn)} of {len(recorded)}; the table has all." if is_cut else ""
    return Chart(_figure(bars), row_table(rows, about, names), remark)


def _prepare(
    rows: Sequence[Row],
    measure: Measure,
    names: Mapping[str, str],
    colors: list[str],
    *,
    reference: Reference | None,
) -> _Bars:
    has_whiskers = any(known(row.low) and known(row.high) for row in rows)
    ends = [max(v for v in (row.value, row.high if has_whiskers else None, 0) if known(v)) for row in rows]
    line = (reference[0], reference[1]) if reference and known(reference[0]) else None
    return _Bars(
        rows=rows,
        names=[wrapped(names[row.key]) for row in rows],
        texts=[value_of(row, measure) if known(row.value) else "" for row in rows],
        reasons=["" if known(row.value) else wrapped(value_of(row, measure), 30) for row in rows],
        hover=[hover_text(row, measure, names[row.key]) for row in rows],
        colors=colors,
        ends=ends,
        low=min([0, *(row.value for row in rows if known(row.value))]),
        high=max([*ends, line[0] if line else 0], default=0) or 1,
        has_whiskers=has_whiskers,
        reference=line,
        unit=measure.unit,
    )


def _figure(bars: _Bars) -> go.Figure:
    centers, height = row_centers(bars.names, bars.reasons)
    in_column = bars.reference is not None or bars.has_whiskers or bars.low < 0  # values stand clear of every line
    notes = [
        value_note(text, y=y, bar_end=None if in_column else end)
        for text, y, end in zip(bars.texts, centers, bars.ends, strict=True)
        if text
    ]
    notes += reason_notes(bars.reasons, centers)
    shapes: list[Part] = []
    if bars.reference:
        value, name = bars.reference
        shapes = [vertical_line(value)]
        notes.append(reference_note(value, name, bars.unit, low=bars.low, high=bars.high))
    trace = go.Bar(
        **UNCHECKED,
        x=[row.value if known(row.value) else 0 for row in bars.rows],
        y=centers,
        orientation="h",
        width=BAR_HEIGHT,
        marker={"color": bars.colors},
        hovertext=bars.hover,
        hovertemplate=HOVER,
        customdata=[None if is_unrecorded(row) else row.key for row in bars.rows],
        error_x=error_bars(bars.rows) if bars.has_whiskers else None,
    )
    look = layout(
        height + (34 if shapes else 8),
        left=name_width(bars.names),
        right=text_width(bars.texts) + 14,
        top=30 if shapes else 4,
        bottom=4,
        xaxis=hidden_axis(range=[bars.low * 1.05, bars.high * (1.02 if in_column else 1.0)]),
        yaxis=name_axis(bars.names, centers, height),
        shapes=shapes,
        annotations=notes,
    )
    return go.Figure([trace], look, **UNCHECKED)
