"""The map of the regions and towns, on which a reader picks a region with a pointer or the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from components import banners, chart_view, controls, html_view, style
from components.charts.base import row_table
from components.charts.map_shapes import WIDTH, Area, MapShapes, shapes_of
from components.charts.region_map import RegionMap, region_map
from components.data_table import Table
from components.memoize import memoize
from components.page import Page
from components.text.narratives import map_words as story
from components.url_state import url
from queries import Answer
from queries.arithmetic import per_10_000, sum_of

ALL_REGIONS = "All regions"
_per_10_000 = memoize(per_10_000)


def draw_map(page: Page, *, by_region: Answer, by_town: Answer, rates: Mapping[str, Answer], name: str = "map") -> None:
    """Show the map; picking a region sets the region filter. Readers choose what it is shaded by (declare `name` in `extras`).

    Args:
        page: The page, for its filters, the towns and their boundaries.
        by_region: Residents enrolled by region. Ask with `region=None`, or only the selected region has a value.
        by_town: Residents enrolled by town, of the state or of the selected region.
        rates: Rates by region, by the id of their measure.
        name: Name of the map, unique on the page, of its file, and of the page parameter.
    """
    towns, regions = _population(page)
    answers = {story.RATE: _per_10_000(by_region, regions)} if regions else {}
    answers |= {story.COUNT: by_region, **rates}
    options = {key: story.CHOICES[key] for key in answers}
    chosen = page.extras.get(name, next(iter(options)))
    chosen = chosen if chosen in options else next(iter(options))
    answer, is_rate = answers[chosen], chosen == story.RATE
    words = style.readable(story.words(answer, chosen, who=page.who))
    with chart_view.chart_section(name):
        style.heading(3, story.title(answer, chosen, list(page.choices.labels("region")), who=page.who))
        html_view.add(html_view.render("paragraph", text=words, css_class="section-words"))
        with page.controls():
            page.choose(name, "Shade the map by", options)
            _put_buttons(page, name)
        shapes = _shapes(page)
        if shapes is not None and banners.explain(answer):
            by_part = {story.RATE: _per_10_000(by_town, towns), story.COUNT: by_town} if by_town.status == "ok" else {}
            state = region_map(shapes, answer, by_part.get(chosen), suffix=story.SUFFIXES.get(chosen, ""))
            _put_map(page, name, shapes, state, legend=story.legend(answer, chosen, who=page.who))
            page.note(
                *story.notes(
                    by_region if is_rate else answer,
                    names=shapes.regions,
                    is_schematic=shapes.is_schematic,
                    source=shapes.source,
                    has_rate=is_rate,
                )
            )
        table = (
            Table.from_columns(story.table(answer), story.UNITS)
            if is_rate
            else row_table(answer.rows, answer.measure, {}, "Region")
        )
        chart_view.table_below(table, name=name, how=by_region if is_rate else answer)


def _population(page: Page) -> tuple[Mapping[str, float | None], Mapping[str, float | None]]:
    """Return residents by town, and by region: of regions with a known number for each town."""
    towns: dict[str, float | None] = {}
    of_region: dict[str, list[float | None]] = {}
    for row in page.listing("towns"):
        towns[row["town"]] = row["population"]
        of_region.setdefault(row["region"], []).append(row["population"])
    totals = {region: sum_of(numbers) for region, numbers in of_region.items()}
    return towns, {region: total for region, total in totals.items() if total}


def _shapes(page: Page) -> MapShapes | None:
    return shapes_of(tuple(Area(**row) for row in page.listing("areas")))


def _put_map(page: Page, name: str, shapes: MapShapes, state: RegionMap, *, legend: str) -> None:
    links = []
    for region in state.regions:
        event = html_view.on_event(f"{name}-{region.shape.name}", partial(_pick, page, region.shape.name))
        links.append((region, event, url(page.entry.path, page.parameters(region=region.shape.name))))
    style.block(
        html_view.render(
            "map", name=name, label=legend, width=WIDTH, height=shapes.height, links=links, legend=state.legend,
            selected=page.url_state.text("region"),
        )
    )  # fmt: skip


def _pick(page: Page, region: str, _: object) -> None:
    page.put(region=region)


def _put_buttons(page: Page, name: str) -> None:
    """Put the same choice as buttons."""
    options = page.choices.labels("region")
    if not options:
        return
    label = "Pick a region, here or on the map"
    options = {"": ALL_REGIONS, **options}
    selected = page.url_state.text("region") or ""
    style.block(controls.choice(f"pick-{name}", label, options, selected, lambda region: page.put(region=str(region))))
