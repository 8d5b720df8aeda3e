"""Open every page in a browser at three widths, light and dark: no error, and nothing cut, overlapping or hard to read."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from components.page_list import PAGES
from tests.browser import keyboard, screen_reader
from tests.browser.look import CHART_FAULTS, MENU_FAULTS, PAGE_FAULTS, draw_all, open_at, settle
from tests.browser.shared_page import listening

pytestmark = pytest.mark.browser
WIDTHS = (1440, 1024, 390)
CHOSEN = {"my_region": "?as=director:Northwest"}  # without which a page has little to show
PAPER = "rgb(255, 255, 255)"
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
AXE = """async rules => (await axe.run({resultTypes: ['violations'], ...(rules && {runOnly: rules})})).violations
  .map(({id, nodes}) => [id, nodes.slice(0, 3).map(node => node.html.slice(0, 160))])"""
# The rules that compare colors: what else axe looks at is the same in light and dark mode.
COLOR_RULES = ["color-contrast", "link-in-text-block"]
NAMES = """() => [...document.querySelectorAll('[data-testid=stMain] :is(summary, button, a, [role=group], [role=img], caption)')]
  .map(e => (e.getAttribute('aria-label') ?? e.textContent).trim())"""
CHARTS = """() => [...document.querySelectorAll('section.chart .plot[role=img]')].map(
  e => [e.ariaLabel, e.closest('.chart').querySelector('.section-words')?.textContent])"""


def accessibility_violations(page, *, rules: list[str] | None = None) -> list[list]:
    """Return the violations of axe's rules on a page, of any impact: the rule, and the first elements that break it.

    Args:
        page: The page.
        rules: The rules; all if not given.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(AXE, rules)


def turn(page, scheme: str) -> None:
    """Switch a page between light and dark mode."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"isLight => ({BACKGROUND} === '{PAPER}') === isLight", arg=scheme == "light")


def check_layout(page, width: int) -> None:
    """Draw all charts at this width and look for what is cut off or overlaps."""
    page.set_viewport_size({"width": width, "height": 900})
    draw_all(page)
    assert not page.locator("[data-testid=stException]").count()
    assert page.evaluate(PAGE_FAULTS) == [], width
    assert page.evaluate(CHART_FAULTS) == [], width
    assert page.evaluate(MENU_FAULTS) == [], width


def name_faults(page) -> list[str]:
    """Return the names that are no words or that two elements share, and the charts that do not say their values."""
    names = page.evaluate(NAMES)
    faults = ["an element without a name"] * names.count("")
    faults += [f"an id is no name: {name}" for name in names if re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", name)]
    opening = Counter(name for name in names if name.startswith(("About this number", "Show data", "Download")))
    faults += [f"shared: {name}" for name, count in opening.items() if count > 1]
    charts = page.evaluate(CHARTS)
    faults += [f"no value: {words}" for words, _ in charts if not re.search(r"\d", words)]
    return faults + [f"not more than the paragraph: {words}" for words, paragraph in charts if words == paragraph]


@pytest.fixture
def outside(page, server):
    """The addresses on other hosts that the page requests."""
    addresses = []

    def note(request):
        if not request.url.startswith((server.url, "ws", "data:", "blob:")):
            addresses.append(request.url)

    with listening(page, request=note):
        yield addresses


@pytest.mark.parametrize("entry", PAGES, ids=[entry.id for entry in PAGES])
def test_a_page_can_be_read_and_operated_at_every_width_light_and_dark(server, page, errors, outside, entry):
    page.emulate_media(color_scheme="dark")
    url = server.url + entry.path + CHOSEN.get(entry.id, "")
    open_at(page, url)  # axe does not look into the drawing of a chart
    assert accessibility_violations(page, rules=COLOR_RULES) == [], "dark, 1440"
    page.set_viewport_size({"width": 1024, "height": 900})
    assert accessibility_violations(page, rules=COLOR_RULES) == [], "dark, 1024"
    turn(page, "light")
    for width in (1024, 1440):  # layout is the same in both modes; only contrast differs
        check_layout(page, width)
        assert accessibility_violations(page) == [], f"light, {width}"
    assert name_faults(page) == []
    assert screen_reader.faults(page) == []
    assert keyboard.walk(page) == []
    done = keyboard.operate(page)
    assert all(done.values()), done
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(url)  # a phone opens the page at this width, with the menu closed
    check_layout(page, 390)
    assert screen_reader.faults(page) == [], "390"
    assert accessibility_violations(page) == [], "light, 390"
    turn(page, "dark")
    settle(page)
    assert accessibility_violations(page, rules=COLOR_RULES) == [], "dark, 390"
    assert errors == []
    assert outside == [], "the page loads nothing from other hosts"
    assert page.locator("h1").all_inner_texts() == [entry.name] and page.title().startswith(entry.name)
    levels = page.evaluate(
        "() => [...document.querySelectorAll('[data-testid=stMain] :is(h1,h2,h3,h4)')].map(h => +(h.ariaLevel ?? h.tagName[1]))"
    )
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
