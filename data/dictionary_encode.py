"""Store text columns with few different values as ENUMs: a few hundred names over millions of rows, a byte or two per row.

Each different value is cleaned once instead of once per row. Narrow rows take less time and memory to write, sort and
join, and every later query reads less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb
from duckdb import DuckDBPyConnection as Connection

from data.cast_columns import Cast
from data.contract import LONGEST_TEXT
from data.duckdb_sql import Sql, fetch_row, joined, literal, run, sql
from data.read_files import Source

_MOST = 10_000
_AT_ONCE = 1_000  # so few rows are read once for all columns: that takes less time than to plan a statement for each
# A column of keys is recognized from its first rows, without counting all of it.
_FIRST_ROWS = 50_000

Casts = dict[str, list[Cast]]


@dataclass(frozen=True)
class _Values:
    """A column's different values after cleaning, and whether the file has all of them clean already."""

    texts: frozenset[str]
    are_clean: bool


def as_enums(connection: Connection, sources: dict[str, Source], casts: Casts) -> tuple[Casts, dict[str, Sql]]:
    """Replace text casts by ENUM casts where values repeat.

    Columns matched to the same list of names share one type, so that joins compare numbers. If one of them does not
    repeat, all of them stay text. Other columns have the type `<table>.<column>`.

    Returns:
        The casts, and the ENUM types by name.
    """
    values_by_type: dict[str, dict[tuple[str, str], _Values | None]] = {}
    for table, made in casts.items():
        repeatable = [cast for cast in made if cast.raw is not None and not cast.column.name.endswith("_id")]
        for cast, values in zip(repeatable, _values_of(connection, sources[table], repeatable), strict=True):
            kind = cast.column.names or f"{table}.{cast.column.name}"
            values_by_type.setdefault(kind, {})[table, cast.column.name] = values
    types: dict[str, Sql] = {}
    coded: dict[tuple[str, str], tuple[Sql, bool]] = {}
    for kind, columns in values_by_type.items():
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
    """Create an ENUM in alphabetical order, so that it sorts as text does. DuckDB needs at least one value."""
    texts = joined(", ", map(literal, sorted(set(values)) or [""]))
    run(connection, "create type {name} as enum ({texts})", name=name, texts=texts)
    return sql("{name}", name=name)


def _coded(cast: Cast, kind: Sql | None, is_clean: bool) -> Cast:
    if kind is None:
        return cast
    text = cast.raw if is_clean and cast.raw is not None else cast.value
    value = sql("cast({text} as {kind})", text=text, kind=kind)
    return replace(cast, given=value, value=value, is_enum=True)


def _values_of(connection: Connection, source: Source, casts: Sequence[Cast]) -> list[_Values | None]:
    """Return the different values of each column; None if it does not repeat, has a value that is too long, or cannot be read."""
    if casts and source.rows is not None and source.rows <= min(_AT_ONCE, _MOST):
        cells = joined(", ", (sql("{raw}, {value}", raw=cast.raw or Sql("null"), value=cast.value) for cast in casts))
        try:
            rows = run(
                connection, "select {cells} from {rows} as s", source.parameters, cells=cells, rows=source.relation
            )
            columns = list(zip(*rows.fetchall(), strict=True)) or [()] * 2 * len(casts)
        except duckdb.Error:
            pass  # one of the columns: they are read one by one
        else:
            return [
                _clean(zip(raw, value, strict=True)) for raw, value in zip(columns[::2], columns[1::2], strict=True)
            ]
    return [_values(connection, source, cast, cast.raw) for cast in casts if cast.raw is not None]


def _values(connection: Connection, source: Source, cast: Cast, raw: Sql) -> _Values | None:
    """Return the different values of one column."""
    parts = {"raw": raw, "rows": source.relation, "first": Sql(str(_FIRST_ROWS)), "value": cast.value}
    first = "select count(distinct r) from (select {raw} as r from {rows} as s limit {first}) as s"
    every = "select count(distinct r) from (select {raw} as r from {rows} as s) as s"
    counts = () if source.rows is not None and source.rows <= _MOST else (first, every)  # few rows have few values
    try:
        if any(fetch_row(connection, count, source.parameters, **parts)[0] > _MOST for count in counts):
            return None
        pairs = run(
            connection,
            "select {raw}, {value} from (select distinct {raw} from {rows} as s) as s",
            source.parameters,
            **parts,
        ).fetchall()
    except duckdb.Error:
        return None  # casting the table reports the same problem
    return _clean(pairs)


def _clean(pairs: Iterable[tuple[object, str | None]]) -> _Values | None:
    """Return the values of a column as given and cleaned; None if one is too long."""
    pairs = set(pairs)
    texts = frozenset(value for _, value in pairs if value is not None)
    if any(len(text) > LONGEST_TEXT for text in texts):
        return None
    return _Values(texts, all(given == value for given, value in pairs))
