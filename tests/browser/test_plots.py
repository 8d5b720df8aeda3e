"""Charts in a real browser: Plotly asked for once, a chart kept from click to click, drawn anew only where it changed."""

from __future__ import annotations

import pytest

from components.html_view import component
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


def choose(page, region):
    """Choose a region; what is on screen is whole again."""
    page.get_by_label("Region", exact=True).select_option(label=region)
    page.wait_for_function("region => document.querySelector('.scope-line').innerText.includes(region)", arg=region)
    page.wait_for_function(f"() => [...{CHARTS}].every(place => place.querySelector('.js-plotly-plot'))")
    settle(page)


def drawn(page):
    """Of each chart: the mark of its place, the mark of its drawing, its words."""
    return page.evaluate(
        f"() => [...{CHARTS}].map(p => [p.mark, p.querySelector('.js-plotly-plot').mark, p.getAttribute('aria-label')])"
    )


def test_charts_are_kept_and_only_those_that_changed_are_drawn_again(server, opened):
    page, asked = opened
    open_at(page, server.url + "/?region=Northwest")
    asked.clear()
    page.evaluate(
        f"""() => {CHARTS}.forEach((place, number) => {{
          place.mark = place.querySelector('.js-plotly-plot').mark = number;
        }})"""
    )
    before = drawn(page)
    choose(page, "Eastern")
    after = drawn(page)
    assert [place for place, _, _ in after] == [place for place, _, _ in before], "every place is the one it was"
    changed = [words != was for (_, _, words), (_, _, was) in zip(after, before, strict=True)]
    assert any(changed) and all(mark is None for (_, mark, _), is_new in zip(after, changed, strict=True) if is_new)
    choose(page, "Northwest")
    assert drawn(page) == before, "what was drawn before is put back"
    page.evaluate(
        f"() => {CHARTS}.forEach(p => p.querySelector('.js-plotly-plot').on('plotly_afterplot', () => p.again = 1))"
    )
    page.locator("[data-testid=stApp]").press("r")  # the same page again: nothing changed
    page.wait_for_timeout(500)
    settle(page)
    assert drawn(page) == before and not page.evaluate(f"() => [...{CHARTS}].some(place => place.again)")
    assert not [url for url in asked if "plotly" in url.lower()]


def test_the_script_of_the_charts_is_asked_for_once(opened):
    _, asked = opened
    assert [url.endswith(component.ADDRESS) for url in asked if "plotly" in url.lower()] == [True]


def test_a_chart_says_what_it_shows_and_has_its_place_before_it_is_drawn(server, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route(f"**{component.ADDRESS}", lambda route: None)  # never answered
    page.goto(server.url + "/", wait_until="domcontentloaded")  # a script that never comes holds up the rest
    page.wait_for_selector(".plot[role=img]", timeout=60_000)
    page.wait_for_function(f"() => {CHARTS}.length > 2 && [...{CHARTS}].every(chart => chart.clientHeight > 100)")
    assert all(page.evaluate(f"() => [...{CHARTS}].map(chart => chart.getAttribute('aria-label').length > 20)"))
    page.close()


def test_a_chart_is_as_wide_as_its_place_and_follows_the_theme(opened):
    page, _ = opened
    for width in (1024, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            f"() => [...{CHARTS}].every(chart => chart.clientWidth === chart.querySelector('.main-svg')?.clientWidth)"
        )
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot')?._fullLayout?.hoverlabel.bgcolor.toUpperCase() === '#10161D'"
    )


def test_a_region_is_picked_on_the_map(server, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_at(page, server.url + "/regions")
    chart = page.locator(".map .plot")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    found = page.evaluate(
        """() => { const g = document.querySelector('.map .js-plotly-plot'), f = g._fullLayout;
        const t = g.data.find(t => t.customdata && t.customdata[0] === 'Eastern');
        return [f.xaxis._offset + f.xaxis.d2p(t.x[0]), f.yaxis._offset + f.yaxis.d2p(t.y[0])]; }"""
    )
    page.mouse.move(box["x"] + found[0] - 3, box["y"] + found[1])
    page.mouse.click(box["x"] + found[0], box["y"] + found[1])
    page.wait_for_url("**region=Eastern**")
    page.close()
