"""DuckDB files opened read-only: one instance per file, with its settings locked, and one cursor per query.

DuckDB shares one instance per path in a process, which still shows the old contents after the file was replaced. So the
old instance is closed before a changed file is opened, and a query that this interrupts raises `StoreReplaced`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb

from data.duckdb_sql import short_plans

_SECONDS = 0.05  # between two attempts to end the queries of an instance
MOST_OPEN = 8  # instances: each holds a file and memory
# Set when connecting: DuckDB refuses a second connection to an instance whose settings are locked later.
_LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
SMALL = 64_000_000  # bytes of a file whose rows are so few that plans should be short
# Errors of a statement, forbidden settings and full memory: they do not mean that the file is damaged.
_NOT_DAMAGE = (
    duckdb.PermissionException,
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.NotSupportedError,
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
)
T = TypeVar("T")


class StoreReplaced(Exception):  # noqa: N818 - an event to retry after, not an error
    """The file changed while it was being read. The next query reads the new contents."""


class FileState(NamedTuple):
    """The state of a file: it changes when the file is touched, overwritten, restored or replaced. Times in nanoseconds."""

    path: str
    modified_at: int
    changed_at: int
    size: int
    inode: int


def file_state(path: str | Path) -> FileState:
    """Return the state of a file now.

    Raises:
        OSError: The file is missing or not accessible.
    """
    status = os.stat(path)  # noqa: PTH116 - twice for each query; making a Path takes longer than the call
    return FileState(str(path), status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def state_or_none(path: str | Path) -> FileState | None:
    """Return the state of a file now; None where it is missing or not accessible."""
    try:
        return file_state(path)
    except OSError:
        return None


def is_damage(error: duckdb.Error) -> bool:
    """Return whether an error means that the file cannot be read, and not that a statement is wrong."""
    return not isinstance(error, _NOT_DAMAGE)


def retried(work: Callable[[], T]) -> T:
    """Do the work, and do it again if the file was replaced meanwhile."""
    try:
        return work()
    except StoreReplaced:
        return work()


def planned_for(size: int) -> dict[str, str | bool | int | float | list[str]]:
    """Return the settings of a connection that reads files of so many bytes."""
    return short_plans() if size < SMALL else {}


class _Instance:
    """One open file, with the cursors of the queries that run on it."""

    def __init__(self, file: FileState) -> None:
        self.file = file
        self.is_broken = False
        self._is_closed = False
        self._cursors: set[duckdb.DuckDBPyConnection] = set()
        self._changed = threading.Condition()
        self._connection = duckdb.connect(file.path, read_only=True, config=_LOCKED_DOWN | planned_for(file.size))

    @property
    def is_idle(self) -> bool:
        """Whether no query is running."""
        return not self._cursors

    def open_cursor(self) -> duckdb.DuckDBPyConnection:
        """Open a cursor for `used`: from now on the instance is not idle."""
        with self._changed:
            cursor = self._connection.cursor()
            self._cursors.add(cursor)
            return cursor

    @contextmanager
    def used(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor of this instance for one query, and close it.

        Raises:
            StoreReplaced: The instance was closed meanwhile.
        """
        try:
            yield cursor
        except duckdb.Error as error:
            if self._is_closed:
                raise StoreReplaced(self.file.path) from error
            # after some errors DuckDB refuses every query: the next one opens the file again
            self.is_broken = self.is_broken or is_damage(error)
            raise
        finally:
            with self._changed:  # close the cursor before notifying: an open one holds the old file
                self._cursors.discard(cursor)
                cursor.close()
                self._changed.notify_all()

    def close(self) -> None:
        """Interrupt the running queries, wait for them to end, and close the file."""
        with self._changed:
            self._is_closed = True
            while not self.is_idle:
                for cursor in self._cursors:
                    cursor.interrupt()
                self._changed.wait(_SECONDS)  # a query that had not begun was not interrupted
            self._connection.close()


_instances: dict[str, _Instance] = {}  # by path, the last used at the end
_opening = threading.Lock()


@contextmanager
def cursor_on(file: FileState) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor on a file in this state.

    Raises:
        StoreReplaced: The file has another state, before or after the query.
        duckdb.Error: The file cannot be read.
    """
    instance, cursor = _opened(file)
    with instance.used(cursor):
        try:
            yield cursor
        finally:
            _check_state(file)


def close(path: Path) -> None:
    """Close a file if it is open, so that it can be written."""
    with _opening:
        known = _instances.pop(str(path), None)
        if known is not None:
            known.close()


def _check_state(file: FileState) -> None:
    try:
        is_same = file_state(file.path) == file
    except OSError as error:  # a file that is removed and written again is missing for a moment
        raise StoreReplaced(file.path) from error
    if not is_same:
        raise StoreReplaced(file.path)


def _opened(file: FileState) -> tuple[_Instance, duckdb.DuckDBPyConnection]:
    """Return the instance of a file, and a cursor of it: without one, another thread could take it for idle and close it."""
    with _opening:
        known = _instances.get(file.path)
        if known is None or known.file != file or known.is_broken:
            _check_state(file)
            if known is not None:
                known.close()
            _make_room()
            known = _Instance(file)
        _instances.pop(file.path, None)
        _instances[file.path] = known
        return known, known.open_cursor()


def _make_room() -> None:
    """Close the instances that have not been used for longest, unless a query is running on them."""
    idle = [path for path, instance in _instances.items() if instance.is_idle]
    for path in idle[: max(0, len(_instances) - MOST_OPEN + 1)]:
        _instances.pop(path).close()
