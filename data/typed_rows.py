"""The rows of a delivery, cast: what a check does with them, wherever they are.

validate.py says in which order. `RowsHere` does it in the working database of this machine, data/cluster/ on a cluster; both run the
same statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from duckdb import DuckDBPyConnection as Connection

from data import cast_columns, dictionary_encode, match_names, quarantine, residents, spelling
from data.cast_columns import Cast
from data.checked import Checked
from data.contract import Table
from data.dictionary_encode import Casts
from data.duckdb_sql import Sql, fetch_row, joined, run, sql, stream
from data.match_names import Names
from data.progress import Progress
from data.quarantine import Conflicts, Limits
from data.spelling import Spellings


class TypedRows(Protocol):
    """The rows of every table, cast."""

    def cast(self, name: str, casts: Sequence[Cast]) -> None:
        """Cast a table's rows, again where they were cast before. Raises duckdb.Error if the file is damaged."""

    def make_empty(self, name: str) -> None:
        """Note that a table is not in the delivery, or is damaged: it has no rows."""

    def count(self, name: str, tests: Sequence[Sql]) -> Sequence[int]:
        """Return how many rows of a table pass each test."""

    def spellings(self, name: str, column: str) -> list[Spellings]:
        """Return the names of a text column that are spelled in several ways."""

    def unify(self, name: str, column: str, spellings: Sequence[Spellings]) -> None:
        """Give every row the most frequent spelling."""

    def values(self, name: str, column: str) -> Iterable[tuple[str, int]]:
        """Return each value of a column that is matched to names, and its rows."""

    def decide(self, names: Mapping[str, Names], limits: Limits) -> dict[str, Conflicts]:
        """Decide which rows count and number the residents. Returns the keys in conflict, by table."""

    def accepted(self, name: str) -> int:
        """Return how many rows of a table count."""

    def differing(self) -> dict[str, int]:
        """Return how many residents answer differently in different applications, by group."""

    def alike(self) -> int:
        """Return how many residents have a pseudonym like another's (see residents.py)."""


MakeRows = Callable[[Checked, Casts, Path, Progress], TypedRows]  # the casts of every table, and a work folder


class RowsHere:
    """The rows in the working database of this machine."""

    def __init__(self, checked: Checked, casts: Casts, _: Path, progress: Progress) -> None:
        self._checked, self._progress = checked, progress
        self._differing: dict[str, int] = {}
        progress("Looking for names that repeat")
        self._casts, self._given = dictionary_encode.as_enums(checked.connection, checked.sources, casts)

    def cast(self, name: str, casts: Sequence[Cast]) -> None:
        """Cast a table's rows, with values that repeat as ENUMs."""
        repeated = {cast.column.name: cast for cast in self._casts[name]}
        encoded = [cast if cast.is_unusable else repeated[cast.column.name] for cast in casts]
        run(self._checked.connection, "drop table if exists {typed}", typed=f"typed_{name}")
        cast_columns.make_typed(self._checked.connection, self._checked.sources[name], encoded, f"typed_{name}")

    def make_empty(self, name: str) -> None:
        """Make a table without rows."""
        make_empty(self._checked.connection, self._checked.tables[name])

    def count(self, name: str, tests: Sequence[Sql]) -> Sequence[int]:
        """Count in one scan of the table."""
        return count(self._checked.connection, f"typed_{name}", tests)

    def spellings(self, name: str, column: str) -> list[Spellings]:
        """Return the names of a text column that are spelled in several ways."""
        is_enum = any(cast.is_enum for cast in self._casts[name] if cast.column.name == column)
        counts = _values(name, column)
        return spelling.group(spelling.repeated(self._checked.connection, counts, every_value=is_enum))

    def unify(self, name: str, column: str, spellings: Sequence[Spellings]) -> None:
        """Give every row the most frequent spelling."""
        spelling.unify(self._checked.connection, f"typed_{name}", column, spellings)

    def values(self, name: str, column: str) -> Iterator[tuple[str, int]]:
        """Yield each value of a column and its rows."""
        yield from stream(run(self._checked.connection, "{values}", values=_values(name, column)))

    def decide(self, names: Mapping[str, Names], limits: Limits) -> dict[str, Conflicts]:
        """Decide which rows count and number the residents."""
        connection, checked = self._checked.connection, self._checked
        for name in checked.tables:
            make_views(connection, name)
        match_names.write(connection, names, self._given)
        conflicts = quarantine.decide(connection, list(checked.tables.values()), limits, self._progress)
        self._progress("Counting residents")
        self._differing = residents.number(connection, checked.known["groups"])
        return conflicts

    def accepted(self, name: str) -> int:
        """Return how many rows of a table count."""
        return quarantine.accepted(self._checked.connection, name)

    def differing(self) -> dict[str, int]:
        """Return how many residents answer differently in different applications, by group."""
        return self._differing

    def alike(self) -> int:
        """Return how many residents have a pseudonym like another's."""
        return residents.alike(self._checked.connection)


def _values(name: str, column: str) -> Sql:
    return sql(
        "select cast(value as varchar) as given, rows from"
        " (select {column} as value, count(*) as rows from {typed} where {column} is not null group by 1) as counts",
        typed=f"typed_{name}",
        column=column,
    )


def count(connection: Connection, typed: str, tests: Iterable[Sql]) -> tuple[int, ...]:
    """Count the rows that pass each test, in one scan of the table."""
    numbers = [sql("count(*) filter (where {test})", test=test) for test in tests]
    return fetch_row(connection, "select {n} from {t}", n=joined(", ", numbers), t=typed) if numbers else ()


def make_empty(connection: Connection, table: Table) -> None:
    """Create typed_<table> without rows."""
    columns = (sql("{name} {kind}", name=c.name, kind=cast_columns.sql_type(c.kind)) for c in table.columns)
    run(connection, "create or replace table {typed} (row_id bigint, {columns}, problems varchar, unreadable varchar, not_known integer)",
        typed=f"typed_{table.name}", columns=joined(", ", columns))  # fmt: skip


def make_views(connection: Connection, name: str) -> None:
    """Create the view `<table>` over typed_<table>, `set_aside_<table>` (row_id, reasons) and the view `accepted_<table>`."""
    run(connection, "create view {name} as select * from {typed}", name=name, typed=f"typed_{name}")
    run(connection, "create table {aside} (row_id bigint, reasons varchar)", aside=f"set_aside_{name}")
    run(
        connection,
        "create view {accepted} as select * from {name} as t"
        " where not exists (select 1 from {aside} as s where s.row_id = t.row_id)",
        accepted=f"accepted_{name}",
        name=name,
        aside=f"set_aside_{name}",
    )
