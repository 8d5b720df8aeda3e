"""The map: Connecticut as people know it, towns in the shade of their value, nothing that the reader may not see."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.map_shapes import WIDTH, Area, shapes_of
from components.charts.region_map import Shades, range_words, region_map
from components.text.narratives import map_words
from queries import Question, Row, Scope, ask, listing
from queries.access.viewer import Viewer
from queries.models import Suppression
from tests.app_driver import html, say, text
from tests.components.rows import answer, counts, measure
from tests.conftest import ROOT
from tests.pages.test_pages import run
from tests.source_code import python_files, relative

MOST_BYTES = 40_000
LEAST_CONTRAST = 1.35  # of neighboring shades, the page's color included
HIDDEN = Row(key="Hidden", value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)
PAGE = "pages/regions.py"


@pytest.fixture
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.fixture
def state(over_the_demo):
    return shapes_of(tuple(Area(**row) for row in listing("areas")))


def map_of(page) -> str:
    return re.search(r'<figure class="map".*?</figure>', html(page), re.DOTALL).group()


def titles(svg: str) -> dict[str, str]:
    """What a pointer on each town of a map shows, by town."""
    matches = re.findall(r"<title>([^:,]+), [^:]+: (.*?)</title>", svg)
    return {unescape(town): unescape(value) for town, value in matches}


def test_connecticut_is_recognizable(state):
    assert not state.is_schematic
    assert set(state.regions) == {"Northwest", "North Central", "South Central", "Southwest", "Eastern"}
    assert sum(map(len, state.towns.values())) == 169
    assert 1.3 < WIDTH / state.height < 1.45  # the state is about 110 by 70 miles with its panhandle
    labels = {name: shape.label_at for name, shape in state.regions.items()}
    assert max(labels, key=lambda name: labels[name][1]) == "Southwest"
    assert max(labels, key=lambda name: labels[name][0]) == "Eastern"
    assert labels["North Central"][1] < labels["South Central"][1]


def test_a_path_goes_around_its_area_and_back():
    square = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0), (0.5 0.5, 1 0.5, 1 1, 0.5 0.5))"
    areas = (Area("region", "One", "One", square, 1, 1, False, "Somebody; simplified"),)
    shapes = shapes_of(areas)
    assert shapes.regions["One"].path == "M0 800l800 0 0-800-800 0zM200 600l200 0 0-200z"
    assert shapes.regions["One"].label_at == (400, 400)
    assert (shapes.height, shapes.source) == (800, "Somebody")
    assert shapes_of(()) is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 40), st.floats(0, 1e6))))
def test_every_value_is_in_the_range_of_its_shade(values):
    rows = [Row(key=str(at), value=value) for at, value in enumerate(values)]
    shades = Shades(rows, "residents")
    assert len(shades.ranges) <= 5
    assert shades.ranges == sorted(shades.ranges)
    for row in rows:
        shade = shades.of_row(row)
        if row.value is None:
            assert shade == "none"
        else:
            low, high = shades.ranges[int(shade.removeprefix("shade-"))]
            assert low <= round(float(row.value), 1 if row.value < 10 else 0) <= high


def test_shades_hold_about_as_many_values_each():
    rows = [Row(key=str(value), value=value) for value in range(100)]
    shades = [Shades(rows, "residents").of_row(row) for row in rows]
    assert {shade: shades.count(shade) for shade in shades} == {f"shade-{number}": 20 for number in range(5)}


def test_the_legend_gives_decimals_of_small_rates():
    rate = measure("per 10,000 residents")
    assert [range_words(limits, rate) for limits in ((2.0, 2.4), (3.8, 18.0), (3.0, 3.0))] == [
        "2.0 to 2.4",
        "3.8 to 18",
        "3.0",
    ]


def test_the_legend_writes_values_as_they_were_rounded(state):
    """Rates of ten or more are rounded to whole numbers, so that "23.0 to 30.0" and "31.0" would leave out 30.6."""
    rows = [Row(key=name, value=value) for name, value in (("Eastern", 30.6), ("Southwest", 22.6), ("Northwest", 3.14))]
    by_region = answer(*rows, unit="per 10,000 residents")
    words = [words for _, words in region_map(state, by_region).legend]
    assert words[:3] == ["3.1", "23", "31"]


def test_hidden_areas_look_unlike_areas_without_rows(state):
    by_region = answer(Row(key="Eastern", value=10), replace(HIDDEN, key="Southwest"), Row(key="Not recorded", value=3))
    drawn = region_map(state, by_region)
    shades = {region.shape.name: region.areas[0].shade for region in drawn.regions}
    assert shades == {
        "Eastern": "shade-0", "Southwest": "hidden", "Northwest": "none", "North Central": "none", "South Central": "none",
    }  # fmt: skip
    assert drawn.legend == (("shade-0", "10"), ("none", "nobody yet"), ("hidden", "hidden for privacy"))
    assert {region.words for region in drawn.regions} >= {
        "Southwest: hidden for privacy",
        "Northwest: nobody yet",
    }


def test_areas_without_a_value_give_their_reason_and_regions_outside_of_the_view_only_their_name(state):
    note = "the population of one group is not supplied"
    by_town = replace(counts(Norwich=20, Groton=5), by="town", scope=Scope(region="Eastern"))
    hidden = answer(Row(key="Eastern", value=25), Row(key="Southwest", value=None, note="not part of your view"))
    drawn = region_map(state, hidden, by_town)
    assert {region.shape.name: region.value for region in drawn.regions if region.value} == {"Eastern": "25"}
    rows = [Row(key=name, value=None, note=note) for name in state.regions]
    assert region_map(state, answer(*rows)).legend == (("none", note),)
    assert region_map(state, answer(rows[0])).legend == (("none", "no number"),)


def test_towns_outside_the_region_chosen_have_no_shade(state):
    by_town = replace(counts(Norwich=20, Groton=5), by="town", scope=Scope(region="Eastern"))
    drawn = region_map(state, counts(Eastern=25, Southwest=9), by_town)
    for region in drawn.regions:
        shades = {area.shade for area in region.areas}
        assert shades == ({"shade-0", "shade-1", "none"} if region.shape.name == "Eastern" else {"other"})


def test_a_map_without_towns_is_shaded_by_region():
    square = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"
    shapes = shapes_of((Area("region", "Eastern", "Eastern", square, 1, 1, True, None),))
    (region,) = region_map(shapes, counts(Eastern=25), counts(Norwich=20)).regions
    assert [(area.shade, area.title) for area in region.areas] == [("shade-0", "Eastern: 25")]


def test_what_is_not_on_the_map_is_listed():
    assert (
        map_words.not_on_map(counts(Eastern=10, Elsewhere=3, Nowhere=None), ["Eastern"])
        == "Not on the map: Elsewhere: 3."
    )
    assert map_words.not_on_map(counts(Eastern=10, Nowhere=None), ["Eastern"]) == ""
    assert map_words.notes("", is_schematic=False, source="") == []
    (schematic,) = map_words.notes("", is_schematic=True, source="")
    assert "is a schematic" in schematic
    assert map_words.notes("Not on the map: A: 1.", is_schematic=False, source="A survey") == [
        "Not on the map: A: 1.", "Boundaries: A survey.",
    ]  # fmt: skip


def test_the_map_is_small_and_has_the_rate_of_every_town(over_the_demo):
    svg = map_of(run(PAGE))
    assert len(svg.encode()) <= MOST_BYTES
    population = {row["town"]: row["population"] for row in listing("towns")}
    rows = ask(Question("residents_enrolled", "town"), Scope()).rows
    shown = titles(svg)
    assert len(shown) == 169
    for row in rows:
        if row.key in population:
            base = f"({row.value:,.0f} of {population[row.key]:,})"
            assert shown[row.key].endswith(base)
            assert float(shown[row.key].split()[0]) == pytest.approx(row.value / population[row.key] * 10_000, abs=0.51)


def test_every_region_is_a_link_that_sets_the_filter(over_the_demo):
    page = run(PAGE, sector="Healthcare")
    links = re.findall(r'<a href="([^"]*)" data-event="map-([^"]*)" aria-label="([^"]*)"', map_of(page))
    assert [name for _, name, _ in links] == list(dict.fromkeys(name for _, name, _ in links))
    assert all(words.startswith(f"{name}: ") for _, name, words in links)
    assert (
        unescape(next(href for href, name, _ in links if name == "Eastern"))
        == "/regions?region=Eastern&sector=Healthcare"
    )
    page = say(page, "map-Eastern", "/regions?region=Eastern&sector=Healthcare")
    assert page.query_params["region"] == "Eastern"
    assert re.findall(r'aria-label="([^":]*):[^"]*" aria-current="true"', map_of(page)) == ["Eastern"]


@pytest.mark.parametrize("region", [None, "Eastern", "Northwest"])
@pytest.mark.parametrize("sector", [None, "Healthcare"])
def test_a_protected_reader_sees_on_the_map_what_the_answer_shows(over_the_demo, region, sector):
    address = {name: value for name, value in {"region": region, "sector": sector}.items() if value}
    svg = map_of(run(PAGE, **address, **{"as": "governor", "map": "residents_enrolled"}))
    viewer = Viewer("governor")
    answered = ask(Question("residents_enrolled", "town"), Scope(region=region, sector=sector, viewer=viewer))
    shown = titles(svg)
    assert any(row.value is None for row in answered.rows)
    for row in answered.rows:
        if row.key in shown:
            assert shown[row.key] == ("hidden for privacy" if row.value is None else f"{row.value:,.0f}")


def test_the_map_follows_the_choice(over_the_demo):
    page = run(PAGE)
    assert "Residents enrolled per 10,000 residents by region" in text(page)
    page = say(page, "choice-map", "completion_rate")
    assert page.query_params["map"] == "completion_rate"
    assert "Completion rate by region" in text(page)
    assert not titles(map_of(page))
    assert "95% interval" in map_of(page)


def test_a_group_has_no_rate_of_a_population_and_by_town_only_for_those_who_may_see_it(over_the_demo):
    page = run(PAGE, group="veteran")
    assert titles(map_of(page))
    assert "Enrolled per 10,000 residents" not in text(page)
    assert not titles(map_of(run(PAGE, group="veteran", **{"as": "governor"})))


def test_serving_the_map_loads_no_geometry_library():
    files = python_files("components", "queries", "server", "pages")
    assert len(files) > 100
    assert [
        relative(path) for path in files if re.search(r"\bshapely\b|data\.(?:areas|area_shapes)\b", path.read_text())
    ] == []


def luminance(color: tuple[float, ...]) -> float:
    """Return the relative luminance of WCAG 2.2 of a color in sRGB, 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def themed(style: str, name: str, theme: int) -> tuple[float, ...]:
    """Return a color of the style sheet. theme: 0 for light, 1 for dark."""
    code = re.search(rf"--{name}: light-dark\(#(\w{{6}}), #(\w{{6}})\)", style)[theme + 1]
    return tuple(int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_neighboring_shades_differ_enough_in_both_themes(theme):
    style = (ROOT / "components" / "style.css").read_text(encoding="utf-8")
    page, accent = themed(style, "page", theme), themed(style, "accent", theme)
    mixed = re.findall(r"\.map \.shade-\d { fill: light-dark\(.*?(\d+)%.*?(\d+)%", style)
    assert len(mixed) == 5
    levels = [luminance(page)]
    for shares in mixed:
        part = int(shares[theme]) / 100
        levels.append(luminance(tuple(part * a + (1 - part) * p for a, p in zip(accent, page, strict=True))))
    pairs = itertools.pairwise(levels)
    contrasts = [(max(pair) + 0.05) / (min(pair) + 0.05) for pair in pairs]
    assert min(contrasts) >= LEAST_CONTRAST, contrasts
