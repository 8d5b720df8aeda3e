"""The data dictionary: the meaning, type and allowed values of each column of the contract."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data import contract, reference
from data.contract import Column, Table

FILE = Path(__file__).parent / "dictionary.toml"
TYPES = {
    "text": "text",
    "date": "date, as 2026-11-20",
    "boolean": "true or false (also yes, no, y, n, 1, 0)",
    "money": "US dollars, as 1234.50",
    "number": "number, as 6.5",
    "count": "whole number",
}


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


@cache
def _file() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    """Return meaning and example by table and column."""
    return {table: {n: text for n, text in texts.items() if isinstance(text, list)} for table, texts in _file().items()}


def about(table: str) -> str:
    """Return a sentence or two about what one row of a table is."""
    return str(_file()[table]["about"])


def entries(table: Table, known: reference.Reference) -> Iterator[Entry]:
    """Yield the columns of a table in the contract's order. Groups added by a layout get a standard text."""
    for column in table.columns:
        meaning, example = _texts()[table.name].get(column.name, ["In the group. Empty: not disclosed.", ""])
        yield Entry(
            table.name, column.name, meaning, TYPES[column.kind], column.optional, example, _values(column, known)
        )


def _values(column: Column, known: reference.Reference) -> tuple[str, ...]:
    if column.kind == "boolean":
        return ("true", "false")
    return tuple(sorted(reference.names(known, column.names))) if column.names else ()


def tables(known: reference.Reference) -> dict[str, Table]:
    """Return the contract's tables with the groups of these reference files."""
    return contract.tables(reference.group_columns(known))
