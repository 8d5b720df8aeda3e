"""Workbooks: a cover, then one sheet for each table, with a chart that Excel draws and readers can edit.

No cell can run: text is written as text, and nothing in it becomes a formula, a number or a link. A column of numbers holds numbers
only. Where a number is hidden or missing, its cell is empty and the last column says why.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from briefs import workbook_charts
from briefs.contents import Contents, Exhibit, filters_text, scope_lines, stamp
from briefs.numbers import DATE, number_format, stored_or_none
from briefs.workbook_layout import FIRST_ROW, SheetLayout, Styles, line_count, set_cover_page
from components.data_table import Table, is_number
from components.text import format
from components.text.scope_words import delivery_day

WHY_EMPTY = "Why a cell is empty"
ABOUT, FIGURES = "About", "Figures"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_TERM_WIDTH, _COVER_WIDTH, _LINE_HEIGHT = 32, 78, 15.5  # letters, letters, points
SYNTHETIC = "Synthetic data: made up for demonstration. These are not real people or results."
HOW_TO_READ = (
    "Every sheet is one table, with a filter on each heading. Columns of numbers hold numbers only. "
    f"An empty cell has no number to show; the column “{WHY_EMPTY}” gives the reason."
)


def render(contents: Contents) -> bytes:
    """Return a workbook: the cover, the headline figures, and one sheet for each table."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        delivery = contents.facts.delivery
        book.set_properties(
            {
                "title": contents.title,
                "subject": filters_text(contents.facts),
                "author": "Connecticut workforce dashboard",
                "comments": SYNTHETIC if delivery.is_synthetic else "",
                "created": datetime.combine(delivery.delivered_on, datetime.min.time(), UTC),
            }
        )
        styles = Styles(book)
        cover = book.add_worksheet(ABOUT)
        taken = {ABOUT.lower(), "history"}
        exhibits = [
            *([_figure_exhibit(contents)] if contents.figures else []),
            *(each for each in contents.exhibits if each.table.columns),
        ]
        names = [sheet_name(exhibit.name, taken) for exhibit in exhibits]
        _write_cover(cover, contents, styles, sheets=list(zip(names, exhibits, strict=True)))
        for number, (name, exhibit) in enumerate(zip(names, exhibits, strict=True), start=1):
            sheet = book.add_worksheet(name)
            subtitle = stamp(contents.facts, synthetic="Synthetic data", filters=exhibit.filters)
            _write_exhibit(book, sheet, exhibit, styles, table_name=f"Table{number}", subtitle=subtitle)
    return content.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """Return a sheet name that Excel accepts, and add it to `taken`: unique, at most 31 characters, none that it forbids."""
    words = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).replace("-", " ").replace("_", " ").strip(" '")
    base = (words[:1].upper() + words[1:31]).strip(" '") or "Table"
    unique, number = base, 2
    while unique.lower() in taken:
        unique, number = f"{base[:27]} {number}", number + 1
    taken.add(unique.lower())
    return unique


def _write_cover(
    sheet: Worksheet, contents: Contents, styles: Styles, *, sheets: Sequence[tuple[str, Exhibit]]
) -> None:
    """Write the title, the answer, the facts, the list of sheets and the definitions."""
    sheet.set_column(0, 0, _TERM_WIDTH)
    sheet.set_column(1, 1, _COVER_WIDTH)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, 1, "", styles.title)
    sheet.write_string(0, 0, contents.title, styles.title)
    sheet.set_row(0, 24)
    sheet.merge_range(1, 0, 1, 1, "", styles.lead)
    answer = " ".join(filter(None, (contents.lead, contents.more)))
    sheet.write_string(1, 0, answer, styles.lead)
    sheet.set_row(1, _LINE_HEIGHT * line_count(answer, _COVER_WIDTH + _TERM_WIDTH - 10))
    facts = contents.facts
    rows: list[tuple[str, str]] = [
        ("As of", format.day(facts.as_of)),
        ("Delivery", delivery_day(facts.delivery)),
        *([("Data", SYNTHETIC)] if facts.delivery.is_synthetic else []),
        ("Made for", facts.reader or "the operator"),
        *scope_lines(facts).items(),
        ("How to read it", HOW_TO_READ),
    ]
    line = _write_pairs(sheet, 3, "About this workbook", rows, styles)
    sheet.write_string(line, 0, "Sheets", styles.heading)
    for name, exhibit in sheets:
        line += 1
        sheet.write_url(line, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", styles.link, name)
        _write_wrapped(sheet, line, exhibit.title, styles)
    line += 2
    for group in contents.sentences:
        numbered = [(str(number), text) for number, text in enumerate(group.sentences, start=1)]
        line = _write_pairs(sheet, line, group.title, numbered, styles)
    _write_pairs(sheet, line, "Definitions", [(note.term, note.text) for note in contents.definitions], styles)
    set_cover_page(sheet)


def _write_pairs(sheet: Worksheet, line: int, heading: str, pairs: Sequence[tuple[str, str]], styles: Styles) -> int:
    """Write a heading and rows of a term and its text; return the line after an empty one."""
    sheet.write_string(line, 0, heading, styles.heading)
    for term, text in pairs:
        line += 1
        sheet.write_string(line, 0, term, styles.term)
        _write_wrapped(sheet, line, text, styles, term=term)
    return line + 2


def _write_wrapped(sheet: Worksheet, line: int, text: str, styles: Styles, *, term: str = "") -> None:
    """Write text that may take several lines, in a row that is high enough for it and for the term before it."""
    sheet.write_string(line, 1, text, styles.wrapped)
    lines = max(line_count(text, _COVER_WIDTH - 2), line_count(term, _TERM_WIDTH - 6))
    sheet.set_row(line, _LINE_HEIGHT * lines)


def _figure_exhibit(contents: Contents) -> Exhibit:
    """Return the headline figures as a table; each row has the number format of its unit."""
    figures = contents.figures
    table = Table.from_columns(
        {
            "Figure": [figure.label for figure in figures],
            "Number": [figure.value for figure in figures],
            "As shown": [figure.text for figure in figures],
            "Details": ["; ".join(figure.details) for figure in figures],
        }
    )
    by_row = Table(table.columns, missing="", row_units=tuple(figure.unit for figure in figures))
    return Exhibit(name=FIGURES, title=contents.title, table=by_row)


def _write_exhibit(
    book: xlsxwriter.Workbook, sheet: Worksheet, exhibit: Exhibit, styles: Styles, *, table_name: str, subtitle: str
) -> None:
    """Write one table as an Excel table with its title, frozen headings and filters, and its chart."""
    table, reasons = exhibit.table, _reasons(exhibit.table)
    headings = _headings(table, has_reasons=bool(reasons))
    layout = SheetLayout(headings, _texts(table, reasons))
    layout.set_columns(sheet)
    layout.write_heading(sheet, exhibit.title, subtitle, exhibit.words, styles=styles)
    sheet.add_table(
        FIRST_ROW, 0, layout.last_row, len(headings) - 1,
        {"name": table_name, "style": "Table Style Light 1", "columns": [{"header": name} for name in headings]},
    )  # fmt: skip
    for place, (name, values) in enumerate(table.columns.items()):
        is_typed = _is_typed(table, name)
        heading_style = styles.number_heading if is_typed else styles.text_heading
        sheet.write_string(FIRST_ROW, place, headings[place], heading_style)
        for row, value in enumerate(values, start=FIRST_ROW + 1):
            unit = table.row_units[row - FIRST_ROW - 1] if table.row_units else table.units.get(name, "")
            _write_cell(sheet, row, place, value, unit=unit, is_typed=is_typed, styles=styles)
    if reasons:
        sheet.write_string(FIRST_ROW, len(headings) - 1, WHY_EMPTY, styles.text_heading)
        for row, text in reasons.items():
            sheet.write_string(FIRST_ROW + 1 + row, len(headings) - 1, text, styles.plain)
    sheet.freeze_panes(FIRST_ROW + 1, 1)
    chart_place = None
    if exhibit.chart is not None:
        rows, columns = workbook_charts.size_of(exhibit.chart)
        chart_place = layout.chart_place(rows=rows, columns=columns)
        workbook_charts.insert(
            book, sheet, exhibit.chart, first_row=FIRST_ROW, at=(chart_place.row, chart_place.column), table=table
        )
    layout.set_page(sheet, chart_place)


def _texts(table: Table, reasons: Mapping[int, str]) -> list[list[str]]:
    """Return what readers see in each row, the reason for empty cells last; texts among numbers go there."""
    columns = [
        ["" if _is_typed(table, name) and isinstance(value, str) else _shown(value) for value in values]
        for name, values in table.columns.items()
    ]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [[*row, reasons.get(at, "")] for at, row in enumerate(rows)] if reasons else rows


def _headings(table: Table, *, has_reasons: bool) -> list[str]:
    """Return the names of the columns, each once: Excel accepts no two alike, in capitals or not."""
    names: list[str] = []
    for name in [*table.columns, *([WHY_EMPTY] if has_reasons else [])]:
        unique, number = name or " ", 2
        while unique.lower() in {other.lower() for other in names}:
            unique, number = f"{name} {number}", number + 1
        names.append(unique)
    return names


def _is_typed(table: Table, name: str) -> bool:
    """Return whether a column holds numbers or dates, and so no text."""
    return name in table.units or any(is_number(value) or isinstance(value, date) for value in table.columns[name])


def _reasons(table: Table) -> dict[int, str]:
    """Return why a row has empty cells, by row: text among numbers or dates, and the words for a value that is not known."""
    reasons: dict[int, list[str]] = {}
    for name, values in table.columns.items():
        if not _is_typed(table, name):
            continue
        for row, value in enumerate(values):
            reason = value if isinstance(value, str) and value else table.missing
            if not is_number(value) and not isinstance(value, date) and reason:
                reasons.setdefault(row, []).append(f"{name}: {reason}")
    return {row: "; ".join(texts) for row, texts in reasons.items()}


def _write_cell(
    sheet: Worksheet, row: int, column: int, value: object, *, unit: str, is_typed: bool, styles: Styles
) -> None:
    number = stored_or_none(value, unit)
    if number is not None:
        sheet.write_number(row, column, number, styles.number(number_format(unit)))
    elif isinstance(value, date):
        day = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
        sheet.write_datetime(row, column, day.replace(tzinfo=None), styles.number(DATE))
    elif is_typed or value is None:
        sheet.write_blank(row, column, None, styles.plain)
    else:
        sheet.write_string(row, column, _shown(value), styles.plain)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, date):
        return format.day(value)
    return "" if value is None else str(value)
