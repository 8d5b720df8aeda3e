"""Match a delivery's names to the reference tables, ignoring case and white space, without guessing.

A similar name is reported with a suggestion and stays unknown.
"""

from __future__ import annotations

import heapq
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from data import suggestions
from data.contract import Table
from data.dictionary_encode import make_enum
from data.duckdb_sql import Sql, insert, run
from data.errors import counted, listed, shown

_MOST_COMMON = 50
_MOST_SUGGESTED = 10


@dataclass
class Unknown:
    """A column's values that match no name: the most common ones, and how many different ones there are."""

    column: str
    commonest: list[tuple[int, str]] = field(default_factory=list)
    different: int = 0


def folded(name: str) -> str:
    """Return a name in the form in which it is compared: normalized Unicode, single spaces, no case."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


Values = Callable[[str, str], Iterable[tuple[str, int]]]  # each value of a table's column, and its rows


@dataclass(frozen=True)
class Names:
    """A list of names: the known ones, and which of them a value stands for."""

    known: tuple[str, ...]
    matched: Mapping[str, str]


def match(
    tables: Iterable[Table], vocabulary: str, known: Iterable[str], values: Values
) -> tuple[Names, dict[str, list[Unknown]]]:
    """Match columns to a list of names.

    Args:
        tables: The tables to match.
        vocabulary: The list of names.
        known: The names.
        values: What the columns hold.

    Returns:
        The names of the values that match, and the unknown values by table.
    """
    canonical = {folded(name): name for name in known}
    matched: dict[str, str] = {}
    unknown: dict[str, list[Unknown]] = {}
    for table in tables:
        for column in table.columns:
            if column.names == vocabulary:
                missed = _match_column(column.name, values(table.name, column.name), canonical, matched)
                if missed.different:
                    unknown.setdefault(table.name, []).append(missed)
    return Names(tuple(canonical.values()), matched), unknown


def write(
    connection: duckdb.DuckDBPyConnection, every: Mapping[str, Names], given: Mapping[str, Sql] | None = None
) -> None:
    """Create the tables `<vocabulary>_names` (given, name). Names get the type `<vocabulary>_name`, an ENUM.

    The columns of reference tables that rules join by get it too, so that joins compare numbers.

    Args:
        connection: The working database, with the `ref_…` tables.
        every: The lists of names.
        given: The types of the values, where they are not text.
    """
    for vocabulary, names in every.items():
        kind = make_enum(connection, f"{vocabulary}_name", names.known)
        run(connection, "create table {names} (given {given}, name {kind})",
            names=f"{vocabulary}_names", given=(given or {}).get(vocabulary, Sql("varchar")), kind=kind)  # fmt: skip
        insert(connection, f"{vocabulary}_names", list(names.matched.items()))
    for name, joined_by in (("sectors", "sector"), ("towns", "town"), ("towns", "region")):
        run(connection, "alter table {table} alter {column} set data type {kind}",
            table=f"ref_{name}", column=joined_by, kind=f"{joined_by}_name")  # fmt: skip


def _match_column(
    column: str, values: Iterable[tuple[str, int]], canonical: Mapping[str, str], matched: dict[str, str]
) -> Unknown:
    missed = Unknown(column)
    for given, rows in values:
        canonical_name = canonical.get(folded(given))
        if canonical_name is not None:
            matched[given] = canonical_name
            continue
        missed.different += 1
        # The value breaks ties, so that a delivery always gets the same notices.
        push = heapq.heappush if len(missed.commonest) < _MOST_COMMON else heapq.heappushpop
        push(missed.commonest, (rows, given))
    return missed


def notices(unknown: Unknown, vocabulary: str, known: Sequence[str]) -> list[str]:
    """Return notices about the most common unknown values: similar ones with a suggestion, the rest in a list."""
    near: list[str] = []
    far: list[str] = []
    ordered = sorted(unknown.commonest, key=lambda pair: (-pair[0], pair[1]))
    for rows, given in ordered:
        close = suggestions.value(given, vocabulary, known)
        if close and len(near) < _MOST_SUGGESTED:
            near.append(
                f"{unknown.column} {shown(given)} ({counted(rows, 'row')}) is not a known name."
                f" Did you mean {shown(close)}?"
            )
        else:
            far.append(f"{shown(given, 40)} ({counted(rows, 'row')})")
    beyond = unknown.different - len(near)
    if beyond and far:
        rest = beyond - min(len(far), 5)
        near.append(
            f"{unknown.column}: {counted(beyond, 'unknown name')}: {listed(far[:5])}"
            + (f" and {rest:,} more." if rest else ".")
        )
    return near


def reasons_counted(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Count single reasons from counts of joined reasons, most frequent first."""
    total: Counter[str] = Counter()
    for joined, number in rows:
        for reason in joined.split("; "):
            total[reason] += number
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))
