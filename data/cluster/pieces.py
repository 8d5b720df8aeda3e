"""Cut the files of a table into pieces, each with the number of its first row in the table."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from data.column_names import plain
from data.duckdb_sql import Sql, joined, literal, run, sql
from data.examining import Part
from data.read_files import Source
from data.remote_objects import RemoteObject

ROWS_OF_PIECE = 250_000
_NUMBER = "file_row_number"
_PREFIX = "sent_"
_READ = "read_parquet({path}, hive_partitioning=false, file_row_number=true)"

Columns = Sequence[tuple[str, str]]  # names and types


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some rows of a file.

    Attributes:
        table: The table.
        path: The file; the object's address for one in an object store.
        first: The number of the first row in the table, from 0.
        rows: How many rows it has.
        base: The rows as they were sent, for `from`.
        relation: The same with the expressions of a layout.
        columns: The names of the columns as they were sent.
        label: The name of the table's files in sentences.
        set_aside: A layout's column with the reason why a row does not count.
        remote: The object, for one in an object store.
    """

    table: str
    path: str
    first: int
    rows: int
    base: Sql
    relation: Sql
    columns: tuple[str, ...]
    label: str
    set_aside: str | None = None
    remote: RemoteObject | None = None

    @property
    def source(self) -> Source:
        """The rows as a source of their own."""
        return Source(self.table, self.label, self.relation, rows=self.rows, set_aside=self.set_aside)


def columns_of(connection: Connection, source: Source) -> Columns:
    """Return the columns of a table's files with their types."""
    described = run(connection, "describe select * from {rows}", source.parameters, rows=source.base).fetchall()
    return [(name, kind) for name, kind, *_ in described]


def cut(connection: Connection, source: Source, folder: Path, *, rows_of_piece: int = ROWS_OF_PIECE) -> list[Piece]:
    """Cut a table into pieces.

    Parquet is read where it is, also in an object store. Other rows were read on this machine already; they are written as text to a Parquet file.

    Args:
        connection: The working database.
        source: The table's rows.
        folder: Where such a file is written.
        rows_of_piece: The most rows of a piece.
    """
    columns = columns_of(connection, source)
    parts, prefix = source.parts, ""
    if not parts or any(_NUMBER in map(str.lower, part.columns) for part in parts):
        parts, prefix = (_written(connection, source, columns, folder),), _PREFIX
    names = {plain(name) for part in parts for name in part.columns}
    pieces, first = list[Piece](), 0
    for part in parts:
        for start in range(0, part.rows, rows_of_piece):
            rows = min(rows_of_piece, part.rows - start)
            base = _rows(part, _cells(part, columns, names, prefix), start, start + rows)
            # the same expressions over these rows: a source begins with its base and only adds to it
            relation = Sql(source.relation.replace(source.base, base))
            pieces.append(Piece(
                table=source.table, path=part.address if part.remote else os.fspath(part.path.absolute()), first=first + start, rows=rows, base=base,
                relation=relation, columns=tuple(name for name, _ in columns), label=source.label, set_aside=source.set_aside,
                remote=part.remote,
            ))  # fmt: skip
        first += part.rows
    return pieces


def states(pieces: Iterable[Piece]) -> dict[str, tuple[int, int, int] | None]:
    """Return what changes with the content of each file; None for one that is gone. An object is read by its ETag instead."""
    return {path: _state(Path(path)) for path in dict.fromkeys(piece.path for piece in pieces if not piece.remote)}


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _written(connection: Connection, source: Source, columns: Columns, folder: Path) -> Part:
    """Write rows to a Parquet file, everything as text: not every type is the same after it was in such a file.

    Its columns have a prefix, because one may have the name that DuckDB gives to row numbers.
    """
    path = folder / f"{source.table}.parquet"
    texts = joined(", ", (sql("cast({c} as varchar) as {sent}", c=name, sent=_PREFIX + name) for name, _ in columns))
    copied = run(connection, "copy (select {texts} from {rows}) to {path} (format parquet)", source.parameters,
                 texts=texts, rows=source.base, path=literal(str(path))).fetchone()  # fmt: skip
    return Part(path, source.label, copied[0] if copied else 0, tuple(name for name, _ in columns))


def _rows(part: Part, cells: Iterable[Sql], start: int, end: int) -> Sql:
    """Return the rows of a file from `start` to `end`."""
    return sql("(select {cells} from {read} where {number} >= {start} and {number} < {end})",
               cells=joined(", ", cells), read=sql(_READ, path=literal(part.address)),
               number=_NUMBER, start=Sql(str(start)), end=Sql(str(end)))  # fmt: skip


def _cells(part: Part, columns: Columns, names: Container[str], prefix: str) -> Iterator[Sql]:
    """Yield all columns of a table with their types, as one of its files has them."""
    has = {name.lower() for name in part.columns}
    added = {plain(key): value for key, value in part.partitions if plain(key) not in names}
    for name, kind in columns:
        if name.lower() in has:
            cell = sql("{name}", name=prefix + name)
        elif added.get(plain(name)) is not None:
            cell = literal(str(added[plain(name)]))
        else:
            cell = Sql("null")
        is_null = kind.strip('"') == "NULL"
        yield sql("{cell} as {name}" if is_null else "cast({cell} as {kind}) as {name}",
                  cell=cell, kind=Sql(kind), name=name)  # fmt: skip
