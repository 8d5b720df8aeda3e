"""The parts of a slide: its title, text boxes, tables and speaker notes, each with a name and a text alternative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Inches, Pt

from components.data_table import Table, column_texts, is_number
from components.palette import ACCENT
from components.url_state import shortened

WIDTH, HEIGHT = 13.333, 7.5  # inches
FONT = "Calibri"
INK, QUIET = RGBColor(0x16, 0x20, 0x2C), RGBColor(0x56, 0x63, 0x73)
ACCENT_COLOR = RGBColor.from_string(ACCENT.lstrip("#"))
_TITLE_ONLY = 5  # the layout of python-pptx's template that has a title and nothing else
SMALLEST = 12  # points, of any text on a slide
MOST_COLUMNS = 8  # of a table
_LONGEST_CELL, _WIDEST = 60, 26
_ROW = 0.38  # inches, of a row of a table with one line
_LETTER = 0.5  # width of a letter, of the size of the type
_LINE, _MARGINS = 1.2, 0.1  # height of a line, of the size of the type; above and below a text, in inches


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


BODY = Box(0.6, 1.65, WIDTH - 1.2, 4.95)


def add_slide(deck: Deck, title: str, footer: str) -> Slide:
    """Add a slide with a title, the line at its foot, and its number."""
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    if shape is None:
        raise ValueError("the slide layout has no title")
    _place(shape, Box(BODY.left, 0.4, BODY.width, 1.1))
    shape.text_frame.word_wrap = True
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    size = 30 if len(title) <= 70 else 24 if len(title) <= 140 else 20
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    _write(paragraph, shortened(title, 220), size=size, is_bold=True)
    describe(shape, "Title", title)
    foot = Box(BODY.left, HEIGHT - 0.55, BODY.width - 1, 0.4)
    add_text(slide, [footer], foot, size=SMALLEST, is_quiet=True, name="Date, filters and delivery")
    number = Box(WIDTH - 1.6, HEIGHT - 0.55, 1.0, 0.4)
    add_text(
        slide, [str(len(deck.slides))], number, size=SMALLEST, is_quiet=True, name="Slide number", align=PP_ALIGN.RIGHT
    )
    return slide


def add_text(
    slide: Slide,
    texts: Sequence[str],
    box: Box,
    *,
    size: int,
    name: str,
    is_bold: bool = False,
    is_quiet: bool = False,
    is_list: bool = False,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    """Add a text box, a paragraph for each text.

    Args:
        slide: The slide.
        texts: The paragraphs.
        box: Where.
        size: Of the type, in points.
        name: What the box is called in the list of shapes.
        is_bold: Whether the text is bold.
        is_quiet: Whether the text is gray.
        is_list: Whether the paragraphs are items of a list.
        align: How lines are aligned.
    """
    shape = slide.shapes.add_textbox(Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height))
    frame: TextFrame = shape.text_frame
    frame.word_wrap = True
    for number, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        if is_list:
            paragraph.space_after = Pt(10)
            _mark_as_item(paragraph)
        _write(paragraph, text, size=size, is_bold=is_bold, color=QUIET if is_quiet else INK)
    describe(shape, name, " ".join(texts))


def add_table(slide: Slide, table: Table, box: Box, *, title: str, most_rows: int) -> None:
    """Add the first rows of a table; the first row holds the headings, and numbers stand at the right."""
    table = table.first(most_rows)
    columns, rows = list(table.columns.items())[:MOST_COLUMNS], table.row_count
    place = (Inches(box.left), Inches(box.top), Inches(box.width), Inches(_ROW * (rows + 1)))
    shape = slide.shapes.add_table(rows + 1, len(columns), *place)
    grid = shape.table
    size, widths = _size_of(table), _widths_of(table)
    for place_of, (name, values) in enumerate(columns):
        grid.columns[place_of].width = Inches(box.width * widths[place_of])
        is_numeric = name in table.units or any(map(is_number, values))
        for row in range(rows + 1):
            cell = grid.cell(row, place_of)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if is_numeric else PP_ALIGN.LEFT
            if row == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = ACCENT_COLOR
                _write(paragraph, name, size=size, is_bold=True, color=RGBColor(0xFF, 0xFF, 0xFF))
            else:
                _write(paragraph, _shown(table, name, row - 1), size=size)
    first = "; ".join(_shown(table, name, 0) for name, _ in columns) if rows else ""
    describe(shape, "Table", f"{title}. Columns: {', '.join(name for name, _ in columns)}. First row: {first}.")


def row_heights(table: Table, width: float) -> list[float]:
    """Return the inches that the headings and each row of a table take, about: rows grow with their longest cell.

    Args:
        table: The rows to show.
        width: Of the table, in inches.
    """
    size, widths = _size_of(table), _widths_of(table)
    names = list(table.columns)[:MOST_COLUMNS]
    lines = [names, *([_shown(table, name, row) for name in names] for row in range(table.row_count))]
    return [
        max(_ROW, *(height_of(text, size, width * part) for text, part in zip(texts, widths, strict=True)))
        for texts in lines
    ]


def _size_of(table: Table) -> int:
    return SMALLEST if min(len(table.columns), MOST_COLUMNS) > 6 or table.row_count > 8 else 14


def _widths_of(table: Table) -> list[float]:
    """Return the parts of a table's width that its columns take."""
    names, rows = list(table.columns)[:MOST_COLUMNS], range(table.row_count)
    weights = [_weight(name, [_shown(table, name, row) for row in rows]) for name in names]
    return [weight / sum(weights) for weight in weights]


def height_of(text: str, size: int, width: float) -> float:
    """Return the inches that a text takes, about: how many lines it needs in a box of this width, in inches."""
    letters = max(int((width - 2 * _MARGINS) * 72 / (size * _LETTER)), 1)
    return -(-len(text) // letters) * size * _LINE / 72 + _MARGINS


def write_notes(slide: Slide, texts: Sequence[str]) -> None:
    """Write the speaker notes."""
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(texts)


def _shown(table: Table, name: str, row: int) -> str:
    return shortened(column_texts(table, name)[row], _LONGEST_CELL)


def _weight(name: str, texts: Sequence[str]) -> int:
    """Return the relative width of a column: enough for its longest word, and for its longest text within limits."""
    longest_word = max(len(word) for text in (name, *texts) for word in text.split() or [""])
    longest_text = max(len(name) // 2, *map(len, texts), 6) if texts else len(name)
    return max(longest_word + 3, min(longest_text, _WIDEST))


def _place(shape: BaseShape, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        Inches(side) for side in (box.left, box.top, box.width, box.height)
    )


def _write(paragraph: _Paragraph, text: str, *, size: int, is_bold: bool = False, color: RGBColor = INK) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.name, run.font.size, run.font.bold, run.font.color.rgb = FONT, Pt(size), is_bold, color
    run.font._element.set("lang", "en-US")


def _mark_as_item(paragraph: _Paragraph) -> None:
    """Make a paragraph a list item; python-pptx has no call for it."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "285750")
    properties.set("indent", "-285750")
    bullet = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(bullet)


def describe(shape: BaseShape, name: str, text: str) -> None:
    """Set a shape's name and its text alternative; python-pptx has no call for the second."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", text)
