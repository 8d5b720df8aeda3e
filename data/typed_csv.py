"""Read small CSV files that people edit as typed rows, with a sentence for everything that cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data import regular
from data.errors import RefusedError, listed, shown

if TYPE_CHECKING:
    from _csv import Reader

Cell = str | date | float | int | bool | None
Row = dict[str, Any]  # cells by column, of the types that the schema says


def read(
    path: Path, schema: dict[str, str], faults: list[str], *, label: str | None = None, only: bool = False
) -> list[Row]:
    """Return the typed rows of a CSV file.

    Args:
        path: The file.
        schema: Columns and types; see `reference.SCHEMA`.
        faults: Sentences are appended to it.
        label: The file's name in sentences.
        only: Whether columns outside the schema are faults.
    """
    label = label or f"Reference file {path.name}"
    try:
        reader = csv.reader(io.StringIO(regular.read_text(path, label), newline=""), strict=True)
        return _rows(reader, schema, faults, label, only=only)
    except RefusedError as refused:
        faults += refused.faults
    except csv.Error:
        faults.append(
            f"{label}, line {reader.line_num:,}: a quotation mark is not closed, or is in the middle of a cell."
        )
    return []


def _rows(reader: Reader, schema: dict[str, str], faults: list[str], label: str, *, only: bool) -> list[Row]:
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name.strip("*") for name in schema if "?" not in name and name.strip("*") not in header]
    if missing:
        faults.append(f"{label} does not have the column {', '.join(missing)}.")
        return []
    other = [*_unknown(header, [name.strip("?*") for name in schema], label)] if only else []
    if other:
        faults += other
        return []
    rows = []
    for number, cells in enumerate(reader, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(f"{label}, row {number}, has {len(cells)} values for {len(header)} columns.")
            continue
        given = dict(zip(header, cells, strict=True))
        place = f"{label}, row {number}"
        made = ((key, cell(given, key, kind, faults, place=place)) for key, kind in schema.items())
        row: Row = {key.strip("?*"): value for key, value in made}
        lost = {name for name, value in row.items() if value is None and given.get(name, "").strip()}
        rows.append({**row, "line": number, "unreadable": lost})
    return rows


_MAKE: dict[str, Callable[[str], Cell]] = {
    "varchar": str,
    "date": date.fromisoformat,
    "double": float,
    "bigint": lambda text: int(text.replace(",", "")),
    "boolean": lambda text: {"true": True, "false": False, "yes": True, "no": False}[text.lower()],
}
_TYPE_WORDS = {"date": "a date", "double": "a number", "bigint": "a whole number", "boolean": "true or false"}


def cell(given: Mapping[str, str], key: str, kind: str, faults: list[str], *, place: str) -> Cell:
    """Return a cell as its type; None if it is empty or cannot be read. A fault is added if it may not be."""
    column = key.strip("?*")
    text = " ".join(given.get(column, "").split())
    if not text:
        if "?" not in key:
            faults.append(f"{place}: {column} is empty.")
        return None
    try:
        return _MAKE[kind](text)
    except (ValueError, KeyError):
        faults.append(f"{place}: {column} {shown(text)} is not {_TYPE_WORDS[kind]}.")
        return None


def _unknown(header: Sequence[str], known: Sequence[str], label: str) -> Iterable[str]:
    """Yield faults for unknown columns. A misspelled one would silently leave out its values."""
    other = [name for name in header if name and name not in known]
    if other:
        columns = "the column" if len(other) == 1 else "the columns"
        yield f"{label} has {columns} {listed(map(shown, other))}, but may have only {', '.join(known)}."
    repeated = sorted({name for name in header if name and list(header).count(name) > 1})
    if repeated:
        yield f"{label} has the column {listed(map(shown, repeated))} more than once."
