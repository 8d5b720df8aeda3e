"""From text or any physical type to the contract's types, one row to one row, saying what would not fit.

The typed table of each delivery table has the contract's columns and three more, nearly always null: `problems` (reasons,
joined by "; "), `unreadable` (the values that would not fit, so that rows that differ in them never pass as equal) and
`not_known` (one bit for each date column whose value stands for no date, as 9999-12-31 does; see dates.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb

from data import dates, physical
from data.contract import LONGEST_TEXT, Column, Table
from data.dates import Calendar
from data.duckdb_sql import Sql, joined, literal, one, run, sql
from data.errors import shown
from data.read_files import Source

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
    `not_known` is a test, over {v} and {g}, for values that stand for no date.
    """

    column: Column
    given: Sql
    value: Sql
    may_fail: bool
    raw: Sql | None = None
    is_enum: bool = False
    not_known: Sql | None = None
    is_unusable: bool = False


def without_value(cast: Cast) -> Cast:
    """The cast of a column that is missing, or of which nothing can be read: empty, and no fault of any row."""
    nothing = sql("cast(null as {kind})", kind=sql_type(cast.column.kind))
    column = replace(cast.column, optional=True)
    return Cast(column, Sql("cast(null as varchar)"), nothing, may_fail=False, is_unusable=True)


def fits(kind: str, held: str) -> bool:
    """Whether values of a physical type can be cast to a kind at all."""
    return "[" not in held and (held.strip('"') == "NULL" or held.startswith(_FITS[kind]))


def plan(source: Source, table: Table, calendar: Calendar) -> tuple[list[Cast], list[tuple[Column, str, str]]]:
    """The cast of every contract column, and the columns (with name and type in the file) that no cast exists for."""
    casts, impossible = [], []
    for column in table.columns:
        name, held = source.columns.get(column.name, (None, '"NULL"'))
        if name is not None and not fits(column.kind, held):
            impossible.append((column, name, held))
            name = None
        casts.append(_cast(column, None if name is None else sql("s.{name}", name=name), held, calendar))
    return casts, impossible


# Numbers pass through text on purpose: 1e300, NaN, 1.5 as a count and 9 as a boolean then all fail alike.
_VALUES = {
    "text": "tidy_name({trimmed})",
    "boolean": "case when lower({trimmed}) in ('true', 'yes', 'y', '1', '1.0') then true"
    " when lower({trimmed}) in ('false', 'no', 'n', '0', '0.0') then false end",
    "money": "try_cast({trimmed} as decimal(18,2))",
    "number": "try_cast({trimmed} as decimal(18,2))",
    "count": "case when try_cast({trimmed} as decimal(18,4)) = try_cast({trimmed} as integer)"
    " then try_cast({trimmed} as integer) end",
}


def is_identifier(column: Column) -> bool:
    """Whether a column holds ids: what is said of names (spelling, lines) does not hold for them."""
    return column.name.endswith("_id")


def _cast(column: Column, name: Sql | None, held: str, calendar: Calendar) -> Cast:
    if name is None or held.strip('"') == "NULL":
        nothing = sql("cast(null as {kind})", kind=sql_type(column.kind))
        return Cast(column, Sql("cast(null as varchar)"), nothing, False)
    given = sql("cast({name} as varchar)", name=name)
    if column.kind == "date":
        return _day(column, name, given, held, calendar)
    if column.kind == "boolean" and held == "BOOLEAN":
        return Cast(column, given, name, False)
    if column.kind == "text":
        text = physical.text_of(name, held)
        if is_identifier(column):
            return Cast(column, text, sql("nfc_normalize({id})", id=physical.identifier(text)), False)
        return Cast(column, text, sql(_VALUES["text"], trimmed=text), False, name if held == "VARCHAR" else None)
    trimmed = physical.trimmed(name, held)
    return Cast(column, trimmed, sql(_VALUES[column.kind], trimmed=trimmed), True)


def _day(column: Column, name: Sql, given: Sql, held: str, calendar: Calendar) -> Cast:
    not_known = dates.not_known(column, calendar)
    if held.startswith(_MOMENTS):
        day = physical.day_of_moment(name, held, calendar.time_zone)
        return Cast(column, given, day, False, not_known=not_known)
    text = physical.trimmed(name, held)
    return Cast(column, text, physical.day_of_text(text, calendar.time_zone), True, not_known=not_known)


def sql_type(kind: str) -> Sql:
    """The type a kind has in the store."""
    return Sql({"text": "varchar", "date": "date", "boolean": "boolean", "count": "integer"}.get(kind, "decimal(18,2)"))


def make_typed(connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], target: str) -> None:
    """Makes the typed table, in the order of the file, so that its `rowid` is the row's number from 0."""
    made = list(casts)
    tests = [test for n, cast in enumerate(made) for test in _tests(n, cast)]
    reasons = [sql("case when {test} then {reason} end", test=test, reason=literal(reason)) for test, reason in tests]
    marks = [sql("case when {test} then {bit} else 0 end", test=test, bit=_bit(n))
             for n, cast in enumerate(made) if (test := _is_not_known(n, cast))]  # fmt: skip
    given_reason = Sql("null")
    if source.set_aside is not None:
        given_reason = sql("nullif(trim(regexp_replace(replace(mask_all(cast(s.{name} as varchar)), ';', ','), {blanks}, ' ', 'g')), '')",
                           name=source.set_aside, blanks=literal(r"\s+"))
    failed = [sql("case when {v} is null then {g} end", v=f"v{n}", g=f"g{n}") for n, c in enumerate(made) if c.may_fail]
    pairs = (
        sql("{value} as {v}, {given} as {g}", value=cast.value, v=f"v{n}", given=cast.given, g=f"g{n}")
        for n, cast in enumerate(made)
    )
    run(
        connection,
        "create table {target} as select {values},"
        " case when set_aside is not null or {any} then concat_ws('; ', set_aside, {reasons}) end as problems,"
        " nullif(concat_ws(' | ', cast(null as varchar), {failed}), '') as unreadable,"
        " cast(nullif({marks}, 0) as integer) as not_known"
        " from (select {inner}, cast({given_reason} as varchar) as set_aside from {relation} as s) as given",
        source.parameters,
        target=target,
        values=joined(", ", (_value(n, cast) for n, cast in enumerate(made))),
        any=joined(" or ", (test for test, _ in tests)),
        reasons=joined(", ", reasons),
        failed=joined(", ", failed or [Sql("null")]),
        marks=joined(" + ", marks or [Sql("0")]),
        inner=joined(", ", pairs),
        given_reason=given_reason,
        relation=source.relation,
    )


def _tests(n: int, cast: Cast) -> Iterable[tuple[Sql, str]]:
    """What can be wrong with the value of the n-th cast, each with its reason."""
    name, v, g = cast.column.name, f"v{n}", f"g{n}"
    if cast.may_fail:
        meant = _is_not_known(n, cast) or Sql("false")
        yield sql("{v} is null and {g} is not null and not {meant}", v=v, g=g, meant=meant), (
            f"{name} is not {_SAID[cast.column.kind]}"
        )
    if not cast.column.optional:
        yield sql("{g} is null", g=g), f"{name} is empty"
    if cast.column.kind == "text" and not cast.is_enum:
        too_long = sql("length({v}) > {longest}", v=v, longest=Sql(str(LONGEST_TEXT)))
        yield too_long, f"{name} is longer than {LONGEST_TEXT} characters"


def _is_not_known(n: int, cast: Cast) -> Sql | None:
    return None if cast.not_known is None else sql(cast.not_known, v=f"v{n}", g=f"g{n}")


def _value(n: int, cast: Cast) -> Sql:
    test = _is_not_known(n, cast)
    value = sql("{v}", v=f"v{n}") if test is None else sql("case when not {test} then {v} end", test=test, v=f"v{n}")
    return sql("{value} as {name}", value=value, name=cast.column.name)


def _bit(n: int) -> Sql:
    return Sql(str(1 << n))


def wholly_unreadable(
    connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], target: str
) -> dict[str, str]:
    """By name, the columns in which every value that was given failed its cast: a sentence with the first such value."""
    doubtful = [(n, cast) for n, cast in enumerate(casts) if cast.may_fail]
    if not doubtful:
        return {}
    readable = joined(", ", (
        sql("count(*) filter (where {name} is not null or not_known & {bit} > 0)", name=cast.column.name, bit=_bit(n))
        for n, cast in doubtful
    ))  # fmt: skip
    sentences = {}
    for (_, cast), number in zip(doubtful, one(connection, "select {n} from {t}", n=readable, t=target), strict=True):
        if number == 0 and (example := first_given(connection, source, cast.given)):
            sentences[cast.column.name] = _cannot_be(source, cast.column, example)
    return sentences


def impossible_faults(
    connection: duckdb.DuckDBPyConnection, source: Source, impossible: Iterable[tuple[Column, str, str]]
) -> list[str]:
    """A sentence for each column of a physical type that no cast exists for, unless it holds nothing at all."""
    sentences = []
    for column, name, held in impossible:
        example = first_given(connection, source, sql("cast(s.{name} as varchar)", name=name))
        if example:
            kind = held if len(held) < 40 else held[:39] + "…"
            sentences.append(_cannot_be(source, column, example, f" of type {kind}"))
    return sentences


def _cannot_be(source: Source, column: Column, example: tuple[str, str], typed: str = "") -> str:
    value, where = example
    return (
        f"{source.table}: the column {column.name}{typed} cannot be read as {_SAID[column.kind]}:"
        f" {shown(value)} in {where}{_HOW.get(column.kind, '')}."
    )


def first_given(connection: duckdb.DuckDBPyConnection, source: Source, given: Sql) -> tuple[str, str] | None:
    """The first value of an expression that is not null, and where it is: `row 2 of completions.csv`."""
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
