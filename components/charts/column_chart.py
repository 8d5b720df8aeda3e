"""Upright columns over time."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    UNCHECKED,
    Chart,
    Part,
    column_axis,
    hidden_axis,
    hover_text,
    layout,
    note,
    safe,
)
from components.data_table import Table
from components.memoize import memoize
from components.palette import ACCENT
from components.text.format import axis, format_value, known
from components.text.period_labels import in_time, period_label, period_ticks
from queries import Answer, Row
from queries.privacy.suppression import is_hidden

_HEIGHT = 260  # pixels
_LABEL_ALL = 6  # columns, at most, that all carry their value


@memoize
def column_chart(answer: Answer) -> Chart:
    """Draw one column a period, oldest at the left; the highest and the last carry their value, or all if they are few."""
    rows, about = [row for _, row in in_time(answer.rows)], answer.measure
    values = [row.value if known(row.value) else 0 for row in rows]
    top = max([*values, 0]) * 1.12 or 1
    trace = go.Bar(
        **UNCHECKED,
        x=list(range(len(rows))),
        y=values,
        marker={"color": ACCENT},
        hovertemplate=HOVER,
        hovertext=[hover_text(row, about, period_label(row.key)) for row in rows],
    )
    look = layout(
        _HEIGHT,
        left=8,
        right=8,
        top=14,
        bottom=42,
        annotations=_value_notes(rows, values, about.unit),
        yaxis=hidden_axis(range=[min([0, *values]) * 1.12, top]),
        xaxis=column_axis(len(rows), *period_ticks([row.key for row in rows])),
    )
    columns: dict[str, list[object]] = {
        "Period": [period_label(row.key) for row in rows],
        about.label: [row.note if is_hidden(row) else row.value for row in rows],
    }
    return Chart(go.Figure([trace], look, **UNCHECKED), Table.from_columns(columns, {about.label: about.unit}))


def _value_notes(rows: Sequence[Row], values: Sequence[float], unit: str) -> list[Part]:
    """Return the values above their columns."""
    few = len(rows) <= _LABEL_ALL
    labeled = range(len(rows)) if few else sorted({values.index(max(values)), len(rows) - 1})
    return [
        note(f"<b>{safe(_short(values[i], unit))}</b>", x=i, y=values[i], yanchor="bottom")
        for i in labeled
        if known(rows[i].value)
    ]


def _short(value: float, unit: str) -> str:
    """Write a value; dollars from a million up to a tenth of a million."""
    if unit == "dollars" and abs(value) >= 1e6:
        return axis(round(value / 1e5) * 1e5, unit)
    return format_value(value, unit)
