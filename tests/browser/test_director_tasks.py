"""What a board director comes for, done as a reader would, each answer against pandas: at most three clicks from the first screen."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
import pytest

from components.text import format
from tests.browser.look import open_at, settle
from tests.conftest import ROOT
from tests.queries import independent
from tests.queries.test_measures import accepted_facts

pytestmark = pytest.mark.browser
TODAY = date(2026, 11, 13)
SCREEN = 900  # pixels of the window's height
TOP = "element => element.getBoundingClientRect().top + document.querySelector('[data-testid=stMain]').scrollTop"


@pytest.fixture(scope="module")
def frame(demo_store, demo_deliveries) -> pd.DataFrame:
    return accepted_facts(demo_store, demo_deliveries[-1])


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport={"width": 1440, "height": SCREEN}, accept_downloads=True)
    opened = context.new_page()
    open_at(opened, f"{server.url}/my_region?as=director:Northwest&region=Northwest")
    settle(opened)
    yield opened
    context.close()


def of_region(frame: pd.DataFrame, region: str | None, day: date = TODAY) -> pd.DataFrame:
    view = independent.as_of_view(frame, day)
    return view if region is None else view[view["region"] == region]


def completion_rate(frame: pd.DataFrame, region: str | None, day: date = TODAY) -> str:
    exits = of_region(frame, region, day).query("outcome in ['completed', 'withdrew']")
    return format.share((exits["outcome"] == "completed").mean())


def cells(page, table: str, first: str) -> list[str]:
    row = page.locator(
        f'section[data-name="table-{table}"] tbody tr', has=page.get_by_role("rowheader", name=first, exact=True)
    )
    return row.locator("td").all_inner_texts()


def is_on_first_screen(locator) -> bool:
    box = locator.bounding_box()
    return box["y"] + box["height"] <= SCREEN


def test_the_region_is_on_the_first_screen(page, frame):
    lead = page.locator(".lead").inner_text()
    assert f"{completion_rate(frame, 'Northwest')} of exits were completions" in lead
    assert f"(state {completion_rate(frame, None)}," in lead
    assert is_on_first_screen(page.locator('section[data-name="table-region-compared"] table'))


def test_the_provider_that_places_fewest_is_two_clicks_away_with_whether_it_is_real(page, frame):
    exits = of_region(frame, "Northwest").query("outcome in ['completed', 'withdrew']")
    mature = exits[exits["exited_on"] <= pd.Timestamp(TODAY) - pd.Timedelta(days=180)]
    rates = mature.groupby("provider")["employed_on"].apply(lambda days: days.notna().mean())
    heading = page.locator('section[data-name="table-region-providers"]').get_by_role(
        "button", name="Job rate", exact=True
    )
    heading.click()
    heading.click()
    table = page.locator('section[data-name="table-region-providers"] tbody tr').first
    assert table.locator("th").inner_text() == rates.idxmin()
    texts = table.locator("td").all_inner_texts()
    assert texts[4].strip() == format.share(rates.min())
    assert texts[6] in ("As expected", "Lower", "Higher", "Too few to say", "No others to compare with")


def test_the_towns_with_the_lowest_enrollment_are_a_scroll_away(page, frame):
    towns = pd.read_csv(ROOT / "data/reference/towns.csv").query("region == 'Northwest'").set_index("town")
    enrolled = of_region(frame, "Northwest").query("enrolled_on.notna()").groupby("town")["participant_id"].nunique()
    rates = (enrolled.reindex(towns.index).fillna(0) / towns["population"] * 10_000).sort_values()
    section = page.locator('section[data-name="table-region-towns"]')
    assert section.evaluate(TOP) <= 2 * SCREEN
    assert section.locator("tbody th").first.inner_text() == rates.index[0]
    assert cells(page, "region-towns", rates.index[0])[0].strip() == format.people(rates.iloc[0])


def test_another_region_is_a_click_from_here_next_to_last_year(page, frame):
    page.get_by_label("Compare", exact=True).select_option("Eastern")
    page.get_by_role("columnheader", name="Eastern").wait_for()
    here, state, other, rank, earlier, _ = cells(page, "region-compared", "Completion rate")
    year_before = TODAY.replace(year=TODAY.year - 1)
    assert here == completion_rate(frame, "Northwest") and state == completion_rate(frame, None)
    assert other == completion_rate(frame, "Eastern")
    assert earlier == completion_rate(frame, "Northwest", year_before)
    assert rank


def test_a_spreadsheet_of_the_comparison_is_a_click_from_here(page, frame):
    with page.expect_download() as download:
        page.locator('section[data-name="table-region-compared"]').get_by_text("Download as CSV").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")))
    by_measure = {row["Measure"]: row for row in rows}
    people = of_region(frame, "Northwest").query("enrolled_on.notna()")["participant_id"].nunique()
    assert float(by_measure["Residents enrolled"]["Northwest"]) == people
    assert by_measure["Residents enrolled"]["region"] == "Northwest"
