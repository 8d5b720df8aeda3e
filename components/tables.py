"""Tables on a page, within reach of a keyboard and a screen reader, and the same tables as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from components import (
    csv_metadata,
    data_table,
    drawn_scope,
    file_facts,
    file_requests,
    html_view,
    page_contents,
    picks,
    style,
)
from components.charts.base import Chart
from components.data_table import Table
from components.page_contents import DrawnTable
from components.picks import RowFilter
from components.text import format, reliability
from components.url_state import shortened
from queries import Answer

MAX_ROWS_SHOWN = 200
MAX_ROWS_SAVED = 50_000  # no table here comes near it
_LONG_CELL = 36  # letters from which a cell gets a wide column
_MIN_ROWS_SORTED = 2
_WIDE_TABLE = 9  # columns from which each row stands as a block where the table has no room
_SEVERAL = 5  # and from which it does on a phone
_TALL_TABLE = 24  # rows from which a table scrolls
_MANY_BLOCKS = 50  # cells from which a table whose rows stand as blocks scrolls on a phone


@dataclass(frozen=True)
class _Cell:
    """A cell on screen: text or a drawing, its place in the order of its column, the width of its bar in percent."""

    text: str | Markup
    css_class: str = ""
    position: int | None = None
    bar: float | None = None


def draw(table: Table, *, alt: str, picked: RowFilter | None = None) -> None:
    """Draw the first rows of a table, numbers to the right. Readers sort it by its headings, unless rows are left out.

    A column of flags without a flag is only in the file.

    A table wider than the screen scrolls by itself, with the keyboard too: `st.table` scrolls out of a keyboard's reach
    on a phone, so this is plain HTML.

    Args:
        table: The table.
        alt: What the table is called, for a screen reader.
        picked: The filter that the names in the first column set.
    """
    table = _without_idle_flags(table)
    row_count = table.row_count
    is_sortable = table.is_sortable and _MIN_ROWS_SORTED <= row_count <= MAX_ROWS_SHOWN
    numeric = {
        name for name, values in table.columns.items() if name in table.units or any(map(data_table.is_number, values))
    }
    shown = table.first(MAX_ROWS_SHOWN)
    columns = [
        _column(shown, name, values, is_numeric=name in numeric, is_sortable=is_sortable)
        for name, values in shown.columns.items()
    ]
    if picked is not None:
        names = columns[0]
        columns[0] = [replace(cell, text=picked.button(str(cell.text), f"pick {alt}: {cell.text}")) for cell in names]
    head = [_Cell(name, "number" if name in numeric else "") for name in table.columns]
    for name, drawings in shown.drawings.items():
        head.append(_Cell(name, "drawing"))
        columns.append([_Cell(drawing, "drawing") for drawing in drawings])
    layout = "wide" if len(head) >= _WIDE_TABLE else "several" if len(head) >= _SEVERAL else ""
    html_view.add(
        html_view.render(
            "table",
            columns=head,
            rows=list(zip(*columns, strict=True)),
            alt=shortened(alt, 160),
            is_tall=row_count > _TALL_TABLE,
            is_sortable=is_sortable,
            layout=layout,
            has_many_blocks=bool(layout) and row_count * len(head) >= _MANY_BLOCKS,
        )
    )
    if row_count > MAX_ROWS_SHOWN:
        text = f"The first {MAX_ROWS_SHOWN} of {format.people(row_count)} rows; the file has all."
        html_view.paragraph(text, "quiet")


def _without_idle_flags(table: Table) -> Table:
    def is_idle(values: Sequence[object]) -> bool:
        return reliability.NO_FLAG in values and all(value in (reliability.NO_FLAG, "") for value in values)

    return replace(table, columns={name: values for name, values in table.columns.items() if not is_idle(values)})


def _column(table: Table, name: str, values: Sequence[object], *, is_numeric: bool, is_sortable: bool) -> list[_Cell]:
    """Return the cells of one column."""
    unit = table.units.get(name)
    nothing: list[None] = [None] * len(values)
    positions = data_table.sort_positions(values, is_numeric=is_numeric) if is_sortable else nothing
    bars = data_table.bar_widths(values, unit) if name in table.bars else nothing
    cells = []
    texts = data_table.column_texts(table, name)
    for value, text, position, bar in zip(values, texts, positions, bars, strict=True):
        css_class = "long" if len(text) > _LONG_CELL else ""
        if is_numeric:  # a reason may take two lines, a number may not
            css_class = "number reason" if isinstance(value, str) else "number"
        cells.append(_Cell(text, css_class, position, bar))
    return cells


def download(table: Table, *, name: str, how: Answer | None = None, facts: file_facts.Facts | None = None) -> None:
    """Put two buttons that save the table: as a CSV file, and with a description of its columns in a zip file.

    The file is made when a reader asks for it, and goes to that reader's page only.

    Args:
        table: The table.
        name: Name of the table, unique on the page. The audit log records it; the file's name adds the facts.
        how: The answer that the numbers rest on, as `file_facts.facts_of` takes it.
        facts: Facts that differ from those of the answer or the page.
    """
    if table.row_count > MAX_ROWS_SAVED:
        text = f"More than {format.people(MAX_ROWS_SAVED)} rows are not saved as a file."
        html_view.paragraph(text, "quiet")
        return
    subject = shortened(html_view.section_name() or name, 160)
    plain, described = f"save:{name}", f"describe:{name}"
    if file_requests.requested() in (plain, described):
        columns = file_facts.facts_of(how, facts)
        file = file_facts.file_name(name, columns)
        answers = page_contents.answers_behind(how)
        if file_requests.requested() == plain:
            file_requests.send(file, table.to_csv(columns), logged_as=f"{name}.csv", answers=answers)
        else:
            archive = csv_metadata.zipped(table, columns, file=file, title=subject, name=name, answer=how)
            file_requests.send(f"{file.removesuffix('.csv')}.zip", archive, logged_as=f"{name}.zip", answers=answers)
    buttons = {"plain": file_requests.on_request(plain), "described": file_requests.on_request(described)}
    html_view.add(html_view.render("download", **buttons, subject=subject, label="Download as CSV"))


def note_table(
    table: Table,
    *,
    name: str,
    title: str,
    words: str,
    how: Answer | None,
    facts: file_facts.Facts | None,
    chart: Chart | None = None,
) -> None:
    """Note a table for the page's workbook and slides, where a reader asked for them. For the arguments, see `table`."""
    if page_contents.collected() is None or table.row_count > MAX_ROWS_SAVED:
        return
    stated = file_facts.facts_of(how, facts)
    page_contents.add_table(DrawnTable(name=name, title=title, words=words, table=table, facts=stated, chart=chart))


def table(
    data: Table | Sequence[Mapping[str, object]],
    *,
    name: str,
    title: str = "",
    words: str = "",
    units: Mapping[str, str] | None = None,
    how: Answer | None = None,
    facts: file_facts.Facts | None = None,
) -> None:
    """Show a table with its heading, words and download.

    Args:
        data: A table, or rows; the first row names the columns.
        name: Name of the table, unique on the page, and of its file.
        title: Heading.
        words: A sentence below the heading.
        units: Units of the numeric columns, for rows.
        how: The answer that the numbers rest on. Names of its rows in the first column set a filter, where its breakdown is one.
        facts: What the file says besides the filters of `how`, or of the page without it.
    """
    if not isinstance(data, Table):
        data = Table.from_rows(data, units)
    scope = drawn_scope.attribute(how, facts)
    with html_view.container(f'<section class="table" data-name="table-{style.escape(name)}"{scope}>', "</section>"):
        if title:
            style.heading(3, title)
        html_view.paragraph(style.readable(words), "section-words")
        heading = title or html_view.section_name() or words
        note_table(data, name=name, title=heading, words=words, how=how, facts=facts)
        draw(data, alt=heading, picked=picks.row_filter(how))
        download(data, name=name, how=how, facts=facts)
