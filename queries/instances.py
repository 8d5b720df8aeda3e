"""DuckDB files opened read-only: one instance per file, or for files read together, with its settings locked, and one cursor per query.

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
    """Open files, with the cursors of the queries that run on them."""

    def __init__(self, files: tuple[FileState, ...], connect: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self.files = files
        self.is_broken = False
        self._is_closed = False
        self._cursors: set[duckdb.DuckDBPyConnection] = set()
        self._changed = threading.Condition()
        self._connection = connect()

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
                raise StoreReplaced(self.files[-1].path) from error
            # after some errors DuckDB refuses every query: the next one opens the file again
            self.is_broken = self.is_broken or is_damage(error)
            raise
        finally:
            with self._changed:  # close the cursor before notifying: an open one holds the old file
                self._cursors.discard(cursor)
                cursor.close()
                self._changed.notify_all()

    def close(self) -> None:
        """Interrupt the running queries, wait for them to end, and close the files."""
        with self._changed:
            self._is_closed = True
            while not self.is_idle:
                for cursor in self._cursors:
                    cursor.interrupt()
                self._changed.wait(_SECONDS)  # a query that had not begun was not interrupted
            self._connection.close()


_instances: dict[tuple[str, ...], _Instance] = {}  # by the paths of its files, the last used at the end
_opening = threading.Lock()


@contextmanager
def cursor_on(file: FileState) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor on a file in this state.

    Raises:
        StoreReplaced: The file has another state, before or after the query.
        duckdb.Error: The file cannot be read.
    """
    with cursor_on_files((file,), lambda: _connect(file)) as cursor:
        yield cursor


@contextmanager
def cursor_on_files(
    files: tuple[FileState, ...], connect: Callable[[], duckdb.DuckDBPyConnection]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a cursor on a database of files in this state. Raises as `cursor_on`.

    Args:
        files: The files.
        connect: Connects to a database of them. It is called where they are not open yet.
    """
    instance, cursor = _opened(files, connect)
    with instance.used(cursor):
        try:
            yield cursor
        finally:
            _check_states(files)


def close(path: Path) -> None:
    """Close a file if it is open, so that it can be written."""
    with _opening:
        for paths in [paths for paths in _instances if str(path) in paths]:
            _instances.pop(paths).close()


def _connect(file: FileState) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(file.path, read_only=True, config=_LOCKED_DOWN | planned_for(file.size))


def _check_states(files: tuple[FileState, ...]) -> None:
    for file in files:
        try:
            is_same = file_state(file.path) == file
        except OSError as error:  # a file that is removed and written again is missing for a moment
            raise StoreReplaced(file.path) from error
        if not is_same:
            raise StoreReplaced(file.path)


def _opened(
    files: tuple[FileState, ...], connect: Callable[[], duckdb.DuckDBPyConnection]
) -> tuple[_Instance, duckdb.DuckDBPyConnection]:
    """Return the instance of files, and a cursor of it: without one, another thread could take it for idle and close it."""
    paths = tuple(file.path for file in files)
    with _opening:
        known = _instances.get(paths)
        if known is None or known.files != files or known.is_broken:
            _check_states(files)
            if known is not None:
                known.close()
            _make_room()
            known = _Instance(files, connect)
        _instances.pop(paths, None)
        _instances[paths] = known
        return known, known.open_cursor()


def _make_room() -> None:
    """Close the instances that have not been used for longest, unless a query is running on them."""
    idle = [paths for paths, instance in _instances.items() if instance.is_idle]
    for paths in idle[: max(0, len(_instances) - MOST_OPEN + 1)]:
        _instances.pop(paths).close()
