"""What a reader does on a page, in a real browser: choose with the keyboard, open a table, save it, copy a sentence."""

from __future__ import annotations

import pytest
from playwright.sync_api import WebSocketRoute

from tests.browser.look import open_at, settle

pytestmark = pytest.mark.browser
IN_SCOPE = "document.querySelector('.scope-line').innerText"


def focused(page):
    """The label of what the keyboard is on."""
    return page.evaluate("() => document.activeElement.labels?.[0].innerText")


def test_the_keyboard_stays_on_a_filter_after_choosing(server, page):
    open_at(page, server.url + "/sectors")
    page.get_by_label("Region", exact=True).focus()
    page.keyboard.type("East")
    page.wait_for_url("**region=Eastern**")
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")
    settle(page)
    assert focused(page) == "Region"
    page.keyboard.press("Tab")
    assert focused(page) == "Sector"


def test_what_has_the_focus_gets_its_new_text(server, page):
    rows = page.locator('[data-name="region-strip"] tbody tr')
    open_at(page, server.url + "/")
    rows.get_by_role("button", name="Southwest").click()
    page.wait_for_url("**region=Southwest**")
    settle(page)
    page.get_by_label("Sector", exact=True).select_option(
        "Healthcare"
    )  # moves Southwest to another row, and not the focus
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Healthcare')")
    settle(page)
    shown = rows.all_inner_texts()
    open_at(page, page.url)
    assert shown == rows.all_inner_texts()


def test_a_table_opened_under_a_chart_shows_its_rows_and_offers_the_file(server, page):
    open_at(page, server.url + "/sectors")
    chart = page.locator('section.chart[data-name="chart-completion-by-sector"]')
    assert not chart.locator("table").count()
    chart.locator(".see > summary").press("Enter")
    row = chart.locator("tbody tr", has_text="Healthcare")
    row.wait_for()
    assert row.locator(".number").first.inner_text().strip()[0].isdigit()
    with page.expect_download() as download:
        chart.get_by_role("button", name="Download as CSV").click()
    name = download.value.suggested_filename
    assert name == "2026-11-13_sectors_completion-by-sector_chief-workforce-officer_synthetic.csv"
    saved = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert "as_of" in saved[0]
    assert any(line.startswith("Healthcare,") for line in saved)
    settle(page)
    assert chart.locator("table").is_visible(), "the table stays open"
    chart.locator(".see > summary").press("Enter")
    chart.locator("table").wait_for(state="detached")


def test_a_press_of_a_heading_sorts_the_table_and_a_third_returns_to_the_order_of_the_page(server, page):
    open_at(page, server.url + "/regions")
    table = page.locator('section[data-name="table-regions-compared"] table')
    names, heading = table.locator("tbody th"), table.get_by_role("columnheader", name="Dollars spent")
    before = names.all_inner_texts()
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    descending = names.all_inner_texts()
    page.get_by_label("Sector", exact=True).select_option("Healthcare")
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Healthcare')")
    settle(page)
    assert heading.get_attribute("aria-sort") == "descending", "the order stays after a change of filters"
    page.get_by_label("Sector", exact=True).select_option("")
    page.wait_for_function("() => !document.querySelector('.scope-line').innerText.includes('Healthcare')")
    settle(page)
    assert names.all_inner_texts() == descending != before
    heading.get_by_role("button").press("Space")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert sorted(names.all_inner_texts()) == sorted(before) and names.all_inner_texts() != descending
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") is None and names.all_inner_texts() == before


def test_a_sentence_is_copied(server, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_at(page, server.url + "/")
    quote = page.locator(".quotes li").first
    quote.get_by_role("button", name="Copy").click()
    quote.get_by_text("Copied", exact=True).wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == quote.locator("span").inner_text()
    assert quote.locator("span").inner_text().startswith("As of November 13, 2026")


def test_how_a_number_is_made_follows_the_number(server, page):
    open_at(page, server.url + "/")
    card = page.locator(".card").first
    card.locator(".how > summary").click()
    assert "Counts" in card.locator(".made").inner_text()
    page.get_by_label("Region", exact=True).select_option(label="Eastern")
    page.wait_for_function("() => document.querySelector('.card .made')?.innerText.includes('Eastern')")
    card.locator(".how > summary").click()
    page.wait_for_function("() => !document.querySelector('.card .made')")


def test_on_a_phone_the_menu_makes_room_for_the_page_chosen_from_it(server, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_at(page, server.url + "/")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Regions", exact=True).click()
    page.wait_for_function("() => document.querySelector('h1')?.innerText === 'Regions'")
    page.locator("section[data-testid=stSidebar]").wait_for(state="hidden")


def test_a_click_fades_nothing_unless_the_page_takes_long(server, page):
    open_at(page, server.url + "/")
    page.evaluate("""() => {
      window.faded = [];
      new MutationObserver((records) => {
        for (const { target } of records)
          if (target.dataset.stale === "true") faded.push(getComputedStyle(target).opacity, target.getAnimations().length);
      }).observe(document, { subtree: true, attributeFilter: ["data-stale"] });
    }""")
    page.get_by_label("Region", exact=True).select_option("Eastern")
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")
    settle(page)
    assert (faded := page.evaluate("faded")) and faded == ["1", 0] * (len(faded) // 2)

    page.evaluate("""() => {
      document.querySelector("[data-testid=stApp]").dataset.testScriptState = "running";
      document.querySelector(".stMain .stElementContainer").dataset.stale = "true";
    }""")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.stMain .stElementContainer')).opacity < 0.5"
    )
    page.evaluate(
        "() => { document.querySelector('[data-testid=stApp]').dataset.testScriptState = 'notRunning'; }"
    )  # it is over
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.stMain .stElementContainer')).opacity === '1'"
    )


def test_a_change_does_not_wait_until_the_script_is_loaded_again(server, page):
    open_at(page, server.url + "/")
    page.evaluate("""() => document.addEventListener("load", (event) => {
      if (event.isTrusted && event.target.src?.endsWith("/view.js")) event.stopImmediatePropagation();
    }, true)""")
    page.get_by_label("Region", exact=True).select_option("Eastern")
    page.wait_for_function("() => document.querySelector('.scope-line').innerText.includes('Eastern')")


@pytest.mark.parametrize("query", ["", "?region=Eastern&as_of=2025-03-05"])
@pytest.mark.parametrize(
    "path", ["/", "/equity", "/regions", "/sectors", "/money", "/my_region", "/one_group", "/support_services"]
)
def test_what_is_drawn_first_fills_the_first_window(server, page, path, query):
    page.set_viewport_size({"width": 1440, "height": 900})
    open_at(page, server.url + path + (query or "?region=Eastern"))
    views = page.locator(".stMain .html-view")
    assert views.count() == 2
    first = views.nth(1).locator("h2, h3, p, table").first
    assert first.evaluate("element => element.getBoundingClientRect().top") >= 900


@pytest.fixture
def held_back(server, page):
    """The overview of Eastern, as a function that holds back or lets through what the server sends; Southwest was shown before."""
    held: list[bytes | str] = []
    is_held = False
    readers: list[WebSocketRoute] = []  # the page's end of each channel

    def connect(reader: WebSocketRoute) -> None:
        readers.append(reader)
        channel = reader.connect_to_server()
        channel.on_message(lambda message: held.append(message) if is_held else reader.send(message))

    def hold(is_wanted: bool) -> None:
        nonlocal is_held
        is_held = is_wanted
        while held and not is_held:
            readers[-1].send(held.pop(0))

    page.route_web_socket("**/_stcore/stream", connect)
    open_at(page, server.url + "/")
    for region in ("Eastern", "Southwest", "Eastern"):
        choose(page, region)
    return hold


def choose(page, region):
    page.get_by_label("Region", exact=True).select_option(region)
    page.wait_for_url(f"**region={region}*")
    page.wait_for_function(f"() => {IN_SCOPE}.includes('{region}')")
    settle(page)


def test_what_a_choice_showed_before_is_shown_before_the_server_answers(held_back, page):
    held_back(True)
    page.get_by_label("Region", exact=True).select_option("Southwest")
    shown = page.locator(".stMain").inner_text()
    assert "Southwest" in page.evaluate(IN_SCOPE) and "region=Eastern" in page.url
    held_back(False)
    page.wait_for_url("**region=Southwest*")
    settle(page)
    assert page.locator(".stMain").inner_text() == shown


@pytest.mark.parametrize("path", ["/", "/equity", "/my_region", "/money", "/data_quality"])
def test_a_choice_shows_what_its_address_shows(server, page, path):
    """All text, also what only screen readers get: a table's name says what the table is about now."""
    open_at(page, f"{server.url}{path}?region=Eastern")
    choose(page, "Southwest")
    assert_shown_anew(page)


def test_another_reader_is_shown_what_their_address_shows(server, page):
    open_at(page, server.url + "/my_region?region=Southwest")
    page.get_by_label("View as").select_option("director:Eastern")  # what the search suggests changes with the reader
    page.wait_for_function(f"() => {IN_SCOPE}.includes('Eastern')")
    settle(page)
    assert_shown_anew(page)


def assert_shown_anew(page):
    shown = page.locator(".stMain").inner_text()
    open_at(page, page.url)
    assert page.locator(".stMain").inner_text() == shown


def open_a_table(page):
    page.locator(".see > summary").first.press("Enter")
    page.locator(".see[open] tbody tr").first.wait_for()
    settle(page)


def go_back_twice(page):
    choose(page, "Northwest")
    for region in ("Eastern", "Southwest"):
        page.go_back()
        page.wait_for_function(f"() => {IN_SCOPE}.includes('{region}')")
        settle(page)
    choose(page, "Eastern")


@pytest.mark.parametrize(("otherwise", "region"), [(open_a_table, "Southwest"), (go_back_twice, "Northwest")])
def test_what_a_choice_may_not_show_any_more_waits_for_the_server(held_back, page, otherwise, region):
    otherwise(page)
    held_back(True)
    page.get_by_label("Region", exact=True).select_option(region)
    assert "Eastern" in page.evaluate(IN_SCOPE)
    held_back(False)
    page.wait_for_function(f"() => {IN_SCOPE}.includes('{region}')")
