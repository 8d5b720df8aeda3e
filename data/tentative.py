"""What a refused delivery seems to mean, so that one check finds everything that is wrong with it.

A missing column that goes by another name, dates with the month first, amounts with a dollar sign: each is a fault, and the
rest of the check reads the file as its sender seems to have meant it. Nothing of this is ever published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from duckdb import DuckDBPyConnection as Connection

from data import aliases, casting, readings, suggestions
from data.casting import Cast
from data.contract import Table
from data.dates import Calendar
from data.engine import Sql, joined, one, sql
from data.faults import counted, shown
from data.reading import Source
from data.readings import Dates

_FIRST_ROWS = 2_000  # a habit of writing shows itself in the first rows; single rows are excluded one by one
_ORDERS: tuple[Dates, ...] = ("month first", "day first")


def rename(source: Source, table: Table) -> tuple[Source, dict[str, str]]:
    """The source with its missing columns under the names that they may go by, and those names: header to column."""
    suggested = suggestions.columns(source.header.values(), table)
    keys = {header: key for key, header in source.header.items()}
    kinds = dict(source.columns.values())
    optional = {column.name for column in table.columns if column.optional}
    taken = {column: (keys[header], kinds[keys[header]]) for header, column in suggested.items() if column not in optional}
    return replace(source, columns={**source.columns, **taken}), suggested


def reread(connection: Connection, source: Source, table: Table, calendar: Calendar) -> tuple[Source, list[str]]:
    """The source with dates and amounts read as they seem to be written, and a fault for each such column."""
    casts = [c for c in casting.plan(source, table, calendar)[0] if c.may_fail and c.column.kind in ("date", "money", "number")]
    expressions: dict[str, Sql] = {}
    faults = []
    for cast in _failing(connection, source, casts):
        choice = _reading(connection, source, cast)
        if choice is not None:
            words, how, expressions[cast.column.name] = choice
            faults.append(f"{source.table}: {cast.column.name} {words}{_example(connection, source, cast)} {how}"
                          " The rest was checked as if it were written so, or name it in a layout (docs/layouts.md).")  # fmt: skip
    return aliases.read_as(source, expressions), faults


def _failing(connection: Connection, source: Source, casts: list[Cast]) -> Iterator[Cast]:
    """The columns of which a value in the first rows cannot be read."""
    if casts:
        tests = joined(", ", (sql("count(*) filter ({test})", test=_fails(cast)) for cast in casts))
        first = sql("(select * from {rows} limit {n})", rows=source.relation, n=Sql(str(_FIRST_ROWS)))
        numbers = one(connection, "select {tests} from {first} as s", source.parameters, tests=tests, first=first)
        yield from (cast for cast, number in zip(casts, numbers, strict=True) if number)


def _fails(cast: Cast) -> Sql:
    return sql("{given} is not null and {value} is null", given=cast.given, value=cast.value)


def _reading(connection: Connection, source: Source, cast: Cast) -> tuple[str, str, Sql] | None:
    """How a column seems to be written: what to say of it, how to mend it, and the expression that reads it. None where no
    reading fits every value that cannot be read."""
    choices: dict[str, Sql] = {order: readings.read_date(cast.given, order) for order in _ORDERS} if cast.column.kind == "date" else {
        "dollars": readings.read_money(cast.given, "dollars")
    }  # fmt: skip
    target = casting.sql_type(cast.column.kind)
    fit = (sql("count(*) filter ({fails} and try_cast({way} as {target}) is not null)", fails=_fails(cast), way=way, target=target)
           for way in choices.values())  # fmt: skip
    failing, *fitting = one(
        connection, "select count(*) filter ({fails}), {fit} from {rows} as s", source.parameters,
        fails=_fails(cast), fit=joined(", ", fit), rows=source.relation,
    )  # fmt: skip
    fits = [way for way, number in zip(choices, fitting, strict=True) if number == failing]
    if not fits:
        return None
    rows = f"in {counted(failing, 'row')}"
    if cast.column.kind != "date":
        return f"is written with signs {rows}", "Write amounts as 1234.50.", choices[fits[0]]
    order = f"with the {fits[0].removesuffix(' first')} first" if len(fits) == 1 else "with the month or the day first, which cannot be told,"
    return f"is written {order} {rows}", "Write dates as YYYY-MM-DD.", choices[fits[0]]


def _example(connection: Connection, source: Source, cast: Cast) -> str:
    first = casting.first_given(connection, source, sql("case when {fails} then {given} end", fails=_fails(cast), given=cast.given))
    return f", such as {shown(first[0])} in {first[1]}." if first else "."
