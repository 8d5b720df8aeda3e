"""The map of the regions and towns, on which a reader picks a region with a pointer or the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from components import banners, chart_view, controls, html_view, picks, style
from components.charts.base import row_table
from components.charts.map_shapes import WIDTH, Area, MapShapes, shapes_of
from components.charts.region_map import RegionMap, region_map, value_words
from components.compared_answers import compared_region
from components.page import Page
from components.text.narratives import map_words as narrative
from components.url_state import url
from queries import Answer

ALL_REGIONS = "All regions"


def draw_map(page: Page, *, by_region: Mapping[str, Answer], by_town: Mapping[str, Answer]) -> None:
    """Show the map; picking a region sets the region filter. Readers choose what it is shaded by (declare `map` in `extras`).

    Args:
        page: The page, for its filters and the boundaries.
        by_region: Answers by region, by their measures, which are those of `map_words.CHOICES`. Ask with `region=None`, or only the
            selected region has a value.
        by_town: Answers by town, of the state or of the selected region, by their measures; others shade whole regions.
    """
    name, options = "map", narrative.options(by_region)
    chosen = page.extras.get(name, next(iter(options)))
    chosen = chosen if chosen in options else next(iter(options))
    answer, towns = by_region[chosen], by_town.get(chosen)
    words = style.readable(narrative.words(answer))
    with chart_view.chart_section(name, answer):
        style.heading(3, narrative.title(answer, who=page.who))
        html_view.paragraph(words, "section-words")
        with page.controls():
            page.choose(name, "Shade the map by", options)
            _put_buttons(page, name)
        shapes = _shapes(page)
        if shapes is not None and banners.explain(answer):
            state = region_map(shapes, answer, towns if towns and towns.status == "ok" else None)
            _put_map(page, name, shapes, state, legend=narrative.legend(answer, who=page.who))
            pair = [each for each in (page.scope.region, compared_region(page)) if each and each in shapes.regions]
            values = {each: value_words(answer.row(each), answer.measure) for each in pair}
            page.note(narrative.compared(answer, values, who=page.who))
            rest = narrative.not_on_map(
                by_region[narrative.COUNT] if chosen == narrative.RATE else answer, shapes.regions
            )
            page.note(*narrative.notes(rest, is_schematic=shapes.is_schematic, source=shapes.source))
        table = (
            row_table(answer.rows, answer.measure, {}, "Region")
            if chosen != narrative.RATE
            else narrative.table(answer)
        )
        chart_view.table_below(table, name=name, how=answer)


def draw_towns(page: Page, *, by_region: Answer, by_town: Answer) -> None:
    """Draw the map of the towns of one region, as large as they can be. Nothing without boundaries.

    Args:
        page: The page, for its filters and the boundaries.
        by_region: A rate or a count by region, of all regions.
        by_town: The same by town, of one region.
    """
    shapes = _shapes(page)
    if shapes is None or by_region.status != "ok" or by_town.status != "ok":
        return
    name, legend = "town-map", narrative.legend(by_town, who=page.who)
    with chart_view.chart_section(name, by_town):
        style.heading(3, f"{legend}, by town")
        state = region_map(shapes, by_region, by_town).only(by_town.scope.region or "")
        _put_map(page, name, shapes, state, legend=legend)
        page.note(*narrative.notes("", is_schematic=shapes.is_schematic, source=shapes.source))


def _shapes(page: Page) -> MapShapes | None:
    return shapes_of(tuple(Area(**row) for row in page.listing("areas")))


def _put_map(page: Page, name: str, shapes: MapShapes, state: RegionMap, *, legend: str) -> None:
    links = []
    for region in state.regions:
        event = html_view.on_event(f"{name}-{region.shape.name}", partial(_pick, page, region.shape.name))
        links.append((region, event, url(page.entry.path, page.parameters(region=region.shape.name))))
    is_state = len(state.regions) > 1
    bounds = (0, 0, WIDTH, shapes.height) if is_state else state.regions[0].shape.bounds
    html_view.add(
        html_view.render(
            "map", name=name, label=legend, bounds=bounds, is_state=is_state, links=links, legend=state.legend,
            selected=page.url_state.text("region"), compared=compared_region(page), list_below="chart-by-town" if page.entry.id == picks.list_page("region") else "",
        )
    )  # fmt: skip


def _pick(page: Page, region: str, _: object) -> None:
    """Filter by a region; where it is chosen already, go to the list behind it."""
    if page.url_state.text("region") == region:
        picks.open_list("region")
    else:
        page.put(region=region)


def _put_buttons(page: Page, name: str) -> None:
    """Put the same choice as buttons."""
    options = page.choices.labels("region")
    if not options:
        return
    label = "Pick a region, here or on the map"
    options = {"": ALL_REGIONS, **options}
    selected = page.url_state.text("region") or ""
    html_view.add(
        controls.choice(f"pick-{name}", label, options, selected, lambda region: page.put(region=str(region)))
    )
