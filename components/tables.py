"""Small tables a keyboard and a screen reader reach, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import streamlit as st

from components import file_facts, html_view, page_guard, style
from components.text import format
from components.url_state import shortened
from data.formulas import neutralized

MOST_ROWS = 200
MOST_SAVED = 50_000  # rows of a file: no table here comes near it
LONGEST = 400
_LONG, _TALL = 36, 24
_ASKED = "file-asked-for"
_PLACES = 4  # decimals of a number in a file


@dataclass(frozen=True)
class Table:
    """A table before it is drawn: column name to raw values, and the unit of each numeric column."""

    columns: Mapping[str, Sequence[Any]]
    units: Mapping[str, str] = field(default_factory=dict)
    missing: str = format.MISSING

    @property
    def length(self) -> int:
        """Number of rows."""
        return max((len(values) for values in self.columns.values()), default=0)


def of_rows(rows: Sequence[Mapping[str, Any]], units: Mapping[str, str] | None = None) -> Table:
    """A table from dicts, one a row; columns as the first row names them."""
    names = list(rows[0]) if rows else []
    return Table({name: [row.get(name) for row in rows] for name in names}, units or {})


def written(value: Any, unit: str | None, missing: str) -> str:
    """A cell as text on screen."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (date, datetime)):
        return format.day(value)
    if isinstance(value, str):
        return shortened(value, LONGEST)
    return format.format_value(value, unit or "") if format.known(value) else missing


def to_csv(table: Table, *, facts: Mapping[str, Any] | None = None) -> str:
    """The table as CSV: raw numbers to four decimals, ISO dates, empty where unknown, the same facts on every row, no cell
    that a spreadsheet would run as a formula."""
    facts = dict(facts or {})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(name) for name in (*table.columns, *facts)])
    for position in range(table.length):
        cells = [values[position] if position < len(values) else None for values in table.columns.values()]
        writer.writerow([_safe(cell) for cell in (*cells, *facts.values())])
    return out.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return neutralized(value)
    if value is None or (isinstance(value, float) and not format.known(value)):
        return ""
    if isinstance(value, float):
        return round(value, _PLACES) + 0.0  # never minus zero
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def draw(table: Table, *, alt: str) -> None:
    """Draw the first MOST_ROWS rows, numbers to the right. Wider than the screen, it scrolls by itself, with the keyboard
    too: `st.table` scrolls out of a keyboard's reach on a phone, so this is plain HTML. alt: what the table is called.
    """
    names = list(table.columns)
    numeric = {name for name in names if name in table.units or any(_is_number(v) for v in table.columns[name])}
    head = "".join(f'<th scope="col"{_class(name in numeric)}>{style.escape(name)}</th>' for name in names)
    body = []
    for position in range(min(table.length, MOST_ROWS)):
        cells = []
        for place, name in enumerate(names):
            values = table.columns[name]
            value = values[position] if position < len(values) else None
            text = written(value, table.units.get(name), table.missing)
            tag = 'th scope="row"' if place == 0 else "td"
            mark = _class(name in numeric, is_long=len(text) > _LONG)
            cells.append(f"<{tag}{mark}>{style.escape(text)}</{tag[:2]}>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    style.block(
        f'<div class="table-scroll{" tall" if table.length > _TALL else ""}" role="region" tabindex="0" aria-label="{style.escape(shortened(alt, 160))}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )
    if table.length > MOST_ROWS:
        style.block(
            f'<p class="quiet">The first {MOST_ROWS} of {format.people(table.length)} rows; the file has all.</p>'
        )


def asked_for() -> str | None:
    """The file that this run is to bring, if one was asked for."""
    name: str | None = st.session_state.get(_ASKED)
    return name


def _is_number(value: Any) -> bool:
    return format.known(value) and not isinstance(value, bool)


def _class(is_number: bool, *, is_long: bool = False) -> str:
    return ' class="number"' if is_number else ' class="long"' if is_long else ""


def download(table: Table, *, name: str, how: Any = None, facts: file_facts.Facts | None = None) -> None:
    """A button that saves the table as it stands. The file is made when it is asked for, and goes to the page that asked and
    nowhere else.

    Args:
        name: of the table, unique on the page. The record of use has it; the file's name adds what the numbers rest on.
        how, facts: what the numbers rest on, as `file_facts.facts_of` takes them.
    """
    if table.length > MOST_SAVED:
        style.block(f'<p class="quiet">More than {format.people(MOST_SAVED)} rows are not saved as a file.</p>')
        return
    if asked_for() == name:
        del st.session_state[_ASKED]
        page_guard.downloading(f"{name}.csv")
        columns = file_facts.facts_of(how, facts)
        html_view.send_file(file_facts.file_name(name, columns), to_csv(table, facts=columns))
    said = html_view.on_event(f"save:{name}", lambda _: st.session_state.update({_ASKED: name}))
    style.block(f'<button type="button" class="quiet-button save" {said}>Download as CSV</button>')


def table(
    data: Table | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    *,
    name: str,
    title: str = "",
    words: str = "",
    units: Mapping[str, str] | None = None,
    how: Any = None,
    can_download: bool = True,
    missing: str = format.MISSING,
    facts: file_facts.Facts | None = None,
) -> None:
    """A table in the open, with its heading, words and download. data: a Table, columns, or rows as dicts. facts: what the
    file says apart from the filters of `how`, or of the page without it."""
    if not isinstance(data, Table):
        made = Table(data, units or {}, missing) if isinstance(data, Mapping) else of_rows(data, units)
        data = Table(made.columns, made.units, missing)
    with html_view.container(f'<section class="table" data-name="table-{style.escape(name)}">', "</section>"):
        if title:
            style.heading(3, title)
        if words:
            style.block(f'<p class="section-words">{style.escape(style.readable(words))}</p>')
        draw(data, alt=title or words or name)
        if can_download:
            download(data, name=name, how=how, facts=facts)
