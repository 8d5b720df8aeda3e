"""Workbooks, read back: numbers as numbers, nothing that runs, a cover with the facts, charts with a text alternative."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from briefs import slides, workbook
from briefs.contents import Exhibit
from briefs.native_charts import ChartKind, fits, of_table
from briefs.workbook import WHY_EMPTY, sheet_name
from briefs.workbook_layout import FIRST_ROW
from components.data_table import Table
from tests.briefs.office_files import chart, contents, deck_of, workbook_of

HEADINGS = FIRST_ROW + 1  # counted from 1, as openpyxl does


@pytest.fixture(scope="module")
def data():
    return workbook.render(contents())


@pytest.fixture(scope="module")
def book(data):
    return workbook_of(data)


def column(sheet, name):
    headings = [cell.value for cell in sheet[HEADINGS]]
    place = headings.index(name) + 1
    return [sheet.cell(row, place) for row in range(HEADINGS + 1, sheet.max_row + 1)]


def values(sheet, name):
    return [cell.value for cell in column(sheet, name)]


def test_there_is_a_cover_and_a_sheet_for_each_table(book):
    assert book.sheetnames == ["About", "Figures", "By region", "By month"]


def test_each_sheet_names_the_delivery_by_its_day(book):
    assert "Delivery of November 13, 2026 · Synthetic data" in str(book["By region"]["A2"].value)


def test_the_cover_says_what_the_numbers_rest_on(book):
    rows = {row[0].value: row[1].value for row in book["About"].iter_rows() if row[0].value and row[1].value}
    assert rows["As of"] == "November 13, 2026"
    assert rows["Delivery"] == "November 13, 2026", "a date, and no id where the day says all"
    assert rows["Made for"] == "Board director, Northwest"
    assert (rows["Region"], rows["Sector"], rows["Period"]) == ("Northwest", "All sectors", "all time")
    assert "Synthetic data" in rows["Data"]
    assert rows["Completion rate"] == "Exits that were completions."
    assert rows["By region"] == "Eastern completes most"
    assert rows["1"] == "30 are past their planned end."


def test_real_data_is_not_called_synthetic():
    book = workbook_of(workbook.render(contents(is_synthetic=False)))
    assert "ynthetic" not in str([cell.value for sheet in book for row in sheet.iter_rows() for cell in row])


def test_columns_of_numbers_hold_numbers_only_and_the_last_column_says_why_a_cell_is_empty(book):
    sheet = book["By region"]
    assert values(sheet, "Completion rate") == [0.7812, 0.6, None]
    assert values(sheet, "Exits") == [1200, 30, None]
    assert values(sheet, WHY_EMPTY) == [None, None, "Completion rate: hidden for privacy; Exits: not known"]
    assert WHY_EMPTY not in [cell.value for cell in book["Figures"][HEADINGS]]


def test_numbers_have_the_format_of_their_unit(book):
    sheet = book["By region"]
    formats = {name: column(sheet, name)[0].number_format for name in ("Completion rate", "Exits", "Gap", "Since")}
    assert formats["Completion rate"] == "0.0%" and formats["Exits"] == "#,##0"
    assert "points" in formats["Gap"] and values(sheet, "Gap") == [4.2, -1.0, 0.0]
    assert values(sheet, "Since")[0] == datetime(2026, 1, 2)
    assert column(book["By month"], "Spent")[0].number_format.startswith('"$"')
    assert next(cell.number_format for cell in column(book["Figures"], "Number")) == "#,##0"


def test_each_row_has_the_format_of_its_unit():
    table = Table({"Measure": ["Rate", "Cost"], "Here": [0.5, 5133.0]}, row_units=("share", "dollars"))
    book = workbook_of(workbook.render(contents(Exhibit(name="compared", title="Compared", table=table))))
    assert [cell.number_format for cell in column(book["Compared"], "Here")] == ["0.0%", '"$"#,##0;−"$"#,##0']


def test_headings_are_frozen_and_filtered(book):
    sheet = book["By region"]
    assert sheet.freeze_panes == f"B{HEADINGS + 1}"
    (table,) = sheet.tables.values()
    assert table.ref == f"A{HEADINGS}:F{HEADINGS + 3}" and table.autoFilter is not None


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "http://x.test", "{=1}"]
)
def test_no_text_becomes_a_formula_a_number_or_a_link(text):
    table = Table.from_columns({text: [text], "Number": [1]}, {"Number": "people"})
    data = workbook.render(contents(Exhibit(name=text, title=text, table=table, words=text)))
    sheet = workbook_of(data).worksheets[2]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.data_type == "n"] == [1]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in content for content in sheets)


def test_each_chart_is_native_and_has_a_text_alternative(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        drawings = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/drawings/drawing")
        ]
        bars, lines = (archive.read(name).decode() for name in sorted(charts))
    assert len(drawings) == 2 and all('descr="Eastern 78.1%; =1+1 60%"' in drawing for drawing in drawings)
    assert "<c:barChart>" in bars and "By region'!$B$6:$B$8" in bars
    assert "<c:lineChart>" in lines and lines.count("<c:ser>") == 2


def test_a_chart_refers_to_the_cells_with_its_values():
    table = Table.from_columns(
        {"Town": ["A", "B"], "Words": ["x", "y"], "Base": [9, 8], "Rate": [0.5, 0.25]}, {"Rate": "share"}
    )
    drawn = of_table(table, kind=ChartKind.COLUMNS, title="T", alt="A", drawn=lambda name: name == "Rate")
    data = workbook.render(contents(Exhibit(name="towns", title="Towns", table=table, chart=drawn)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "<c:cat>" in chart and "Towns!$A$6:$A$7" in chart and "Towns!$D$6:$D$7" in chart
    assert [cell.value for cell in workbook_of(data)["Towns"]["D"][FIRST_ROW:]] == ["Rate", 0.5, 0.25]


@pytest.mark.parametrize(
    "columns",
    [
        {"Town": ["B", "A"], "Rate": [0.5, 0.25]},
        {"Town": ["A", "B"], "Rate": [0.5, 0.3]},
        {"Town": ["A", "B"], "Other": [0.5, 0.25]},
        {"Town": ["A"], "Rate": [0.5]},
    ],
)
def test_a_chart_fits_a_table_only_with_the_same_rows_and_values(columns):
    table = Table.from_columns({"Town": ["A", "B"], "Rate": [0.5, 0.25]}, {"Rate": "share"})
    drawn = of_table(table, kind=ChartKind.COLUMNS, title="T", alt="A")
    assert fits(drawn, table)
    assert not fits(drawn, Table.from_columns(columns, {"Rate": "share"}))


def test_intervals_are_error_bars():
    table = Table.from_columns(
        {"Town": ["A", "B"], "Rate": [0.5, None], "95% from": [0.4, None], "95% to": [0.65, None]},
        dict.fromkeys(("Rate", "95% from", "95% to"), "share"),
    )
    drawn = of_table(table, kind=ChartKind.BARS, title="T", alt="A")
    assert [(series.below, series.above) for series in drawn.series] == [((0.1, 0.0), (0.15, 0.0))]
    data = workbook.render(contents(Exhibit(name="towns", title="Towns", table=table, chart=drawn)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "<c:errBars>" in archive.read("xl/charts/chart1.xml").decode()
    (chart,) = [
        shape.chart
        for slide in deck_of(slides.render(contents(Exhibit(name="t", title="T", table=table, chart=drawn)))).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    bars = chart.plots[0].series[0]._element.xpath("c:errBars/*/c:numLit/c:pt/c:v")
    assert [float(bar.text) for bar in bars] == [0.15, 0.0, 0.1, 0.0]


def test_every_sheet_fits_the_width_of_a_sheet_of_paper_and_repeats_its_headings(book):
    for sheet in book:
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.paperSize == 1, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == f"$1:${HEADINGS}", "the title, the filters and the headings"
        assert sheet.page_setup.orientation == "portrait"


def printed_columns(sheet) -> int:
    return range_boundaries(sheet.print_area.rpartition("!")[2])[2]


def test_wide_tables_are_printed_across_the_paper_and_their_long_texts_take_several_lines():
    words = "No clear difference from the other providers of this region"
    table = Table.from_columns({f"Finding {number}": [words, "short"] for number in range(9)}, {})
    sheet = workbook_of(workbook.render(contents(Exhibit(name="wide", title="Wide", table=table))))["Wide"]
    assert sheet.page_setup.orientation == "landscape" and printed_columns(sheet) == 9
    assert sheet.row_dimensions[HEADINGS + 1].height > 2 * 15 and sheet.row_dimensions[HEADINGS + 2].height is None


def test_the_lines_above_a_narrow_table_are_printed_in_full():
    table = Table.from_columns({"Town": ["A"], "People": [12]}, {"People": "people"})
    title = "Enrollment in Northwest: no town shown is clearly below the others in this region"
    sheet = workbook_of(workbook.render(contents(Exhibit(name="narrow", title=title, table=table))))["Narrow"]
    assert f"A1:{get_column_letter(printed_columns(sheet))}1" in {str(cells) for cells in sheet.merged_cells.ranges}
    assert printed_columns(sheet) > 2 and sheet["A1"].value == title


@pytest.mark.parametrize(("rows", "is_below"), [(20, True), (60, False)])
def test_a_chart_stands_below_a_short_table_and_next_to_a_long_table(rows, is_below):
    table = Table.from_columns(
        {"Month": [f"M{number}" for number in range(rows)], "People": [*range(rows)]}, {"People": "people"}
    )
    exhibit = Exhibit(name="months", title="Months", table=table, chart=chart(table, ChartKind.LINES))
    sheet = workbook_of(workbook.render(contents(exhibit)))["Months"]
    assert sheet.page_setup.fitToHeight == (None if is_below else 0), "one page is what Excel assumes"
    start = sheet._charts[0].anchor._from
    assert (start.row > FIRST_ROW + rows, start.col) == ((True, 0) if is_below else (False, 3))


def test_a_table_without_rows_is_still_a_sheet():
    empty = Exhibit(
        name="none", title="Nothing", table=Table.from_columns({"Town": [], "People": []}, {"People": "people"})
    )
    assert workbook_of(workbook.render(contents(empty)))["None"].max_row >= HEADINGS


def test_headings_that_differ_in_capitals_only_stay_apart():
    table = Table.from_columns({"Rate": [0.5], "rate": [0.6]}, {"Rate": "share", "rate": "share"})
    sheet = workbook_of(workbook.render(contents(Exhibit(name="same", title="Same", table=table))))["Same"]
    assert [cell.value for cell in sheet[HEADINGS] if cell.value] == ["Rate", "rate 2"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("by-town", "By town"),
        ("a/b:c*d?[e]", "A b c d  e"),
        ("history", "History 2"),
        ("", "Table"),
        ("x" * 40, "X" * 1 + "x" * 30),
    ],
)
def test_sheet_names_are_those_that_excel_accepts(name, expected):
    taken = {"history"}
    assert sheet_name(name, taken) == expected
    again = sheet_name(name, taken)
    assert again != expected and len(again) <= 31


def test_a_table_without_columns_has_no_sheet():
    book = workbook_of(workbook.render(contents(Exhibit(name="nothing", title="Nothing", table=Table.from_rows([])))))
    assert book.sheetnames == ["About", "Figures"]
