"""Small tables a keyboard and a screen reader reach, and the same as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from components import numbers, style
from components.address import shortened

MOST_ROWS = 200
LONGEST = 240
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """A table before it is drawn: column name to raw values, and the unit of each numeric column."""

    columns: Mapping[str, Sequence[Any]]
    units: Mapping[str, str] = field(default_factory=dict)
    missing: str = numbers.MISSING

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
        return numbers.day(value)
    if isinstance(value, str):
        return shortened(value, LONGEST)
    return numbers.format_value(value, unit or "") if numbers.known(value) else missing


def to_csv(table: Table, *, facts: Mapping[str, Any] | None = None) -> str:
    """The table as CSV: raw numbers, ISO dates, empty where unknown, the same facts on every row, no cell that a
    spreadsheet would run as a formula."""
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
        return "'" + value if value.startswith(_FORMULA) else value
    if value is None or (isinstance(value, float) and not numbers.known(value)):
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def facts_of(answer: Any) -> dict[str, Any]:
    """What every downloaded row says about where it comes from."""
    if answer is None or answer.delivery is None:
        return {}
    return {
        "as_of": answer.as_of,
        "delivery": answer.delivery.id,
        "synthetic_data": "yes" if answer.delivery.is_synthetic else "no",
    }


def draw(table: Table, *, name: str, alt: str) -> None:
    """Draw the table, numbers to the right, the first MOST_ROWS rows, in a container with key `table-` + `name`."""
    shown, numeric = {}, []
    for position, (column, values) in enumerate(table.columns.items(), start=1):
        texts = [written(value, table.units.get(column), table.missing) for value in values[:MOST_ROWS]]
        shown[style.plain(column)] = [style.plain(text) for text in texts]
        if column in table.units or any(numbers.known(v) and not isinstance(v, bool) for v in values):
            numeric.append(position)
    cells = ", ".join(f".st-key-table-{_css(name)} :is(th, td):nth-child({position})" for position in numeric)
    if cells:
        style.block(f"<style>{cells} {{ text-align: right !important; }}</style>")
    st.table(pd.DataFrame(shown), hide_index=True, alt=alt, border="horizontal", width="content")
    if table.length > MOST_ROWS:
        style.block(
            f'<p class="quiet">The first {MOST_ROWS} of {numbers.people(table.length)} rows; the file has all.</p>'
        )


def _css(name: str) -> str:
    """A name as Streamlit writes it into a class."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", name.strip())


def download(table: Table, *, name: str, facts: Mapping[str, Any] | None = None) -> None:
    """A button that saves the table as it stands. name: the file's name, and unique on the page."""
    st.download_button(
        "Download as CSV",
        lambda: to_csv(table, facts=facts).encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def table(
    data: Table | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    *,
    name: str,
    title: str = "",
    words: str = "",
    units: Mapping[str, str] | None = None,
    how: Any = None,
    can_download: bool = True,
    missing: str = numbers.MISSING,
) -> None:
    """A table in the open, with its heading, words and download. data: a Table, columns, or rows as dicts."""
    if not isinstance(data, Table):
        made = Table(data, units or {}, missing) if isinstance(data, Mapping) else of_rows(data, units)
        data = Table(made.columns, made.units, missing)
    if title:
        st.subheader(style.plain(title), anchor=False)
    if words:
        style.block(f'<p class="section-words">{style.escape(words)}</p>')
    with st.container(key=f"table-{name}"):
        draw(data, name=name, alt=title or words or name)
        if can_download:
            download(data, name=name, facts=facts_of(how))
