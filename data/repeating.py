"""Text columns whose values repeat: a few hundred names over millions of rows.

What is true of each of their different values is true of every row, so it is found out once for each value. In the store
they are ENUMs, a byte or two a row in place of a text: sorting and writing take less, and so does every question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from duckdb import DuckDBPyConnection as Connection

from data.casting import Cast
from data.contract import Table
from data.engine import Sql, joined, literal, one, run, sql
from data.reading import Source

_MOST = 10_000
# A column of keys is found out from its first rows, not counted to its end.
_FIRST_ROWS = 100_000


def clean(connection: Connection, source: Source, casts: Iterable[Cast]) -> list[Cast]:
    """The casts, with repeating text taken as it is where none of its values needs cleaning, as nearly always: cleaning
    it row by row was most of the work of reading."""
    return [
        replace(cast, given=cast.raw, value=cast.raw)
        if cast.raw is not None and _is_clean(connection, source, cast, cast.raw)
        else cast
        for cast in casts
    ]


def _is_clean(connection: Connection, source: Source, cast: Cast, raw: Sql) -> bool:
    if not _repeats(connection, raw, source.relation, source.parameters):
        return False
    # Counted, not filtered: DuckDB would move a filter below the `distinct`, and clean every row.
    awry = one(
        connection,
        "select count(*) filter (where {value} is distinct from {raw}) from (select distinct {raw} from {rows} as s)"
        " as s",
        source.parameters,
        value=cast.value,
        raw=raw,
        rows=source.relation,
    )
    return awry[0] == 0


def as_enums(connection: Connection, table: Table) -> None:
    """Makes the view `coded_<table>`: `accepted_<table>`, with an ENUM for each repeating text column that no list of
    names has typed."""
    typed, changed = sql("{typed}", typed=f"typed_{table.name}"), []
    for column in table.columns:
        name = sql("s.{name}", name=column.name)
        if column.kind != "text" or column.names or not _repeats(connection, name, typed):
            continue
        values = run(connection, "select distinct {name} from {typed} as s", name=name, typed=typed).fetchall()
        kind = make_enum(connection, f"{table.name}.{column.name}", (value for (value,) in values if value is not None))
        changed.append(sql("cast({column} as {kind}) as {column}", column=column.name, kind=kind))
    replaced = sql("replace ({changed})", changed=joined(", ", changed)) if changed else Sql("")
    run(connection, "create view {coded} as select * {replaced} from {accepted}",
        coded=f"coded_{table.name}", replaced=replaced, accepted=f"accepted_{table.name}")  # fmt: skip


def make_enum(connection: Connection, name: str, values: Iterable[str]) -> Sql:
    """Makes an ENUM in the order of its texts, so that whatever is sorted by it is sorted as text is; it has one value
    at least, because DuckDB wants one."""
    texts = joined(", ", map(literal, sorted(set(values)) or [""]))
    run(connection, "create type {name} as enum ({texts})", name=name, texts=texts)
    return sql("{name}", name=name)


def _repeats(connection: Connection, value: Sql, rows: Sql, parameters: object = None) -> bool:
    """Whether a column has few different values; where it has many, its first rows say so."""
    first = sql("(select {value} as value from {rows} as s limit {n})", value=value, rows=rows, n=Sql(str(_FIRST_ROWS)))
    every = sql("(select {value} as value from {rows} as s)", value=value, rows=rows)
    count = "select count(distinct value) from {rows} as r"
    return all(one(connection, count, parameters, rows=asked)[0] <= _MOST for asked in (first, every))
