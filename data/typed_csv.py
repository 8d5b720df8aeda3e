"""Small CSV files that people edit, read as typed rows: a sentence for whatever cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data import regular
from data.errors import Refused, listed, shown

if TYPE_CHECKING:
    from _csv import Reader

Row = dict[str, Any]


def read(
    path: Path, schema: dict[str, str], faults: list[str], *, label: str | None = None, only: bool = False
) -> list[Row]:
    """The typed rows of one CSV. label: how sentences name it. only: no other columns than the schema's are allowed."""
    label = label or f"Reference file {path.name}"
    try:
        reader = csv.reader(io.StringIO(regular.read_text(path, label), newline=""), strict=True)
        return _rows(reader, schema, faults, label, only=only)
    except Refused as refused:
        faults += refused.faults
    except csv.Error:
        faults.append(f"{label}, line {reader.line_num:,}: a quotation mark is never closed, or stands inside a cell.")
    return []


def _rows(
    reader: Reader, schema: dict[str, str], faults: list[str], label: str, *, only: bool
) -> list[Row]:
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name.strip("*") for name in schema if "?" not in name and name.strip("*") not in header]
    if missing:
        faults.append(f"{label} lacks the column {', '.join(missing)}.")
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
        made = ((key, cell(label, number, key, kind, given, faults)) for key, kind in schema.items())
        row: Row = {key.strip("?*"): value for key, value in made}
        lost = {name for name, value in row.items() if value is None and given.get(name, "").strip()}
        rows.append({**row, "line": number, "unreadable": lost})
    return rows


_MAKE: dict[str, Callable[[str], Any]] = {
    "varchar": str,
    "date": date.fromisoformat,
    "double": float,
    "bigint": lambda text: int(text.replace(",", "")),
    "boolean": lambda text: {"true": True, "false": False, "yes": True, "no": False}[text.lower()],
}
_SAID = {"date": "a date", "double": "a number", "bigint": "a whole number", "boolean": "true or false"}


def cell(label: str, number: int, key: str, kind: str, given: dict[str, str], faults: list[str]) -> Any:
    """One cell as its type; None where it is empty or cannot be read, with a sentence where it may not be."""
    column = key.strip("?*")
    text = " ".join(given.get(column, "").split())
    if not text:
        if "?" not in key:
            faults.append(f"{label}, row {number}: {column} is empty.")
        return None
    try:
        return _MAKE[kind](text)
    except (ValueError, KeyError):
        faults.append(f"{label}, row {number}: {column} {shown(text)} is not {_SAID[kind]}.")
        return None


def _unknown(header: Sequence[str], known: Sequence[str], label: str) -> Iterable[str]:
    """A misspelled column would silently leave its values out, and so say something else than was meant."""
    other = [name for name in header if name and name not in known]
    if other:
        columns = "the column" if len(other) == 1 else "the columns"
        yield f"{label} has {columns} {listed(map(shown, other))}; it may have only: {', '.join(known)}."
    repeated = sorted({name for name in header if name and list(header).count(name) > 1})
    if repeated:
        yield f"{label} has the column {listed(map(shown, repeated))} more than once."
