"""The cell formats of a workbook, and how a sheet stands on the screen and on Letter paper: the lines above its table, widths, and what is printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from components.palette import ACCENT

_QUIET = "#566373"
FIRST_ROW = 4  # of a table's headings, counted from 0
_WIDEST, _WIDEST_OF_MANY, _MANY = 45, 24, 5  # letters of a column's width, and in a table with many columns
_LINE = 15.5  # points
_LETTERS_OF_WIDTH = 1.1  # a width counts digits, and most letters are narrower
_OTHER_WIDTH = 8.43  # letters of a column without a width
_LEAST_WIDTH = 104  # letters: what the lines above a table share, and a chart covers
_PORTRAIT_WIDTH = 130  # letters that fit on upright paper without becoming small
_MEASURED = 200  # rows that the widths of columns are taken from
_LETTER_PAPER = 1  # Excel's number for it
_MARGIN = 0.5  # inches
_MOST_ROWS_ABOVE = 30  # of a table that its chart stands below; next to a longer one


@dataclass
class Styles:
    """The formats of one workbook, each made once."""

    book: Workbook
    _numbers: dict[str, Format] = field(default_factory=dict)
    _base: ClassVar[dict[str, str | int]] = {"font_name": "Calibri", "font_size": 11}

    def __post_init__(self) -> None:
        add = self.book.add_format
        base = self._base
        self.title = add({**base, "bold": True, "font_size": 16, "text_wrap": True, "valign": "top"})
        self.lead = add({**base, "font_size": 12, "text_wrap": True, "valign": "top"})
        self.heading = add({**base, "bold": True, "font_size": 12, "bottom": 1, "bottom_color": ACCENT})
        heading = {**base, "bold": True, "valign": "bottom", "bottom": 1, "text_wrap": True}
        self.text_heading = add({**heading, "align": "left", "indent": 1})
        self.number_heading = add({**heading, "align": "right"})
        self.plain = add({**base, "align": "left", "indent": 1, "text_wrap": True, "valign": "top"})
        self.quiet = add({**base, "font_color": _QUIET, "text_wrap": True, "valign": "top"})
        self.term = add({**base, "bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = add({**base, "text_wrap": True, "valign": "top"})
        self.link = add({**base, "font_color": ACCENT, "underline": 1, "valign": "top"})

    def number(self, number_format: str) -> Format:
        """Return the format of numbers or dates that are written like this."""
        if number_format not in self._numbers:
            options = {**self._base, "num_format": number_format, "align": "right", "valign": "top"}
            self._numbers[number_format] = self.book.add_format(options)
        return self._numbers[number_format]


@dataclass(frozen=True)
class ChartPlace:
    """Where a chart stands: its first cell, and how many rows and columns it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class SheetLayout:
    """The layout of one sheet.

    Attributes:
        headings: Of the table's columns.
        cells: The texts of each row as readers see them.
    """

    headings: Sequence[str]
    cells: Sequence[Sequence[str]]

    @property
    def rows(self) -> int:
        """The number of the table's rows."""
        return len(self.cells)

    @cached_property
    def widths(self) -> list[int]:
        """The width of each column in letters: of its longest text, up to a limit. Longer texts take several lines."""
        most = _WIDEST_OF_MANY if len(self.headings) > _MANY else _WIDEST
        longest = [len(heading) + 4 for heading in self.headings]
        for row in self.cells[:_MEASURED]:
            longest = [max(known, len(text)) for known, text in zip(longest, row, strict=True)]
        return [min(letters + 2, most) for letters in longest]

    @property
    def last_row(self) -> int:
        """The table's last row. Excel accepts no table without one."""
        return FIRST_ROW + max(self.rows, 1)

    @property
    def last_column(self) -> int:
        """The last column of the lines above the table."""
        missing = max(_LEAST_WIDTH - sum(self.widths), 0)
        return max(len(self.widths) - 1 + math.ceil(missing / _OTHER_WIDTH), 1)

    @property
    def _letters(self) -> float:
        return sum(self.widths) + _OTHER_WIDTH * (self.last_column + 1 - len(self.widths))

    def chart_place(self, *, rows: int, columns: int) -> ChartPlace:
        """Return the place of a chart that covers so many rows and columns: below a short table, to the right of a long one."""
        if self.rows <= _MOST_ROWS_ABOVE:
            return ChartPlace(self.last_row + 2, 0, rows, min(columns, self.last_column + 1))
        return ChartPlace(FIRST_ROW, len(self.widths) + 1, rows, columns)

    def set_columns(self, sheet: Worksheet) -> None:
        """Set the width of each column, and the height of rows in which a text takes several lines."""
        for place, width in enumerate(self.widths):
            sheet.set_column(place, place, width)
        # a heading has a button for its filter
        for row, texts in enumerate([[f"{heading}    " for heading in self.headings], *self.cells], start=FIRST_ROW):
            lines = max(
                line_count(text, _LETTERS_OF_WIDTH * width - 2) for text, width in zip(texts, self.widths, strict=True)
            )
            if lines > 1:
                sheet.set_row(row, _LINE * lines)

    def write_heading(self, sheet: Worksheet, title: str, *lines: str, styles: Styles) -> None:
        """Write the title and the lines above the table over its width, in as many lines of text as they need."""
        self._write_line(sheet, 0, title, styles.title, letters_per_line=self._letters / 1.5, line_height=21)
        for row, line in enumerate(lines, start=1):
            self._write_line(sheet, row, line, styles.quiet, letters_per_line=self._letters, line_height=_LINE)

    def _write_line(
        self, sheet: Worksheet, row: int, text: str, style: Format, *, letters_per_line: float, line_height: float
    ) -> None:
        sheet.merge_range(row, 0, row, self.last_column, "", style)
        sheet.write_string(row, 0, text, style)
        sheet.set_row(row, line_height * line_count(text, letters_per_line))

    def set_page(self, sheet: Worksheet, chart: ChartPlace | None) -> None:
        """Set what is printed: the sheet's width on one page, upright if it fits, with its title and headings on every page.

        A short table and the chart below it share a page, so that no chart is cut.
        """
        is_below = chart is not None and chart.column == 0
        right, bottom = self.last_column, self.last_row
        if chart is not None:
            right = max(right, chart.column + chart.columns - 1)
            bottom = max(bottom, chart.row + chart.rows)
        sheet.print_area(0, 0, bottom, right)
        _set_paper(sheet)
        if self._letters <= _PORTRAIT_WIDTH and (chart is None or is_below):
            sheet.set_portrait()
        else:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 1 if is_below else 0)
        sheet.repeat_rows(0, FIRST_ROW)


def line_count(text: str, letters_per_line: float) -> int:
    """Return how many lines a text takes, with words that are not split."""
    lines, left = 1, letters_per_line
    for word in text.split(" "):
        if len(word) > left:
            lines, left = lines + 1, letters_per_line
        left -= len(word) + 1
    return lines


def set_cover_page(sheet: Worksheet) -> None:
    """Set the cover to be printed upright, its width on one page."""
    _set_paper(sheet)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)


def _set_paper(sheet: Worksheet) -> None:
    sheet.set_paper(_LETTER_PAPER)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=0.75)
    sheet.set_footer("&L&A&RPage &P of &N")
