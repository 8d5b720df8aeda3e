"""Cast text, or any physical type, to the contract's types, and record what could not be cast.

Each table's typed table has one row per row read. It has `row_id`, the contract's columns and three more, which are nearly
always null: `problems` (reasons, joined by "; "), `unreadable` (the values that could not be cast, so that rows which differ
only in them are not taken for duplicates) and `not_known` (one bit for each date column whose value means "no date",
such as 9999-12-31; see dates.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import duckdb

from data import dates, physical
from data.contract import LONGEST_TEXT, Column, Table
from data.dates import Calendar
from data.duckdb_sql import Sql, joined, literal, run, sql
from data.read_files import Source

KIND_WORDS = {
    "date": "a date", "boolean": "true or false", "money": "a dollar amount", "number": "a number",
    "count": "a whole number", "text": "text",
}  # fmt: skip
FORMAT_HINTS = {
    "date": " (dates are written YYYY-MM-DD)",
    "boolean": " (written true or false)",
    "money": " (written 1234.50)",
}
_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    "FLOAT", "DOUBLE", "DECIMAL",
)  # fmt: skip
_TEXTS = ("VARCHAR", "ENUM", "UUID")
_MOMENTS = ("DATE", "TIMESTAMP")
# The physical types that can be cast to each kind, by the start of the type's name.
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
    """How to cast one column.

    Attributes:
        column: The contract's column.
        given: SQL for the value as text.
        value: SQL for the value as its type. Where it contains the text, it is made of nothing else.
        may_fail: Whether some texts cannot be cast.
        raw: SQL for the file's own text, where the value is made from it.
        is_enum: Whether the value is an ENUM whose values all have an accepted length.
        not_known: A test over {v} and {g} for values that mean "no date".
        is_unusable: Whether the column is missing or none of its values can be read.
    """

    column: Column
    given: Sql
    value: Sql
    may_fail: bool
    raw: Sql | None = None
    is_enum: bool = False
    not_known: Sql | None = None
    is_unusable: bool = False

    def value_of(self, text: Sql) -> Sql:
        """Return SQL for the value where a column has its text; the same SQL if it is not made of the text."""
        return Sql(self.value.replace(self.given, text))


def without_value(cast: Cast) -> Cast:
    """Return a cast that gives null without a fault, for a column that is missing or cannot be read at all."""
    nothing = sql("cast(null as {kind})", kind=sql_type(cast.column.kind))
    column = replace(cast.column, optional=True)
    return Cast(column, Sql("cast(null as varchar)"), nothing, may_fail=False, is_unusable=True)


def fits(kind: str, physical_type: str) -> bool:
    """Return whether a physical type can be cast to a kind."""
    return "[" not in physical_type and (physical_type.strip('"') == "NULL" or physical_type.startswith(_FITS[kind]))


def plan(source: Source, table: Table, calendar: Calendar) -> tuple[list[Cast], list[tuple[Column, str, str]]]:
    """Plan the cast of every contract column.

    Returns:
        The casts, and the columns that cannot be cast, each with its name and type in the file.
    """
    casts, impossible = [], []
    for column in table.columns:
        name, physical_type = source.columns.get(column.name, (None, '"NULL"'))
        if name is not None and not fits(column.kind, physical_type):
            impossible.append((column, name, physical_type))
            name = None
        days = replace(calendar, time_zone="UTC") if column.name in source.utc_days else calendar
        casts.append(_cast(column, None if name is None else sql("s.{name}", name=name), physical_type, days))
    return casts, impossible


# Numbers go through text on purpose: 1e300, NaN, 1.5 as a count and 9 as a boolean then fail in the same way.
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
    """Return whether a column holds ids. Spelling and white-space rules for names do not apply to them."""
    return column.name.endswith("_id")


def _cast(column: Column, name: Sql | None, physical_type: str, calendar: Calendar) -> Cast:
    if name is None or physical_type.strip('"') == "NULL":
        nothing = sql("cast(null as {kind})", kind=sql_type(column.kind))
        return Cast(column, Sql("cast(null as varchar)"), nothing, False)
    given = sql("cast({name} as varchar)", name=name)
    if column.kind == "date":
        return _day(column, name, given, physical_type, calendar)
    if column.kind == "boolean" and physical_type == "BOOLEAN":
        return Cast(column, given, name, False)
    if column.kind == "text":
        text = physical.text_of(name, physical_type)
        if is_identifier(column):
            return Cast(column, text, sql("nfc_normalize({id})", id=physical.identifier(text)), False)
        return Cast(
            column, text, sql(_VALUES["text"], trimmed=text), False, name if physical_type == "VARCHAR" else None
        )
    trimmed = physical.trimmed(name, physical_type)
    number = physical.exact(trimmed) if physical_type == "VARCHAR" and column.kind != "boolean" else trimmed
    return Cast(column, trimmed, sql(_VALUES[column.kind], trimmed=number), True)


def _day(column: Column, name: Sql, given: Sql, physical_type: str, calendar: Calendar) -> Cast:
    not_known = dates.not_known(column, calendar)
    if physical_type.startswith(_MOMENTS):
        day = physical.day_of_moment(name, physical_type, calendar.time_zone)
        return Cast(column, given, day, False, not_known=not_known)
    text = physical.trimmed(name, physical_type)
    return Cast(column, text, physical.day_of_text(text, calendar.time_zone), True, not_known=not_known)


def sql_type(kind: str) -> Sql:
    """Return the type that a kind has in the store."""
    return Sql({"text": "varchar", "date": "date", "boolean": "boolean", "count": "integer"}.get(kind, "decimal(18,2)"))


def make_typed(connection: duckdb.DuckDBPyConnection, source: Source, casts: Iterable[Cast], target: str) -> None:
    """Create the typed table, in which `row_id` is the row's number, counted from 0.

    The number is taken where the rows are read: two threads that cast them do not write them in the files' order.
    """
    all_casts = list(casts)
    tests = [test for n, cast in enumerate(all_casts) for test in _tests(n, cast)]
    reasons = [sql("case when {test} then {reason} end", test=test, reason=literal(reason)) for test, reason in tests]
    marks = [sql("case when {test} then {bit} else 0 end", test=test, bit=bit(n))
             for n, cast in enumerate(all_casts) if (test := _is_not_known(n, cast))]  # fmt: skip
    given_reason = Sql("null")
    if source.set_aside is not None:
        given_reason = sql(
            "nullif(trim(regexp_replace(replace(mask_all(cast(s.{name} as varchar)), ';', ','), {blanks}, ' ', 'g')), '')",
            name=source.set_aside,
            blanks=literal(r"\s+"),
        )
    failed = [
        sql("case when {v} is null then {g} end", v=f"v{n}", g=f"g{n}") for n, c in enumerate(all_casts) if c.may_fail
    ]
    # Values are made of the texts' columns: DuckDB would plan and run the long expression of a text wherever it is repeated.
    texts = [sql("{given} as {g}", given=cast.given, g=f"g{n}") for n, cast in enumerate(all_casts)]
    values: list[Sql] = []
    for n, cast in enumerate(all_casts):
        from_text = cast.value_of(sql("{g}", g=f"g{n}"))
        (texts if from_text == cast.value else values).append(sql("{value} as {v}", value=from_text, v=f"v{n}"))
    run(
        connection,
        "create table {target} as select row_id, {values},"
        " case when set_aside is not null or {any} then concat_ws('; ', set_aside, {reasons}) end as problems,"
        " nullif(concat_ws(' | ', cast(null as varchar), {failed}), '') as unreadable,"
        " cast(nullif({marks}, 0) as integer) as not_known"
        " from (select {made} from (select s.row_of_table - 1 as row_id, {texts}, cast({given_reason} as varchar) as set_aside"
        " from {rows} as s) as texts) as given",
        source.parameters,
        target=target,
        values=joined(", ", (_value(n, cast) for n, cast in enumerate(all_casts))),
        any=joined(" or ", (test for test, _ in tests)),
        reasons=joined(", ", reasons),
        failed=joined(", ", failed or [Sql("null")]),
        marks=joined(" + ", marks or [Sql("0")]),
        made=joined(", ", [Sql("*"), *values]),
        texts=joined(", ", texts),
        given_reason=given_reason,
        rows=source.numbered,
    )


def _tests(n: int, cast: Cast) -> Iterable[tuple[Sql, str]]:
    """Yield each possible fault of the n-th cast's value, as a test and a reason."""
    name, v, g = cast.column.name, f"v{n}", f"g{n}"
    if cast.may_fail:
        meant = _is_not_known(n, cast) or Sql("false")
        yield (
            sql("{v} is null and {g} is not null and not {meant}", v=v, g=g, meant=meant),
            (f"{name} is not {KIND_WORDS[cast.column.kind]}"),
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


def bit(n: int) -> Sql:
    """Return the n-th bit of `not_known`."""
    return Sql(str(1 << n))
