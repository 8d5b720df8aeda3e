"""Charts of parts: stacked bars of a few parts, and the three sums of money side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from components import chart as c
from components.chart import Chart
from components.numbers import dollars, format_value, known, share
from components.palette import MONEY, colors_for
from components.tables import Table

_LEGEND = {
    "orientation": "h",
    "x": 0,
    "xref": "container",
    "xanchor": "left",
    "y": 1,
    "yref": "container",
    "yanchor": "top",
    "traceorder": "normal",
    "itemclick": False,
    "itemdoubleclick": False,
    "title": {"text": ""},
    "bgcolor": c.CLEAR,
    "font": {"size": c.FONT - 1},
}


def stacked(
    data: Mapping[str, Mapping[str, float | None]],
    *,
    unit: str = "residents",
    colors: Mapping[str, str] | None = None,
    as_shares: bool = False,
    key_name: str = "Name",
) -> Chart:
    """One bar a name, made of a few parts: {name: {part: value}}. as_shares: every bar is 100% of itself.

    Parts keep their order and color; a part wide enough carries its value, the others are in hover and table.
    """
    parts = list(dict.fromkeys(part for values in data.values() for part in values))
    palette = colors_for(parts, dict(colors or {}))
    sums = {name: sum(v for v in values.values() if known(v)) for name, values in data.items()}
    names = [c.wrapped(name) for name in data]
    pitch = max(38, max((c.line_count(n) for n in names), default=1) * c.LINE + 10)
    longest = 1.0 if as_shares else max(sums.values(), default=1) or 1
    traces = []
    for part in parts:
        values = [data[name].get(part) if known(data[name].get(part)) else 0 for name in data]
        drawn = [v / sums[name] if as_shares and sums[name] else v for v, name in zip(values, data, strict=True)]
        said = [
            share(v / (sums[name] or 1)) if as_shares else format_value(v, unit)
            for v, name in zip(values, data, strict=True)
        ]
        traces.append(
            go.Bar(
                name=c.safe(part),
                x=drawn,
                y=list(range(len(names))),
                orientation="h",
                width=0.62,
                marker={"color": palette[part], "line": {"color": c.CLEAR, "width": 1}},
                textangle=0,
                insidetextanchor="middle",
                text=[text if v / longest > 0.16 else "" for v, text in zip(drawn, said, strict=True)],
                textposition="inside",
                textfont={"color": "#FFFFFF", "size": c.FONT - 1},
                cliponaxis=False,
                constraintext="none",
                hovertext=[
                    c.safe(f"{name}, {part}: {format_value(v, unit)} ({share(v / (sums[name] or 1))})")
                    for v, name in zip(values, data, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    ends = ["" if as_shares else format_value(sums[name], unit) for name in data]
    notes = [
        c.note(f"<b>{c.safe(end)}</b>", x=sums[name], y=i, xanchor="left", xshift=4)
        for i, (name, end) in enumerate(zip(data, ends, strict=True))
        if end
    ]
    legend_lines = _legend_lines(parts)
    figure = go.Figure(
        traces,
        c.layout(
            pitch * max(len(names), 1) + 14 + 22 * legend_lines,
            left=c.text_width(names) + 12,
            right=c.text_width(ends) + 14,
            top=8 + 22 * legend_lines,
            bottom=4,
            barmode="stack",
            showlegend=True,
            legend=_LEGEND,
            annotations=notes,
            xaxis=c.quiet_axis(range=[0, longest]),
            yaxis=c.name_axis(names, range(len(names)), -0.5, len(names) - 0.5),
        ),
    )
    columns = {key_name: list(data)} | {part: [data[name].get(part) for name in data] for part in parts}
    columns["Total"] = [sums[name] for name in data]
    return Chart(figure, Table(columns, {name: unit for name in (*parts, "Total")}))


def money(data: Mapping[str, Mapping[str, float | None]], *, key_name: str = "Name") -> Chart:
    """Three bars a name: {name: {"allocated": …, "obligated": …, "expended": …}}, in dollars; None is not supplied."""
    kinds = [kind for kind in MONEY if any(kind in values for values in data.values())]
    alone = len(data) == 1
    names = [kind.capitalize() for kind in kinds] if alone else [c.wrapped(name, 18) for name in data]
    places, top = {}, 1.0
    for i, name in enumerate(data):
        for j, kind in enumerate(kinds):
            places[name, kind] = j if alone else i + (j - (len(kinds) - 1) / 2) * 0.27
            value = data[name].get(kind)
            top = max(top, value if known(value) else 0)
    traces, notes = [], []
    for kind in kinds:
        values = [data[name].get(kind) for name in data]
        traces.append(
            go.Bar(
                name=kind.capitalize(),
                x=[v if known(v) else 0 for v in values],
                y=[places[name, kind] for name in data],
                orientation="h",
                width=0.6 if alone else 0.23,
                marker={"color": MONEY[kind]},
                hovertext=[
                    c.safe(f"{name}, {kind}: {dollars(v) if known(v) else 'not supplied'}")
                    for name, v in zip(data, values, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
        notes += [
            c.note(
                f"<b>{c.safe(dollars(v))}</b>" if known(v) else "not supplied",
                x=max(v, 0) if known(v) else 0,
                y=places[name, kind],
                xanchor="left",
                xshift=4,
            )
            for name, v in zip(data, values, strict=True)
        ]
    texts = [dollars(v) for values in data.values() for v in values.values() if known(v)]
    lines = 0 if alone else _legend_lines(kinds)
    rows = len(kinds) if alone else len(data)
    pitch = 44 if alone else max(78, max(c.line_count(n) for n in names) * c.LINE + 12) if data else 44
    figure = go.Figure(
        traces,
        c.layout(
            pitch * max(rows, 1) + 12 + 22 * lines,
            left=c.text_width(names) + 12,
            right=c.text_width(texts) + 14,
            top=6 + 22 * lines,
            bottom=4,
            barmode="overlay",
            showlegend=not alone,
            legend=_LEGEND,
            annotations=notes,
            xaxis=c.quiet_axis(range=[0, top]),
            yaxis=c.name_axis(names, range(rows), -0.5, rows - 0.5),
        ),
    )
    columns: dict[str, Any] = {key_name: list(data)}
    columns |= {kind.capitalize(): [data[name].get(kind) for name in data] for kind in kinds}
    return Chart(figure, Table(columns, {kind.capitalize(): "dollars" for kind in kinds}, missing="not supplied"))


def _legend_lines(parts: Any) -> int:
    """Lines a legend may need on a phone."""
    width = sum(len(part) * c.LETTER + 50 for part in parts)
    return max(1, -(-int(width) // 340))
