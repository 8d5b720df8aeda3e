"""What readers take with them, done as a reader would: at most three clicks, and the file's numbers against pandas."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from briefs.workbook_layout import FIRST_ROW
from components.text import format
from tests.briefs.office_files import alternatives, deck_of, workbook_of
from tests.browser import tasks
from tests.browser.tasks import TODAY, completion_rate, enrolled_people
from tests.queries import independent

pytestmark = pytest.mark.browser
REGION = "/my_region?as=director:Northwest&region=Northwest"


@pytest.fixture
def reader(page, server, request):
    return tasks.reading(page, f"{server.url}{request.param}")


def take(reader, name: str) -> tuple[str, bytes]:
    """Open the menu, choose a file, and return its name and bytes."""
    reader.click(reader.page.locator(".share > summary"))
    with reader.page.expect_download() as download:
        reader.click(reader.page.get_by_role("button", name=name, exact=True))
    assert reader.page.evaluate("() => document.activeElement.textContent") == "Share"
    file = download.value.suggested_filename
    reader.page.wait_for_function(
        "name => document.querySelector('.page-status').textContent.includes(name)", arg=f"Saved {file}."
    )
    return file, Path(download.value.path()).read_bytes()


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("reader", ["/?as=governor"], indirect=True)
def test_the_friday_brief_is_two_clicks_away(reader, frame):
    name, pdf = take(reader, "Friday brief (PDF)")
    assert name == "2026-11-13_friday_governors-office_synthetic.pdf"
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    view = independent.as_of_view(frame, TODAY)
    assert format.people(enrolled_people(view)) in text_of(pdf)
    assert format.people((view["outcome"] == "completed").sum()) in text_of(pdf)


@pytest.mark.parametrize("reader", [REGION], indirect=True)
def test_the_slides_for_the_board_are_two_clicks_away_and_their_charts_can_be_edited(reader, frame):
    name, data = take(reader, "Slides (PowerPoint)")
    assert name == "2026-11-13_slides_northwest_board-director-northwest_synthetic.pptx"
    deck = deck_of(data)
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert 4 <= len(deck.slides) <= 6 and charts
    assert all(chart.part.chart_workbook.xlsx_part for chart in charts)
    words = " ".join(text for *_, text in alternatives(deck))
    assert completion_rate(frame, region="Northwest") in words


@pytest.mark.parametrize("reader", [REGION], indirect=True)
def test_the_packet_for_the_meeting_is_two_clicks_away(reader, frame):
    name, pdf = take(reader, "Board packet (PDF)")
    assert name == "2026-11-13_packet_northwest_board-director-northwest_synthetic.pdf"
    text = text_of(pdf)
    assert 4 <= len(PdfReader(io.BytesIO(pdf)).pages) <= 6
    assert "To raise at the meeting" in text and completion_rate(frame, region="Northwest") in text


@pytest.mark.parametrize("reader", [REGION], indirect=True)
def test_a_spreadsheet_of_the_region_is_two_clicks_away(reader, frame):
    name, data = take(reader, "Workbook (Excel)")
    assert name == "2026-11-13_my-region_workbook_northwest_board-director-northwest_synthetic.xlsx"
    book = workbook_of(data)
    assert book.sheetnames == ["About", "Region compared", "All regions", "Region towns", "Region providers"]
    headings, *rows = book["Region compared"].iter_rows(min_row=FIRST_ROW + 1, values_only=True)
    by_measure = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    view = independent.as_of_view(frame, TODAY)
    here = view[view["region"] == "Northwest"]
    assert by_measure["Residents enrolled"]["Northwest"] == enrolled_people(here)
    exits = tasks.exits(frame, region="Northwest")
    rate = (exits["outcome"] == "completed").mean()
    assert by_measure["Completion rate"]["Northwest"] == pytest.approx(rate, abs=0.00005)
    headings, *rows = book["All regions"].iter_rows(min_row=FIRST_ROW + 1, values_only=True)
    enrolled = [row for row in rows if row[0] == "Residents enrolled" and row[1] != "State"]
    years = {f"In fiscal year {year}": (f"{year - 1}-07-01", f"{year}-06-30") for year in (2026, 2025)}
    for heading, (first, last) in {"As of November 13, 2026": ("1900-01-01", "2026-11-13"), **years}.items():
        then = view[view["enrolled_on"].between(first, last)].groupby("region")["participant_id"].nunique().to_dict()
        assert {row[1]: row[headings.index(heading)] for row in enrolled} == then
    headings, *rows = book["Region towns"].iter_rows(min_row=FIRST_ROW + 1, values_only=True)
    enrolled = here[here["enrolled_on"].notna()].groupby("town")["participant_id"].nunique()
    people = headings.index("Residents enrolled")
    assert {row[0]: row[people] for row in rows if row[0] in enrolled.index} == enrolled.to_dict()


@pytest.mark.parametrize("reader", ["/gap_plan?as=officer&group=woman"], indirect=True)
def test_the_plan_is_sent_to_the_boards_in_two_clicks(reader):
    """Task 10, its sending: the plan as a workbook whose numbers are those on the page."""
    cells = reader.page.locator('section[data-name^="table-"] tbody tr').first.locator("th, td").all_inner_texts()
    _, data = take(reader, "Workbook (Excel)")
    book = workbook_of(data)
    names = {row[0] for sheet in book.worksheets for row in sheet.iter_rows(min_row=FIRST_ROW + 2, values_only=True)}
    assert cells[0].strip() in names


@pytest.mark.parametrize("reader", ["/regions?as=officer"], indirect=True)
def test_a_table_with_its_description_is_a_click_away(reader, frame):
    section = reader.page.locator('section[data-name="table-regions-compared"]')
    with reader.page.expect_download() as download:
        section.get_by_role("button", name="CSV with description, zipped").click()
    file = Path(download.value.path())
    assert (
        download.value.suggested_filename == "2026-11-13_regions_regions-compared_chief-workforce-officer_synthetic.zip"
    )
    table = _csv_in(file)
    view = independent.as_of_view(frame, TODAY)
    enrolled = view[view["enrolled_on"].notna()].groupby("region")["participant_id"].nunique()
    assert table.set_index("Region")["Residents enrolled"].to_dict() == enrolled.to_dict()


def _csv_in(file: Path) -> pd.DataFrame:
    """Read the CSV file in a zip file that has its description too."""
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert names[1] == f"{names[0]}-metadata.json"
        return pd.read_csv(io.BytesIO(archive.read(names[0])))
