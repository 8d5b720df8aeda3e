"""Two deliveries attached to one connection, with the rows that a measure counts in each: the SQL side of `queries.changed`.

Both files are attached read-only to a database in memory that has no files of its own and, once they are attached, may open
no others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import store as store_files
from queries.compiler import as_table, read, rows_view
from queries.context import QueryContext
from queries.database import SqlRow, Store
from queries.dimensions import MODELS
from queries.instances import StoreReplaced, file_state, planned_for

LISTED = {
    "count_rows": "listed_rows",
    "count_residents": "listed_residents",
    "sum_of_rows": "listed_amounts",
    "sum_of_dollars": "listed_amounts",
}
MODELS_WITH_IDS = frozenset(name for name, model in MODELS.items() if model.row_id)
_REASONS = "reasons"


@contextmanager
def compared(before: QueryContext, now: QueryContext) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the table `units`: what each row or resident adds to the difference of two totals.

    Args:
        before: The measure in the earlier delivery, on its day.
        now: The same measure and filters in the present delivery.

    Raises:
        StoreReplaced: A file changed meanwhile.
    """
    with _attached(before, now) as connection:
        agg = LISTED[now.measure.agg]
        same_day = now.query(by=None, agg=agg, scope=now.scope.but(as_of=min(before.as_of, now.as_of)))
        for catalog, name, query in (
            ("earlier", "before", before.query(by=None, agg=agg)),
            ("present", "same_day", same_day),
            ("present", "today", now.query(by=None, agg=agg)),
        ):
            connection.execute("use earlier" if catalog == "earlier" else "use present")
            statement = as_table(name, query)
            connection.execute(statement.text, dict(statement.parameters))
        for catalog in ("earlier", "present"):
            connection.execute(rows_view(catalog, now.measure.fact, now.measure.needs))
        steps = ("people", "units_of_residents") if agg == "listed_residents" else ("units_of_rows",)
        for step in ("revised", *steps, "differing"):
            connection.execute(read("sql/changed", step))
        yield connection


def rows(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> list[SqlRow]:
    """Return the rows of queries/sql/changed/<name>.sql."""
    cursor = connection.execute(read("sql/changed", name), dict(parameters or {}))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def knows_excluded(context: QueryContext) -> bool:
    """Return whether the ids of all excluded rows that the measure rests on can be read.

    They cannot where a layout, or a sender's own headers, gave the id another name, or the file of excluded rows is gone.
    """
    excluded = {row["table_name"] for row in context.listing("check_tables") if row["quarantined"]}
    return all(_excluded_file(context, table) is not None for table in _tables(context) if table in excluded)


@contextmanager
def _attached(before: QueryContext, now: QueryContext) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach both deliveries and read their excluded rows; after that, the connection can open no file."""
    connection = duckdb.connect(config=planned_for(before.store.file.size + now.store.file.size))
    try:
        connection.execute("set temp_directory = ''")  # residents' records are not written anywhere else
        connection.execute("attach $path as earlier (read_only)", {"path": before.store.file.path})
        connection.execute("attach $path as present (read_only)", {"path": now.store.file.path})
        _read_excluded(connection, "before", before)
        _read_excluded(connection, "now", now)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()
        for each in (before.store, now.store):
            _check_same(each)


def _check_same(store: Store) -> None:
    try:
        is_same = file_state(Path(store.file.path)) == store.file
    except OSError as error:
        raise StoreReplaced(store.file.path) from error
    if not is_same:
        raise StoreReplaced(store.file.path)


def _tables(context: QueryContext) -> Sequence[str]:
    """Return the tables of an export that the measure's rows come from."""
    return sorted({need.partition(".")[0] for need in context.measure.needs} | {context.measure.model})


def _read_excluded(connection: duckdb.DuckDBPyConnection, which: str, context: QueryContext) -> None:
    """Store the ids and the reasons of the excluded rows of the delivery before, or of the one now, in a temporary table."""
    connection.execute(read("sql/changed", f"excluded_{which}"))
    for file in filter(None, (_excluded_file(context, table) for table in _tables(context))):
        connection.execute(
            read("sql/changed", f"read_excluded_{which}"), {"path": str(file.path), "names": list(file.columns)}
        )


@dataclass(frozen=True)
class _ExcludedFile:
    """The file with the excluded rows of one table, and a name for each of its columns: id, reasons, and others by number."""

    path: Path
    columns: Sequence[str]


def _excluded_file(context: QueryContext, table: str) -> _ExcludedFile | None:
    """Return the file of a table's excluded rows; None where there is none, or it does not have the ids."""
    folder = store_files.delivery_folder(store_files.store_path(), context.store.id) / store_files.QUARANTINE
    path = folder / f"{table}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            headers = next(csv.reader(file), [])
    except (OSError, ValueError, csv.Error):
        return None
    columns = [f"column_{number}" for number in range(len(headers))]
    ids = [number for number, header in enumerate(headers) if _plain(header) == context.model.row_id]
    if not ids or _REASONS not in headers:
        return None
    columns[ids[0]], columns[headers.index(_REASONS)] = "id", _REASONS
    return _ExcludedFile(path, columns)


def _plain(header: str) -> str:
    return re.sub(r"\W+", "_", header.strip().lower())
