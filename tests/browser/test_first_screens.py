"""The first screen of each reader holds the answer, the figures and the main chart or table without scrolling."""

from __future__ import annotations

import pytest

from tests.browser.look import PAGE_FAULTS, open_at
from tests.browser.shared_page import WINDOW

PHONE = {"width": 390, "height": 844}
FIRST_SCREENS = {
    "governor": ("/?as=governor", '[data-name="chart-year-over-year"] .plot'),
    "officer": ("/equity?as=officer", ".table-scroll:has(.heat) + .quiet"),  # the table, and how to read it
    "director": ("/my_region?as=director:Northwest", '[data-name="table-region-compared"] table'),
    "analyst": ("/data_quality?as=analyst", ".table-scroll table"),
}


@pytest.mark.parametrize("reader", FIRST_SCREENS)
def test_the_answer_and_its_chart_fit_the_window(server, page, reader):
    address, chart = FIRST_SCREENS[reader]
    open_at(page, server.url + address)
    bottom = page.locator(chart).first.evaluate("element => element.getBoundingClientRect().bottom")
    assert 0 < bottom <= WINDOW["height"]


def test_the_answer_and_the_first_figures_fit_a_phone(server, page):
    page.set_viewport_size(PHONE)
    open_at(page, server.url + "/?as=governor")
    bottoms = page.locator(".lead, .figures .value").evaluate_all(
        "elements => elements.slice(0, 3).map(element => element.getBoundingClientRect().bottom)"
    )
    assert len(bottoms) == 3
    assert max(bottoms) <= PHONE["height"]
    assert page.locator(".scope-line").inner_text().startswith("As of November 13, 2026 · all time")
    page.set_viewport_size({"width": 720, "height": 844})  # under a bar too, without the narrow margins of a phone
    page.wait_for_function("() => !!document.querySelector('[data-testid=stExpandSidebarButton]')")
    assert page.evaluate(PAGE_FAULTS) == []


def test_long_tables_scroll_on_a_phone(server, page):
    """Equity was 15,000 pixels long on a phone: two tables whose rows stand as blocks took a third of it."""
    page.set_viewport_size(PHONE)
    open_at(page, server.url + "/equity?as=officer")
    heights = page.locator(".many-blocks").evaluate_all("elements => elements.map(element => element.clientHeight)")
    assert len(heights) == 2 and max(heights) <= 34 * 16
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight") < 12_000
    page.set_viewport_size(WINDOW)
    heights = page.locator(".many-blocks").evaluate_all(
        "elements => elements.map(e => e.scrollHeight - e.clientHeight)"
    )
    assert max(heights) <= 1, "in a window a table has room"
