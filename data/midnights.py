"""Days that a program wrote as midnight UTC. In a time zone west of it, each would be read as the day before."""

from __future__ import annotations

from dataclasses import replace

from duckdb import DuckDBPyConnection as Connection

from data import cast_faults, physical
from data.contract import Table
from data.dates import Calendar
from data.duckdb_sql import Sql, fetch_row, joined, sql
from data.errors import shown
from data.read_files import Source

_FIRST_ROWS = 2_000  # only a column that starts with midnights is read to its end
_TYPES = ("VARCHAR", "TIMESTAMP WITH TIME ZONE")


def read_as_days(connection: Connection, source: Source, table: Table, calendar: Calendar) -> tuple[Source, list[str]]:
    """Return the source with the date columns to read in UTC, and a notice for each.

    They are those in which every time with a UTC offset is midnight UTC, and another day in the time zone.
    """
    tests = {}
    for column in table.columns:
        key, kind = source.columns.get(column.name, ("", ""))
        if column.kind == "date" and kind in _TYPES:
            tests[column.name] = physical.is_moved_midnight(sql("s.{key}", key=key), kind, calendar.time_zone)
    for rows in (
        sql("(select * from {rows} limit {n})", rows=source.relation, n=Sql(str(_FIRST_ROWS))),
        source.relation,
    ):
        tests = _passed(connection, source, tests, rows)
    notices = []
    for name, test in tests.items():
        given = sql("case when {test} then cast(s.{key} as varchar) end", test=test, key=source.columns[name][0])
        value, place = cast_faults.first_given(connection, source, given) or ("", "")
        notices.append(
            f"{name}: all times are midnight UTC, so they were read as days: {shown(value)} in {place} is {shown(value[:10])}."
        )
    return replace(source, utc_days=frozenset(tests)), notices


def _passed(connection: Connection, source: Source, tests: dict[str, Sql], rows: Sql) -> dict[str, Sql]:
    """Return the tests that all rows pass for which they are not null, at least one."""
    if not tests:
        return {}
    every = joined(", ", (sql("coalesce(bool_and({test}), false)", test=test) for test in tests.values()))
    passed = fetch_row(connection, "select {every} from {rows} as s", source.parameters, every=every, rows=rows)
    return {name: tests[name] for name, is_passed in zip(tests, passed, strict=True) if is_passed}
