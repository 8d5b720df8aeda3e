"""A map of the regions, shaded by a measure."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from components.charts.base import (
    HOVER,
    INK,
    UNCHECKED,
    Chart,
    Part,
    hidden_axis,
    layout,
    note,
    row_table,
    safe,
    wrapped,
)
from components.charts.schematic_map import Border, Region, Schematic
from components.memoize import memoize
from components.palette import ACCENT, CONTEXT, faded
from components.text.format import known, value_of
from queries import Answer, Row

NOBODY = "no one counted here"


@memoize
def region_map(schematic: Schematic, answer: Answer, *, selected: str | None = None) -> Chart:
    """Draw one shaded shape a region with its name and value, faint town borders, and points that take a click.

    Args:
        schematic: The shapes of the regions.
        answer: An answer by region.
        selected: The region to outline.
    """
    rows = {row.key: row for row in answer.rows}
    texts = {name: value_of(rows[name], answer.measure) if name in rows else NOBODY for name in schematic.regions}
    fills = _fills(schematic, rows)
    traces = [
        _outline(region.border, color=CONTEXT, width=1.2, fill=fills[name])
        for name, region in schematic.regions.items()
    ]
    traces.append(_outline(schematic.town_borders, color=faded(CONTEXT, 0.28), width=0.6))
    if selected in schematic.regions:
        traces.append(_outline(schematic.regions[selected].border, color=INK, width=3))
    traces += [_click_points(name, region, texts[name]) for name, region in schematic.regions.items()]
    notes = [
        note(f"{safe(name)}<br><b>{wrapped(texts[name], 16)}</b>", x=region.label_at[0], y=region.label_at[1])
        for name, region in schematic.regions.items()
    ]
    table = row_table(answer.rows, answer.measure, {}, "Region")
    return Chart(go.Figure(traces, _layout(schematic, notes), **UNCHECKED), table)


def _fills(schematic: Schematic, rows: Mapping[str, Row]) -> dict[str, str]:
    """Shade regions from the lowest to the highest value; grey where there is none."""
    values = {name: row.value for name, row in rows.items() if name in schematic.regions and known(row.value)}
    low, high = (min(values.values()), max(values.values())) if values else (0, 0)
    fills = dict.fromkeys(schematic.regions, faded(CONTEXT, 0.15))
    for name, value in values.items():
        fills[name] = faded(ACCENT, 0.12 + 0.43 * ((value - low) / (high - low) if high > low else 0.5))
    return fills


def _outline(border: Border, *, color: str, width: float, fill: str | None = None) -> go.Scatter:
    area = {"fill": "toself", "fillcolor": fill} if fill else {}
    return go.Scatter(
        **UNCHECKED,
        x=border[0],
        y=border[1],
        mode="lines",
        hoverinfo="skip",
        line={"color": color, "width": width},
        **area,
    )


def _click_points(name: str, region: Region, text: str) -> go.Scatter:
    """Cover a region with invisible points, each of which names its town when touched."""
    return go.Scatter(
        **UNCHECKED,
        x=[x for x, _, _ in region.click_points],
        y=[y for _, y, _ in region.click_points],
        mode="markers",
        customdata=[name] * len(region.click_points),
        marker={"size": 22, "opacity": 0},
        hovertext=[f"<b>{safe(name)}</b> ({safe(town)})<br>{safe(text)}" for _, _, town in region.click_points],
        hovertemplate=HOVER,
    )


def _layout(schematic: Schematic, notes: list[Part]) -> Part:
    """Return a layout without a height: the style of the page sets it, to keep the state's proportions."""
    low_x, high_x, low_y, high_y = schematic.corners
    edge = (high_x - low_x) * 0.01
    return layout(
        None,
        left=0,
        right=0,
        top=0,
        bottom=0,
        annotations=notes,
        hoverdistance=40,
        xaxis=hidden_axis(range=[low_x - edge, high_x + edge], constrain="domain"),
        yaxis=hidden_axis(range=[low_y - edge, high_y + edge], scaleanchor="x", constrain="domain"),
    )
