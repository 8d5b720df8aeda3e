"""What an analyst comes for, done as a reader would, each answer against pandas and the files: at most three clicks."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from components.text import format
from components.text.reasons import in_words
from tests.browser import tasks
from tests.browser.conftest import Server
from tests.browser.look import settle
from tests.browser.tasks import TODAY, enrolled_people
from tests.conftest import ROOT, publish
from tests.queries import independent
from tests.queries.test_measures import accepted_facts, read

pytestmark = pytest.mark.browser
TABLES = ("enrollments", "completions", "funding", "courses", "openings")
MISSPELLED = "Hartfordd"


@pytest.fixture
def reader(page, server):
    return tasks.reading(page, f"{server.url}/data_quality?as=analyst")


def broken_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the enrollments that break a rule, with the rule as a column."""
    towns = pd.read_csv(ROOT / "data/reference/towns.csv")["town"]
    sectors = pd.read_csv(ROOT / "data/reference/sectors.csv")["sector"]
    applied, enrolled = (pd.to_datetime(rows[name]) for name in ("applied_on", "enrolled_on"))
    return pd.DataFrame(
        {
            "unknown town": rows["town"].notna() & ~rows["town"].isin(towns),
            "unknown sector": rows["sector"].notna() & ~rows["sector"].isin(sectors),
            "applied_on after the delivery": applied > pd.Timestamp(TODAY),
            "enrolled before applied": enrolled < applied,
        }
    )


def test_whether_the_delivery_is_good_is_on_the_first_screen(reader, demo_deliveries):
    raw = {name: read(demo_deliveries[-1], name) for name in TABLES}
    lead = reader.see_at_once(reader.page.locator(".lead"))
    assert f"{format.people(sum(map(len, raw.values())))} rows read" in lead
    rows = raw["enrollments"].drop_duplicates()
    broken = broken_rows(rows)
    excluded = int(broken.any(axis=1).sum())
    counts = (len(raw["enrollments"]), len(rows) - excluded, excluded, len(raw["enrollments"]) - len(rows))
    assert reader.row("table-checked", "Enrollments") == [format.people(count) for count in counts]
    reasons = reader.page.locator('section[data-name="table-reasons"] tbody tr')
    reader.jump("Why rows were excluded", reasons.first)
    assert reader.page.get_by_role("heading", name="Why rows were excluded").bounding_box()["y"] >= 0, (
        "the heading is on screen"
    )
    reader.see(reasons.first)
    reader.see(reader.page.get_by_role("button", name="Download the rows to correct (CSV)"))
    texts = {tuple(row.locator("th, td").all_inner_texts()) for row in reasons.all()}
    assert {("Enrollments", in_words(rule), str(count)) for rule, count in broken.sum().items()} <= texts


def test_what_changed_since_the_previous_delivery_and_why_is_a_scroll_away(reader, frame, demo_store, demo_deliveries):
    earlier = accepted_facts(demo_store, demo_deliveries[-2])
    before, now = enrolled_people(earlier), enrolled_people(frame)
    first = frame.groupby("participant_id")["enrolled_on"].min()
    new = int((first > "2024-06-28").sum())
    late = set(first[first <= "2024-06-28"].index) - set(earlier.loc[earlier["enrolled_on"].notna(), "participant_id"])
    assert (before + new, len(late)) == (now, 0)
    cells = reader.row("table-changed", "Residents enrolled")
    assert cells == [*map(format.people, (before, new)), "0", "0", "0", "0", format.people(now)]
    recent = frame[(frame["outcome"] == "completed") & (frame["exited_on"] > "2024-06-28")]
    ((provider, most),) = recent["provider"].value_counts().head(1).items()
    *_, behind = reader.row("table-changed-why", "Completions")
    assert behind == f"Most common provider: {provider}. {format.people(most)} of {format.people(len(recent))} rows."


@pytest.fixture(scope="module")
def refused_files(demo_store, demo_deliveries, tmp_path_factory):
    """A folder with a store and an inbox: its delivery was refused because a town of it is misspelled; and that delivery's rows."""
    folder = tmp_path_factory.mktemp("refused")
    delivery = Path(shutil.copytree(demo_deliveries[-1], folder / "inbox" / "2026-11-13"))
    store = Path(shutil.copytree(demo_store, folder / "store", copy_function=shutil.copyfile))
    shutil.rmtree(delivery / "enrollments")
    rows = read(demo_deliveries[-1], "enrollments")
    rows.loc[rows["town"] == "Hartford", "town"] = MISSPELLED
    rows.to_parquet(delivery / "enrollments.parquet", index=False)
    with pytest.raises(AssertionError):
        publish(delivery, store)
    return folder, rows


@pytest.fixture
def refused(refused_files):
    """A server over the store, which has checked nothing yet, and the rows of the delivery."""
    folder, rows = refused_files
    serving = Server(folder / "store", folder / "log.txt", DASHBOARD_INBOX=str(folder / "inbox"))
    yield serving, rows
    serving.stop()


def test_the_rows_that_were_refused_are_a_click_away_as_a_file_with_how_to_send_them_back(page, refused):
    serving, rows = refused
    wrong = [number + 1 for number, town in enumerate(rows["town"]) if town == MISSPELLED]
    reader = tasks.reading(page, f"{serving.url}/data_quality?as=analyst")
    section = reader.page.locator('section[data-name="table-problems"]')
    send_back = section.get_by_text("python -m data check DELIVERY --problems FOLDER")
    assert "a workbook and an e-mail for each sender" in reader.see(send_back)
    with reader.page.expect_download() as download:
        reader.click(section.get_by_text("Download as CSV"))
    text = download.value.path().read_text(encoding="utf-8-sig")
    problem = next(row for row in csv.DictReader(io.StringIO(text)) if row["Example"] == MISSPELLED)
    assert (int(problem["Rows"]), problem["Suggestion"]) == (len(wrong), "Hartford")
    assert problem["Row numbers"].startswith(str(wrong[0]))


def test_a_delivery_in_the_inbox_is_checked_with_a_click(page, refused, demo_deliveries):
    serving, rows = refused
    others = sum(len(read(demo_deliveries[-1], name)) for name in TABLES[1:])
    reader = tasks.reading(page, f"{serving.url}/data_quality?as=analyst")
    reader.click(reader.page.get_by_role("button", name="Check 2026-11-13"))
    heading = reader.page.get_by_role("heading", name="The check did not accept 2026-11-13")
    heading.wait_for(timeout=60_000)
    reader.see_at_once(heading)
    settle(reader.page)
    reader.see_at_once(reader.page.locator(".section-words", has_text=f"{format.people(len(rows) + others)} rows read"))
    problem = reader.page.locator('section[data-name="table-inbox-problems"] tbody tr', has_text=MISSPELLED)
    text = reader.see(problem.first)
    assert reader.page.locator(".inbox-status").inner_text().startswith("2026-11-13: Not accepted")
    assert format.people(int((rows["town"] == MISSPELLED).sum())) in text and "Hartford" in text


def test_where_a_number_comes_from_is_two_clicks_away(reader, frame):
    reader.open_menu("Overview", "Overview")
    card = reader.page.locator(".figures .card", has_text="Residents enrolled").first
    view = independent.as_of_view(frame, TODAY)
    assert reader.see_at_once(card.locator(".value")) == format.people(enrolled_people(view))
    reader.click(card.locator("summary", has_text="About this number"))
    panel = card.locator(".made")
    panel.wait_for()
    text = panel.inner_text()
    assert "November 13, 2026, synthetic data" in text
    assert all(term in text for term in ("Counts", "Date used", "As of", "Tables", "Filters", "Period"))
    reader.click(panel.locator("summary", has_text="Show the query"))
    assert "select" in panel.inner_text()


def test_who_downloaded_what_is_a_click_away(reader, audit_log):
    with reader.page.expect_download():
        reader.page.locator('section[data-name="table-checked"]').get_by_text("Download as CSV").click()
    reader.open_menu("Activity", "Activity")
    events = [json.loads(line) for path in audit_log.glob("*.jsonl") for line in path.read_text().splitlines()]
    download = max((event for event in events if event["event"] == "downloaded"), key=lambda event: event["at"])
    rows = reader.page.locator('section[data-name="table-last-events"] tbody tr', has_text="Downloaded")
    text = reader.see(rows.first)
    assert download["at"][:19].replace("T", " ") in text and "Analyst" in text
    assert f"Data quality · {download['what']}" in text and download["what"] == "checked.csv"
