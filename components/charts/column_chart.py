"""Upright columns over time."""

from __future__ import annotations

from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.charts.base import Chart
from components.charts.line_chart import HEIGHT
from components.charts.row_layout import Reference
from components.memoize import kept
from components.palette import ACCENT, CONTEXT
from components.tables import Table
from components.text.format import axis, format_value, known
from components.text.period_labels import in_time, period_label, period_ticks
from queries.privacy.suppression import is_hidden


@kept
def columns_over_time(
    data: Any,
    *,
    measure: Any = None,
    highlight_last: bool = False,
    target: Reference | None = None,
    color: str = ACCENT,
) -> Chart:
    """Upright columns, one a period, oldest at the left; the highest and the last carry their value (all, if few).

    highlight_last: the last in the accent, the others grey. target: (value, name) of a thin line across.
    """
    rows, about = c.rows_of(data, measure)
    rows = [row for _, row in in_time(rows)]
    values = [r.value if known(r.value) else 0 for r in rows]
    line, line_name = target or (None, "")
    top = max([*values, line if known(line) else 0], default=1) * 1.12 or 1
    fills = [CONTEXT] * max(len(rows) - 1, 0) + [color] if highlight_last else [color] * len(rows)
    spoken = range(len(rows)) if len(rows) <= 6 else sorted({values.index(max(values)), len(rows) - 1})
    notes = []
    for i in (i for i in spoken if known(rows[i].value)):
        crossed = known(line) and values[i] <= line < values[i] + 0.1 * top
        notes.append(
            c.note(
                f"<b>{c.safe(_short(values[i], about.unit))}</b>",
                x=i,
                y=line if crossed else values[i],
                yanchor="bottom",
            )
        )
    ticks, tick_names = period_ticks([str(r.key) for r in rows])
    shapes = []
    if known(line):
        shapes.append(
            {
                "type": "line",
                "x0": 0,
                "x1": 1,
                "xref": "paper",
                "y0": line,
                "y1": line,
                "line": {"color": CONTEXT, "width": 1.5, "dash": "dash"},
            }
        )
        notes.append(
            c.note(
                f"{c.safe(line_name)} {c.safe(format_value(line, about.unit))}",
                x=0,
                xref="paper",
                y=line,
                xanchor="left",
                yanchor="bottom",
            )
        )
    bar = go.Bar(
        x=list(range(len(rows))),
        y=values,
        marker={"color": fills},
        hovertemplate="%{hovertext}<extra></extra>",
        hovertext=[c.describe(r, about, period_label(r.key)) for r in rows],
    )
    figure = go.Figure(
        [bar],
        c.layout(
            HEIGHT - 40,
            left=8,
            right=8,
            top=14,
            bottom=42,
            annotations=notes,
            shapes=shapes,
            yaxis=c.quiet_axis(range=[min([0, *values]) * 1.12, top]),
            xaxis={
                "tickvals": ticks,
                "ticktext": tick_names,
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
                "tickangle": 0,
                "ticks": "",
                "range": [-0.6, max(len(rows), 1) - 0.4],
            },
        ),
    )
    columns = {"Period": [period_label(r.key) for r in rows], about.label: [r.note if is_hidden(r) else r.value for r in rows]}
    return Chart(figure, Table(columns, {about.label: about.unit}))


def _short(value: float, unit: str) -> str:
    return (
        axis(round(value / 1e5) * 1e5, unit) if unit == "dollars" and abs(value) >= 1e6 else format_value(value, unit)
    )
