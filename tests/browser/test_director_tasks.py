"""What a board director comes for, done as a reader would, each answer against pandas: at most three clicks from the first screen."""

from __future__ import annotations

import csv
import io
from datetime import date

import pandas as pd
import pytest

from components.text import format
from tests.browser import tasks
from tests.browser.tasks import TODAY, completion_rate
from tests.conftest import ROOT
from tests.queries import independent

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(page, server):
    return tasks.reading(page, f"{server.url}/my_region?as=director:Northwest&region=Northwest")


def of_region(frame: pd.DataFrame, day: date = TODAY) -> pd.DataFrame:
    view = independent.as_of_view(frame, day)
    return view[view["region"] == "Northwest"]


def test_the_region_is_on_the_first_screen(reader, frame):
    lead = reader.see_at_once(reader.page.locator(".lead"))
    assert f"{completion_rate(frame, region='Northwest')} of exits came after finishing the training" in lead
    assert f"(state {completion_rate(frame)}," in lead
    reader.see_at_once(reader.page.locator('section[data-name="table-region-compared"] table'))


def test_the_provider_that_places_fewest_is_three_clicks_away_with_whether_it_is_real(reader, frame):
    exits = tasks.exits(frame, region="Northwest")
    mature = exits[exits["exited_on"] <= pd.Timestamp(TODAY) - pd.Timedelta(days=180)]
    rates = mature.groupby("provider")["employed_on"].apply(lambda days: days.notna().mean())
    section = reader.page.locator('section[data-name="table-region-providers"]')
    reader.jump("Completion and jobs by provider", section)
    heading = section.get_by_role("button", name="Job rate", exact=True)
    reader.click(heading)
    reader.click(heading)
    row = section.locator("tbody tr").first
    assert row.locator("th").inner_text() == rates.idxmin()
    texts = row.locator("td").all_inner_texts()
    assert texts[4].strip() == format.share(rates.min())
    assert texts[6] in (
        "As expected",
        "Could be chance among many",
        "Lower",
        "Higher",
        "Too few to say",
        "Too few others in its sectors",
    )


def test_the_towns_with_the_lowest_enrollment_are_a_scroll_away(reader, frame):
    towns = pd.read_csv(ROOT / "data/reference/towns.csv").query("region == 'Northwest'").set_index("town")
    enrolled = of_region(frame).query("enrolled_on.notna()").groupby("town")["participant_id"].nunique()
    rates = (enrolled.reindex(towns.index).fillna(0) / towns["population"] * 10_000).sort_values()
    first = reader.page.locator('section[data-name="table-region-towns"] tbody th').first
    assert reader.see(first) == rates.index[0]
    assert reader.row("table-region-towns", rates.index[0])[0] == format.people(rates.iloc[0])


def test_another_region_is_a_click_from_here_next_to_last_year(reader, frame):
    reader.choose("Compare", "Eastern", parameter="compare")
    here, state, other, rank, earlier, _ = reader.row("table-region-compared", "Completion rate")
    year_before = TODAY.replace(year=TODAY.year - 1)
    assert here == completion_rate(frame, region="Northwest") and state == completion_rate(frame)
    assert other == completion_rate(frame, region="Eastern")
    assert earlier == completion_rate(frame, year_before, region="Northwest")
    assert rank


def test_a_spreadsheet_of_the_comparison_is_a_click_from_here(reader, frame):
    with reader.page.expect_download() as download:
        reader.click(reader.page.locator('section[data-name="table-region-compared"]').get_by_text("Download as CSV"))
    rows = csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")))
    by_measure = {row["Measure"]: row for row in rows}
    assert float(by_measure["Residents enrolled"]["Northwest"]) == tasks.enrolled_people(of_region(frame))
    assert by_measure["Residents enrolled"]["region"] == "Northwest"
