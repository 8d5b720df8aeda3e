"""Charts of parts: stacked bars of a few parts, and the three sums of money side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.charts import base as c
from components.charts import figure as go
from components.charts import row_layout as lay
from components.charts.base import Chart
from components.memoize import kept
from components.palette import MONEY, colors_for
from components.tables import Table
from components.text.format import dollars, format_value, known, share

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


@kept
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
    places, height = lay.places_of(names, least=38)
    longest = 1.0 if as_shares else max(sums.values(), default=1) or 1
    traces = []
    for part in parts:
        lengths, said, hover = [], [], []
        for name, values in data.items():
            value = values.get(part)
            amount, whole = value if known(value) else 0.0, sums[name] or 1
            lengths.append(amount / whole if as_shares else amount)
            text = share(amount / whole) if as_shares else format_value(amount, unit)
            said.append(text if lengths[-1] / longest > 0.16 else "")
            hover.append(c.safe(f"{name}, {part}: {format_value(amount, unit)} ({share(amount / whole)})"))
        traces.append(
            go.Bar(
                name=c.safe(part),
                x=lengths,
                y=places,
                orientation="h",
                width=lay.BAR,
                marker={"color": palette[part], "line": {"color": c.CLEAR, "width": 1}},
                text=said,
                textposition="inside",
                textangle=0,
                insidetextanchor="middle",
                textfont={"color": "#FFFFFF", "size": c.FONT - 1},
                constraintext="none",
                hovertext=hover,
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    ends = ["" if as_shares else format_value(sums[name], unit) for name in data]
    notes = [
        c.note(f"<b>{c.safe(end)}</b>", x=sums[name], y=place, xanchor="left", xshift=4)
        for name, end, place in zip(data, ends, places, strict=True)
        if end
    ]
    legend = 22 * _legend_lines(parts)
    figure = go.Figure(
        traces,
        c.layout(
            height + 12 + legend,
            left=lay.left(names),
            right=c.text_width(ends) + 14,
            top=8 + legend,
            bottom=4,
            barmode="stack",
            showlegend=True,
            legend=_LEGEND,
            annotations=notes,
            xaxis=c.quiet_axis(range=[0, longest]),
            yaxis=c.name_axis(names, places, 0, height),
        ),
    )
    columns: dict[str, Any] = {key_name: list(data)}
    columns |= {part: [data[name].get(part) for name in data] for part in parts}
    columns["Total"] = [sums[name] for name in data]
    return Chart(figure, Table(columns, {name: unit for name in (*parts, "Total")}))


@kept
def money(data: Mapping[str, Mapping[str, float | None]], *, key_name: str = "Name") -> Chart:
    """Three bars a name: {name: {"allocated": …, "obligated": …, "expended": …}}, in dollars; None is not supplied."""
    kinds = [kind for kind in MONEY if any(kind in values for values in data.values())]
    alone = len(data) == 1
    thick, step = (lay.BAR, 44) if alone else (16, 20)
    names = [kind.capitalize() for kind in kinds] if alone else [c.wrapped(name, 18) for name in data]
    places, height = lay.places_of(names, least=step if alone else step * max(len(kinds), 1) + 16)
    sums = [value for values in data.values() for value in values.values() if known(value)]
    traces, notes = [], []
    for j, kind in enumerate(kinds):
        at = [places[j]] if alone else [place + (j - (len(kinds) - 1) / 2) * step for place in places]
        values = [data[name].get(kind) for name in data]
        texts = [dollars(value) if known(value) else "not supplied" for value in values]
        traces.append(
            go.Bar(
                name=kind.capitalize(),
                x=[value if known(value) else 0 for value in values],
                y=at,
                orientation="h",
                width=thick,
                marker={"color": MONEY[kind]},
                hovertext=[c.safe(f"{name}, {kind}: {text}") for name, text in zip(data, texts, strict=True)],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
        notes += [
            c.note(
                f"<b>{text}</b>" if known(value) else text,
                x=max(value, 0) if known(value) else 0,
                y=place,
                xanchor="left",
                xshift=4,
            )
            for text, value, place in zip(texts, values, at, strict=True)
        ]
    legend = 0 if alone else 22 * _legend_lines(kinds)
    figure = go.Figure(
        traces,
        c.layout(
            height + 10 + legend,
            left=lay.left(names),
            right=c.text_width([dollars(value) for value in sums]) + 14,
            top=6 + legend,
            bottom=4,
            barmode="overlay",
            showlegend=not alone,
            legend=_LEGEND,
            annotations=notes,
            xaxis=c.quiet_axis(range=[min([0, *sums]), max([1, *sums])]),
            yaxis=c.name_axis(names, places, 0, height),
        ),
    )
    columns: dict[str, Any] = {key_name: list(data)}
    columns |= {kind.capitalize(): [data[name].get(kind) for name in data] for kind in kinds}
    return Chart(figure, Table(columns, {kind.capitalize(): "dollars" for kind in kinds}, missing="not supplied"))


def _legend_lines(parts: Sequence[str]) -> int:
    """Lines a legend may need on a phone."""
    return max(1, -(-int(sum(len(part) * c.LETTER + 50 for part in parts)) // 340))
