"""Horizontal bars: one a row, each with its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
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
    line = (reference[0], reference[1]) if reference and known(reference[0]) else None
    remark = f"Showing {len(drawn)} of {len(recorded)}. On the page, “Show data” lists all." if is_cut else ""
    return Chart(_figure(drawn, about, names, fills, line), row_table(rows, about, names), remark)


def _figure(
    rows: Sequence[Row],
    measure: Measure,
    names: Mapping[str, str],
    colors: Sequence[str],
    line: tuple[float, str] | None,
) -> go.Figure:
    """Draw one bar a row and the line to compare with (value, name)."""
    labels = [wrapped(names[row.key]) for row in rows]
    texts = [value_of(row, measure) if known(row.value) else "" for row in rows]
    reasons = ["" if known(row.value) else wrapped(value_of(row, measure), 30) for row in rows]
    has_whiskers = any(known(row.low) and known(row.high) for row in rows)
    ends = [max(v for v in (row.value, row.high if has_whiskers else None, 0) if known(v)) for row in rows]
    low = min([0, *(row.value for row in rows if known(row.value))])
    high = max([*ends, line[0] if line else 0], default=0) or 1
    centers, height = row_centers(labels, reasons)
    in_column = line is not None or has_whiskers or low < 0  # values stand clear of every line
    notes = [
        value_note(text, y=y, bar_end=None if in_column else end)
        for text, y, end in zip(texts, centers, ends, strict=True)
        if text
    ]
    notes += reason_notes(reasons, centers)
    notes += [reference_note(*line, measure.unit, low=low, high=high)] if line else []
    trace = go.Bar(
        **UNCHECKED,
        x=[row.value if known(row.value) else 0 for row in rows],
        y=centers,
        orientation="h",
        width=BAR_HEIGHT,
        marker={"color": colors},
        hovertext=[hover_text(row, measure, names[row.key]) for row in rows],
        hovertemplate=HOVER,
        customdata=[None if is_unrecorded(row) else row.key for row in rows],
        error_x=error_bars(rows) if has_whiskers else None,
    )
    look = layout(
        height + (34 if line else 8),
        left=name_width(labels),
        right=text_width(texts) + 14,
        top=30 if line else 4,
        bottom=4,
        xaxis=hidden_axis(range=[low * 1.05, high * (1.02 if in_column else 1.0)]),
        yaxis=name_axis(labels, centers, height),
        shapes=[vertical_line(line[0])] if line else [],
        annotations=notes,
    )
    return go.Figure([trace], look, **UNCHECKED)
