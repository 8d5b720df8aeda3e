"""Make a plan in a browser, read it at every width, and open its link in another browser."""

from __future__ import annotations

import pytest

from tests.browser.look import CHART_FAULTS, PAGE_FAULTS, draw_all, lead, open_at, settle
from tests.browser.test_navigation import address
from tests.browser.test_pages import WIDTHS, accessibility_violations

pytestmark = pytest.mark.browser
PLANS = (
    ("group=disability&target=11&due=2027-12-31", "light"),
    ("group=disability&target=60&by=sector", "dark"),
    ("group=veteran&what=placement", "light"),
    ("group=woman&what=completion&initiative=CareerConneCT&as_of=2024-06-28", "dark"),
    ("group=veteran&target=3&due=2020-01-01", "light"),
    ("group=reentry", "light"),
)


@pytest.mark.parametrize(("plan", "mode"), PLANS)
def test_a_plan_can_be_read_at_every_width(server, page, plan, mode):
    page.emulate_media(color_scheme=mode)
    open_at(page, f"{server.url}/gap_plan?{plan}")
    for width in WIDTHS if plan == PLANS[0][0] else WIDTHS[::2]:
        page.set_viewport_size({"width": width, "height": 900})
        draw_all(page)
        assert not page.locator("[data-testid=stException]").count()
        assert page.evaluate(PAGE_FAULTS) == [], width
        assert page.evaluate(CHART_FAULTS) == [], width
    assert accessibility_violations(page) == []


def test_a_plan_opens_from_its_link_in_another_browser(server, page, browser):
    open_at(page, server.url + "/gap_plan")
    page.get_by_role("button", name="Immigrants").click()
    page.wait_for_url("**group=immigrant**")
    page.wait_for_function("() => document.querySelector('.lead')?.innerText.startsWith('To reach 15% by')")
    settle(page)
    goal = page.get_by_role("spinbutton", name="Goal, percent")
    goal.fill("16.5")
    goal.press("Enter")
    page.wait_for_url("**target=16.5**")
    page.wait_for_function("() => document.querySelector('.lead')?.innerText.startsWith('To reach 16.5% by')")
    page.get_by_role("radio", name="Sectors").click()
    page.wait_for_url("**by=sector**")
    settle(page)
    assert address(page) == {"group": "immigrant", "target": "16.5", "by": "sector"}
    quote = page.locator(".quotes li span").inner_text()
    url, sentence = quote[quote.index("http") :], lead(page)
    other = browser.new_page()
    open_at(other, url)
    assert lead(other) == sentence and quote.startswith(sentence)
    assert other.get_by_role("radio", name="Sectors").is_checked()
    other.close()
