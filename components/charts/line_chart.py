"""Lines over time with their names at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.charts import line_annotations
from components.charts.base import Chart
from components.memoize import kept
from components.palette import CONTEXT, color_of, colors_for, faded
from components.tables import Table
from components.text.format import COUNTS, axis, format_value, known
from components.text.period_labels import in_time, period_label, starts_on, time_ticks
from queries.privacy.suppression import is_hidden

HEIGHT = 300


@kept
def trend(
    data: Any,
    *,
    measure: Any = None,
    cumulative: bool = False,
    target: Sequence[tuple[date, float]] = (),
    target_name: str = "Target",
    steps: bool = False,
    band: bool = True,
    colors: Mapping[str, str] | None = None,
) -> Chart:
    """Lines over time, each named at its end with its last value.

    data: an Answer (one line) or {name: Answer or rows}. cumulative: add counts up. target: (day, value) points of a
    dashed line; steps: it holds until the next one. band: shade 95% intervals where the rows have them.
    Rows whose `extra` says so are drawn as not complete yet, or marked as signals of a control chart.
    """
    series = data if isinstance(data, Mapping) else {"": data}
    read = {name: c.rows_of(one, measure) for name, one in series.items()}
    about: Any = next((m for _, m in read.values()), None)
    unit = about.unit if about else ""
    fixed = colors_for([n for n in series if n], dict(colors or {}))
    traces, ends, highs, table, signals = [], [], [0.0], {}, []
    adding_up: set[str] = set()
    for name, (rows, _) in read.items():
        points, total = [], 0.0
        has_gaps = cumulative and any(is_hidden(row) for row in rows)
        for when, row in in_time(rows):
            if has_gaps:  # the sum so far, told only where it gives no small number away
                if known(row.cumulative):
                    total = row.cumulative
                    points.append((when, total, row))
            elif known(row.value):
                total = total + row.value if cumulative else row.value
                points.append((when, total, row))
        if is_mostly_hidden(rows):  # a line through the few that are left would tell a story of its own
            points = []
        if not points:
            continue
        seen_until = getattr(series[name], "as_of", None)
        if cumulative and seen_until and points[-1][0] < seen_until:
            points.append((seen_until, total, points[-1][2]))  # what has added up still stands on the day shown
        table[name or about.label] = {row.key: value for _, value, row in points}
        adding_up |= {name or about.label} if cumulative and not has_gaps else set()
        color = fixed.get(name) or color_of(name, dict(colors or {}))
        traces += _band(points, color) if band and not cumulative else []
        highs += [value for _, value, _ in points]
        if band and not cumulative:  # room for the band, but not for the wide one of a tiny period
            highs += [
                min(p[2].high, 1.5 * max(highs)) for p in points if known(p[2].high) and not line_annotations.is_waiting(p[2])
            ]
        told = [c.safe(f"{name + ', ' if name else ''}{period_label(row.key)}: {format_value(value, unit)}{line_annotations.remark(row)}")
                for _, value, row in points]  # fmt: skip
        whole = [i for i, point in enumerate(points) if not line_annotations.is_waiting(point[2])]
        traces += line_annotations.loose_end(points, color, told)
        traces.append(go.Scatter(
            x=[points[i][0] for i in whole], y=[points[i][1] for i in whole],
            mode="lines" if len(whole) > 1 else "markers",
            line={"color": color, "width": 3}, marker={"color": color, "size": 9},
            hovertext=[told[i] for i in whole], hovertemplate="%{hovertext}<extra></extra>"))  # fmt: skip
        traces += line_annotations.signal_marks(points, color, told)
        signals += line_annotations.signal_notes(points)
        spoken = points[whole[-1]] if whole else points[-1]  # a number not complete yet is not the one to remember
        ends.append((points[-1][0], spoken[1], name))
    if target:
        goal = sorted(target)
        highs += [value for _, value in goal]
        traces.append(
            go.Scatter(
                x=[d for d, _ in goal],
                y=[v for _, v in goal],
                mode="lines",
                hoverinfo="skip",
                line={"color": CONTEXT, "width": 2, "dash": "dash", "shape": "hv" if steps else "linear"},
            )
        )
        ends.append((goal[-1][0], goal[-1][1], target_name))
    top = max(highs) * 1.08 or 1
    dated = [pair for rows, _ in read.values() for pair in in_time(rows)]
    shades, shade_notes, last_day = line_annotations.shade(dated) if traces else ([], [], None)
    head = 30 if shades else 10
    plot = HEIGHT - 26 - head
    labels = [
        (f"{c.wrapped(name, 14)}<br>" if name else "") + f"<b>{c.safe(format_value(v, unit))}</b>"
        for _, v, name in ends
    ]
    notes = _spread(ends, labels, plot / top, plot)
    days = [x for trace in traces for x in trace.x if x]
    if not traces:
        notes.append(c.note("Too few to draw over time", x=0.5, y=0.5, xref="paper", yref="paper"))
    span = {"range": [min(days), last_day]} if days and last_day else {}
    figure = go.Figure(
        traces,
        c.layout(
            HEIGHT,
            left=_axis_room(top, unit),
            right=c.text_width(labels) + 16,
            top=head,
            bottom=26,
            annotations=[*notes, *signals, *shade_notes],
            shapes=shades,
            yaxis=c.grid_axis(range=[0, top], side="left", **_value_ticks(top, unit)),
            xaxis=c.grid_axis(showgrid=False, **time_ticks(min(days), max(days)), **span) if days else c.quiet_axis(),
        ),
    )
    shown = {key for values in table.values() for key in values} | {r.key for _, r in dated if line_annotations.is_waiting(r)}
    keys = sorted(shown, key=lambda k: (starts_on(k), k))
    columns = {"Period": [period_label(key) for key in keys]} | {
        n: _carried(v, keys) if n in adding_up else [v.get(key) for key in keys] for n, v in table.items()
    }
    columns |= line_annotations.columns(next((rows for rows, _ in read.values()), []), keys, target_name)
    return Chart(figure, Table(columns, {name: unit for name in table} | {target_name: unit}))


def _carried(values: Mapping[str, float], keys: Sequence[str]) -> list[float]:
    """What has added up by the end of each period: a period in which nothing was added leaves it as it was."""
    carried, total = [], 0.0
    for key in keys:
        total = values.get(key, total)
        carried.append(total)
    return carried


def is_mostly_hidden(rows: Sequence[Any]) -> bool:
    """Whether over half of the periods are held back from this reader."""
    return 2 * sum(is_hidden(row) for row in rows) > len(rows)


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


def _axis_room(top: float, unit: str) -> int:
    return c.text_width(_value_ticks(top, unit)["ticktext"]) + 8


def _value_ticks(top: float, unit: str) -> dict[str, Any]:
    rough = top / 3.4
    size = 10.0 ** int(f"{rough:e}".split("e")[1])
    step = next((m * size for m in (1, 2, 2.5, 5, 10) if m * size >= rough), 10 * size)
    step = max(step, 1) if unit in COUNTS else step
    values = [round(i * step, 10) for i in range(5) if i * step <= top]
    return {"tickvals": values, "ticktext": [axis(v, unit) for v in values]}
