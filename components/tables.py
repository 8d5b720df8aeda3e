"""Tables on a page, within reach of a keyboard and a screen reader, and the same tables as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components import file_facts, html_view, page_guard, style
from components.data_table import Table, cell_text
from components.text import format
from components.url_state import shortened
from queries import Answer

MAX_ROWS_SHOWN = 200
MAX_ROWS_SAVED = 50_000  # no table here comes near it
_LONG_CELL = 36  # letters from which a cell gets a wide column
_TALL_TABLE = 24  # rows from which a table scrolls
_REQUESTED_FILE = "requested-file"  # session state: the table whose file a reader asked for


def draw(table: Table, *, alt: str) -> None:
    """Draw the first rows of a table, numbers to the right.

    A table wider than the screen scrolls by itself, with the keyboard too: `st.table` scrolls out of a keyboard's reach
    on a phone, so this is plain HTML.

    Args:
        table: The table.
        alt: What the table is called, for a screen reader.
    """
    columns = table.columns
    numeric = {name for name, values in columns.items() if name in table.units or any(map(_is_number, values))}
    head = "".join(f'<th scope="col"{_class(name in numeric)}>{style.escape(name)}</th>' for name in columns)
    body = []
    for row in list(zip(*columns.values(), strict=True))[:MAX_ROWS_SHOWN]:
        cells = []
        for position, (name, value) in enumerate(zip(columns, row, strict=True)):
            text = cell_text(value, unit=table.units.get(name), missing=table.missing)
            tag = 'th scope="row"' if position == 0 else "td"
            mark = _class(name in numeric, is_long=len(text) > _LONG_CELL)
            cells.append(f"<{tag}{mark}>{style.escape(text)}</{tag[:2]}>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    row_count = len(table.frame)
    label = style.escape(shortened(alt, 160))
    style.block(
        f'<div class="table-scroll{" tall" if row_count > _TALL_TABLE else ""}" role="region" tabindex="0" '
        f'aria-label="{label}"><table><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )
    if row_count > MAX_ROWS_SHOWN:
        text = f"The first {MAX_ROWS_SHOWN} of {format.people(row_count)} rows; the file has all."
        style.block(f'<p class="quiet">{text}</p>')


def requested_file() -> str | None:
    """Return the table whose file this run sends, if a reader asked for one."""
    name: str | None = st.session_state.get(_REQUESTED_FILE)
    return name


def _is_number(value: object) -> bool:
    return format.known(value) and not isinstance(value, bool)


def _class(is_number: bool, *, is_long: bool = False) -> str:
    return ' class="number"' if is_number else ' class="long"' if is_long else ""


def download(table: Table, *, name: str, how: Answer | None = None, facts: file_facts.Facts | None = None) -> None:
    """Put a button that saves the table as a file.

    The file is made when a reader asks for it, and goes to that reader's page only.

    Args:
        table: The table.
        name: Name of the table, unique on the page. The audit log records it; the file's name adds the facts.
        how: The answer that the numbers rest on, as `file_facts.facts_of` takes it.
        facts: Facts that differ from those of the answer or the page.
    """
    if len(table.frame) > MAX_ROWS_SAVED:
        text = f"More than {format.people(MAX_ROWS_SAVED)} rows are not saved as a file."
        style.block(f'<p class="quiet">{text}</p>')
        return
    if requested_file() == name:
        del st.session_state[_REQUESTED_FILE]
        page_guard.downloading(f"{name}.csv")
        columns = file_facts.facts_of(how, facts)
        html_view.send_file(file_facts.file_name(name, columns), table.to_csv(columns))
    event = html_view.on_event(f"save:{name}", lambda _: st.session_state.update({_REQUESTED_FILE: name}))
    style.block(f'<button type="button" class="quiet-button save" {event}>Download as CSV</button>')


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
        how: The answer that the numbers rest on.
        facts: What the file says besides the filters of `how`, or of the page without it.
    """
    if not isinstance(data, Table):
        data = Table.from_rows(data, units)
    with html_view.container(f'<section class="table" data-name="table-{style.escape(name)}">', "</section>"):
        if title:
            style.heading(3, title)
        if words:
            style.block(f'<p class="section-words">{style.escape(style.readable(words))}</p>')
        draw(data, alt=title or words or name)
        download(data, name=name, how=how, facts=facts)
