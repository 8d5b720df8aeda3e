"""A layout's columns.csv: one name for each raw column that it reads, whatever the file calls it.

Columns: `column` (the name that the selects use), `needed_for` (contract columns that cannot be made without it, as
`enrollments.region`, separated by blanks; may be empty) and `headers` (what files call it, separated by ` | `). Headers
are compared by their letters and digits alone, without regard to case and leading zeros. A column `holds` may say what
the values are: `code` (1, 01 and 1.0 are one), `number` (an id or a day without dashes: 20240101.0 is 20240101, zeros at
its beginning count) or, where it is empty, text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from data import physical, regular
from data.duckdb_sql import Sql, sql
from data.errors import Refused, listed, shown
from data.read_files import plain

FILE = "columns.csv"


def _text(text: Sql) -> Sql:
    return text


_HOLDS: Mapping[str, Callable[[Sql], Sql]] = {"": _text, "code": physical.code, "number": physical.identifier}


@dataclass(frozen=True)
class Wanted:
    """One raw column: its name in the selects, what files may call it, what is not supplied without it."""

    name: str
    headers: tuple[str, ...]
    needed_for: tuple[str, ...]
    holds: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Its headers as they are compared."""
        return frozenset(map(key, self.headers))

    @property
    def said(self) -> str:
        """How a sentence names it: the first and the last thing that files call it."""
        return shown(self.headers[0]) + (f" ({self.headers[-1]})" if len(self.headers) > 1 else "")


def key(header: str) -> str:
    """A header as it is compared: `PIRL 0108-A` and `pirl108a` are one."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", plain(header)))


def read(path: Path) -> tuple[Wanted, ...]:
    """The columns of a columns.csv. Raises Refused when it cannot be understood or names a header twice."""
    try:
        rows = list(csv.DictReader(io.StringIO(regular.read_text(path, f"{FILE} of the layout")), strict=True))
        wanted = tuple(
            Wanted(
                row["column"].strip(),
                tuple(header.strip() for header in row["headers"].split("|")),
                tuple(row["needed_for"].split()),
                (row.get("holds") or "").strip(),
            )
            for row in rows
        )
    except (KeyError, AttributeError):
        raise Refused([f"{FILE} of the layout must have the columns column, needed_for and headers."]) from None
    except csv.Error:
        raise Refused([f"{FILE} of the layout: a quotation mark is never closed, or stands inside a cell."]) from None
    strange = sorted({column.holds for column in wanted} - set(_HOLDS))
    if strange:
        raise Refused([f"{FILE} of the layout: holds is {listed(map(shown, strange))}; it may be code, number or empty."])
    keys = [found for column in wanted for found in column.keys]
    names = [column.name.casefold() for column in wanted]
    twice = sorted({each for each in keys if keys.count(each) > 1} | {each for each in names if names.count(each) > 1})
    if twice:
        raise Refused([f"{FILE} of the layout names {listed(map(shown, twice))} twice."])
    return wanted


def read_as(wanted: Wanted, column: str | None, types: Mapping[str, str]) -> Sql:
    """A raw column as trimmed text under its name in the selects, read as what it holds; null where no file has it."""
    if column is None:
        return sql("cast(null as varchar) as {name}", name=wanted.name)
    text = physical.text_of(sql("{column}", column=column), types.get(column, ""))
    return sql("nullif(trim({text}), '') as {name}", text=_HOLDS[wanted.holds](text), name=wanted.name)


def match(wanted: Iterable[Wanted], header: Mapping[str, str], label: str) -> tuple[dict[str, str], list[str]]:
    """Which column of a file (key in `header`) is which wanted one, by name, and the faults in sentences."""
    given: dict[str, list[str]] = {}
    for column, text in header.items():
        given.setdefault(key(text), []).append(column)
    found: dict[str, str] = {}
    faults: list[str] = []
    for each in wanted:
        same = [column for one in sorted(each.keys) for column in given.get(one, [])]
        if len(same) > 1:
            faults.append(f"{label} has {each.said} more than once: {listed(shown(header[c], 40) for c in same)}.")
        elif same:
            found[each.name] = same[0]
    if not found and not faults:
        faults.append(f"{label} has none of the columns that the layout reads: is its first line a header?")
    return found, faults
