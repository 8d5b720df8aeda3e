"""Open every page in a browser at three widths, light and dark: no error, and nothing cut, overlapping or hard to read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from components.page_list import PAGES
from tests.browser.look import CHART_FAULTS, PAGE_FAULTS, draw_all, open_at, settle

pytestmark = pytest.mark.browser
WIDTHS = (1440, 1024, 390)
PAPER = "rgb(255, 255, 255)"
OF_DARK = ("color-contrast", "target-size")  # the rules that another width can break in dark mode only


def accessibility_violations(page, *rules: str) -> list[tuple[str, list[str]]]:
    """Return the accessibility violations on a page, of any impact: the rule, and the first elements that break it.

    rules: those to check; all of them by default.
    """
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    violations = Axe().run(page, options=options).response["violations"]
    return [(violation["id"], [node["html"][:160] for node in violation["nodes"][:3]]) for violation in violations]


@pytest.mark.parametrize("entry", PAGES, ids=[entry.id for entry in PAGES])
def test_a_page_can_be_read_at_every_width_light_and_dark(server, browser, entry):
    context = browser.new_context(color_scheme="dark", viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    outside, errors = [], []
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request",
        lambda request: (
            outside.append(request.url) if not request.url.startswith((server.url, "ws", "data:", "blob:")) else None
        ),
    )
    open_at(page, server.url + entry.path)  # axe does not look into the drawing of a chart
    assert accessibility_violations(page) == [], "dark"
    page.set_viewport_size({"width": WIDTHS[1], "height": 900})
    assert accessibility_violations(page, *OF_DARK) == [], f"dark, {WIDTHS[1]}"
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"() => getComputedStyle(document.querySelector('.stApp')).backgroundColor === '{PAPER}'")
    for width in WIDTHS:  # layout is the same in both modes; only contrast differs
        page.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[-1]:  # a phone opens the page at this width, with the menu closed
            page.reload()
        draw_all(page)
        assert not page.locator("[data-testid=stException]").count()
        assert page.evaluate(PAGE_FAULTS) == [], width
        assert page.evaluate(CHART_FAULTS) == [], width
        assert accessibility_violations(page) == [], f"light, {width}"
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"() => getComputedStyle(document.querySelector('.stApp')).backgroundColor !== '{PAPER}'")
    settle(page)
    assert accessibility_violations(page, *OF_DARK) == [], f"dark, {WIDTHS[-1]}"
    assert errors == []
    assert outside == [], "the page loads nothing from other hosts"
    assert page.locator("h1").all_inner_texts() == [entry.name] and page.title().startswith(entry.name)
    levels = page.evaluate(
        "() => [...document.querySelectorAll('[data-testid=stMain] :is(h1,h2,h3,h4)')].map(h => +(h.ariaLevel ?? h.tagName[1]))"
    )
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    context.close()
