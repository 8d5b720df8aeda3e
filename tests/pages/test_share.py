"""The Share menu: each page's files hold the numbers on screen, with the reader's rights, and are written down."""

from __future__ import annotations

import base64
import csv
import io

import pytest
from pypdf import PdfReader

from briefs import register
from briefs.numbers import stored
from briefs.reproduce import reproduce
from briefs.workbook import WHY_EMPTY
from briefs.workbook_layout import FIRST_ROW
from components import page_contents, share
from components.charts.text_alternative import text_alternative
from components.data_table import Table, is_number
from components.page_contents import DrawnTable
from components.page_list import PAGES
from data import audit_log
from queries import Question, Scope, ask
from tests.app_driver import files, html, say
from tests.app_driver import text as text_of
from tests.briefs.office_files import alternatives, deck_of, numbers_on, workbook_of
from tests.pages.test_pages import run

SCRIPTS = {page.id: page.script for page in PAGES}
FULLER = (
    "burn-down",
    "gap-adjusted",
    "representation",
    "outcome-ratio",
    "two-groups",
)  # tables with other rows than their chart
OFFERED = {"overview": "friday", "my_region": "packet", "equity": "equity", "money": "treasury"}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))


@pytest.fixture
def collected(monkeypatch):
    """What the last page that answered a request drew."""
    seen = []
    start = page_contents.start

    def start_and_remember(*, is_wanted):
        start(is_wanted=is_wanted)
        seen.append(page_contents.collected())

    monkeypatch.setattr(page_contents, "start", start_and_remember)
    return lambda: seen[-1]


def requested_file(request: str, page_id: str, **address: str) -> tuple[str, bytes]:
    """Return the name and bytes of a file that a reader asks a page for."""
    page = say(run(SCRIPTS[page_id], **address), request, True)
    assert not page.exception
    sent = files(page)
    assert sent, text_of(page)[:400]
    return sent[0]["name"], base64.b64decode(sent[0]["base64"])


def reader_of(page_id: str) -> dict[str, str]:
    if page_id == "my_region":
        return {"as": "director:Northwest", "region": "Northwest"}
    if page_id == "gap_plan":  # without a group it lists groups, and has no table
        return {"as": "officer", "group": "woman"}
    return {"as": "analyst" if page_id in ("activity", "data_quality") else "officer"}


def cells_of(table: Table) -> list[float]:
    """Return the numbers of a table as a workbook stores them."""
    units = table.units
    return [
        stored(value, table.row_units[row] if table.row_units else units.get(name, ""))
        for name, values in table.columns.items()
        for row, value in enumerate(values)
        if is_number(value)
    ]


def tables_of(drawn: DrawnTable) -> list[Table]:
    """Return the tables of a chart's sheets: its values get a sheet where the fuller table below has others."""
    if drawn.name in FULLER and drawn.chart is not None:
        return [drawn.chart.table, drawn.table]
    return [drawn.table]


def labels_of_menu(page) -> list[str]:
    menu = html(page).split('<div class="menu">')[1].split("</div>")[0]
    return [part.split("<")[0] for part in menu.replace("\n", "").split('">') if "</button>" in part]


@pytest.mark.parametrize("page_id", sorted(SCRIPTS))
def test_the_workbook_of_every_page_holds_each_number_of_its_tables(page_id, collected):
    page = run(SCRIPTS[page_id], **reader_of(page_id))
    document = [share.DOCUMENTS[page_id].label] if page_id in OFFERED else []
    others = ["Slides (PowerPoint)", "Workbook (Excel)", "Chart images (SVG)", "Print or save as PDF", "Present"]
    assert labels_of_menu(page) == ["Copy link", *document, *others]
    (file,) = files(say(page, share.WORKBOOK, True))
    name, data = file["name"], base64.b64decode(file["base64"])
    book, drawn = workbook_of(data), [table for each in collected().tables for table in tables_of(each)]
    sheets = book.worksheets[2:] if collected().figures else book.worksheets[1:]
    assert len(sheets) == len(drawn)
    for sheet, table in zip(sheets, drawn, strict=True):
        assert sorted(numbers_on(sheet)) == sorted(cells_of(table)), sheet.title
        for cells in sheet.iter_cols(min_row=FIRST_ROW + 2):
            types = {cell.data_type for cell in cells if cell.value is not None}
            assert len(types) <= 1, (sheet.title, cells[0].column_letter)
    assert name.startswith("2") and f"_{page_id.replace('_', '-')}_workbook_" in name
    assert ("groups-compared" in {each.name for each in collected().tables}) == (page_id == "equity")


@pytest.mark.parametrize("page_id", ["regions", "sectors", "job_openings", "one_group"])
def test_the_slides_of_a_page_hold_the_numbers_of_its_charts(page_id, collected):
    _, data = requested_file(share.SLIDES, page_id, **reader_of(page_id), group="woman", region="Eastern")
    deck = deck_of(data)
    known = {value for each in collected().tables for value in cells_of(each.table)}
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert charts
    for chart in charts:
        values = {value for series in chart.plots[0].series for value in series.values if value is not None}
        assert values <= known
    assert [item for item in alternatives(deck) if not item[2]] == []


@pytest.mark.parametrize("page_id", sorted(OFFERED))
def test_a_page_sends_its_document_with_the_readers_rights(page_id):
    name, data = requested_file(share.DOCUMENT, page_id, **reader_of(page_id))
    assert f"_{OFFERED[page_id]}_" in name
    if name.endswith(".pdf"):
        pages = PdfReader(io.BytesIO(data)).pages
        assert "November 13, 2026" in pages[0].extract_text()
    else:
        assert "Checks" in workbook_of(data).sheetnames


@pytest.mark.parametrize("request_", [share.DOCUMENT, share.SLIDES, share.WORKBOOK])
def test_a_file_of_a_page_compares_as_its_reader_chose_there(request_):
    name, data = requested_file(request_, "overview", compare="state", region="Eastern", **{"as": "officer"})
    if request_ == share.DOCUMENT:
        assert "_compare-state_" in name
        assert "compared with the state" in PdfReader(io.BytesIO(data)).pages[0].extract_text()
    elif request_ == share.SLIDES:
        assert "_compare-state_" in name
        assert "compared with the state" in str(alternatives(deck_of(data)))
    else:
        assert "Compared with the state" in {cell.value for row in workbook_of(data).worksheets[0] for cell in row}


def test_the_workbook_of_a_page_names_its_group_as_the_page_does():
    _, data = requested_file(share.WORKBOOK, "sectors", group="opportunity_youth", **{"as": "officer"})
    about = {row[0].value: row[1].value for row in workbook_of(data)["About"].iter_rows()}
    assert (about["Group"], about["Region"]) == ("Opportunity youth", "All regions")


def test_the_figures_of_single_supports_have_their_numbers_in_the_workbook():
    _, data = requested_file(share.WORKBOOK, "support_services", region="Eastern", **{"as": "officer"})
    rows = [[cell.value for cell in row] for row in workbook_of(data)["Figures"].iter_rows(min_row=FIRST_ROW + 2)]
    shown = {label: number for label, number, *_ in rows}
    reach = ask(Question("supports_reach"), Scope(region="Eastern"))
    assert [shown[label] for label in ("Any support", "Child care", "Transportation", "Technology")] == [
        pytest.approx(reach.row(part).value, abs=5e-5) for part in ("any", "child_care", "transportation", "technology")
    ]


def test_a_ratio_of_two_rates_says_so_in_the_workbook_and_no_dots_are_described(collected):
    _, data = requested_file(share.WORKBOOK, "equity", **{"as": "officer"})
    book = workbook_of(data)
    for name in ("Representation", "Outcome ratio"):
        headings = [cell.value for cell in book[name][FIRST_ROW + 1]]
        assert headings[2:4] == ["Rate or share", "Compared with"] and "Counted" not in headings
        assert not {"filled", "Filled", "Hollow", "Diamond"} & set(
            str(book[name].cell(3, 1).value).replace(":", "").split()
        )
    ratios = next(each.chart for each in collected().tables if each.name == "representation")
    assert text_alternative(ratios.table).startswith("Chart of Representation ratio. ")


def test_the_figures_of_a_plan_have_their_numbers_in_the_workbook():
    """Only the first had one."""
    _, data = requested_file(share.WORKBOOK, "gap_plan", group="woman", **{"as": "officer"})
    rows = [[cell.value for cell in row] for row in workbook_of(data)["Figures"].iter_rows(min_row=FIRST_ROW + 2)]
    plan = ask(Question("closing_plan"), Scope(group="woman")).total
    numbers = [plan.value, plan.needed_monthly, plan.now_monthly, plan.share]
    assert [number for _, number, *_ in rows] == [pytest.approx(number, abs=0.051) for number in numbers]
    assert rows[3][1] == pytest.approx(plan.share, abs=5e-5)


def test_readers_understand_the_names_of_sheets_and_columns():
    """A sheet was "Slfrf", a column of months "Left on November 1, 2026", and names began in lower case."""
    _, data = requested_file(share.WORKBOOK, "money", **{"as": "officer"})
    book = workbook_of(data)
    assert "Treasury report" in book.sheetnames and "Slfrf" not in book.sheetnames
    headings = {each.title: [cell.value for cell in each[FIRST_ROW + 1] if cell.value] for each in book.worksheets[2:]}
    assert headings["Burn down"] == ["Period", "Left at the start of the month"]
    assert headings["Money over time"] == ["Period", "Allocated so far", "Obligated so far", "Spent so far"]
    for page_id in ("overview", "one_group", "data_quality"):
        name = "analyst" if page_id == "data_quality" else "officer"
        _, data = requested_file(share.WORKBOOK, page_id, **{"as": name})
        for sheet in workbook_of(data).worksheets:
            assert "_" not in sheet.title
            first = [str(cell.value) for cell in sheet[FIRST_ROW + 1] if cell.value]
            assert sheet.title == "About" or all(not heading[0].islower() for heading in first), (sheet.title, first)


def test_a_director_gets_the_packet_and_the_slides_of_the_region_without_choosing_it():
    name, data = requested_file(share.SLIDES, "my_region", **{"as": "director:Northwest"})
    assert "_slides_northwest_board-director-northwest_" in name
    deck = deck_of(data)
    assert 4 <= len(deck.slides) <= 6 and "Northwest" in deck.slides[0].shapes.title.text_frame.text


@pytest.mark.parametrize(
    ("page_id", "request_"), [("regions", share.WORKBOOK), ("overview", share.SLIDES), ("overview", share.DOCUMENT)]
)
def test_each_file_is_in_the_audit_log_and_can_be_made_again(page_id, request_):
    name, _ = requested_file(request_, page_id, region="Eastern", **{"as": "governor"})
    (written,) = [event for event in audit_log.read() if event["event"] == "downloaded"]
    assert "Eastern" not in str(written) and written["page"] == page_id and written["role"] == "governor"
    (publication,) = register.publications()
    assert (publication.file, publication.role, publication.delivery) == (name, "governor", "2026-11-13")
    assert reproduce(publication).differences == ()


def test_a_csv_file_is_registered_with_the_question_behind_it():
    page = say(run(SCRIPTS["regions"], **{"as": "officer"}), "save:by-town", True)
    rows = csv.DictReader(io.StringIO(files(page)[0]["text"]))
    (publication,) = register.publications()
    (item,) = publication.questions
    assert (item.question.measure, item.question.by) == ("residents_enrolled", "town")
    assert reproduce(publication).number_count == sum(row["Residents enrolled"] != "" for row in rows)


def test_a_file_is_sent_once_and_to_nobody_else():
    page = say(run(SCRIPTS["regions"], **{"as": "officer"}), share.WORKBOOK, True)
    assert files(page)
    assert not files(page.run())
    assert not files(run(SCRIPTS["regions"], **{"as": "officer"}))


def test_a_request_that_no_run_answers_is_dropped():
    page = run(SCRIPTS["regions"], **{"as": "officer"})
    page.session_state["requested-file"] = "save:no-such-table"
    assert not files(page.run())
    assert "requested-file" not in page.session_state


def test_why_there_is_no_file_is_on_the_page():
    page = run(SCRIPTS["my_region"], **{"as": "officer"})
    for _ in range(2):  # the second time no cached page stands in the way
        say(page, share.DOCUMENT, True)
        assert not files(page)
        assert share.NO_REGION in html(page)
        assert "requested-file" not in page.session_state
    assert share.NO_REGION not in html(page.run())
    assert not [event for event in audit_log.read() if event["event"] == "downloaded"]


def test_the_workbook_of_a_protected_reader_says_why_cells_are_empty():
    _, data = requested_file(share.WORKBOOK, "regions", sector="Manufacturing", **{"as": "governor"})
    reasons = [cell.value for sheet in workbook_of(data) for row in sheet.iter_rows() for cell in row]
    assert WHY_EMPTY in reasons and any("privacy" in str(text) for text in reasons)
