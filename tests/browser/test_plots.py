"""Charts in a real browser: Plotly is loaded once, and a click redraws only the charts that changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import WebSocketRoute

from components.html_view import component
from tests.browser.look import TO_TOP, UNDRAWN, draw_all, open_at, settle

pytestmark = pytest.mark.browser
CHARTS = "document.querySelectorAll('.plot')"

# Notes in `window.hasRun` that the page's script has started again: a short run is over before a test could look.
WATCH_RUNS = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const state = 'data-test-script-state';
  window.hasRun = false;
  new MutationObserver(() => { window.hasRun ||= app.getAttribute(state) !== 'notRunning'; })
    .observe(app, {attributes: true, attributeFilter: [state]});
}"""


@pytest.fixture
def opened(server, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page, urls = context.new_page(), []
    page.on("request", lambda request: urls.append(request.url))
    open_at(page, server.url + "/")
    yield page, urls
    context.close()


@pytest.fixture
def overview(server, page):
    return open_at(page, server.url + "/")


def choose(page, region):
    """Choose a region and wait until the page is complete again, then draw every chart."""
    page.get_by_label("Region", exact=True).select_option(label=region)
    page.wait_for_function("region => document.querySelector('.scope-line').innerText.includes(region)", arg=region)
    draw_all(page)


def drawn(page):
    """Return, for each chart, the mark on its place, the mark on its drawing, and its text alternative."""
    return page.evaluate(
        f"() => [...{CHARTS}].map(p => [p.mark, p.querySelector('.js-plotly-plot').mark, p.getAttribute('aria-label')])"
    )


def test_a_click_redraws_only_the_charts_that_changed(server, opened):
    page, urls = opened
    draw_all(open_at(page, server.url + "/?region=Northwest"))
    urls.clear()
    page.evaluate(
        f"""() => {CHARTS}.forEach((place, number) => {{
          place.mark = place.querySelector('.js-plotly-plot').mark = number;
        }})"""
    )
    before = drawn(page)
    choose(page, "Eastern")
    after = drawn(page)
    assert [place for place, _, _ in after] == [place for place, _, _ in before], "every place stays"
    changed = [words != was for (_, _, words), (_, _, was) in zip(after, before, strict=True)]
    assert any(changed) and all(mark is None for (_, mark, _), is_new in zip(after, changed, strict=True) if is_new)
    choose(page, "Northwest")
    assert drawn(page) == before, "earlier drawings are put back"
    page.evaluate(
        f"() => {CHARTS}.forEach(p => p.querySelector('.js-plotly-plot').on('plotly_afterplot', () => p.again = 1))"
    )
    page.evaluate(WATCH_RUNS)
    page.locator("[data-testid=stApp]").press("r")  # the same page again: nothing changed
    page.wait_for_function("() => window.hasRun")
    settle(page)
    assert drawn(page) == before and not page.evaluate(f"() => [...{CHARTS}].some(place => place.again)")
    assert not [url for url in urls if "plotly" in url.lower()]


@pytest.mark.parametrize(("path", "name"), [("/", "year-over-year"), ("/money", "burn-down")])
def test_a_chart_of_the_first_window_is_drawn_before_its_page_is_computed(server, page, path, name):
    held: list[bytes | str] = []  # messages since the page itself came, if `is_slow`
    is_slow = False
    readers: list[WebSocketRoute] = []  # the page's end of each channel

    def connect(reader: WebSocketRoute) -> None:
        def deliver(message: bytes | str) -> None:
            is_page = isinstance(message, bytes) and f'data-plot=\\"{name}'.encode() in message
            held.append(message) if held or (is_slow and is_page) else reader.send(message)

        readers.append(reader)
        reader.connect_to_server().on_message(deliver)

    page.route_web_socket("**/_stcore/stream", connect)
    page.set_viewport_size({"width": 1440, "height": 900})
    open_at(page, f"{server.url}{path}?as_of=2025-02-11")  # a date of this test alone: nothing is in the server's cache
    page.evaluate("""() => {
      window.drawings = [];
      const draw = Plotly.newPlot;
      Plotly.newPlot = (canvas, ...rest) => drawings.push(canvas) && draw(canvas, ...rest);
    }""")
    is_slow = True
    page.get_by_label("Region", exact=True).select_option("Eastern")
    page.wait_for_function("() => drawings.length")
    assert "Eastern" not in page.locator(".scope-line").inner_text()
    for message in held:
        readers[-1].send(message)
    held.clear()
    is_slow = False
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")
    settle(page)
    in_place = (
        "name => drawings.filter((canvas) => canvas.closest('.plot')?.dataset.plot === name).indexOf(drawings[0])"
    )
    assert page.evaluate(in_place, name) == 0 and page.locator(f"[data-plot={name}] > .js-plotly-plot").count() == 1


def test_a_chart_is_drawn_when_it_comes_near_the_window(overview):
    page = overview
    places = page.locator(".plot")
    last = places.nth(places.count() - 1)
    assert last.bounding_box()["y"] > 2 * page.viewport_size["height"]
    assert not last.locator("svg").count()
    top = last.evaluate("place => place.getBoundingClientRect().top")
    last.scroll_into_view_if_needed()
    last.locator(".main-svg").first.wait_for()
    page.evaluate(TO_TOP)
    assert last.evaluate("place => place.getBoundingClientRect().top") == top, "its place was reserved"
    page.get_by_label("Region", exact=True).select_option(label="Eastern")
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")
    last.locator("svg").first.wait_for(state="detached")  # it shows another region


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda page: page.emulate_media(media="print"), id="print preview"),
        pytest.param(lambda page: page.keyboard.press("Control+f"), id="search"),
    ],
)
def test_every_chart_is_drawn_before_the_page_is_previewed_or_searched(overview, prepare):
    page = overview
    assert page.evaluate(f"() => {UNDRAWN}.length") > 0
    prepare(page)
    page.wait_for_function(f"() => [...{CHARTS}].every(place => place.querySelector('.main-svg'))")
    page.emulate_media(media="screen")
    settle(page)  # the charts in the window have the window's width again


def test_every_chart_is_drawn_on_paper(overview):
    page = overview
    page.evaluate(
        f"""() => addEventListener('afterprint', () => {{
          window.onPaper = [...{CHARTS}].map(place => place.querySelector('.main-svg') !== null);
        }})"""
    )
    page.pdf()
    assert page.evaluate("() => window.onPaper") == [True] * page.locator(".plot").count()
    settle(page)  # the charts in the window have the window's width again


def test_a_value_stands_at_the_end_of_its_bar(overview):
    page = overview
    draw_all(page)
    bars, values, annotations = page.evaluate(
        """() => {
          const place = document.querySelector('[data-plot=paths]');
          const boxes = (selector) => [...place.querySelectorAll(selector)].map((mark) => {
            const {left, right, top, bottom} = mark.getBoundingClientRect();
            return {left, right, middle: (top + bottom) / 2, text: mark.textContent};
          });
          return [boxes('.bars .point path'), boxes('.textpoint text'), boxes('.annotation')];
        }"""
    )
    assert len(bars) == len(values) > 1 and not annotations
    for bar, value in zip(bars, values, strict=True):
        assert 0 < value["left"] - bar["right"] < 12 and abs(value["middle"] - bar["middle"]) < 4, value["text"]


def test_a_page_tells_the_browser_all_scripts_that_it_needs(server, browser):
    server.restart()  # no page has been drawn yet
    context = browser.new_context()
    page = open_at(context.new_page(), server.url + "/")
    late = page.evaluate(
        """() => performance.getEntriesByType('resource')
          .filter(entry => entry.initiatorType === 'script' && entry.name.endsWith('.js'))
          .map(entry => entry.name.split('/').at(-1))"""
    )
    streamlit, connection, *more = sorted(late, key=lambda name: not name.startswith(("connection", "index")))
    assert {streamlit[:6], connection[:6]} == {"connec", "index."}
    assert all(name.startswith("plotly") for name in more)
    context.close()


def test_plotly_is_loaded_once(opened):
    _, urls = opened
    assert [url.endswith(component.ADDRESS) for url in urls if "plotly" in url.lower()] == [True]


def test_a_chart_has_its_place_and_text_alternative_before_it_is_drawn(server, page):
    page.route(f"**{component.ADDRESS}", lambda route: None)  # never answers
    page.goto(server.url + "/", wait_until="domcontentloaded")  # the load event waits for the script
    page.wait_for_selector(".plot[role=img]", timeout=60_000)
    page.wait_for_function(f"() => {CHARTS}.length > 2 && [...{CHARTS}].every(chart => chart.clientHeight > 100)")
    assert all(page.evaluate(f"() => [...{CHARTS}].map(chart => chart.getAttribute('aria-label').length > 20)"))


def test_a_chart_is_as_wide_as_its_place_and_follows_the_theme(overview):
    page = overview
    for width in (1024, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        draw_all(page)
        assert page.evaluate(
            f"() => [...{CHARTS}].every(chart => chart.clientWidth === chart.querySelector('.main-svg').clientWidth)"
        )
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => document.querySelector('.js-plotly-plot')?._fullLayout?.hoverlabel.bgcolor.toUpperCase() === '#10161D'"
    )
