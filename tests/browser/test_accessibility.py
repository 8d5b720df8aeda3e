"""What readers need who use a keyboard, a screen reader, their own colors or a magnifier: each in a real browser."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.browser.look import PAGE_FAULTS, draw_all, open_at, settle

pytestmark = pytest.mark.browser
PATHS = ("/", "/equity", "/regions")
STATUS = "document.querySelector('.page-status').textContent"

# The controls that the Tab key reaches: of a radio group one, and of what is closed nothing.
CONTROLS = """() => {
  const seen = new Set();
  return [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')].filter(e => {
    if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    return !seen.has(e.name) && seen.add(e.name);
  }).map((e, i) => (e.dataset.stop = e.type === 'radio' ? e.name : i, e.dataset.stop));
}"""
# Where the keyboard is, whether a ring shows it there, and whether that is in the window.
STOP = """() => {
  const here = document.activeElement;
  const shown = here.type === 'radio' ? here.nextElementSibling : here;
  const style = getComputedStyle(shown);
  const {top, bottom, left, right} = shown.getBoundingClientRect();
  return {
    stop: here.type === 'radio' ? here.name : here.dataset.stop ?? here.dataset.testid ?? here.nodeName,
    name: (here.ariaLabel ?? here.textContent).slice(0, 60),
    hasRing: here.closest(".map") ? parseFloat(getComputedStyle(here.querySelector(".border")).strokeWidth) > 8 : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    isInWindow: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
}"""
NAMES = """() => [...document.querySelectorAll('[data-testid=stMain] :is(summary, button, a, [role=group], [role=img], caption)')]
  .map(e => (e.getAttribute('aria-label') ?? e.textContent).trim())"""
# The contrast of each control's border with what is behind it.
BORDERS = """() => {
  const channels = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = color => channels(color).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    const color = getComputedStyle(e).backgroundColor;
    return /, 0\\)$/.test(color) && e.parentElement ? behind(e.parentElement) : color;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [...document.querySelectorAll('.field :is(select, input), .choice span, .button, .see > summary, .share > summary')]
    .filter(e => e.checkVisibility())
    .map(e => ratio(light(getComputedStyle(e).borderTopColor), light(behind(e.parentElement))));
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    yield context.new_page()
    context.close()


def follow(page, name):
    """Follow a link of the navigation with the keyboard."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).press("Enter")
    page.wait_for_function("name => document.querySelector('h1')?.textContent === name", arg=name)
    return settle(page)


@pytest.mark.parametrize("path", PATHS)
def test_the_keyboard_reaches_every_control_and_operates_what_opens(server, page, path):
    open_at(page, server.url + path)
    controls = set(page.evaluate(CONTROLS))
    assert len(controls) > 15
    stops = []
    page.keyboard.press("Tab")
    while (stop := page.evaluate(STOP))["stop"] != "BODY":
        stops.append(stop)
        assert len(stops) < 500, "the keyboard is trapped"
        page.keyboard.press("Tab")
    assert controls - {stop["stop"] for stop in stops} == set()
    assert [stop for stop in stops if not stop["hasRing"]] == []
    assert [stop for stop in stops if not stop["isInWindow"]] == []
    for summary, key in (
        (page.locator(".share > summary"), "Enter"),
        (page.locator(".how > summary").first, "Space"),
        (page.locator(".see > summary").first, "Enter"),
    ):
        summary.press(key)
        page.wait_for_function(
            "e => e.parentElement.open && e.parentElement.children.length > 1", arg=summary.element_handle()
        )
        settle(page)
        page.keyboard.press("Escape")
        assert summary.evaluate("e => [e.parentElement.open, e === document.activeElement]") == [False, True]
    settle(page)


def test_the_sidebar_can_be_skipped(server, page):
    open_at(page, server.url + "/")
    page.get_by_role("link", name="Skip to content").press("Enter")
    assert page.evaluate("() => document.activeElement.nodeName") == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Share"


def test_a_change_is_announced_when_the_page_is_complete(server, page):
    open_at(page, server.url + "/sectors")
    assert page.evaluate(f"() => {STATUS}") == ""
    expect(page.get_by_test_id("stMain")).to_have_attribute("aria-busy", "false")
    page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid=stMain]');
          new MutationObserver(() => { window.wasBusy ||= main.ariaBusy === 'true'; }).observe(main, {attributeFilter: ['aria-busy']});
        }"""
    )
    region = page.get_by_label("Region", exact=True)
    region.focus()
    region.select_option(label="Eastern")
    page.wait_for_function(f"() => {STATUS} === 'Sectors updated, 1 filter: Eastern.'")
    assert page.evaluate("() => window.wasBusy")
    expect(page.get_by_test_id("stMain")).to_have_attribute("aria-busy", "false")
    assert page.evaluate("() => document.activeElement.labels?.[0].textContent") == "Region", "the focus stays"
    page.get_by_role("button", name="Clear filters").press("Enter")
    page.wait_for_function(f"() => {STATUS} === 'Sectors updated, no filters.'")
    assert page.get_by_role("status").count() == 1


def test_what_a_reader_opens_is_not_announced_as_a_change(server, page):
    open_at(page, server.url + "/sectors?region=Eastern")
    page.locator(".see > summary").first.press("Enter")
    page.locator(".see table").wait_for()
    settle(page)
    assert page.evaluate(f"() => {STATUS}") == ""


def test_the_focus_goes_to_the_heading_after_navigation(server, page):
    open_at(page, server.url + "/")
    follow(page, "Regions")
    focused = (
        "() => [document.activeElement.nodeName, document.activeElement.textContent, document.activeElement.tabIndex]"
    )
    assert page.evaluate(focused) == ["H1", "Regions", -1]
    page.go_back()
    page.wait_for_function("() => document.activeElement.textContent === 'Overview'")
    assert page.evaluate(f"() => {STATUS}") == ""


@pytest.mark.parametrize("path", PATHS)
def test_names_are_words_and_a_chart_says_its_values(server, page, path):
    draw_all(open_at(page, server.url + path))
    names = page.evaluate(NAMES)
    assert all(names)
    assert [name for name in names if re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name)] == [], "an id is no name"
    opening = Counter(name for name in names if name.startswith(("About this number", "Show data", "Download")))
    assert opening
    assert [name for name, count in opening.items() if count > 1] == [], "what opens has a name of its own"
    charts = page.evaluate(
        """() => [...document.querySelectorAll('section.chart .plot[role=img]')].map(
          e => [e.ariaLabel, e.closest('.chart').querySelector('.section-words')?.textContent])"""
    )
    assert charts
    assert all(re.search(r"\d", words) for words, _ in charts)
    assert [words for words, paragraph in charts if words == paragraph] == [], "not the paragraph next to it"


def test_borders_of_controls_stand_out_in_light_and_dark_mode(server, page):
    open_at(page, server.url + "/equity")
    paper = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    light, before = page.evaluate(BORDERS), page.evaluate(f"() => {paper}")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {paper} !== before", arg=before)
    settle(page)
    dark = page.evaluate(BORDERS)
    assert len(light) == len(dark) > 10
    assert min(light) >= 3 and min(dark) >= 3


@pytest.mark.parametrize("path", PATHS)
def test_at_four_times_the_size_nothing_scrolls_two_ways(server, page, path):
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400%
    open_at(page, server.url + path)
    assert page.evaluate(PAGE_FAULTS) == []
    page.locator(".share > summary").press("Enter")
    box = page.locator(".share .menu").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 320


def test_with_the_readers_own_colors_the_choice_and_the_page_stand_out(server, page):
    page.emulate_media(forced_colors="active")
    open_at(page, server.url + "/equity")
    outlined = "e => getComputedStyle(e).outlineStyle"
    assert page.locator(".choice input:checked + span").first.evaluate(outlined) == "solid"
    assert page.locator(".pages [aria-current]").evaluate(outlined) == "solid"
    assert page.locator(".choice input:not(:checked) + span").first.evaluate(outlined) == "none"
