"""DuckDB as this package uses it: bounded memory, and statements in which every name is quoted and every value bound.

A statement is a template: `run(connection, "select count(*) from {table}", table=name)`. Whatever goes into its braces
is quoted as an identifier, unless it is `Sql`, which only this package makes.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.errors import WrongUse

HERE = Path(__file__).parent
_MOST_MEMORY_MB = 6500
_ROWS_AT_ONCE = 200
# What the system says of a disk, a quota or a limit that leaves no room, and of a disk that fails or may only be read.
_CANNOT_WRITE = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)))


class Sql(str):
    """A piece of SQL made by this package, put into a template as it is."""

    __slots__ = ()


def sql(template: str, **parts: str) -> Sql:
    """A template with its braces filled in: names quoted, `Sql` as it is."""
    return Sql(template.format(**{key: part if isinstance(part, Sql) else quoted(part) for key, part in parts.items()}))


def joined(between: str, parts: Iterable[Sql]) -> Sql:
    """Pieces of SQL with something between them."""
    return Sql(between.join(parts))


def quoted(name: str) -> Sql:
    """A name as an SQL identifier."""
    return Sql('"' + name.replace('"', '""') + '"')


def literal(text: str) -> Sql:
    """A text as an SQL literal, for the few places that take no parameter."""
    return Sql("'" + text.replace("'", "''") + "'")


def sql_file(*parts: str) -> Sql:
    """The text of an `.sql` file of this package."""
    return Sql(HERE.joinpath(*parts).read_text(encoding="utf-8"))


def run(
    connection: duckdb.DuckDBPyConnection, template: str, parameters: object = None, **parts: str
) -> duckdb.DuckDBPyConnection:
    """Runs a template; the result is fetched from what it returns."""
    return connection.execute(sql(template, **parts), parameters)


def one(connection: duckdb.DuckDBPyConnection, template: str, parameters: object = None, **parts: str) -> tuple:
    """The single row of a template's result."""
    row = run(connection, template, parameters, **parts).fetchone()
    if row is None:
        raise LookupError("the query gave no row")
    return row


def insert(connection: duckdb.DuckDBPyConnection, target: str, rows: Sequence[Sequence[object]]) -> None:
    """Adds a few thousand rows at most to a table, many in one statement (one statement each takes seconds)."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        chunk = rows[start : start + _ROWS_AT_ONCE]
        marks = Sql(", ".join(["(" + ", ".join("?" * len(chunk[0])) + ")"] * len(chunk)))
        values = [value for row in chunk for value in row]
        run(connection, "insert into {target} values {marks}", values, target=target, marks=marks)


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory connection that spills into `folder` and takes at most 6.5 GB or 40% of the machine's memory."""
    connection = duckdb.connect()
    for setting, value in (
        ("memory_limit", f"{memory_limit_mb()}MB"),
        ("temp_directory", str(folder / "spill")),
        ("TimeZone", "UTC"),
        ("enable_progress_bar", "false"),
        ("preserve_insertion_order", "true"),
        # Trying this method on keys that are all different took half of the time of writing them.
        ("disabled_compression_methods", "dict_fsst"),
    ):
        run(connection, "set {setting} = {value}", setting=setting, value=literal(value))
    # What is to be kept is detached; writing the working database out once more, to delete it, is waste.
    run(connection, "pragma disable_checkpoint_on_shutdown")
    return connection


@contextmanager
def open_read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published database, read-only, in an instance of its own, so that the file is read and not what memory holds of it."""
    connection = duckdb.connect()
    try:
        run(connection, "attach {path} as published (read_only)", path=literal(str(path)))
        run(connection, "use published")
        yield connection
    finally:
        connection.close()


def memory_limit_mb() -> int:
    """How much memory DuckDB may use, in megabytes."""
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (ValueError, OSError):
        machine = 8000.0
    return max(1000, min(_MOST_MEMORY_MB, int(0.4 * machine)))


def is_full(error: duckdb.Error) -> bool:
    """Whether an error says that the disk or the memory is full, which is no fault of what is being read."""
    return isinstance(error, duckdb.OutOfMemoryException) or any(reason in str(error) for reason in _CANNOT_WRITE)


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Opens (or makes) a database file under a name. It has no write-ahead log: a file that is not detached is waste.

    Raises WrongUse where the path has a question mark, behind which DuckDB looks for options and not for a file.
    """
    if "?" in str(path):
        raise WrongUse(f"The database cannot be in {path.parent}, because that path has a question mark. Rename the"
                       " folder, or name another one with DASHBOARD_STORE.")  # fmt: skip
    run(connection, "attach {path} as {name} (recovery_mode no_wal_writes)", path=literal(str(path)), name=name)


def detach(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Writes a database file out and lets go of it."""
    run(connection, "checkpoint {name}", name=name)
    run(connection, "detach {name}", name=name)
