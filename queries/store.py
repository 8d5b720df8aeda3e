"""The published store, opened read-only: one locked-down connection a delivery, one cursor a query."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from data.store import DATABASE, current_id, delivery_folder, store_path
from queries.answers import Delivery, Row
from queries.bounded import Bounded
from queries.scope import AskError

MOST_CELLS = 4_000_000  # of all rows and answers of all deliveries: some two hundred megabytes
LARGEST = 20_000  # cells: larger tables are made into answers, which are kept
T = TypeVar("T")
_opening = threading.Lock()


class NothingPublished(AskError):
    """No delivery has been published yet."""


def current_delivery_id() -> str:
    """The id of the delivery on screen; raises NothingPublished where there is none."""
    found = current_id(store_path())
    if found is None:
        raise NothingPublished("No delivery has been published yet. Publish one with: python -m data publish DELIVERY")
    return found


@lru_cache(maxsize=8)
def _open(path: Path, written_at: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def cells(value: Any) -> int:
    """What rows, an answer's or a table's, weigh beside others: the values in them."""
    if isinstance(value, Row):
        return 10 + len(value.extra)
    if isinstance(value, Mapping):
        return len(value)
    return 10 + sum(map(cells, value)) if isinstance(value, list | tuple) else 10


FOUND: Bounded[Any] = Bounded(MOST_CELLS, cells, LARGEST)


class Store:
    """One delivery's tables. Safe for threads: every query runs on a cursor of its own. What is in it never changes, so that
    whatever was worked out of it holds. file: the database and the time it was written, which no two stores share."""

    def __init__(self, delivery_id: str) -> None:
        path = _path(delivery_id)
        if path is None:
            raise AskError(
                f"There is no published delivery “{delivery_id[:40]}”: python -m data deliveries lists them."
            )
        written_at = path.stat().st_mtime_ns
        with _opening:
            self._connection = _open(path, written_at)
        self.id, self.file = delivery_id, (str(path), written_at)

    def once(self, key: Any, work_out: Callable[[], T]) -> T:
        """What was worked out under this key before, by whomever it was asked for; else what `work_out` finds now. Nothing
        here knows a reader: what a reader may see of it is decided after."""
        found: T = FOUND.once((self.file, key), work_out)
        return found

    def found(self) -> dict[Any, Any]:
        """All that was worked out of this delivery and is still at hand, by its key, the oldest first."""
        return {key: value for (file, key), value in FOUND.items() if file == self.file}

    def take(self, of: tuple[str, int], found: Mapping[Any, Any]) -> None:
        """Take in what another process found, if it is of this very file (its `file`); else nothing."""
        if of == self.file:
            for key, value in found.items():
                FOUND.put((self.file, key), value)

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one query with named parameters; one dict a row, in the query's order."""
        given = tuple((name, type(value), _fixed(value)) for name, value in sorted((parameters or {}).items()))
        return [dict(row) for row in self.once((query, given), lambda: self._run(query, parameters))]

    def _run(self, query: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(_parsed(query), dict(parameters or {}))
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        finally:
            cursor.close()


@lru_cache(maxsize=1_000)
def _parsed(query: str) -> duckdb.Statement:
    """A query read once: a quarter of what one takes. Every run works on a copy of its own."""
    (statement,) = duckdb.extract_statements(query)
    return statement


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=8)
def delivery(store: Store) -> Delivery:
    """The one row that describes the store's delivery."""
    row = store.rows("select delivery_id as id, delivered_on, layout, is_synthetic, note, published_at from delivery")[
        0
    ]
    return Delivery(**row)


@lru_cache(maxsize=8)
def supplied(store: Store) -> frozenset[str]:
    """The `table.column` names this delivery really brought."""
    rows = store.rows("select table_name, column_name from supplied")
    return frozenset(f"{row['table_name']}.{row['column_name']}" for row in rows)


def _path(delivery_id: str) -> Path | None:
    """The database of a delivery, or None where there is none."""
    try:
        path = delivery_folder(store_path(), delivery_id) / DATABASE
    except ValueError:
        return None
    return path.resolve() if path.is_file() else None


def open_store(delivery_id: str) -> Store:
    """The store of one delivery; raises AskError where there is no such delivery.

    Kept open by its file and the time it was written: a store wiped and filled again is another store.
    """
    path = _path(delivery_id)
    return _kept(delivery_id, path, path.stat().st_mtime_ns if path else 0)


@lru_cache(maxsize=8)
def _kept(delivery_id: str, path: Path | None, written_at: int) -> Store:
    return Store(delivery_id)
