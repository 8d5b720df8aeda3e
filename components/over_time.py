"""Charts over time: lines with their names at the end, and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from components import chart as c
from components.chart import Chart
from components.numbers import COUNTS, axis, format_value, known
from components.palette import ACCENT, CONTEXT, color_of, colors_for, faded
from components.rows import Reference
from components.tables import Table
from components.time_keys import in_time, named, period_ticks, starts_on, time_ticks
from queries.small_numbers import is_hidden

HEIGHT = 300


def trend(
    data: Any,
    *,
    measure: Any = None,
    cumulative: bool = False,
    target: Sequence[tuple[date, float]] = (),
    target_name: str = "Target",
    band: bool = True,
    colors: Mapping[str, str] | None = None,
) -> Chart:
    """Lines over time, each named at its end with its last value.

    data: an Answer (one line) or {name: Answer or rows}. cumulative: add counts up. target: (day, value) points of a
    dashed line. band: shade 95% intervals where the rows have them.
    """
    series = data if isinstance(data, Mapping) else {"": data}
    read = {name: c.rows_of(one, measure) for name, one in series.items()}
    about: Any = next((m for _, m in read.values()), None)
    unit = about.unit if about else ""
    fixed = colors_for([n for n in series if n], dict(colors or {}))
    traces, ends, highs, table = [], [], [0.0], {}
    for name, (rows, _) in read.items():
        points, total = [], 0.0
        has_gaps = cumulative and any(is_hidden(row) for row in rows)
        for when, row in in_time(rows):
            if has_gaps:  # the sum so far, told only where it gives no small number away
                if known(row.extra.get("cumulative")):
                    total = row.extra["cumulative"]
                    points.append((when, total, row))
            elif known(row.value):
                total = total + row.value if cumulative else row.value
                points.append((when, total, row))
        if not points:
            continue
        seen_until = getattr(series[name], "as_of", None)
        if cumulative and seen_until and points[-1][0] < seen_until:
            points.append((seen_until, total, points[-1][2]))  # what has added up still stands on the day shown
        table[name or about.label] = {row.key: value for _, value, row in points}
        color = fixed.get(name) or color_of(name, dict(colors or {}))
        traces += _band(points, color) if band and not cumulative else []
        highs += [value for _, value, _ in points]
        traces.append(go.Scatter(
            x=[p[0] for p in points], y=[p[1] for p in points], mode="lines" if len(points) > 1 else "markers",
            line={"color": color, "width": 3}, marker={"color": color, "size": 9},
            hovertext=[c.safe(f"{name + ', ' if name else ''}{named(row.key)}: {format_value(value, unit)}")
                       for _, value, row in points], hovertemplate="%{hovertext}<extra></extra>"))  # fmt: skip
        ends.append((points[-1][0], points[-1][1], name))
    if target:
        goal = sorted(target)
        highs += [value for _, value in goal]
        traces.append(
            go.Scatter(
                x=[d for d, _ in goal],
                y=[v for _, v in goal],
                mode="lines",
                hoverinfo="skip",
                line={"color": CONTEXT, "width": 2, "dash": "dash"},
            )
        )
        ends.append((goal[-1][0], goal[-1][1], target_name))
    top = max(highs) * 1.08 or 1
    plot = HEIGHT - 36
    labels = [
        (f"{c.wrapped(name, 14)}<br>" if name else "") + f"<b>{c.safe(format_value(v, unit))}</b>"
        for _, v, name in ends
    ]
    notes = _spread(ends, labels, plot / top, plot)
    days = [x for trace in traces for x in trace.x if x]
    if not traces:
        notes.append(c.note("Too few to draw over time", x=0.5, y=0.5, xref="paper", yref="paper"))
    figure = go.Figure(
        traces,
        c.layout(
            HEIGHT,
            left=_axis_room(top, unit),
            right=c.text_width(labels) + 16,
            top=10,
            bottom=26,
            annotations=notes,
            yaxis=c.grid_axis(range=[0, top], side="left", **_value_ticks(top, unit)),
            xaxis=c.grid_axis(showgrid=False, **time_ticks(min(days), max(days))) if days else c.quiet_axis(),
        ),
    )
    keys = sorted({key for values in table.values() for key in values}, key=lambda k: (starts_on(k), k))
    columns = {"Period": [named(key) for key in keys]} | {n: [v.get(key) for key in keys] for n, v in table.items()}
    return Chart(figure, Table(columns, {name: unit for name in table}))


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
        hovertext=[c.describe(r, about, named(r.key)) for r in rows],
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
    columns = {"Period": [named(r.key) for r in rows], about.label: [r.note if is_hidden(r) else r.value for r in rows]}
    return Chart(figure, Table(columns, {about.label: about.unit}))


def _band(points: Sequence[tuple[date, float, Any]], color: str) -> list[go.Scatter]:
    inside = [(when, r.low, r.high) for when, _, r in points if known(r.low) and known(r.high)]
    if len(inside) < 2:
        return []
    return [go.Scatter(x=[p[0] for p in inside] + [p[0] for p in reversed(inside)], mode="lines", hoverinfo="skip",
                       y=[p[2] for p in inside] + [p[1] for p in reversed(inside)], fill="toself",
                       fillcolor=faded(color, 0.18), line={"width": 0})]  # fmt: skip


def _spread(
    ends: Sequence[tuple[date, float, str]], labels: Sequence[str], scale: float, room: float
) -> list[dict[str, Any]]:
    """Labels at the ends of lines, pushed apart so that none covers another or leaves the chart.

    scale: pixels a unit. room: pixels from the zero line to the top.
    """
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    halves = {i: c.line_count(labels[i]) * c.LINE / 2 + 2 for i in order}
    at, floor, ceiling = {}, -24.0, room + 8
    for i in order:
        at[i] = max(ends[i][1] * scale, floor + halves[i])
        floor = at[i] + halves[i]
    for i in reversed(order):
        at[i] = min(at[i], ceiling - halves[i])
        ceiling = at[i] - halves[i]
    return [
        c.note(
            labels[i],
            x=1,
            xref="paper",
            y=ends[i][1],
            xanchor="left",
            align="left",
            xshift=10,
            yshift=round(at[i] - ends[i][1] * scale),
        )
        for i in order
    ]


def _short(value: float, unit: str) -> str:
    return (
        axis(round(value / 1e5) * 1e5, unit) if unit == "dollars" and abs(value) >= 1e6 else format_value(value, unit)
    )


def _axis_room(top: float, unit: str) -> int:
    return c.text_width(_value_ticks(top, unit)["ticktext"]) + 8


def _value_ticks(top: float, unit: str) -> dict[str, Any]:
    rough = top / 3.4
    size = 10.0 ** int(f"{rough:e}".split("e")[1])
    step = next((m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough), 10 * size)
    step = max(step, 1) if unit in COUNTS else step
    values = [round(i * step, 10) for i in range(5) if i * step <= top]
    return {"tickvals": values, "ticktext": [axis(v, unit) for v in values]}
