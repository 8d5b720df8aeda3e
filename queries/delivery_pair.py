"""Two deliveries attached to one database, with the rows that a measure counts in each: the SQL side of `queries.changed`.

Both files are attached read-only to a database in memory that has no files of its own and, once they are attached, may open
no others. It stays open for the next measure; what a measure counts is in temporary tables, which end with its cursor.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb

from data import store as store_files
from queries.compiler import as_table, read, rows_view
from queries.context import QueryContext
from queries.database import SqlRow, parsed
from queries.dimensions import MODELS
from queries.instances import cursor_on_files, planned_for

LISTED = {
    "count_rows": "listed_rows",
    "count_residents": "listed_residents",
    "sum_of_rows": "listed_amounts",
    "sum_of_dollars": "listed_amounts",
}
MODELS_WITH_IDS = frozenset(name for name, model in MODELS.items() if model.row_id)
_ROW_IDS = sorted({MODELS[name].row_id for name in MODELS_WITH_IDS})
_REASONS = "reasons"


@contextmanager
def compared(before: QueryContext, now: QueryContext) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor with the table `units`: what each row or resident adds to the difference of two totals.

    Args:
        before: The measure in the earlier delivery, on its day.
        now: The same measure and filters in the present delivery.

    Raises:
        StoreReplaced: A file changed meanwhile.
    """
    # read here: while files are opened, no others can be
    tables = [[row["table_name"] for row in context.listing("check_tables")] for context in (before, now)]
    with cursor_on_files((before.store.file, now.store.file), lambda: _attached(before, now, *tables)) as connection:
        _set_aside(connection, now)
        agg = LISTED[now.measure.agg]
        same_day = now.query(by=None, agg=agg, scope=now.scope.but(as_of=min(before.as_of, now.as_of)))
        for catalog, name, query in (
            ("earlier", "before", before.query(by=None, agg=agg)),
            ("present", "same_day", same_day),
            ("present", "today", now.query(by=None, agg=agg)),
        ):
            connection.execute("use earlier" if catalog == "earlier" else "use present")
            statement = as_table(name, query)
            connection.execute(parsed(statement.text), dict(statement.parameters))
        for catalog in ("earlier", "present"):
            connection.execute(parsed(rows_view(catalog, now.measure.fact, now.measure.needs)))
        steps = ("people", "units_of_residents") if agg == "listed_residents" else ("units_of_rows",)
        for step in ("revised", *steps, "differing"):
            connection.execute(parsed(read("sql/changed", step)))
        yield connection


def rows(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> list[SqlRow]:
    """Return the rows of queries/sql/changed/<name>.sql."""
    cursor = connection.execute(parsed(read("sql/changed", name)), dict(parameters or {}))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def knows_excluded(context: QueryContext) -> bool:
    """Return whether the ids of all excluded rows that the measure rests on can be read.

    They cannot where a layout, or a sender's own headers, gave the id another name, or the file of excluded rows is gone.
    """
    excluded = {row["table_name"] for row in context.listing("check_tables") if row["quarantined"]}
    return all(_excluded_file(context, table, context.model.row_id) for table in _tables(context) if table in excluded)


def _attached(
    before: QueryContext, now: QueryContext, tables_before: Sequence[str], tables_now: Sequence[str]
) -> duckdb.DuckDBPyConnection:
    """Attach both deliveries and read the excluded rows of their tables; after that, the database can open no file."""
    connection = duckdb.connect(config=planned_for(before.store.file.size + now.store.file.size))
    try:
        connection.execute("set temp_directory = ''")  # residents' records are not written anywhere else
        connection.execute("attach $path as earlier (read_only)", {"path": before.store.file.path})
        connection.execute("attach $path as present (read_only)", {"path": now.store.file.path})
        connection.execute(read("sql/changed", "excluded"))
        for delivery, context, tables in (("before", before, tables_before), ("now", now, tables_now)):
            _read_excluded(connection, delivery, context, tables)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection


def _read_excluded(
    connection: duckdb.DuckDBPyConnection, delivery: str, context: QueryContext, tables: Sequence[str]
) -> None:
    """Store the ids and the reasons of a delivery's excluded rows, by each kind of id that the file of a table has."""
    for table, row_id in product(tables, _ROW_IDS):
        file = _excluded_file(context, table, row_id)
        if file is not None:
            connection.execute(
                read("sql/changed", "read_excluded"),
                {"delivery": delivery, "source": table, "row_id": row_id, "path": str(file.path), "names": list(file.columns)},
            )  # fmt: skip


def _set_aside(connection: duckdb.DuckDBPyConnection, context: QueryContext) -> None:
    """Make the tables of the excluded rows that a measure rests on: `set_aside_before` and `set_aside_now`."""
    parameters = {"sources": _tables(context), "row_id": context.model.row_id}
    for which in ("before", "now"):
        connection.execute(parsed(read("sql/changed", f"set_aside_{which}")), parameters)


def _tables(context: QueryContext) -> Sequence[str]:
    """Return the tables of an export that the measure's rows come from."""
    return sorted({need.partition(".")[0] for need in context.measure.needs} | {context.measure.model})


@dataclass(frozen=True)
class _ExcludedFile:
    """The file with the excluded rows of one table, and a name for each of its columns: id, reasons, and others by number."""

    path: Path
    columns: Sequence[str]


def _excluded_file(context: QueryContext, table: str, row_id: str) -> _ExcludedFile | None:
    """Return the file of a table's excluded rows; None where there is none, or it does not have the ids of this name."""
    folder = store_files.delivery_folder(store_files.store_path(), context.store.id) / store_files.QUARANTINE
    path = folder / f"{table}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            headers = next(csv.reader(file), [])
    except (OSError, ValueError, csv.Error):
        return None
    columns = [f"column_{number}" for number in range(len(headers))]
    ids = [number for number, header in enumerate(headers) if re.sub(r"\W+", "_", header.strip().lower()) == row_id]
    if not ids or _REASONS not in headers:
        return None
    columns[ids[0]], columns[headers.index(_REASONS)] = "id", _REASONS
    return _ExcludedFile(path, columns)
