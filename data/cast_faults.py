"""Columns that cannot be cast at all: a sentence with the first value that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import duckdb

from data.cast_columns import FORMAT_HINTS, KIND_WORDS, Cast, bit
from data.contract import Column
from data.duckdb_sql import Sql, run, sql
from data.errors import shown
from data.read_files import Source

Count = Callable[[str, Sequence[Sql]], Sequence[int]]  # how many rows of a table pass each test


def readable_tests(casts: Iterable[Cast]) -> dict[Cast, Sql]:
    """Return a test of whether a value could be read, for each column whose values may fail to."""
    return {
        cast: sql("{name} is not null or not_known & {bit} > 0", name=cast.column.name, bit=bit(n))
        for n, cast in enumerate(casts)
        if cast.may_fail
    }


def wholly_unreadable(
    connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], count: Count
) -> dict[str, str]:
    """Return a sentence with the first value for each column in which no value could be cast, by column name."""
    tests = readable_tests(casts)
    return {
        cast.column.name: _cannot_be(source, cast.column, example)
        for cast, rows in zip(tests, count(source.table, list(tests.values())), strict=True)
        if rows == 0 and (example := first_given(connection, source, cast.given))
    }


def impossible_faults(
    connection: duckdb.DuckDBPyConnection, source: Source, impossible: Iterable[tuple[Column, str, str]]
) -> list[str]:
    """Return a sentence for each column whose physical type cannot be cast, unless the column is empty."""
    sentences = []
    for column, name, physical_type in impossible:
        example = first_given(connection, source, sql("cast(s.{name} as varchar)", name=name))
        if example:
            kind = physical_type if len(physical_type) < 40 else physical_type[:39] + "…"
            sentences.append(_cannot_be(source, column, example, f" of type {kind}"))
    return sentences


def _cannot_be(source: Source, column: Column, example: tuple[str, str], typed: str = "") -> str:
    value, where = example
    return (
        f"{source.table}: the column {column.name}{typed} cannot be read as {KIND_WORDS[column.kind]}:"
        f" {shown(value)} in {where}{FORMAT_HINTS.get(column.kind, '')}."
    )


def first_given(connection: duckdb.DuckDBPyConnection, source: Source, given: Sql) -> tuple[str, str] | None:
    """Return an expression's first value that is not null, and its place, such as `row 2 of completions.csv`."""
    first = run(
        connection,
        "select given, row from (select {given} as given, row_number() over () as row from {relation} as s) as numbered"
        " where given is not null limit 1",
        source.parameters,
        given=given,
        relation=source.relation,
    ).fetchone()
    if first is None:
        return None
    label, row = source.locate(first[1])
    return first[0], f"row {row:,} of {label}"
