"""Charts in a real browser: Plotly asked for once, a chart kept from click to click, drawn anew only where it changed."""

from __future__ import annotations

import pytest

from components import plot
from tests.browser.look import open_at, settle

pytestmark = pytest.mark.browser
CHARTS = "document.querySelectorAll('.plot')"


@pytest.fixture
def opened(server, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    yield open_at(page, server.url + "/"), asked
    context.close()


def test_charts_are_kept_and_only_those_that_changed_are_drawn_again(server, opened):
    page, asked = opened
    open_at(page, server.url + "/?region=Northwest")
    asked.clear()
    page.evaluate(
        f"() => {CHARTS}.forEach((chart, place) => {{ chart.mark = place; chart.on('plotly_afterplot', () => chart.again = 1); }})"
    )
    before = page.evaluate(
        f"() => [...{CHARTS}].map(chart => [chart.mark, chart.getAttribute('aria-label'), chart.innerText])"
    )
    page.locator("[data-testid=stSelectbox]:has-text('Region') input").first.click()
    page.get_by_role("option", name="Eastern", exact=True).click()
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")
    settle(page)
    said = [words for _, words, _ in before]
    page.wait_for_function(
        f"(said) => [...{CHARTS}].some(c => c.again && c.mark >= 0 && c.getAttribute('aria-label') !== said[c.mark])", arg=said
    )
    after = page.evaluate(f"() => [...{CHARTS}].map(chart => [chart.mark, chart.getAttribute('aria-label')])")
    assert [mark for mark, _ in after] == [mark for mark, _, _ in before], "every chart is the one it was"
    assert any(words != before[mark][1] for mark, words in after), "the words follow the figure"
    page.evaluate(f"() => {CHARTS}.forEach(chart => delete chart.again)")
    page.locator("[data-testid=stApp]").press("r")  # the same page again: nothing changed
    settle(page)
    page.wait_for_timeout(500)
    assert not page.evaluate(f"() => [...{CHARTS}].some(chart => chart.again)")
    assert not [url for url in asked if "plotly" in url.lower()]


def test_the_script_of_the_charts_is_asked_for_once(opened):
    _, asked = opened
    assert [url.endswith(plot.ADDRESS) for url in asked if "plotly" in url.lower()] == [True]


def test_a_chart_says_what_it_shows_and_has_its_place_before_it_is_drawn(server, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/library/**", lambda route: None)  # never answered
    page.goto(server.url + "/")
    page.wait_for_selector(".plot[role=img]", timeout=60_000)
    page.wait_for_function(f"() => {CHARTS}.length > 2 && [...{CHARTS}].every(chart => chart.clientHeight > 100)")
    assert all(page.evaluate(f"() => [...{CHARTS}].map(chart => chart.getAttribute('aria-label').length > 20)"))
    page.close()


def test_a_chart_is_as_wide_as_its_place_and_follows_the_theme(opened):
    page, _ = opened
    for width in (1024, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            f"() => [...{CHARTS}].every(chart => chart.clientWidth === chart.querySelector('.main-svg').clientWidth)"
        )
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => {CHARTS}[0].layout.template.layout.hoverlabel.bgcolor.toUpperCase() === '#10161D'")


def test_a_region_is_picked_on_the_map(server, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_at(page, server.url + "/regions")
    chart = page.locator("[class*=st-key-map-] .plot")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    found = page.evaluate(
        """() => { const g = document.querySelector('[class*=st-key-map-] .plot'), f = g._fullLayout;
        const t = g.data.find(t => t.customdata && t.customdata[0] === 'Eastern');
        return [f.xaxis._offset + f.xaxis.d2p(t.x[0]), f.yaxis._offset + f.yaxis.d2p(t.y[0])]; }"""
    )
    page.mouse.move(box["x"] + found[0] - 3, box["y"] + found[1])
    page.mouse.click(box["x"] + found[0], box["y"] + found[1])
    page.wait_for_url("**region=Eastern**")
    page.close()
