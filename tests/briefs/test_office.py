"""Documents as slides and workbooks, for several readers: each number is one of the document, and nothing is cut or unnamed."""

from __future__ import annotations

from datetime import date

import pytest

from briefs import catalog
from briefs.contents import of_document, without_dots
from briefs.elements import year_over_year
from briefs.native_charts import ChartKind, of_table, scale
from briefs.numbers import number_format, stored, stored_or_none
from briefs.workbook_layout import FIRST_ROW
from components.data_table import Table, is_number
from components.text.prose import is_unrecorded
from queries import Question, Scope, ask, listing
from queries.access import rights
from tests.briefs.office_files import alternatives, deck_of, numbers_on, workbook_of

READERS = {
    "governor": Scope(viewer=rights.viewer("governor")),
    "governor-eastern": Scope(viewer=rights.viewer("governor"), region="Eastern"),
    "director": Scope(viewer=rights.viewer("director", "Northwest"), region="Northwest"),
    "officer": Scope(viewer=rights.viewer("officer"), initiative="CareerConneCT"),
}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def numbers_of(document) -> set[float]:
    """Return each number of a document's tables, charts and figures as files store it."""
    contents = of_document(document)
    numbers = {stored(figure.value, figure.unit) for figure in contents.figures if figure.value is not None}
    for exhibit in contents.exhibits:
        table = exhibit.table
        for name, values in table.columns.items():
            units = table.row_units or [table.units.get(name, "")] * len(values)
            numbers |= {stored(value, unit) for value, unit in zip(values, units, strict=True) if is_number(value)}
    return numbers


@pytest.mark.parametrize("reader", READERS)
def test_slides_hold_the_numbers_of_their_document(reader):
    made = catalog.make("slides", READERS[reader])
    deck = deck_of(made.content)
    assert 3 <= len(deck.slides) <= 6
    drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    values = {
        value for chart in drawn for series in chart.plots[0].series for value in series.values if value is not None
    }
    assert values and values <= numbers_of(made.document)
    assert [item for item in alternatives(deck) if not item[2]] == []
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert "Definitions" in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("reader", READERS)
def test_a_workbook_holds_the_numbers_of_its_document(reader):
    made = catalog.make("workbook", READERS[reader])
    book, known = workbook_of(made.content), numbers_of(made.document)
    in_sheets = {value for sheet in book.worksheets[1:] for value in numbers_on(sheet)}
    assert in_sheets == known
    assert made.name.endswith(".xlsx") and made.name.startswith("2026-11-13_workbook_")


def test_the_cover_of_a_workbook_names_the_group_as_on_screen():
    made = catalog.make("workbook", READERS["officer"].but(group="opportunity_youth"))
    about = {row[0].value: row[1].value for row in workbook_of(made.content)["About"].iter_rows()}
    assert (about["Group"], about["Region"]) == ("Opportunity youth", "All regions")


@pytest.mark.parametrize("reader", ["director", "governor-eastern"])
def test_the_workbook_of_a_region_has_every_region_with_its_rank_and_the_year_before(reader):
    scope = READERS[reader].but(since=date(2025, 7, 1), until=date(2026, 6, 30))
    sheet = workbook_of(catalog.make("workbook", scope).content)["All regions"]
    headings, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
    assert headings[:5] == [
        "Measure", "Region", "From July 1, 2025 to June 30, 2026", "Rank of the regions", "In the fiscal year before",
    ]  # fmt: skip
    measured = {(row[0], row[1]): row for row in rows}
    before = scope.but(region=None, since=date(2024, 7, 1), until=date(2025, 6, 30))
    for label, measure in (("Residents enrolled", "residents_enrolled"), ("Completion rate", "completion_rate")):
        for place, when in ((2, scope.but(region=None)), (4, before)):
            by_region, state = ask(Question(measure, "region"), when), ask(Question(measure), when)
            expected = {row.key: row for row in by_region.rows if not is_unrecorded(row)} | {"State": state.total}
            assert len(expected) == 6
            for region, row in expected.items():
                shown = measured[label, region]
                assert shown[place] == stored_or_none(row.value, by_region.measure.unit)
                assert shown[place] is not None or row.note in shown[-1]
    ranks = [measured["Completion rate", row["region"]][3] for row in listing("regions")]
    assert len(ranks) == 5 and all("of 5" in rank or rank == "not ranked" for rank in ranks)
    assert "Northwest ·" not in sheet["A2"].value and "Eastern ·" not in sheet["A2"].value


def test_protected_regions_have_the_last_two_fiscal_years_in_place_of_an_earlier_day():
    sheet = workbook_of(catalog.make("workbook", READERS["director"]).content)["All regions"]
    headings, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]
    assert headings[2:6] == [
        "As of November 13, 2026", "Rank of the regions", "In fiscal year 2026", "In fiscal year 2025",
    ]  # fmt: skip
    shown = {row[1]: row[4:6] for row in rows if row[0] == "Residents enrolled"}
    scopes = [
        READERS["director"].but(region=None, since=date(year - 1, 7, 1), until=date(year, 6, 30))
        for year in (2026, 2025)
    ]
    answers = [ask(Question("residents_enrolled", "region"), scope) for scope in scopes]
    for row in listing("regions"):
        assert shown[row["region"]] == [answer.row(row["region"]).value for answer in answers]
    assert all(value is not None for value in shown["Northwest"])


def test_slides_leave_out_the_table_of_every_region():
    document = catalog.PRODUCTS["slides"].build(READERS["director"], None)
    assert document.details == ()
    assert [block.name for block in catalog.PRODUCTS["workbook"].build(READERS["director"], None).details] == [
        "all-regions"
    ]


def test_equity_slides_are_made_of_the_equity_brief():
    made = catalog.make("equity-slides", READERS["officer"])
    title = deck_of(made.content).slides[0].shapes.title.text_frame.text
    assert made.document.lead.startswith(title) and len(title) > 20


def test_a_chart_of_a_table_leaves_out_what_its_values_rest_on():
    table = Table.from_columns(
        {"Sector": ["A", "B"], "Rate": [0.5, None], "Out of": [10, 20], "95% from": [0.4, 0.5], "Other": [0.1, 0.2]},
        {"Rate": "share", "Out of": "exits", "95% from": "share", "Other": "share"},
    )
    chart = of_table(table, kind=ChartKind.BARS, title="T", alt="A")
    assert [(series.name, series.values) for series in chart.series] == [("Rate", (0.5, None)), ("Other", (0.1, 0.2))]
    limited = of_table(table, kind=ChartKind.BARS, title="T", alt="A", drawn=lambda name: name == "Other")
    assert [series.name for series in limited.series] == ["Other"]


@pytest.mark.parametrize(
    "table",
    [
        Table.from_columns({"Sector": ["A", "B"], "Words": ["x", "y"]}),
        Table.from_columns({"Sector": ["A"], "Rate": [0.5]}, {"Rate": "share"}),
        Table.from_columns({"Town": list(map(str, range(30))), "People": list(range(30))}, {"People": "people"}),
    ],
)
def test_a_table_that_makes_no_readable_chart_has_none(table):
    assert of_table(table, kind=ChartKind.BARS, title="T", alt="A") is None


def test_every_chart_of_a_document_has_the_numbers_of_its_table():
    document = catalog.PRODUCTS["packet"].build(READERS["director"])
    charts = [exhibit for exhibit in of_document(document).exhibits if exhibit.chart is not None]
    assert charts
    for exhibit in charts:
        drawn = [value for series in exhibit.chart.series for value in series.values]
        unit = exhibit.chart.unit
        names = [series.name if series.name in exhibit.table.columns else "Value" for series in exhibit.chart.series]
        cells = [stored_or_none(value, unit) for name in names for value in exhibit.table.columns[name]]
        assert cells == drawn


def test_the_axis_holds_zero_and_every_interval():
    table = Table.from_columns(
        {"Part": ["A", "B"], "Gap": [0.041, -0.022], "95% from": [0.03, -0.036], "95% to": [0.049, -0.006]},
        dict.fromkeys(("Gap", "95% from", "95% to"), "points"),
    )
    assert scale(of_table(table, kind=ChartKind.BARS, title="T", alt="A")) == (-4.0, 5.0)
    plain = Table.from_columns({"Part": ["A", "B"], "Gap": [0.041, -0.022]}, {"Gap": "points"})
    assert scale(of_table(plain, kind=ChartKind.BARS, title="T", alt="A")) is None


def test_sentences_about_dots_are_left_out_where_bars_are_drawn():
    note = "Rates of exits. Filled: unlikely to be chance. Hollow: could be chance. Showing 16 of 22."
    assert without_dots(note) == "Rates of exits. Showing 16 of 22."
    assert without_dots("Ratio by group; filled: unlikely to be chance. Diamond: low.") == "Ratio by group."


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [("share", 0.123456789, 0.1235), ("points", 0.042, 4.2), ("dollars", 1234.5, 1234.5), ("ratio", -0.00001, 0.0)],
)
def test_numbers_are_stored_with_four_decimals(unit, value, expected):
    assert stored(value, unit) == expected and str(stored(value, unit)) == str(expected)
    assert number_format(unit)


def test_a_month_that_has_not_begun_says_so_in_the_workbook():
    book = workbook_of(catalog.make("workbook", READERS["officer"]).content)
    reasons = [str(row[3].value) for row in book["By month"].iter_rows(min_row=6)]
    assert reasons.count("Fiscal year 2027 so far: has not begun") == 7, "December to June"


@pytest.mark.parametrize(("as_of", "note"), [
    (date(2026, 11, 12), "Nov of this year is counted until November 12, 2026, and last year’s to its end."),
    (date(2026, 10, 31), ""),
])  # fmt: skip
def test_a_month_that_is_not_over_says_so_next_to_a_full_month(as_of, note):
    chart = year_over_year(ask(Question("residents_new", "month"), Scope(as_of=as_of)), title="Residents")
    assert chart.note == note
