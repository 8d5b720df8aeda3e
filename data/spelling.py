"""Unify spellings of a provider, program or employer that differ only in case and white space.

The most frequent spelling is used; among equally frequent ones, the first in the alphabet. Reference names have their own
spelling (match_names.py), and ids are never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from data.cast_columns import is_identifier
from data.contract import Column
from data.duckdb_sql import Sql, insert, run, sql
from data.errors import counted, listed, shown
from data.match_names import folded

_MOST_LISTED = 10


@dataclass(frozen=True)
class Spellings:
    """A name's spellings: the one used, the others, and how many rows had one of the others."""

    shown: str
    others: tuple[str, ...]
    rows: int


def is_free(column: Column) -> bool:
    """Return whether a column holds names that no list knows, so that its own spellings decide."""
    return column.kind == "text" and column.names is None and not is_identifier(column)


def unify(connection: Connection, typed: str, column: str, spellings: Sequence[Spellings]) -> None:
    """Give every row of a text column the most frequent spelling."""
    run(connection, "create or replace temp table spellings (given varchar, name varchar)")
    insert(connection, "spellings", [[other, each.shown] for each in spellings for other in each.others])
    run(connection, "update {typed} set {column} = s.name from spellings as s where {column} = s.given",
        typed=typed, column=column)  # fmt: skip


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


def repeated(connection: Connection, counts: Sql, *, every_value: bool) -> list[tuple[str, int]]:
    """Return (spelling, rows) of a column: every value where they are few, else those that differ only in case.

    Args:
        connection: The working database.
        counts: A query of each value and its rows (given, rows).
        every_value: Whether the column has few different values.
    """
    if not every_value:
        counts = sql(
            "select given, rows from (select given, rows, count(*) over (partition by lower(given)) as spellings"
            " from ({counts}) as counts) as numbered where spellings > 1",
            counts=counts,
        )
    return run(connection, "{counts}", counts=counts).fetchall()


def notice(column: str, spellings: Sequence[Spellings]) -> str:
    """Return the notice about names that were spelled in several ways."""
    written = listed(
        (
            f"{shown(each.shown, 40)} (also {listed((shown(other, 40) for other in each.others), 4)})"
            for each in spellings
        ),
        _MOST_LISTED,
    )
    names, rows = counted(len(spellings), "name is", "names are"), counted(sum(each.rows for each in spellings), "row")
    return f"{column}: {names} spelled in several ways. {rows} changed to the most frequent spelling: {written}."
