"""What readers need who use a keyboard, a screen reader, their own colors or a magnifier: each in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import screen_reader
from tests.browser.look import PAGE_FAULTS, open_at, settle

pytestmark = pytest.mark.browser
PATHS = ("/", "/equity", "/regions")
STATUS = "document.querySelector('.page-status').textContent"

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


def follow(page, name):
    """Follow a link of the navigation with the keyboard."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).press("Enter")
    page.wait_for_function("name => document.querySelector('h1')?.textContent === name", arg=name)
    return settle(page)


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
    assert page.locator(".page-status").evaluate_all("all => all.map(e => e.ariaLive)") == ["polite"]


def test_a_choice_that_is_left_out_is_announced_with_the_reason(server, page):
    open_at(page, server.url + "/?as=governor&region=Eastern&group=woman")
    page.get_by_label("Sector", exact=True).select_option(label="Healthcare")
    page.wait_for_function(f"() => {STATUS}.includes('left out')")
    assert page.evaluate(f"() => {STATUS}") == (
        "Overview updated, 2 filters: Eastern, Women. Part of what you chose was left out. "
        "Sector “Healthcare” is more than your role can combine. The page below shows the rest. Choose again in the filters."
    )


def test_the_focus_stays_by_the_filters_when_a_filter_is_removed(server, page):
    open_at(page, server.url + "/sectors?region=Eastern&group=woman")
    page.get_by_role("button", name="Remove filter: Eastern").press("Enter")
    page.wait_for_function(f"() => {STATUS} === 'Sectors updated, 1 filter: Women.'")
    assert page.evaluate("() => document.activeElement.ariaLabel") == "Remove filter: Women"
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {STATUS} === 'Sectors updated, no filters.'")
    assert page.evaluate("() => document.activeElement.nodeName") == "H1"


def test_the_figures_are_a_list(server, page):
    open_at(page, server.url + "/?as=governor")
    figures = page.get_by_role("list").filter(has_text="Residents enrolled").first.get_by_role("listitem")
    assert [text.split("\n")[0] for text in figures.all_inner_texts()] == [
        "Residents enrolled",
        "Completions",
        "Residents who finished and got a job",
        "Dollars spent",
    ]


def test_a_message_of_the_search_can_be_read_and_is_announced(server, page):
    open_at(page, server.url + "/")
    page.get_by_label("Search", exact=True).fill("zzqx")
    page.keyboard.press("Enter")
    message = page.get_by_text("Nothing matches “zzqx”.")
    message.wait_for()
    assert message.evaluate("e => [e.ariaLive, e.role]") == ["polite", None]


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<header></header>", "a landmark with nothing in it"),
        ('<p role="status">Copied</p>', "status bar"),
        ('<h2>From A <span role="img" aria-label="followed by">→</span> B</h2>', "read in pieces"),
        ('<button>Show data<span style="position: absolute">. Sectors</span></button>', "a mark by itself"),
        (
            '<div role="group" aria-label="Towns, scrolls"><table><caption>Towns</caption><tr><th scope="col">Town</th></tr>'
            '<tr><th scope="row">Union</th></tr></table></div>',
            "read twice, before its table",
        ),
    ],
)
def test_what_was_heard_with_a_screen_reader_counts_as_a_fault(page, part, fault):
    page.set_content(f"<main><h1>Page</h1></main>{part}")
    assert any(fault in each for each in screen_reader.faults(page))


def test_the_keyboard_reads_a_chart_mark_by_mark_and_filters_by_a_mark(server, page):
    open_at(page, server.url + "/sectors")
    chart = page.locator('[data-plot="completion-by-sector"]')
    chart.focus()
    settle(page)
    labels = chart.locator(".hoverlayer text")
    for key, name in (("ArrowRight", "Healthcare"), ("ArrowDown", "Life sciences"), ("ArrowUp", "Healthcare")):
        chart.press(key)
        labels.filter(has_text=name).wait_for()
        announced = page.evaluate(f"() => {STATUS}")
        assert re.match(rf"{name}: \d+% \(.*95% interval", announced)
    chart.press("Escape")
    labels.first.wait_for(state="detached")
    chart.press("Enter")
    chart.press("ArrowRight")
    chart.press("Enter")
    page.wait_for_url("**sector=Healthcare**")
    settle(page)


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
