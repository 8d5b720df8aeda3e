"""Days that a program wrote as midnight UTC. In a time zone west of it, each would be read as the day before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

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
    moments = {}
    for column in table.columns:
        key, kind = source.columns.get(column.name, ("", ""))
        if column.kind == "date" and kind in _TYPES:
            moments[column.name] = _Moment(sql("s.{key}", key=key), kind, calendar.time_zone)
    for rows in (
        sql("(select * from {rows} limit {n})", rows=source.relation, n=Sql(str(_FIRST_ROWS))),
        source.relation,
    ):
        moments = _moved(connection, source, moments, rows)
    notices = []
    for name, moment in moments.items():
        given = sql("case when {test} then cast({cell} as varchar) end", test=moment.test(), cell=moment.cell)
        value, place = cast_faults.first_given(connection, source, given) or ("", "")
        notices.append(
            f"{name}: all times are midnight UTC, so they were read as days: {shown(value)} in {place} is {shown(value[:10])}."
        )
    return replace(source, utc_days=frozenset(moments)), notices


@dataclass(frozen=True)
class _Moment:
    """A column of moments: its cell, physical type and time zone."""

    cell: Sql
    kind: str
    zone: str

    @property
    def given(self) -> Sql:
        """The cell, of text without blanks around it."""
        return physical.trimmed(self.cell, self.kind) if self.kind == "VARCHAR" else self.cell

    def test(self) -> Sql:
        """Return a test of the cell, null if it has no UTC offset."""
        return physical.is_moved_midnight(*physical.moment_parts(self.given, self.kind), self.zone)


def _moved(connection: Connection, source: Source, moments: Mapping[str, _Moment], rows: Sql) -> dict[str, _Moment]:
    """Return the columns of which all moments with a UTC offset pass the test, at least one."""
    if not moments:
        return {}
    # A column for each part of a test: DuckDB would plan and run a part wherever it is repeated.
    given, parts, tests = [], [], []
    for n, moment in enumerate(moments.values()):
        given.append(sql("{given} as {g}", given=moment.given, g=f"g{n}"))
        has_offset, at = physical.moment_parts(sql("{g}", g=f"g{n}"), moment.kind)
        parts.append(sql("{has_offset} as {o}, {at} as {m}", has_offset=has_offset, at=at, o=f"o{n}", m=f"m{n}"))
        test = physical.is_moved_midnight(sql("{o}", o=f"o{n}"), sql("{m}", m=f"m{n}"), moment.zone)
        tests.append(sql("coalesce(bool_and({test}), false)", test=test))
    passed = fetch_row(
        connection,
        "select {tests} from (select {parts} from (select {given} from {rows} as s) as given) as parts",
        source.parameters,
        tests=joined(", ", tests), parts=joined(", ", parts), given=joined(", ", given), rows=rows,
    )  # fmt: skip
    return {name: moment for (name, moment), is_passed in zip(moments.items(), passed, strict=True) if is_passed}
