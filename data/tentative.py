"""Read a refused delivery as its sender seems to have meant it, so that one check finds everything that is wrong.

A missing column under another name, dates with the month first, and amounts with a dollar sign are faults. The rest of the
check reads them as they seem to be meant. None of this is ever published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from duckdb import DuckDBPyConnection as Connection

from data import aliases, cast_columns, cast_faults, readings, suggestions
from data.cast_columns import Cast
from data.column_names import plain
from data.contract import Table
from data.dates import Calendar
from data.duckdb_sql import Sql, fetch_row, joined, sql
from data.errors import counted, shown
from data.read_files import Source
from data.readings import Dates

_FIRST_ROWS = 2_000  # a file's format shows in its first rows; single deviating rows are excluded
_ORDERS: tuple[Dates, ...] = ("month first", "day first")
_HOW = {True: "Write dates as YYYY-MM-DD.", False: "Write amounts as 1234.50."}


def suggested(source: Source, table: Table) -> dict[str, str]:
    """Return the columns that a table lacks, by the header that may stand for each."""
    known = {column.name for column in table.columns}
    spare = [source.header[key] for name, (key, _) in source.columns.items() if name not in known]
    missing = replace(table, columns=tuple(column for column in table.columns if column.name not in source.columns))
    return suggestions.columns(spare, missing)


def rename(source: Source, names: Mapping[str, str]) -> Source:
    """Return the source with columns renamed from header to column."""
    columns = dict(source.columns)
    for header, column in names.items():
        columns[column] = columns.pop(plain(header))
    return replace(source, columns=columns)


@dataclass(frozen=True)
class ValueFormat:
    """The format of values that cannot be read: the readings that fit all of them, the number of rows, and the SQL."""

    fits: tuple[str, ...]
    rows: int
    expression: Sql


def reread(connection: Connection, source: Source, table: Table, calendar: Calendar) -> tuple[Source, list[str]]:
    """Return the source with dates and amounts read in the format they seem to have, and a fault for each such column."""
    expressions: dict[str, Sql] = {}
    faults = []
    for cast, written in value_formats(connection, source, table, calendar).items():
        if written is not None:
            expressions[cast.column.name] = written.expression
            fails = _fails(cast, cast.value, cast.given)
            first = cast_faults.first_given(
                connection, source, sql("case when {fails} then {given} end", fails=fails, given=cast.given)
            )
            example = f", such as {shown(first[0])} in {first[1]}" if first else ""
            faults.append(f"{source.table}: {cast.column.name} is written {_words(cast, written)} in {counted(written.rows, 'row')}"
                          f"{example}. {_HOW[cast.column.kind == 'date']} Or use a layout (docs/layouts.md)."
                          " The rest was checked on that assumption.")  # fmt: skip
    return aliases.read_as(source, expressions), faults


def value_formats(
    connection: Connection, source: Source, table: Table, calendar: Calendar
) -> dict[Cast, ValueFormat | None]:
    """Return the format that each doubtful column of a table seems to have.

    If one date column shows whether the month comes first, the file's other date columns are read the same way.
    """
    every = {cast: value_format(connection, source, cast) for cast in doubtful(connection, source, table, calendar)}
    clear = {each.fits for cast, each in every.items() if each and cast.column.kind == "date" and len(each.fits) == 1}
    if len(clear) == 1:
        (fits,) = clear
        for cast, each in every.items():
            if each and cast.column.kind == "date" and fits[0] in each.fits:
                every[cast] = ValueFormat(fits, each.rows, readings.read_date(cast.given, _order(fits[0])))
    return every


def _order(name: str) -> Dates:
    return next(order for order in _ORDERS if order == name)


def _words(cast: Cast, written: ValueFormat) -> str:
    if cast.column.kind != "date":
        return "with signs or commas"
    if len(written.fits) > 1:
        return "with the month or the day first (which is not clear)"
    return f"with the {written.fits[0]}"


def doubtful(connection: Connection, source: Source, table: Table, calendar: Calendar) -> list[Cast]:
    """Return the date and amount columns with an unreadable value in the first rows."""
    casts = [
        c
        for c in cast_columns.plan(source, table, calendar)[0]
        if c.may_fail and c.column.kind in ("date", "money", "number")
    ]
    if not casts:
        return []
    numbers = fetch_row(
        connection,
        "select {tests} from (select {pairs} from (select * from {rows} limit {n}) as s) as pairs",
        source.parameters,
        tests=joined(
            ", ",
            (
                sql("count(*) filter ({test})", test=_fails(cast, Sql(f"v{n}"), Sql(f"g{n}")))
                for n, cast in enumerate(casts)
            ),
        ),
        pairs=joined(", ", (_pair(n, cast) for n, cast in enumerate(casts))),
        rows=source.relation,
        n=Sql(str(_FIRST_ROWS)),
    )
    return [cast for cast, number in zip(casts, numbers, strict=True) if number]


def _pair(n: int, cast: Cast) -> Sql:
    """Return the n-th value and its text as columns, v0 and g0: long expressions, which tests would repeat."""
    return sql("{value} as {v}, {given} as {g}", value=cast.value, v=f"v{n}", given=cast.given, g=f"g{n}")


def _fails(cast: Cast, value: Sql, given: Sql) -> Sql:
    """Return a test of whether a value cannot be read. A value that means "no date" can be."""
    known = (
        sql(" and not coalesce({test}, false)", test=sql(cast.not_known, v=value, g=given)) if cast.not_known else ""
    )
    return sql("{given} is not null and {value} is null{known}", given=given, value=value, known=Sql(known))


def value_format(connection: Connection, source: Source, cast: Cast) -> ValueFormat | None:
    """Return the format that a column seems to have; None if no reading fits all values that cannot be read."""
    given = Sql("g0")
    choices = _choices(cast, given)
    target = cast_columns.sql_type(cast.column.kind)
    # A text that no reading changes is not read by it, even where DuckDB casts it.
    fit = (sql("count(*) filter ({text} <> {given} and try_cast({text} as {target}) is not null)",
               text=f"t{n}", given=given, target=target) for n in range(len(choices)))  # fmt: skip
    failing, *fitting = fetch_row(
        connection, "select count(*), {fit} from (select {given}, {texts} from (select {pair} from {rows} as s) as pairs where {fails}) as texts",
        source.parameters,
        fit=joined(", ", fit), given=given, pair=_pair(0, cast), rows=source.relation, fails=_fails(cast, Sql("v0"), given),
        texts=joined(", ", (sql("{text} as {t}", text=text, t=f"t{n}") for n, text in enumerate(choices.values()))),
    )  # fmt: skip
    fits = tuple(name for name, number in zip(choices, fitting, strict=True) if number == failing)
    return ValueFormat(fits, failing, _choices(cast, cast.given)[fits[0]]) if fits else None


def _choices(cast: Cast, text: Sql) -> dict[str, Sql]:
    """Return the readings of a text that a column may need, by name."""
    if cast.column.kind == "date":
        return {order: readings.read_date(text, order) for order in _ORDERS}
    return {"dollars": readings.read_money(text, "dollars")}
