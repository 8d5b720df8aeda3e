"""Slides, read back: a finding as each title, native charts with the numbers, a text alternative on every shape, notes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from pptx.util import Emu

from briefs import slides
from briefs.contents import Exhibit, FigureText, SentenceGroup
from briefs.slide_parts import HEIGHT, MOST_COLUMNS, height_of
from briefs.slides import MOST_ROWS, MOST_SENTENCES
from components.data_table import Table
from tests.briefs.office_files import MONTHS, REGIONS, alternatives, chart, contents, deck_of


@pytest.fixture(scope="module")
def deck():
    return deck_of(slides.render(contents()))


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def charts(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_each_slide_has_the_finding_as_its_title(deck):
    assert titles(deck) == [
        "1,904 residents have enrolled",
        "Eastern completes most",
        "Spending",
        "To raise at the meeting",
    ]


def test_the_first_slide_is_headed_by_the_answer_and_says_what_it_is():
    longer = replace(contents(), lead="In St. Mary, 3.5% finished. That is few.", more="It was 4%.")
    slide = deck_of(slides.render(longer)).slides[0]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert slide.shapes.title.text_frame.text == "In St. Mary, 3.5% finished"
    assert "My region" in texts and "That is few. It was 4%." in texts
    assert deck_of(slides.render(replace(contents(), lead=""))).slides[0].shapes.title.text_frame.text == "My region"


def test_charts_are_native_and_hold_the_numbers(deck):
    bars, lines = charts(deck)
    assert [list(series.values) for series in bars.plots[0].series] == [[0.7812, 0.6, None]]
    assert list(bars.plots[0].categories) == list(REGIONS.columns["Region"])
    assert [(series.name, list(series.values)) for series in lines.plots[0].series] == [
        ("Spent", MONTHS.columns["Spent"]),
        ("Allocated", MONTHS.columns["Allocated"]),
    ]
    assert bars.part.chart_workbook.xlsx_part is not None  # what a reader edits


def test_every_shape_has_a_name_and_a_text_alternative(deck):
    assert [item for item in alternatives(deck) if not item[1] or not item[2]] == []
    names = [(number, name) for number, name, _ in alternatives(deck)]
    assert len(names) == len(set(names))
    assert (2, "Chart", "Eastern 78.1%; =1+1 60%") in alternatives(deck)


def test_every_slide_has_notes_with_the_definitions(deck):
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert "Completion rate: Exits that were completions." in notes
        assert len(notes.splitlines()) > 2


def test_every_slide_says_its_date_its_filters_and_that_the_data_is_synthetic(deck):
    for slide in deck.slides:
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "As of November 13, 2026 · Northwest" in text and "Synthetic data" in text
    real = deck_of(slides.render(contents(is_synthetic=False)))
    assert not [text for *_, text in alternatives(real) if "ynthetic" in text]


def test_every_shape_is_on_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= deck.slide_width + Emu(10), shape.name
            assert 0 <= shape.top <= shape.top + shape.height <= deck.slide_height + Emu(10), shape.name


def test_a_short_deck_keeps_the_charts_before_the_tables():
    plain = Exhibit(name="plain", title="A table", table=MONTHS)
    drawn = Exhibit(name="drawn", title="A chart", table=REGIONS, chart=chart(REGIONS))
    assert titles(deck_of(slides.render(contents(plain, drawn), most=3))) == [
        "1,904 residents have enrolled",
        "A chart",
        "To raise at the meeting",
    ]
    assert titles(deck_of(slides.render(contents(plain, drawn), most=9)))[1:3] == ["A table", "A chart"]


def test_a_long_table_says_how_much_of_it_is_shown():
    table = Table.from_columns(
        {"Town": [f"Town {n}" for n in range(41)], "People": list(range(41))}, {"People": "people"}
    )
    deck = deck_of(slides.render(contents(Exhibit(name="towns", title="Towns", table=table))))
    (grid,) = [shape.table for shape in deck.slides[1].shapes if shape.has_table]
    assert len(grid.rows) == MOST_ROWS + 1
    assert grid.cell(1, 0).text_frame.text == "Town 0" and grid.cell(1, 1).text_frame.text == "0"
    assert f"The first {MOST_ROWS} of 41 rows" in deck.slides[1].notes_slide.notes_text_frame.text


def test_a_slide_says_which_columns_and_sentences_it_has_no_room_for():
    table = Table.from_columns({f"Column {number}": [1, 2] for number in range(MOST_COLUMNS + 2)})
    points = tuple(f"Point {number} is here." for number in range(MOST_SENTENCES + 3))
    shown = replace(
        contents(Exhibit(name="wide", title="Wide", table=table)), sentences=(SentenceGroup("Points", points),)
    )
    _, wide, listed = deck_of(slides.render(shown)).slides
    assert "Without the columns Column 8 and Column 9; the workbook has all." in texts_of(wide)
    assert f"The first {MOST_SENTENCES} of {len(points)}; the speaker notes have all." in texts_of(listed)
    assert points[-1] in listed.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("rows", [3, MOST_ROWS, 30])
@pytest.mark.parametrize("columns", [4, MOST_COLUMNS + 1])
@pytest.mark.parametrize("words", ["", "It counts exits. " * 60])
def test_no_text_is_small_and_no_box_covers_another(rows, columns, words):
    table = Table.from_columns(
        {f"Column {place}": ["▼ 90% of its share of all residents"] * rows for place in range(columns)}
    )
    details = (
        "63% (48% to 76%) on November 20, 2025",
        "25 of 44 exits at least 180 days old that completed or withdrew · 95% interval 41% to 70% · 4 not known yet",
    )
    long = FigureText(
        label="Residents enrolled per 10,000 residents", text="31.4", value=31.4, unit="", details=details
    )
    shown = replace(
        contents(Exhibit(name="long", title="A finding. " * 20, table=table, words=words)), figures=(long,) * 4
    )
    for slide in deck_of(slides.render(shown)).slides:
        boxes = [box_of(shape) for shape in slide.shapes]
        assert min(sizes_of(slide)) >= 12
        assert [shape.name for shape in slide.shapes if shape.has_text_frame and not fits(shape)] == []
        for (name, left, top, right, bottom), (other, *box) in combinations(boxes, 2):
            apart = right <= box[0] or box[2] <= left or bottom <= box[1] + TOUCHING or box[3] <= top + TOUCHING
            assert apart, (name, other)
        assert all(bottom <= HEIGHT for *_, bottom in boxes)


TOUCHING = 0.02  # inches


def texts_of(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def sizes_of(slide) -> list[float]:
    """Return the size of each piece of text, in points."""
    frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
    frames += [cell.text_frame for shape in slide.shapes if shape.has_table for cell in shape.table.iter_cells()]
    return [run.font.size.pt for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]


def fits(shape) -> bool:
    """Return whether the text of a box ends inside it, by the estimate that slides are laid out with."""
    heights = [
        height_of(paragraph.text, int(paragraph.runs[0].font.size.pt), shape.width.inches)
        for paragraph in shape.text_frame.paragraphs
        if paragraph.runs
    ]
    margins = 0.1 * (len(heights) - 1)  # each height has its own
    return sum(heights) - margins <= shape.height.inches + TOUCHING


def box_of(shape) -> tuple[str, float, float, float, float]:
    """Return a shape's name and its edges in inches, a table's as high as its cells make it."""
    left, top, width, height = (side.inches for side in (shape.left, shape.top, shape.width, shape.height))
    if shape.has_table:
        height = sum(
            max(
                height_of(
                    cell.text_frame.text,
                    int(min(run.font.size.pt for run in cell.text_frame.paragraphs[0].runs)),
                    column.width.inches,
                )
                for cell, column in zip(row.cells, shape.table.columns, strict=True)
            )
            for row in shape.table.rows
        )
    return shape.name, left, top, left + width, top + height


def test_properties_name_the_file_for_assistive_technology(deck):
    properties = deck.core_properties
    assert (properties.title, properties.language) == ("My region", "en-US")
