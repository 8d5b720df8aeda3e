"""The published store, opened read-only: every query runs on one delivery's database in one state of its file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import duckdb

from data.store import StoreDamagedError, current_id, database, format_of, is_delivery_id, read_list, store_path
from queries import formats
from queries.cache import BoundedCache
from queries.instances import FileState, cursor_on, file_state, is_damage
from queries.models import Answer, Delivery, Row
from queries.rows_left_out import NO_ROWS, RowsNeeded, reads_rows
from queries.scope import AskError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# One row of a query: what the columns hold is decided by the SQL file, which the type checker cannot read.
SqlRow: TypeAlias = dict[str, Any]
MOST_CELLS = 4_000_000  # of all rows and answers of all deliveries: about two hundred megabytes
LARGEST = 20_000  # cells: larger tables are made into answers, which are cached
T = TypeVar("T")


class NothingPublished(AskError):  # noqa: N818 - a state of the store, imported by this name
    """No delivery has been published yet."""


class DeliveryUnreadable(StoreDamagedError):  # noqa: N818 - a state of the store, imported by this name
    """The database of a published delivery is missing, does not open, or cannot be read to its end.

    The message is for an operator: it names the file and what to do.
    """


class OtherFormat(DeliveryUnreadable):
    """The delivery was published by another version of the dashboard."""


def current_delivery_id() -> str:
    """Return the id of the delivery on screen.

    Raises:
        NothingPublished: There is none.
        StoreDamagedError: The store's list cannot be read.
    """
    delivery_id = current_id(store_path())
    if delivery_id is None:
        raise NothingPublished("No delivery has been published yet. Publish one with: python -m data publish DELIVERY")
    return delivery_id


def cells(value: object) -> int:
    """Return the weight of a cached value: how many values it holds, with a surcharge for each container."""
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], Row | dict):  # rows of an answer or a query, all with the same fields
            return 10 + len(value) * cells(value[0])
        return 10 + sum(map(cells, value))
    if isinstance(value, Row):
        return len(value.__dataclass_fields__)
    if isinstance(value, dict):
        return len(value)
    return cells(value.rows) if isinstance(value, Answer) else 10


ANSWERS: BoundedCache[Any] = BoundedCache(MOST_CELLS, cells, LARGEST)


class Store:
    """One delivery's tables. Safe for threads: every query runs on a cursor of its own.

    A file in one state never changes, so whatever was computed from it stays valid. Queries raise StoreReplaced once the
    file has another state.

    Attributes:
        id: The delivery's id.
        file: The state of its database.
    """

    def __init__(self, delivery_id: str, file: FileState) -> None:
        self.id, self.file = delivery_id, file

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return what was computed under this key before, else compute it.

        No reader is part of the key: what a reader may see of the result is decided afterwards.
        """
        result: T = ANSWERS.get_or_compute((self.file, key), compute)
        return result

    def rows(
        self,
        query: str,
        parameters: Mapping[str, object] | None = None,
        counting: Callable[[], list[SqlRow] | None] = lambda: None,
    ) -> list[SqlRow]:
        """Return the rows of one query with named parameters, in the query's order; `counting` returns them faster, or None."""
        fixed = tuple((name, type(value), _hashable(value)) for name, value in sorted((parameters or {}).items()))
        rows = self.get_or_compute((query, fixed), lambda: counting() or self.run(query, parameters))
        return [dict(row) for row in rows]

    def run(self, query: str, parameters: Mapping[str, object] | None = None) -> list[SqlRow]:
        """Return the rows of one query without caching them.

        Raises:
            DeliveryUnreadable: The database cannot be read.
            RowsNeeded: The query reads residents' rows, and the delivery has none.
        """
        with self._result_of(query, parameters) as cursor:
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def columns(self, query: str, parameters: Mapping[str, object] | None = None) -> Mapping[str, NDArray[np.generic]]:
        """Return the columns of one query as arrays without caching them, for results too large for rows. Raises as `run`."""
        with self._result_of(query, parameters) as cursor:
            arrays: Mapping[str, NDArray[np.generic]] = cursor.fetchnumpy()
            return arrays

    @contextmanager
    def _result_of(self, query: str, parameters: Mapping[str, object] | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Run a query and lend the cursor that holds its result."""
        if reads_rows(query) and not delivery(self).has_rows:
            raise RowsNeeded(NO_ROWS)
        try:
            with cursor_on(self.file) as cursor:
                cursor.execute(parsed(query), dict(parameters or {}))
                yield cursor
        except duckdb.Error as error:
            if not is_damage(error):
                raise
            raise _unreadable(self.id, Path(self.file.path), str(error).split("\n")[0]) from error


@lru_cache(maxsize=1_000)
def parsed(query: str) -> duckdb.Statement:
    """Return a parsed query; parsing takes a quarter of a query's time. Every run works on its own copy."""
    (statement,) = duckdb.extract_statements(query)
    return statement


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=8)
def delivery(store: Store) -> Delivery:
    """Return the delivery of a store."""
    query = "select delivery_id as id, delivered_on, layout, is_synthetic, note, published_at, has_rows from delivery"
    return Delivery(**store.rows(query)[0])


@lru_cache(maxsize=8)
def supplied(store: Store) -> frozenset[str]:
    """Return the `table.column` names that the delivery has."""
    rows = store.rows("select table_name, column_name from supplied")
    return frozenset(f"{row['table_name']}.{row['column_name']}" for row in rows)


def open_store(delivery_id: str) -> Store:
    """Return the store of one delivery, as its file is now.

    Raises:
        AskError: There is no such delivery.
        DeliveryUnreadable: It cannot be read.
        OtherFormat: Another version of the dashboard published it.
        StoreDamagedError: The store's list cannot be read.
    """
    folder = store_path()
    path = _path_of(folder, delivery_id)
    try:
        file = _state_of(path) if path is not None else None
    except OSError as error:
        _real_path.cache_clear()  # the links may lead elsewhere now
        raise _unreadable(delivery_id, path, error.strerror or str(error)) from error
    if file is None:
        if path is not None and delivery_id in read_list(folder).ids:
            raise _unreadable(delivery_id, path, "there is no such file")
        raise AskError(f"There is no published delivery “{delivery_id[:40]}”: python -m data deliveries lists them.")
    if "?" in file.path:
        raise _unreadable(delivery_id, path, question_mark(folder))
    return _checked(delivery_id, file)


@lru_cache(maxsize=8)
def _path_of(folder: Path, delivery_id: str) -> Path | None:
    """Return where the database of a delivery is, if it is published; None where no delivery can have this id."""
    return database(folder, delivery_id) if is_delivery_id(delivery_id) else None


def _state_of(path: Path) -> FileState | None:
    """Return the state of a file under its path without links; None if there is none."""
    try:
        file = file_state(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    real = _real_path(file)
    return file if real == file.path else file_state(real) if real else None


@lru_cache(maxsize=8)
def _real_path(file: FileState) -> str:
    """Return the path of a file without links; "" for a folder or a pipe. To find it out takes longer than opening a store."""
    path = Path(file.path)
    return str(path.resolve()) if path.is_file() else ""


def question_mark(path: Path) -> str:
    """Return why a store cannot be at this path, or "": DuckDB does not open paths with a question mark."""
    return "the store's path has a question mark in it, which DuckDB cannot open" if "?" in str(path.resolve()) else ""


@lru_cache(maxsize=8)
def _checked(delivery_id: str, file: FileState) -> Store:
    """Return the store of a file in this state, after checking that it can be read."""
    store = Store(delivery_id, file)
    check_format(store)
    rows = store.run("select delivery_id from delivery")
    if [row["delivery_id"] for row in rows] != [delivery_id]:
        raise _unreadable(
            delivery_id, Path(file.path), "it holds another delivery, as a backup restored to the wrong folder does"
        )
    return store


def check_format(store: Store) -> None:
    """Check that this version can read the store's database (queries/formats.py).

    Raises:
        OtherFormat: It cannot.
    """
    tables = store.run("select table_name from information_schema.tables")
    if not formats.is_readable(format_of(store_path(), store.id), [row["table_name"] for row in tables]):
        raise OtherFormat(
            f"Delivery {store.id} was published by another version of the dashboard; publish it again: "
            "python -m data publish DELIVERY"
        )


def _unreadable(delivery_id: str, path: Path | None, why: str) -> DeliveryUnreadable:
    return DeliveryUnreadable(
        f"The database of delivery {delivery_id}, {path}, cannot be read: {why.rstrip('.')}. To repair it, publish the delivery "
        "again: python -m data publish DELIVERY"
    )
