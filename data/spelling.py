"""Unify spellings of a provider, program or employer that differ only in case and white space.

The most frequent spelling is used; among equally frequent ones, the first in the alphabet. Reference names have their own
spelling (match_names.py), and ids are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from data.cast_columns import Cast, is_identifier
from data.duckdb_sql import insert, run, sql
from data.errors import counted, listed, shown
from data.match_names import folded

_MOST_LISTED = 10


@dataclass(frozen=True)
class Spellings:
    """A name's spellings: the one used, the others, and how many rows had one of the others."""

    shown: str
    others: tuple[str, ...]
    rows: int


def unify(connection: Connection, typed: str, cast: Cast) -> list[str]:
    """Give every row of a text column the most frequent spelling. Returns a notice if there were several."""
    column = cast.column
    if column.kind != "text" or column.names is not None or is_identifier(column):
        return []
    spellings = group(_repeated(connection, typed, column.name, every_value=cast.is_enum))
    if not spellings:
        return []
    run(connection, "create or replace temp table spellings (given varchar, name varchar)")
    insert(connection, "spellings", [[other, each.shown] for each in spellings for other in each.others])
    run(connection, "update {typed} set {column} = s.name from spellings as s where {column} = s.given",
        typed=typed, column=column.name)  # fmt: skip
    return [_notice(column.name, spellings)]


def group(counts: Iterable[tuple[str, int]]) -> list[Spellings]:
    """Return names with more than one spelling, from (spelling, rows), most changed rows first."""
    written: dict[str, list[tuple[int, str]]] = {}
    for text, rows in counts:
        written.setdefault(folded(text), []).append((-rows, text))
    several = [sorted(spellings) for spellings in written.values() if len(spellings) > 1]
    grouped = [
        Spellings(first, tuple(text for _, text in others), -sum(rows for rows, _ in others))
        for (_, first), *others in several
    ]
    return sorted(grouped, key=lambda each: (-each.rows, each.shown))


def _repeated(connection: Connection, typed: str, column: str, *, every_value: bool) -> list[tuple[str, int]]:
    """Return (spelling, rows) of a column: every value where they are few, else those that differ only in case."""
    counts = sql(
        "select cast({column} as varchar) as given, count(*) as rows from {typed} where {column} is not null group by 1",
        typed=typed,
        column=column,
    )
    if not every_value:
        counts = sql(
            "select given, rows from (select given, rows, count(*) over (partition by lower(given)) as spellings"
            " from ({counts}) as counts) as numbered where spellings > 1",
            counts=counts,
        )
    return run(connection, "{counts}", counts=counts).fetchall()


def _notice(column: str, spellings: list[Spellings]) -> str:
    written = listed(
        (
            f"{shown(each.shown, 40)} (also {listed((shown(other, 40) for other in each.others), 4)})"
            for each in spellings
        ),
        _MOST_LISTED,
    )
    names, rows = counted(len(spellings), "name is", "names are"), counted(sum(each.rows for each in spellings), "row")
    return f"{column}: {names} spelled in several ways. {rows} changed to the most frequent spelling: {written}."
