"""DuckDB for this package: bounded memory, and statements in which every name is quoted and every value is bound.

A statement is a template: `run(connection, "select count(*) from {table}", table=name)`. Whatever goes into its braces
is quoted as an identifier, unless it is `Sql`, which only this package creates.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
from cachetools import LRUCache, cached

from data.errors import UsageError

HERE = Path(__file__).parent
most_memory_mb = ContextVar("most_memory_mb", default=6500)  # for DuckDB, in megabytes
# A statement over few rows takes longer to plan than to run. So it is planned with what moves filters and columns down to the
# tables, and without what looks for a better plan; and it runs in the thread that asks, which takes one core anyway.
_PLANNED_WITH = ("filter_pushdown", "unused_columns")
_LONGEST_PARSED = 20_000  # characters of a statement that stays parsed, which takes about twenty bytes for each
# The system's messages for a full disk, an exhausted quota or limit, a failing disk and a read-only disk.
_CANNOT_WRITE = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)))


class Sql(str):
    """SQL made by this package. A template takes it unchanged."""

    __slots__ = ()


def sql(template: str, **parts: str) -> Sql:
    """Fill in a template: names are quoted, `Sql` is unchanged."""
    return Sql(template.format(**{key: part if isinstance(part, Sql) else quoted(part) for key, part in parts.items()}))


def joined(between: str, parts: Iterable[Sql]) -> Sql:
    """Join pieces of SQL."""
    return Sql(between.join(parts))


def quoted(name: str) -> Sql:
    """Return a name as an SQL identifier."""
    return Sql('"' + name.replace('"', '""') + '"')


def literal(text: str) -> Sql:
    """Return a text as an SQL literal, for the few places that take no parameter."""
    return Sql("'" + text.replace("'", "''") + "'")


def no_glob(path: Path) -> str:
    """Return a path in which DuckDB sees no wildcards."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def sql_file(*parts: str) -> Sql:
    """Return the text of an `.sql` file of this package."""
    return Sql(HERE.joinpath(*parts).read_text(encoding="utf-8"))


def run(
    connection: duckdb.DuckDBPyConnection, template: str, parameters: object = None, **parts: str
) -> duckdb.DuckDBPyConnection:
    """Run a template. Fetch the result from what it returns."""
    text = sql(template, **parts)
    return connection.execute(_parsed(connection, text) if len(text) <= _LONGEST_PARSED else text, parameters)


@cached(LRUCache(500), key=lambda _connection, text: text, lock=Lock())
def _parsed(connection: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement | str:
    """Return a statement without its values: DuckDB takes up to half of the time of one over few rows to parse it."""
    statements = connection.extract_statements(text)
    return statements[0] if len(statements) == 1 else text


def fetch_row(
    connection: duckdb.DuckDBPyConnection, template: str, parameters: object = None, **parts: str
) -> tuple[Any, ...]:
    """Run a template and return the single row of its result."""
    row = run(connection, template, parameters, **parts).fetchone()
    if row is None:
        raise LookupError("the query returned no row")
    return row


def stream(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a result without holding all of them."""
    while chunk := result.fetchmany(50_000):
        yield from chunk


def insert(connection: duckdb.DuckDBPyConnection, target: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert up to a few thousand rows, one list for each column: a value for each cell takes six times as long to bind."""
    if rows:
        columns = [list(cells) for cells in zip(*rows, strict=True)]
        marks = joined(", ", [Sql("unnest(?)")] * len(columns))
        run(connection, "insert into {target} select {marks}", columns, target=target, marks=marks)


@cache
def short_plans() -> dict[str, str | bool | int | float | list[str]]:
    """Return the settings of a connection that reads few rows."""
    with duckdb.connect() as connection:
        names = [name for (name,) in connection.execute("select name from duckdb_optimizers()").fetchall()]
    return {"threads": "1", "disabled_optimizers": ",".join(name for name in names if name not in _PLANNED_WITH)}


def connect(folder: Path, *, reads_few_rows: bool = False) -> duckdb.DuckDBPyConnection:
    """Open an in-memory connection that spills into `folder` and uses at most 6.5 GB or 40% of the machine's memory.

    Args:
        folder: A folder for what does not fit into memory.
        reads_few_rows: Whether it reads so few rows that its plans should be short.
    """
    connection = duckdb.connect(config=short_plans() if reads_few_rows else {})
    for setting, value in (
        ("memory_limit", f"{memory_limit_mb()}MB"),
        ("temp_directory", str(folder / "spill")),
        ("TimeZone", "UTC"),
        ("enable_progress_bar", "false"),
        ("preserve_insertion_order", "true"),
        # Trying this method on unique keys took half of the time to write them.
        ("disabled_compression_methods", "dict_fsst"),
    ):
        run(connection, "set {setting} = {value}", setting=setting, value=literal(value))
    # Databases to keep are detached. The working database is deleted, so a checkpoint at the end would be wasted.
    run(connection, "pragma disable_checkpoint_on_shutdown")
    return connection


@contextmanager
def open_read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a published database read-only, apart from the instances that answer questions, so that the file itself is read.

    Starting an instance takes ten times as long as reading a small file, so a process keeps one. It has one file open at a
    time; whoever needs another one meanwhile gets another instance.
    """
    lock, instance = _reader(os.getpid())  # a forked process starts its own
    is_free = lock.acquire(blocking=False)
    connection = instance.cursor() if is_free else duckdb.connect()
    try:
        run(connection, "attach {path} as published (read_only)", path=literal(str(path)))
        run(connection, "use published")
        yield connection
        run(connection, "use memory")
        run(connection, "detach published")
    except BaseException:
        _reader.cache_clear()  # the instance is not used again: the file may still be open in it
        raise
    finally:
        connection.close()
        if is_free:
            lock.release()


@cache
def _reader(_process: int) -> tuple[Lock, duckdb.DuckDBPyConnection]:
    """Return the instance that a process keeps for reading files, and the lock that says whether it has one open."""
    return Lock(), duckdb.connect(config={"threads": "1"})


def memory_limit_mb() -> int:
    """Return how much memory DuckDB may use, in megabytes."""
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (ValueError, OSError):
        machine = 8000.0
    return min(most_memory_mb.get(), max(1000, int(0.4 * machine)))


def is_full(error: duckdb.Error) -> bool:
    """Return whether an error means that the disk or the memory is full, which is no fault of the file being read."""
    return isinstance(error, duckdb.OutOfMemoryException) or any(reason in str(error) for reason in _CANNOT_WRITE)


def is_stopped(error: Exception) -> bool:
    """Return whether an error is Ctrl-C, which a statement that it stops raises as this."""
    return type(error) is RuntimeError and str(error) == "Query interrupted"


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Open or create a database file under a name. It has no write-ahead log, so a file that is not detached is lost.

    Raises:
        UsageError: The path has a question mark. DuckDB reads what follows it as options.
    """
    if "?" in str(path):
        raise UsageError(f"The database cannot be in {path.parent}, because the path has a question mark. Rename the"
                       " folder, or set DASHBOARD_STORE to another one.")  # fmt: skip
    run(connection, "attach {path} as {name} (recovery_mode no_wal_writes)", path=literal(str(path)), name=name)


def detach(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Write a database file to disk and close it."""
    run(connection, "checkpoint {name}", name=name)
    run(connection, "detach {name}", name=name)
