"""An empty delivery to fill in: CSV files and a workbook with headers, an example row, allowed values and a data dictionary.

The example row's key is EXAMPLE. A row that still has this key in a delivery is never counted (see quarantine.py).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from data import contract, reference
from data.contract import Column, Table
from data.errors import UsageError

_TEXTS = Path(__file__).parent / "dictionary.toml"
_TYPES = {
    "text": "text",
    "date": "date, as 2026-11-20",
    "boolean": "true or false (also yes, no, y, n, 1, 0)",
    "money": "US dollars, as 1234.50",
    "number": "number, as 6.5",
    "count": "whole number",
}
ABOUT = "about"
WORKBOOK, DICTIONARY, README = f"{ABOUT}/delivery.xlsx", f"{ABOUT}/data-dictionary.csv", f"{ABOUT}/README.txt"
_DICTIONARY_HEADER = ("table", "column", "meaning", "type", "may be empty", "example", "allowed values")
_MOST_IN_CELL = 12
_WORDS = """An empty delivery for the Connecticut workforce dashboard.

1. Fill in either the CSV files or about/delivery.xlsx. The tables enrollments, completions and funding are required. Delete
   courses and openings if you do not have them.
2. Do not change the headers. Delete the example row of each table. Its key is EXAMPLE, and it is never counted.
3. about/data-dictionary.csv explains each column and its allowed values. The last two sheets of the workbook have the same.
4. Name the folder after the date, for example 2026-11-20, and check it (or check about/delivery.xlsx with --date 2026-11-20):

       python -m data check 2026-11-20
"""


@dataclass(frozen=True)
class Entry:
    """A column's entry in the dictionary. `values` are the allowed names; empty where any text is allowed."""

    table: str
    column: str
    meaning: str
    type: str
    may_be_empty: bool
    example: str
    values: tuple[str, ...]


def write(folder: Path) -> list[Path]:
    """Write the template to a folder, which must be empty or new, and return the files.

    Raises:
        UsageError: The folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Choose another one for the template.")
    known = reference.load(None)
    entries_by_table = {
        name: list(entries_of(table, known)) for name, table in contract.tables(reference.group_columns(known)).items()
    }
    (folder / ABOUT).mkdir(parents=True)
    paths = []
    for name, entries in entries_by_table.items():
        path = folder / f"{name}.csv"
        _write_csv(path, [entry.column for entry in entries], [[entry.example for entry in entries]])
        paths.append(path)
    every = [entry for entries in entries_by_table.values() for entry in entries]
    _write_csv(folder / DICTIONARY, _DICTIONARY_HEADER, map(_row, every))
    tables = "\n".join(f"   {name}: {about(name)}" for name in entries_by_table)
    (folder / README).write_text(f"{_WORDS}\nThe tables:\n\n{tables}\n", encoding="utf-8")
    _write_workbook(folder / WORKBOOK, entries_by_table)
    return [folder / README, folder / DICTIONARY, folder / WORKBOOK, *paths]


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # The byte order mark makes Excel read it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _row(entry: Entry) -> list[str]:
    shown = "; ".join(entry.values[:_MOST_IN_CELL])
    more = len(entry.values) - _MOST_IN_CELL
    allowed = shown + (f"; and {more} more (sheet Allowed values of the workbook)" if more > 0 else "")
    empty = "yes" if entry.may_be_empty else "no"
    return [entry.table, entry.column, entry.meaning, entry.type, empty, entry.example, allowed]


def _write_workbook(path: Path, entries_by_table: dict[str, list[Entry]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        header = book.add_format({"bold": True, "bg_color": "#DCE6F2", "border": 1})
        text = book.add_format({"num_format": "@"})  # text format keeps ids and dates as they are typed
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        lists = _lists(entries_by_table)
        for name, entries in entries_by_table.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, entry in enumerate(entries):
                sheet.set_column(column, column, max(14, len(entry.column) + 2), text)
                sheet.write_string(0, column, entry.column, header)
                sheet.write_string(1, column, entry.example, text)
                sheet.write_comment(0, column, f"{entry.meaning} ({entry.type})")
                if entry.values:
                    place = list(lists).index(entry.values)
                    _allow(sheet, column, place, len(entry.values))
        words = book.add_worksheet("Data dictionary")
        words.freeze_panes(1, 0)
        for column, width in enumerate((13, 24, 60, 24, 13, 26, 60)):
            words.set_column(column, column, width, wrapped)
        words.write_row(0, 0, _DICTIONARY_HEADER, header)
        for number, entry in enumerate((e for entries in entries_by_table.values() for e in entries), start=1):
            words.write_row(number, 0, _row(entry))
        allowed = book.add_worksheet("Allowed values")
        allowed.freeze_panes(1, 0)
        for place, (values, names) in enumerate(lists.items()):
            allowed.set_column(place, place, 28)
            allowed.write_string(0, place, names, header)
            allowed.write_column(1, place, values)


def _lists(entries_by_table: dict[str, list[Entry]]) -> dict[tuple[str, ...], str]:
    """Return each different list of allowed values, with a heading that names its column."""
    columns: dict[tuple[str, ...], list[str]] = {}
    for entries in entries_by_table.values():
        for entry in entries:
            if entry.values:
                columns.setdefault(entry.values, []).append(f"{entry.table}.{entry.column}")
    return {values: names[0].partition(".")[2] if len(names) > 1 else names[0] for values, names in columns.items()}


def _allow(sheet: Worksheet, column: int, place: int, number: int) -> None:
    """Give every cell of a column a drop-down list."""
    letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
    source = f"='Allowed values'!{letter}$2:{letter}${number + 1}"
    sheet.data_validation(1, column, 100_000, column, {
        "validate": "list", "source": source, "error_title": "Not an allowed value",
        "error_message": "Choose a value from the list. All values are on the sheet Allowed values.",
    })  # fmt: skip


@cache
def _file() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    """Return meaning and example by table and column."""
    return {table: {n: text for n, text in texts.items() if isinstance(text, list)} for table, texts in _file().items()}


def about(table: str) -> str:
    """Return a sentence or two about what one row of a table is."""
    return str(_file()[table]["about"])


def entries_of(table: Table, known: reference.Reference) -> Iterator[Entry]:
    """Yield the columns of a table in the contract's order. Groups added by a layout get a standard text."""
    for column in table.columns:
        meaning, example = _texts()[table.name].get(column.name, ["In the group. Empty: not disclosed.", ""])
        yield Entry(
            table.name, column.name, meaning, _TYPES[column.kind], column.optional, example, _values(column, known)
        )


def _values(column: Column, known: reference.Reference) -> tuple[str, ...]:
    if column.kind == "boolean":
        return ("true", "false")
    return tuple(sorted(reference.names(known, column.names))) if column.names else ()
