"""Upright columns over time."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    Chart,
    Part,
    Reference,
    Rows,
    hidden_axis,
    hover_text,
    layout,
    note,
    rows_and_measure,
    safe,
)
from components.data_table import Table
from components.memoize import kept as memoize
from components.palette import ACCENT, CONTEXT
from components.text.format import axis, format_value, known
from components.text.period_labels import in_time, period_ticks
from components.text.period_labels import named as period_label
from queries import Row
from queries.privacy.suppression import is_hidden

_HEIGHT = 260  # pixels
_LABEL_ALL = 6  # columns, at most, that all carry their value


@memoize
def column_chart(
    data: Rows,
    *,
    measure: str | None = None,
    highlight_last: bool = False,
    target: Reference | None = None,
    color: str = ACCENT,
) -> Chart:
    """Draw one column a period, oldest at the left; the highest and the last carry their value, or all if they are few.

    Args:
        data: An answer, or rows of one with their `measure`.
        measure: Id of the measure, for rows.
        highlight_last: Whether the last column is in `color` and the others are grey.
        target: Value and name of a thin line across.
        color: Color of the columns.
    """
    rows, about = rows_and_measure(data, measure)
    rows = [row for _, row in in_time(rows)]
    values = [row.value if known(row.value) else 0 for row in rows]
    line = (target[0], target[1]) if target and known(target[0]) else None
    top = max([*values, line[0] if line else 0], default=1) * 1.12 or 1
    notes = _value_notes(rows, values, about.unit, line=line[0] if line else None, top=top)
    shapes: list[Part] = []
    if line:
        shapes = [_target_line(line[0])]
        text = f"{safe(line[1])} {safe(format_value(line[0], about.unit))}"
        notes.append(note(text, x=0, xref="paper", y=line[0], xanchor="left", yanchor="bottom"))
    trace = go.Bar(
        x=list(range(len(rows))),
        y=values,
        marker={"color": [CONTEXT if highlight_last and row is not rows[-1] else color for row in rows]},
        hovertemplate=HOVER,
        hovertext=[hover_text(row, about, period_label(row.key)) for row in rows],
    )
    look = layout(
        _HEIGHT,
        left=8,
        right=8,
        top=14,
        bottom=42,
        annotations=notes,
        shapes=shapes,
        yaxis=hidden_axis(range=[min([0, *values]) * 1.12, top]),
        xaxis=_period_axis([row.key for row in rows]),
    )
    columns: dict[str, list[object]] = {
        "Period": [period_label(row.key) for row in rows],
        about.label: [row.note if is_hidden(row) else row.value for row in rows],
    }
    return Chart(go.Figure([trace], look), Table.from_columns(columns, {about.label: about.unit}))


def _value_notes(
    rows: Sequence[Row], values: Sequence[float], unit: str, *, line: float | None, top: float
) -> list[Part]:
    """Return the values above their columns; a value that a line would cross stands on the line."""
    few = len(rows) <= _LABEL_ALL
    labeled = range(len(rows)) if few else sorted({values.index(max(values)), len(rows) - 1})
    notes = []
    for i in (i for i in labeled if known(rows[i].value)):
        is_crossed = line is not None and values[i] <= line < values[i] + 0.1 * top
        text = f"<b>{safe(_short(values[i], unit))}</b>"
        notes.append(note(text, x=i, y=line if is_crossed else values[i], yanchor="bottom"))
    return notes


def _target_line(value: float) -> Part:
    line = {"color": CONTEXT, "width": 1.5, "dash": "dash"}
    return {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": value, "y1": value, "line": line}


def _period_axis(keys: Sequence[str]) -> Part:
    positions, names = period_ticks(keys)
    return {
        "tickvals": positions,
        "ticktext": names,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickangle": 0,
        "ticks": "",
        "range": [-0.6, max(len(keys), 1) - 0.4],
    }


def _short(value: float, unit: str) -> str:
    """Write a value; dollars from a million up to a tenth of a million."""
    if unit == "dollars" and abs(value) >= 1e6:
        return axis(round(value / 1e5) * 1e5, unit)
    return format_value(value, unit)
