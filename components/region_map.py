"""The map: regions shaded by a measure, one of which can be picked by a click or with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from components import chart as c
from components import charts, drawn, notices, style
from components.frame import Page
from components.geometry import Schematic, schematic
from components.graph import Figure, Scatter
from components.how_made import how_made
from components.numbers import format_value, known, value_of
from components.palette import ACCENT, CONTEXT, faded

ALL = "All regions"


@st.cache_resource(max_entries=20, show_spinner=False)
def _schematic(towns: tuple, outline: tuple) -> Schematic | None:
    return schematic(towns, outline)


def region_map(page: Page, answer: Any, *, title: str, words: str, name: str = "map") -> None:
    """The map of an answer by region. Picking a region, on the map or below it, sets the region filter.

    page: for the filters and the towns. title, words, name: as for `charts.show`. Ask with `region=None`, or only the
    region chosen has a value.
    """
    words = style.readable(words)
    with st.container(key=f"chart-{name}", gap="small"):
        with style.together():
            style.heading(3, title)
            if not notices.explain(answer):
                return
            style.block(f'<p class="section-words">{style.escape(words)}</p>')
        towns = tuple((t["town"], t["region"], t["latitude"], t["longitude"]) for t in page.listing("towns"))
        outline = tuple((o["latitude"], o["longitude"]) for o in page.listing("outline"))
        state, chosen = _schematic(towns, outline), page.address.values.get("region")
        with st.container(key=f"map-{name}", gap="small"):
            if state is not None:
                touch = touchable(state, [value for value, _ in page.choices.regions], name)
                style.block(drawn.html_of(map_figure(state, answer, chosen), words) + touch)
            _buttons(page, name, chosen)
        off = [r for r in answer.rows if state is None or r.key not in state.shapes]
        with style.together():
            if off and state is not None:
                unit = answer.measure.unit
                said = "; ".join(f"{r.key}: {format_value(r.value, unit)}" for r in off if known(r.value))
                page.note(f"Not on the map: {said}." if said else "")
            style.block(how_made(answer))
        charts.fold(c.table_of(answer.rows, answer.measure, {}, "Region"), words=words, name=name, how=answer)


def touchable(state: Schematic, regions: Sequence[str], name: str) -> str:
    """Styles that lay each region's button over its shape on the map too: one choice, for mouse, finger and keyboard."""
    low_x, high_x, low_y, high_y = _corners(state)
    found = [f".st-key-map-{name}{{--aspect:{(high_x - low_x) / (high_y - low_y):.4f}}}"]
    for position, region in enumerate(regions, start=2):  # the first button is all of them
        rings: list[list[str]] = [[]]
        for x, y in zip(*(state.shapes[region].border if region in state.shapes else ((), ())), strict=True):
            if x is None or y is None:
                rings.append([])
                continue
            across, down = (x - low_x) / (high_x - low_x), (high_y - y) / (high_y - low_y)
            rings[-1].append(f"{across * 100:.1f}% {down * 100:.1f}%")
        way = [point for ring in rings for point in ring] + [ring[0] for ring in reversed(rings[:-1]) if ring]
        if way:
            button = f".st-key-pick-buttons-{name} button:nth-of-type({position})::after"
            found.append(f"{button}{{clip-path:polygon({','.join(way)})}}")
    return f"<style>{''.join(found)}</style>"


def _corners(state: Schematic) -> tuple[float, float, float, float]:
    """The corners of the map, a little outside of the state's own so that no border is cut."""
    low_x, high_x, low_y, high_y = state.corners
    edge = (high_x - low_x) * 0.01
    return low_x - edge, high_x + edge, low_y - edge, high_y + edge


def map_figure(state: Schematic, answer: Any, chosen: str | None = None) -> Figure:
    """The figure: one filled shape a region, faint town borders, names and values in place."""
    rows = {r.key: r for r in answer.rows}
    values = [r.value for k, r in rows.items() if k in state.shapes and known(r.value)]
    low, high = (min(values), max(values)) if values else (0, 0)
    traces, notes = [], []
    for region, shape in state.shapes.items():
        row = rows.get(region)
        level = (row.value - low) / (high - low) if row is not None and known(row.value) and high > low else 0.5
        fill = faded(ACCENT, 0.12 + 0.43 * level) if row is not None and known(row.value) else faded(CONTEXT, 0.15)
        traces.append(
            Scatter(
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
        Scatter(
            x=state.towns[0],
            y=state.towns[1],
            mode="lines",
            hoverinfo="skip",
            line={"color": faded(CONTEXT, 0.28), "width": 0.6},
        )
    )
    if chosen in state.shapes:
        border = state.shapes[chosen].border
        traces.append(
            Scatter(x=border[0], y=border[1], mode="lines", hoverinfo="skip", line={"color": c.ink(), "width": 3})
        )
    low_x, high_x, low_y, high_y = _corners(state)
    look = c.layout(
        0,
        left=0,
        right=0,
        top=0,
        bottom=0,
        aspect=(high_x - low_x) / (high_y - low_y),
        annotations=notes,
        xaxis=c.quiet_axis(range=[low_x, high_x]),
        yaxis=c.quiet_axis(range=[low_y, high_y]),
    )
    return Figure(traces, look)


def _buttons(page: Page, name: str, chosen: str | None) -> None:
    """The same choice for the keyboard."""
    regions, key = [value for value, _ in page.choices.regions], f"pick-buttons-{name}"
    if not regions:
        return
    st.session_state[key] = chosen or ALL

    def changed() -> None:
        picked = st.session_state[key]
        page.put(region=None if picked == ALL else picked)

    st.segmented_control(
        "Pick a region, here or on the map", [ALL, *regions], key=key, on_change=changed, required=True
    )
