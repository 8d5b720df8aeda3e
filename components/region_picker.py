"""The map of an answer by region, on which a reader picks a region by a click or with the keyboard."""

from __future__ import annotations

from functools import lru_cache

from components import banners, chart_view, controls, html_view, style
from components.charts.base import row_table
from components.charts.region_map import region_map as region_chart
from components.charts.schematic_map import Schematic, Town, schematic
from components.page import Page
from components.text.format import format_value, known
from queries import Answer

ALL_REGIONS = "All regions"


def region_map(page: Page, answer: Answer, *, title: str, words: str, name: str = "map") -> None:
    """Show the map of an answer by region; picking a region sets the region filter.

    Args:
        page: The page, for its filters and the towns.
        answer: An answer by region. Ask with `region=None`, or only the selected region has a value.
        title: The finding, as a heading.
        words: The text alternative, read aloud and on screen.
        name: Name of the map, unique on the page, and of its file.
    """
    words = style.readable(words)
    with chart_view.chart_section(name):
        style.heading(3, title)
        if not banners.explain(answer):
            return
        html_view.add(html_view.render("paragraph", text=words, css_class="section-words"))
        state, selected = _state(page), page.url_state.text("region")
        if state is not None:
            figure = region_chart(state, answer, selected=selected).figure
            plot = html_view.plot(figure, words=words, name=name, on_pick=lambda region: _pick(page, region))
            style.block(f'<div class="map">{plot}</div>')
        _put_buttons(page, name, selected)
        if state is not None and (rest := _off_the_map(state, answer)):
            page.note(rest)
        table = row_table(answer.rows, answer.measure, {}, "Region")
        chart_view.table_below(table, name=name, how=answer)


def _state(page: Page) -> Schematic | None:
    towns = tuple((row["town"], row["region"], row["latitude"], row["longitude"]) for row in page.listing("towns"))
    outline = tuple((row["latitude"], row["longitude"]) for row in page.listing("outline"))
    return _schematic(towns, outline)


@lru_cache(maxsize=20)
def _schematic(towns: tuple[Town, ...], outline: tuple[tuple[float, float], ...]) -> Schematic | None:
    return schematic(towns, outline)


def _off_the_map(state: Schematic, answer: Answer) -> str:
    """Name the values that belong to no region of the map; "" where there are none."""
    rest = [row for row in answer.rows if row.key not in state.regions and known(row.value)]
    values = "; ".join(f"{row.key}: {format_value(row.value, answer.measure.unit)}" for row in rest)
    return f"Not on the map: {values}." if values else ""


def _pick(page: Page, region: object) -> None:
    if isinstance(region, str) and region in page.choices.labels("region"):
        page.put(region=region)


def _put_buttons(page: Page, name: str, selected: str | None) -> None:
    """Put the same choice as buttons, for the keyboard."""
    options = page.choices.labels("region")
    if not options:
        return
    label = "Pick a region, here or on the map"
    options = {"": ALL_REGIONS, **options}
    style.block(
        controls.choice(f"pick-{name}", label, options, selected or "", lambda region: page.put(region=str(region)))
    )
