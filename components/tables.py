"""Tables on a page, within reach of a keyboard and a screen reader, and the same tables as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components import file_facts, html_view, page_guard, read_log, style
from components.data_table import Table, cell_text
from components.text import format
from components.url_state import shortened
from queries import Answer

MAX_ROWS_SHOWN = 200
MAX_ROWS_SAVED = 50_000  # no table here comes near it
_LONG_CELL = 36  # letters from which a cell gets a wide column
_TALL_TABLE = 24  # rows from which a table scrolls
_REQUESTED_FILE = "requested-file"  # session state: the table whose file a reader asked for


@dataclass(frozen=True)
class _Cell:
    text: str
    css_class: str


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
    head = [_Cell(name, "number" if name in numeric else "") for name in columns]
    body = []
    for row in list(zip(*columns.values(), strict=True))[:MAX_ROWS_SHOWN]:
        cells = []
        for name, value in zip(columns, row, strict=True):
            text = cell_text(value, unit=table.units.get(name), missing=table.missing)
            css_class = "number" if name in numeric else "long" if len(text) > _LONG_CELL else ""
            cells.append(_Cell(text, css_class))
        body.append(cells)
    row_count = len(table.frame)
    is_tall = row_count > _TALL_TABLE
    html_view.add(html_view.render("table", columns=head, rows=body, alt=shortened(alt, 160), is_tall=is_tall))
    if row_count > MAX_ROWS_SHOWN:
        text = f"The first {MAX_ROWS_SHOWN} of {format.people(row_count)} rows; the file has all."
        html_view.add(html_view.render("paragraph", text=text, css_class="quiet"))


def requested_file() -> str | None:
    """Return the table whose file this run sends, if a reader asked for one."""
    return read_log.read("requested file", _read_requested_file)


def _read_requested_file() -> str | None:
    name: str | None = st.session_state.get(_REQUESTED_FILE)
    return name


def _is_number(value: object) -> bool:
    return format.known(value) and not isinstance(value, bool)


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
        html_view.add(html_view.render("paragraph", text=text, css_class="quiet"))
        return
    if requested_file() == name:
        del st.session_state[_REQUESTED_FILE]
        page_guard.downloading(f"{name}.csv")
        columns = file_facts.facts_of(how, facts)
        html_view.send_file(file_facts.file_name(name, columns), table.to_csv(columns))
    event = html_view.on_event(f"save:{name}", lambda _: st.session_state.update({_REQUESTED_FILE: name}))
    html_view.add(html_view.render("download", event=event, subject=shortened(html_view.section_name() or name, 160)))


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
            html_view.add(html_view.render("paragraph", text=style.readable(words), css_class="section-words"))
        draw(data, alt=title or html_view.section_name() or words)
        download(data, name=name, how=how, facts=facts)
