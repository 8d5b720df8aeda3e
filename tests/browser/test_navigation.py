"""How readers get around: deep links after a restart, filters from page to page, Back, reload, a new delivery, a bad address."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, quote, urlparse

import pytest

from data.publishing import rollback
from data.store import current_id
from tests.browser.conftest import Server
from tests.browser.look import lead, open_at, settle
from tests.conftest import publish

pytestmark = pytest.mark.browser


def address(page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlparse(page.url).query).items()}


def go(page, name: str, *, menu: str = ""):
    """Follow the link to a page, or to the first page of a closed menu."""
    page.get_by_role("link", name=menu or name, exact=True).click()
    page.wait_for_function("name => document.querySelector('h1')?.innerText === name", arg=name)
    return settle(page)


def test_a_deep_link_opens_cold_straight_after_a_restart(server, browser):
    server.restart()
    page = browser.new_page()
    open_at(page, server.url + "/regions?region=Eastern&as_of=2024-06-28")
    assert lead(page).count("Eastern")
    assert "June 28, 2024" in lead(page)
    assert page.locator("[data-testid=stSidebar]").count() == 1
    page.close()


def test_an_address_that_a_page_had_before_still_opens_it(server, page):
    open_at(page, server.url + "/gap?group=woman")
    assert page.locator("h1").inner_text() == "One group"
    assert page.url == server.url + "/one_group?group=woman"


def test_a_search_leads_to_a_town_from_the_keyboard(server, page):
    open_at(page, server.url + "/")
    box = page.get_by_role("combobox", name="Search")
    assert not page.locator("#search-names option").count(), "names come with the focus"
    box.fill("Bridgeport")
    assert "Bridgeport" in page.locator("#search-names option").all_inner_texts()
    box.press("Enter")
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Regions'")
    settle(page)
    assert address(page) == {"region": "Southwest", "town": "Bridgeport"}
    assert page.locator(".lead-more").inner_text().startswith("Bridgeport: ")
    assert box.input_value() == ""
    box.fill("no such name")
    box.press("Enter")
    status = page.get_by_text("Nothing matches “no such name”.")
    status.wait_for()
    assert address(page)["region"] == "Southwest"


def test_menus_and_filters_fit_the_window(server, page):
    for path in ("/", "/sectors", "/equity", "/data_quality"):
        open_at(page, server.url + path)
        sidebar = page.get_by_test_id("stSidebarContent")
        assert sidebar.evaluate("sidebar => sidebar.scrollHeight <= sidebar.clientHeight"), path


def test_the_figure_of_the_announcement(server, page):
    open_at(page, server.url + "/?initiative=CareerConneCT&as_of=2022-10-07")
    assert "1,108 residents" in lead(page) and "CareerConneCT" in lead(page)
    assert "October 7, 2022" in page.locator(".scope-line").inner_text()
    assert page.locator(".figure .value").first.inner_text() == "1,108"


def test_filters_survive_a_change_of_page_back_and_reload(server, page):
    open_at(page, server.url + "/?initiative=CareerConneCT&region=Southwest")
    filters = {"initiative": "CareerConneCT", "region": "Southwest"}
    go(page, "Sectors", menu="Results")
    assert address(page) == filters
    sectors = lead(page)
    go(page, "Regions")
    assert address(page) == filters
    assert "Southwest" in lead(page)
    page.go_back()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'")
    settle(page)
    assert address(page) == filters
    assert lead(page) == sectors
    page.reload()
    settle(page)
    assert address(page) == filters
    assert lead(page) == sectors


def test_choosing_a_filter_writes_the_address(server, page):
    open_at(page, server.url + "/sectors")
    page.get_by_label("Region").select_option(label="Northwest")
    page.wait_for_url("**region=Northwest**")
    settle(page)
    assert "Northwest" in page.locator(".scope-line").inner_text()


def test_a_town_is_clicked_on_the_map_and_again_for_the_list(server, page):
    open_at(page, server.url + "/regions")
    town = page.locator(".map path", has_text="Norwich, Eastern")
    town.click()
    page.wait_for_url("**region=Eastern**")
    page.wait_for_function("() => document.querySelector('.lead')?.innerText.includes('in Eastern')")
    settle(page)
    town.click()
    page.wait_for_function("() => document.activeElement.dataset.name === 'chart-by-town'")


def test_a_bar_is_clicked_and_again_for_the_list(server, page):
    open_at(page, server.url + "/sectors?region=Eastern")
    bar = page.locator('[data-name="chart-completion-by-sector"] .point path').first

    def click():
        page.locator('[data-name="chart-completion-by-sector"] .plot').scroll_into_view_if_needed()
        settle(page)
        box = bar.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    click()
    page.wait_for_url("**sector=**")
    click()
    page.wait_for_url("**/providers?**")
    settle(page)
    assert set(address(page)) == {"region", "sector"}
    assert page.locator("h1").inner_text() == "Providers"


def test_a_region_is_picked_without_a_mouse(server, page):
    open_at(page, server.url + "/regions")
    border = page.locator(".map a", has_text="Norwich, Eastern").locator(".border")
    thin = border.evaluate("path => getComputedStyle(path).strokeWidth")
    page.get_by_role("radio", name="All regions").focus()
    for _ in range(5):  # to the regions, from north to south
        page.keyboard.press("Tab")
        if "Eastern" in page.evaluate("document.activeElement.getAttribute('aria-label')"):
            break
    assert border.evaluate("path => getComputedStyle(path).strokeWidth") != thin
    page.keyboard.press("Enter")
    page.wait_for_url("**region=Eastern**")
    page.wait_for_function(
        "() => document.querySelector('.map a[aria-current]')?.getAttribute('aria-label').startsWith('Eastern')"
    )
    page.get_by_role("radio", name="Northwest").focus()
    page.keyboard.press("Space")
    page.wait_for_url("**region=Northwest**")
    page.wait_for_function("() => document.querySelector('.lead')?.innerText.includes('in Northwest')")


def test_a_hostile_address_gets_a_notice_and_no_trace(server, page):
    hurt = quote("<script>document.title='hurt'</script>")
    open_at(page, f"{server.url}/equity?region={hurt}&sector={'x' * 5000}&group=%27%20or%201%3D1&as_of=never")
    assert "Part of the address was left out" in page.locator(".banner").all_inner_texts()[-1]
    assert not page.locator("[data-testid=stException]").count()
    assert page.title().startswith("Equity")


def test_a_new_delivery_is_on_screen_at_the_next_interaction(demo_deliveries, demo_store, page, tmp_path):
    store = Path(shutil.copytree(demo_store, tmp_path / "store"))
    while current_id(store) != demo_deliveries[0].name:
        rollback(store)
    serving = Server(store, tmp_path / "log.txt")
    try:
        open_at(page, serving.url + "/")
        assert "October 7, 2022" in page.locator(".scope-line").inner_text()
        publish(demo_deliveries[1], store)
        go(page, "Sectors", menu="Results")
        assert "June 28, 2024" in lead(page)
        refuse(demo_deliveries[2], tmp_path / "2026-11-13", store)
        go(page, "Overview")
        assert "June 28, 2024" in page.locator(".scope-line").inner_text()
        assert "The November 13, 2026 delivery was not accepted" in " ".join(page.locator(".banner").all_inner_texts())
        go(page, "Data quality", menu="Data")
        tables = page.locator('section.table:is([data-name="table-problems"], [data-name="table-refused"])')
        assert "funding" in " ".join(tables.all_inner_texts()).lower()
    finally:
        serving.stop()


def refuse(delivery: Path, broken: Path, store: Path) -> None:
    """Try to publish a delivery without its funding."""
    shutil.copytree(delivery, broken)
    for path in broken.glob("funding*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(AssertionError):
        publish(broken, store)
