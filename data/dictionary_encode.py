"""Text columns whose values repeat, a few hundred names over millions of rows: kept as ENUMs, a byte or two a row.

What is true of each of their different values is true of every row, so they are cleaned once for each value. Narrow rows
are written, sorted and joined in less time and memory, and read in less by every question asked of the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb
from duckdb import DuckDBPyConnection as Connection

from data.cast_columns import Cast
from data.contract import LONGEST_TEXT
from data.duckdb_sql import Sql, joined, literal, one, run, sql
from data.read_files import Source

_MOST = 10_000
# A column of keys is found out from its first rows, not counted to its end.
_FIRST_ROWS = 50_000

Casts = dict[str, list[Cast]]


@dataclass(frozen=True)
class _Values:
    """The different values of a column when cleaned, and whether the file has every one of them clean."""

    texts: frozenset[str]
    are_clean: bool


def as_enums(connection: Connection, sources: dict[str, Source], casts: Casts) -> tuple[Casts, dict[str, Sql]]:
    """The casts, with an ENUM made in place of repeating text, and the ENUM types by name.

    Columns matched to one list of names share the type of that list's name, so that joining them compares numbers; if
    one of them does not repeat, all stay text. The others have the type `<table>.<column>`.
    """
    found: dict[str, dict[tuple[str, str], _Values | None]] = {}
    for table, made in casts.items():
        for cast in made:
            if cast.raw is not None and not cast.column.name.endswith("_id"):
                kind = cast.column.names or f"{table}.{cast.column.name}"
                values = _values(connection, sources[table], cast, cast.raw)
                found.setdefault(kind, {})[table, cast.column.name] = values
    types: dict[str, Sql] = {}
    coded: dict[tuple[str, str], tuple[Sql, bool]] = {}
    for kind, columns in found.items():
        repeating = {place: values for place, values in columns.items() if values is not None}
        if len(repeating) == len(columns):
            types[kind] = make_enum(
                connection, f"given_{kind}", {t for values in repeating.values() for t in values.texts}
            )
            coded |= {place: (types[kind], values.are_clean) for place, values in repeating.items()}
    return {
        table: [_coded(cast, *coded.get((table, cast.column.name), (None, False))) for cast in made]
        for table, made in casts.items()
    }, types


def make_enum(connection: Connection, name: str, values: Iterable[str]) -> Sql:
    """Makes an ENUM in the order of its texts, so that whatever is sorted by it is sorted as text is. It has one value
    at least, because DuckDB wants one."""
    texts = joined(", ", map(literal, sorted(set(values)) or [""]))
    run(connection, "create type {name} as enum ({texts})", name=name, texts=texts)
    return sql("{name}", name=name)


def _coded(cast: Cast, kind: Sql | None, is_clean: bool) -> Cast:
    if kind is None:
        return cast
    text = cast.raw if is_clean and cast.raw is not None else cast.value
    value = sql("cast({text} as {kind})", text=text, kind=kind)
    return replace(cast, given=value, value=value, is_enum=True)


def _values(connection: Connection, source: Source, cast: Cast, raw: Sql) -> _Values | None:
    """None where a column does not repeat, has a value too long to be accepted, or cannot be read."""
    parts = {"raw": raw, "rows": source.relation, "first": Sql(str(_FIRST_ROWS)), "value": cast.value}
    first = "select count(distinct r) from (select {raw} as r from {rows} as s limit {first}) as s"
    every = "select count(distinct r) from (select {raw} as r from {rows} as s) as s"
    try:
        if any(one(connection, count, source.parameters, **parts)[0] > _MOST for count in (first, every)):
            return None
        pairs = run(
            connection,
            "select {raw}, {value} from (select distinct {raw} from {rows} as s) as s",
            source.parameters,
            **parts,
        ).fetchall()
    except duckdb.Error:
        return None  # typing the table meets the same trouble, and says so
    texts = frozenset(value for _, value in pairs if value is not None)
    if any(len(text) > LONGEST_TEXT for text in texts):
        return None
    return _Values(texts, all(given == value for given, value in pairs))
