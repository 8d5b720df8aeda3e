"""The published store, opened read-only: every query is asked of one delivery's database in one state of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from data.store import StoreDamaged, current_id, database, format_of, is_delivery_id, read_list, store_path
from queries import formats
from queries.cache import Bounded
from queries.instances import FileState, cursor_on, file_state, is_damage
from queries.models import Delivery, Row
from queries.scope import AskError

MOST_CELLS = 4_000_000  # of all rows and answers of all deliveries: some two hundred megabytes
LARGEST = 20_000  # cells: larger tables are made into answers, which are kept
T = TypeVar("T")


class NothingPublished(AskError):
    """No delivery has been published yet."""


class DeliveryUnreadable(StoreDamaged):
    """The database of a published delivery is missing, does not open, or cannot be read to its end. The message is for an
    operator: it names the file and what to do."""


class OtherFormat(DeliveryUnreadable):
    """The delivery was published by another version of the dashboard."""


def current_delivery_id() -> str:
    """The id of the delivery on screen.

    Raises NothingPublished where there is none, StoreDamaged where the store's list cannot be read.
    """
    found = current_id(store_path())
    if found is None:
        raise NothingPublished("No delivery has been published yet. Publish one with: python -m data publish DELIVERY")
    return found


def cells(value: Any) -> int:
    """What rows, an answer's or a table's, weigh beside others: the values in them."""
    if isinstance(value, Row):
        return 10 + len(value.extra)
    if isinstance(value, Mapping):
        return len(value)
    return 10 + sum(map(cells, value)) if isinstance(value, list | tuple) else 10


FOUND: Bounded[Any] = Bounded(MOST_CELLS, cells, LARGEST)


class Store:
    """One delivery's tables. Safe for threads: every query runs on a cursor of its own.

    file: the state of its database. What is in a file in one state never changes, so that whatever was worked out of it holds.
    Queries raise StoreReplaced once the file has another state.
    """

    def __init__(self, delivery_id: str, file: FileState) -> None:
        self.id, self.file = delivery_id, file

    def once(self, key: Any, work_out: Callable[[], T]) -> T:
        """What was worked out under this key before, by whomever it was asked for; else what `work_out` finds now. Nothing
        here knows a reader: what a reader may see of it is decided after."""
        found: T = FOUND.once((self.file, key), work_out)
        return found

    def found(self) -> dict[Any, Any]:
        """All that was worked out of this delivery and is still at hand, by its key, the oldest first."""
        return {key: value for (file, key), value in FOUND.items() if file == self.file}

    def take(self, of: FileState, found: Mapping[Any, Any]) -> None:
        """Take in what another process found, if it is of this very file (its `file`); else nothing."""
        if of == self.file:
            for key, value in found.items():
                FOUND.put((self.file, key), value)

    def rows(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of one query with named parameters; one dict a row, in the query's order."""
        given = tuple((name, type(value), _fixed(value)) for name, value in sorted((parameters or {}).items()))
        return [dict(row) for row in self.once((query, given), lambda: self._run(query, parameters))]

    def _run(self, query: str, parameters: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        try:
            with cursor_on(self.file) as cursor:
                cursor.execute(_parsed(query), dict(parameters or {}))
                names = [column[0] for column in cursor.description or []]
                return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise _unreadable(self.id, Path(self.file.path), str(error).split("\n")[0]) from error


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


def open_store(delivery_id: str) -> Store:
    """The store of one delivery, as its file is now.

    Raises AskError where there is no such delivery, DeliveryUnreadable where there is one that cannot be read, OtherFormat where
    another version published it, StoreDamaged where the store's list cannot be read.
    """
    where = store_path()
    path = database(where, delivery_id) if is_delivery_id(delivery_id) else None
    try:
        is_there = path is not None and path.is_file()
        file = file_state(path.resolve()) if path is not None and is_there else None
    except OSError as error:
        raise _unreadable(delivery_id, path, error.strerror or str(error)) from error
    if file is None:
        if path is not None and delivery_id in read_list(where).ids:
            raise _unreadable(delivery_id, path, "there is no such file")
        raise AskError(f"There is no published delivery “{delivery_id[:40]}”: python -m data deliveries lists them.")
    if "?" in file.path:
        raise _unreadable(delivery_id, path, question_mark(where))
    return _checked(delivery_id, file)


def question_mark(path: Path) -> str:
    """Why a store cannot be there, "" where it can: DuckDB takes what follows a question mark for something else."""
    return "the store's path has a question mark in it, which DuckDB cannot open" if "?" in str(path.resolve()) else ""


@lru_cache(maxsize=8)
def _checked(delivery_id: str, file: FileState) -> Store:
    """The store of a file in this state, once it was seen to be readable."""
    store = Store(delivery_id, file)
    check_format(store)
    rows = store._run("select delivery_id from delivery", None)
    if [row["delivery_id"] for row in rows] != [delivery_id]:
        raise _unreadable(delivery_id, Path(file.path), "it holds another delivery, as a backup restored to the wrong folder does")
    return store


def check_format(store: Store) -> None:
    """Raise OtherFormat unless this version can read the store's database (queries/formats.py)."""
    tables = store._run("select table_name from information_schema.tables", None)  # of no use to anybody afterwards
    if not formats.is_readable(format_of(store_path(), store.id), [row["table_name"] for row in tables]):
        raise OtherFormat(
            f"Delivery {store.id} was published by another version of the dashboard; publish it again: "
            "python -m data publish DELIVERY"
        )


def _unreadable(delivery_id: str, path: Path | None, why: str) -> DeliveryUnreadable:
    return DeliveryUnreadable(
        f"The database of delivery {delivery_id}, {path}, cannot be read: {why.rstrip('.')}. To mend it, publish the delivery "
        "again: python -m data publish DELIVERY"
    )
