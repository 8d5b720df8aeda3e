"""The map: regions shaded by a measure, one of which can be picked by a click or with the keyboard."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from components import banners, controls, html_view, style
from components.charts import base as c
from components.charts import draw
from components.charts import figure as go
from components.charts.schematic_map import Schematic, schematic
from components.memoize import kept
from components.page_frame import Page
from components.palette import ACCENT, CONTEXT, faded
from components.text.format import format_value, known, value_of

ALL = "All regions"


@lru_cache(maxsize=20)
def _schematic(towns: tuple, outline: tuple) -> Schematic | None:
    return schematic(towns, outline)


def region_map(page: Page, answer: Any, *, title: str, words: str, name: str = "map") -> None:
    """The map of an answer by region. Picking a region, on the map or below it, sets the region filter.

    page: for the filters and the towns. title, words, name: as for `charts.show`. Ask with `region=None`, or only the
    region chosen has a value.
    """
    words = style.readable(words)
    with draw.section(name):
        style.heading(3, title)
        if not banners.explain(answer):
            return
        said = style.escape(words)
        style.block(f'<p class="section-words">{said}</p>')
        towns = tuple((t["town"], t["region"], t["latitude"], t["longitude"]) for t in page.listing("towns"))
        outline = tuple((o["latitude"], o["longitude"]) for o in page.listing("outline"))
        drawn, chosen = _schematic(towns, outline), page.url_state.values.get("region")
        if drawn is not None:
            figure = map_figure(drawn, answer, chosen)
            place = html_view.plot(figure, words=said, name=name, on_pick=lambda region: _picked(page, region))
            style.block(f'<div class="map">{place}</div>')
        _buttons(page, name, chosen)
        off = [r for r in answer.rows if drawn is None or r.key not in drawn.shapes]
        if off and drawn is not None:
            unit = answer.measure.unit
            elsewhere = "; ".join(f"{r.key}: {format_value(r.value, unit)}" for r in off if known(r.value))
            page.note(f"Not on the map: {elsewhere}." if elsewhere else "")
        draw.beneath(c.table_of(answer.rows, answer.measure, {}, "Region"), words=words, name=name, how=answer)


@kept
def map_figure(drawn: Schematic, answer: Any, chosen: str | None = None) -> go.Figure:
    """The figure: one filled shape a region, faint town borders, names and values in place, points to touch."""
    rows = {r.key: r for r in answer.rows}
    values = [r.value for k, r in rows.items() if k in drawn.shapes and known(r.value)]
    low, high = (min(values), max(values)) if values else (0, 0)
    traces, notes = [], []
    for region, shape in drawn.shapes.items():
        row = rows.get(region)
        level = (row.value - low) / (high - low) if row is not None and known(row.value) and high > low else 0.5
        fill = faded(ACCENT, 0.12 + 0.43 * level) if row is not None and known(row.value) else faded(CONTEXT, 0.15)
        traces.append(
            go.Scatter(
                x=shape.border[0],
                y=shape.border[1],
                mode="lines",
                fill="toself",
                fillcolor=fill,
                line={"color": CONTEXT, "width": 1.2},
                hoverinfo="skip",
            )
        )
        said = value_of(row, answer.measure) if row is not None else "no one counted here"
        notes.append(c.note(f"{c.safe(region)}<br><b>{c.wrapped(said, 16)}</b>", x=shape.middle[0], y=shape.middle[1]))
    traces.append(
        go.Scatter(
            x=drawn.towns[0],
            y=drawn.towns[1],
            mode="lines",
            hoverinfo="skip",
            line={"color": faded(CONTEXT, 0.28), "width": 0.6},
        )
    )
    if chosen in drawn.shapes:
        border = drawn.shapes[chosen].border
        traces.append(
            go.Scatter(x=border[0], y=border[1], mode="lines", hoverinfo="skip", line={"color": c.ink(), "width": 3})
        )
    for region, shape in drawn.shapes.items():
        said = c.safe(value_of(rows[region], answer.measure) if region in rows else "no one counted here")
        traces.append(
            go.Scatter(
                x=[p[0] for p in shape.touch],
                y=[p[1] for p in shape.touch],
                mode="markers",
                customdata=[region] * len(shape.touch),
                marker={"size": 22, "opacity": 0},
                hovertext=[f"<b>{c.safe(region)}</b> ({c.safe(town)})<br>{said}" for _, _, town in shape.touch],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    low_x, high_x, low_y, high_y = drawn.corners
    edge = (high_x - low_x) * 0.01
    look = c.layout(
        400,
        left=0,
        right=0,
        top=0,
        bottom=0,
        annotations=notes,
        hoverdistance=40,
        xaxis=c.quiet_axis(range=[low_x - edge, high_x + edge], constrain="domain"),
        yaxis=c.quiet_axis(range=[low_y - edge, high_y + edge], scaleanchor="x", constrain="domain"),
    )
    return go.Figure(traces, {name: value for name, value in look.items() if name != "height"})


def _picked(page: Page, region: object) -> None:
    if isinstance(region, str) and region in [value for value, _ in page.choices.regions]:
        page.put(region=region)


def _buttons(page: Page, name: str, chosen: str | None) -> None:
    """The same choice for the keyboard."""
    regions = {value: value for value, _ in page.choices.regions}
    if regions:
        options = {"": ALL, **regions}
        label = "Pick a region, here or on the map"
        style.block(
            controls.choice(f"pick-{name}", label, options, chosen or "", lambda region: page.put(region=region))
        )
