"""columns.csv of a layout: one name for each raw column that the layout reads, whatever the file calls it.

Columns:
    column: The name that the selects use.
    needed_for: Contract columns that cannot be filled without it, such as `enrollments.region`, separated by spaces.
    headers: What files call it, separated by ` | `. Headers are compared by letters and digits only, ignoring case and
        leading zeros.
    holds: Optional. `code` (1, 01 and 1.0 are equal), `number` (an id or a day without dashes: 20240101.0 is 20240101,
        leading zeros matter) or empty for text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from data import physical, regular
from data.column_names import plain
from data.duckdb_sql import Sql, sql
from data.errors import RefusedError, listed, shown

FILE = "columns.csv"


def _text(text: Sql) -> Sql:
    return text


_HOLDS: Mapping[str, Callable[[Sql], Sql]] = {"": _text, "code": physical.code, "number": physical.identifier}


@dataclass(frozen=True)
class RawColumn:
    """A raw column: its name in the selects, its possible headers, and the contract columns that need it."""

    name: str
    headers: tuple[str, ...]
    needed_for: tuple[str, ...]
    holds: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        """The headers in the form in which they are compared."""
        return frozenset(map(key, self.headers))

    @property
    def label(self) -> str:
        """The first and last possible header, for a sentence."""
        return shown(self.headers[0]) + (f" ({self.headers[-1]})" if len(self.headers) > 1 else "")


@lru_cache(10_000)
def key(header: str) -> str:
    """Return a header in the form in which it is compared: `PIRL 0108-A` and `pirl108a` are equal."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", plain(header)))


def read(path: Path) -> tuple[RawColumn, ...]:
    """Read a columns.csv.

    Raises:
        RefusedError: The file cannot be read, or lists a name or header twice.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(regular.read_text(path, f"{FILE} of the layout")), strict=True))
        wanted = tuple(
            RawColumn(
                row["column"].strip(),
                tuple(header.strip() for header in row["headers"].split("|")),
                tuple(row["needed_for"].split()),
                (row.get("holds") or "").strip(),
            )
            for row in rows
        )
    except (KeyError, AttributeError):
        raise RefusedError([f"{FILE} of the layout must have the columns: column, needed_for, headers."]) from None
    except csv.Error:
        raise RefusedError(
            [f"{FILE} of the layout: a quotation mark is not closed, or is in the middle of a cell."]
        ) from None
    if strange := sorted({column.holds for column in wanted} - set(_HOLDS)):
        raise RefusedError(
            [
                f"{FILE} of the layout: {listed(map(shown, strange))} is not a value of holds. Write code or number, or leave it empty."
            ]
        )
    header_keys = [header_key for column in wanted for header_key in column.keys]
    names = [column.name.casefold() for column in wanted]
    twice = sorted(
        {each for each in header_keys if header_keys.count(each) > 1}
        | {each for each in names if names.count(each) > 1}
    )
    if twice:
        raise RefusedError([f"{FILE} of the layout lists {listed(map(shown, twice))} twice."])
    return wanted


def read_as(wanted: RawColumn, column: str | None, types: Mapping[str, str]) -> Sql:
    """Return the SQL for a raw column as trimmed text, under its name in the selects. Null where no file has the column."""
    if column is None:
        return sql("cast(null as varchar) as {name}", name=wanted.name)
    text = physical.text_of(sql("{column}", column=column), types.get(column, ""))
    return sql("nullif(trim({text}), '') as {name}", text=_HOLDS[wanted.holds](text), name=wanted.name)


def match(wanted: Iterable[RawColumn], header: Mapping[str, str], label: str) -> tuple[dict[str, str], list[str]]:
    """Match a file's columns to the columns that a layout reads.

    Args:
        wanted: The columns to find.
        header: The file's headers by column key.
        label: The file's name in sentences.

    Returns:
        The file's column keys by name, and faults.
    """
    given: dict[str, list[str]] = {}
    for column, text in header.items():
        given.setdefault(key(text), []).append(column)
    matches: dict[str, str] = {}
    faults: list[str] = []
    for each in wanted:
        same = [column for header_key in sorted(each.keys) for column in given.get(header_key, [])]
        if len(same) > 1:
            faults.append(f"{label} has {each.label} more than once: {listed(shown(header[c], 40) for c in same)}.")
        elif same:
            matches[each.name] = same[0]
    if not matches and not faults:
        faults.append(f"{label} has none of the columns that the layout reads. Is its first line a header?")
    return matches, faults
