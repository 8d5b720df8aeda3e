"""From text or any physical type to the contract's types, one row to one row, saying what would not fit.

The typed table of each delivery table has the contract's columns and two more, nearly always null: `problems` (reasons,
joined by "; ") and `unreadable` (the values that would not fit, so that rows that differ in them never pass as equal).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from data.contract import LONGEST_TEXT, Column, Table
from data.engine import Sql, joined, literal, one, run, sql
from data.faults import shown
from data.reading import Source

_BLANK = literal(" \t\n\r\v\f\u00a0\u2007\u202f\u200b\ufeff")
_SAID = {
    "date": "a date", "boolean": "true or false", "money": "a dollar amount", "number": "a number",
    "count": "a whole number", "text": "text",
}  # fmt: skip
_HOW = {"date": " (dates are written YYYY-MM-DD)", "boolean": " (written true or false)", "money": " (written 1234.50)"}
_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    "FLOAT", "DOUBLE", "DECIMAL",
)  # fmt: skip
_TEXTS = ("VARCHAR", "ENUM", "UUID")
_MOMENTS = ("DATE", "TIMESTAMP")
# The physical types each kind can be made from, by the beginning of the type's name.
_FITS: dict[str, tuple[str, ...]] = {
    "text": (*_TEXTS, *_NUMBERS),
    "date": (*_TEXTS, *_MOMENTS),
    "boolean": (*_TEXTS, *_NUMBERS, "BOOLEAN"),
    "money": (*_TEXTS, *_NUMBERS),
    "number": (*_TEXTS, *_NUMBERS),
    "count": (*_TEXTS, *_NUMBERS),
}


@dataclass(frozen=True)
class Cast:
    """How one column is made: the text it was given as, the value, and whether the value may fail to be made.

    `raw` is the text of the file where it is made from that; `is_enum` says that it is one, of accepted lengths.
    """

    column: Column
    given: Sql
    value: Sql
    may_fail: bool
    raw: Sql | None = None
    is_enum: bool = False


def fits(kind: str, physical: str) -> bool:
    """Whether values of a physical type can be cast to a kind at all."""
    return "[" not in physical and (physical.strip('"') == "NULL" or physical.startswith(_FITS[kind]))


def plan(source: Source, table: Table) -> tuple[list[Cast], list[tuple[Column, str, str]]]:
    """The cast of every contract column, and the columns (with name and type in the file) that no cast exists for."""
    casts, impossible = [], []
    for column in table.columns:
        name, physical = source.columns.get(column.name, (None, '"NULL"'))
        if name is not None and not fits(column.kind, physical):
            impossible.append((column, name, physical))
            name = None
        casts.append(_cast(column, None if name is None else sql("s.{name}", name=name), physical))
    return casts, impossible


# Almost all text is plain ASCII without blanks around it; finding that out is ten times cheaper than trimming it.
_TRIMMED = (
    "case when strlen({name}) = length({name}) and left({name}, 1) > ' ' and right({name}, 1) > ' ' then {name}"
    " else nullif(trim({name}, {blank}), '') end"
)
# Numbers pass through text on purpose: 1e300, NaN, 1.5 as a count and 9 as a boolean then all fail alike.
_VALUES = {
    "text": "nfc_normalize({trimmed})",
    "date": "try_cast({trimmed} as date)",
    "boolean": "case when lower({trimmed}) in ('true', 't', 'yes', 'y', '1', '1.0') then true"
    " when lower({trimmed}) in ('false', 'f', 'no', 'n', '0', '0.0') then false end",
    "money": "try_cast({trimmed} as decimal(18,2))",
    "number": "try_cast({trimmed} as decimal(18,2))",
    "count": "case when try_cast({trimmed} as decimal(18,4)) = try_cast({trimmed} as integer)"
    " then try_cast({trimmed} as integer) end",
}


def _cast(column: Column, name: Sql | None, physical: str) -> Cast:
    if name is None or physical.strip('"') == "NULL":
        nothing = sql("cast(null as {kind})", kind=sql_type(column.kind))
        return Cast(column, Sql("cast(null as varchar)"), nothing, False)
    if column.kind == "date" and physical.startswith(_MOMENTS):
        return Cast(column, sql("cast({name} as varchar)", name=name), sql("cast({name} as date)", name=name), False)
    if column.kind == "boolean" and physical == "BOOLEAN":
        return Cast(column, sql("cast({name} as varchar)", name=name), name, False)
    text = sql("cast({name} as varchar)", name=name)
    trimmed = sql(_TRIMMED, name=name, blank=_BLANK) if physical == "VARCHAR" else text
    raw = name if physical == "VARCHAR" and column.kind == "text" else None
    return Cast(column, trimmed, sql(_VALUES[column.kind], trimmed=trimmed), column.kind != "text", raw)


def sql_type(kind: str) -> Sql:
    """The type a kind has in the store."""
    return Sql({"text": "varchar", "date": "date", "boolean": "boolean", "count": "integer"}.get(kind, "decimal(18,2)"))


def make_typed(connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], target: str) -> None:
    """Makes the typed table, in the order of the file, so that its `rowid` is the row's number from 0."""
    made = list(casts)
    tests: list[tuple[Sql, str]] = []
    for n, cast in enumerate(made):
        name, v, g = cast.column.name, f"v{n}", f"g{n}"
        if cast.may_fail:
            tests.append((sql("{v} is null and {g} is not null", v=v, g=g), f"{name} is not {_SAID[cast.column.kind]}"))
        if not cast.column.optional:
            tests.append((sql("{g} is null", g=g), f"{name} is empty"))
        if cast.column.kind == "text" and not cast.is_enum:
            too_long = sql("length({v}) > {longest}", v=v, longest=Sql(str(LONGEST_TEXT)))
            tests.append((too_long, f"{name} is longer than {LONGEST_TEXT} characters"))
    failed = [sql("case when {v} is null then {g} end", v=f"v{n}", g=f"g{n}") for n, c in enumerate(made) if c.may_fail]
    pairs = (
        sql("{value} as {v}, {given} as {g}", value=cast.value, v=f"v{n}", given=cast.given, g=f"g{n}")
        for n, cast in enumerate(made)
    )
    reasons = (sql("case when {test} then {reason} end", test=test, reason=literal(reason)) for test, reason in tests)
    run(
        connection,
        "create table {target} as select {values}, case when {any} then concat_ws('; ', {reasons}) end as problems,"
        " nullif(concat_ws(' | ', cast(null as varchar), {failed}), '') as unreadable"
        " from (select {inner} from {relation} as s) as given",
        source.parameters,
        target=target,
        values=joined(", ", (sql("{v} as {name}", v=f"v{n}", name=cast.column.name) for n, cast in enumerate(made))),
        any=joined(" or ", (test for test, _ in tests)),
        reasons=joined(", ", reasons),
        failed=joined(", ", failed or [Sql("null")]),
        inner=joined(", ", pairs),
        relation=source.relation,
    )


def wholly_unreadable(
    connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], target: str
) -> list[str]:
    """A sentence for each column in which every value that was given failed its cast, with the first such value."""
    doubtful = [cast for cast in casts if cast.may_fail]
    if not doubtful:
        return []
    readable = joined(", ", (sql("count({name})", name=cast.column.name) for cast in doubtful))
    sentences = []
    for cast, number in zip(doubtful, one(connection, "select {n} from {t}", n=readable, t=target), strict=True):
        if number == 0 and (example := first_given(connection, source, cast.given)):
            sentences.append(_cannot_be(source, cast.column, example))
    return sentences


def impossible_faults(
    connection: duckdb.DuckDBPyConnection, source: Source, impossible: Iterable[tuple[Column, str, str]]
) -> list[str]:
    """A sentence for each column of a physical type that no cast exists for, unless it holds nothing at all."""
    sentences = []
    for column, name, physical in impossible:
        example = first_given(connection, source, sql("cast(s.{name} as varchar)", name=name))
        if example:
            kind = physical if len(physical) < 40 else physical[:39] + "…"
            sentences.append(_cannot_be(source, column, example, f" of type {kind}"))
    return sentences


def _cannot_be(source: Source, column: Column, example: tuple[str, int], typed: str = "") -> str:
    value, row = example
    return (
        f"{source.table}: the column {column.name}{typed} cannot be read as {_SAID[column.kind]}:"
        f" {shown(value)} in row {row:,} of {source.label}{_HOW.get(column.kind, '')}."
    )


def first_given(connection: duckdb.DuckDBPyConnection, source: Source, given: Sql) -> tuple[str, int] | None:
    """The first value of an expression that is not null, and the number of its row, counted from 1."""
    return run(
        connection,
        "select given, row from (select {given} as given, row_number() over () as row from {relation} as s) as numbered"
        " where given is not null limit 1",
        source.parameters,
        given=given,
        relation=source.relation,
    ).fetchone()
