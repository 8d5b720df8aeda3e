"""Two deliveries attached to one connection, with the rows that a measure counts in each: the SQL side of `queries.changed`.

Both files are attached read-only to a database in memory that has no files of its own and, once they are attached, may open
no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from data import store as store_files
from queries.compiler import as_table, read, rows_view
from queries.context import QueryContext
from queries.database import SqlRow, Store
from queries.dimensions import MODELS
from queries.instances import StoreReplaced, file_state

LISTED = {
    "count_rows": "listed_rows",
    "count_residents": "listed_residents",
    "sum_of_rows": "listed_amounts",
    "sum_of_dollars": "listed_amounts",
}
MODELS_WITH_IDS = frozenset(name for name, model in MODELS.items() if model.row_id)
_BEFORE, _NOW = "set_aside_before", "set_aside_now"


@contextmanager
def compared(before: QueryContext, now: QueryContext) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with the table `units`: what each row or resident adds to the difference of two totals.

    Args:
        before: The measure in the earlier delivery, on its day.
        now: The same measure and filters in the present delivery.

    Raises:
        StoreReplaced: A file changed meanwhile.
    """
    with _attached(before.store, now.store) as connection:
        for name, context in ((_BEFORE, before), (_NOW, now)):
            connection.register(name, _set_aside(context))
        connection.execute("set lock_configuration = true")
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
        for step in ("revised", *steps):
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
    return all(_excluded_rows(context, table) is not None for table in _tables(context) if table in excluded)


@contextmanager
def _attached(before: Store, now: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    try:
        connection.execute("set temp_directory = ''")  # residents' records are not written anywhere else
        connection.execute("attach $path as earlier (read_only)", {"path": before.file.path})
        connection.execute("attach $path as present (read_only)", {"path": now.file.path})
        connection.execute("set enable_external_access = false")
        yield connection
    finally:
        connection.close()
        for each in (before, now):
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


def _set_aside(context: QueryContext) -> pd.DataFrame:
    """Return the id and the reasons of every excluded row, once each."""
    frames = [frame for table in _tables(context) if (frame := _excluded_rows(context, table)) is not None]
    empty = pd.DataFrame({"id": pd.Series(dtype=str), "reasons": pd.Series(dtype=str)})
    return pd.concat([empty, *frames]).drop_duplicates("id")


def _excluded_rows(context: QueryContext, table: str) -> pd.DataFrame | None:
    """Return the excluded rows of one table, as columns `id` and `reasons`; None where they cannot be read."""
    folder = store_files.delivery_folder(store_files.store_path(), context.store.id) / store_files.QUARANTINE
    wanted = {context.model.row_id: "id", "reasons": "reasons"}
    try:
        frame = pd.read_csv(
            folder / f"{table}.csv",
            dtype=str,
            keep_default_na=False,
            usecols=lambda header: _plain(header) in wanted,
        )
    except (OSError, ValueError):  # pandas' own errors are ValueErrors
        return None
    frame = frame.rename(columns=lambda header: wanted[_plain(header)])
    return frame if sorted(frame.columns) == ["id", "reasons"] else None


def _plain(header: str) -> str:
    return re.sub(r"\W+", "_", header.strip().lower())
