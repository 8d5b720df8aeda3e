"""Tasks over a piece of a table: count what all rows must know of each other, cast the rows, or return some as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from data import cast_columns, duckdb_sql, spelling, typed_rows
from data.cast_columns import Cast, is_identifier
from data.cluster.engine import ClusterError
from data.cluster.instructions import SHARD, Instructions
from data.cluster.packets import Packet, by_shard, pack, pack_numbers, query, registered, unpack, unpack_numbers
from data.cluster.pieces import Piece
from data.duckdb_sql import Sql, fetch_row, joined, literal, run, sql
from data.errors import RefusedError, UsageError
from data.remote_files import NotCopiedError
from data.remote_objects import InPlace

COUNTS, VALUES, RAW_VALUES, DAMAGED, UNSEEN, FAILED, ROWS, SENT = (
    "counts",
    "values",
    "raw values",
    "damaged",
    "unseen",
    "failed",
    "rows",
    "sent",
)
MOST_VALUES = 10_000  # a column with more different values is not stored by number (dictionary_encode.py)
# These come from a statement, not from a file.
_MISTAKES = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
Task = Callable[[Connection, Instructions, Piece], Iterator[Packet]]


def read(task: Task, instructions: Instructions, piece: Piece) -> Iterator[Packet]:
    """Run a task over a piece. A file that is not there, is damaged or cannot be read becomes a packet that says so."""
    if not (piece.remote or Path(piece.path).is_file()):
        yield Packet(UNSEEN, 0, piece.table, piece.path.encode())
        return
    try:
        with _in_place(piece) as in_place, instructions.database() as connection:
            if in_place:
                in_place.attach(connection)
            try:
                yield from task(connection, instructions, piece)
            except duckdb.Error as error:
                if in_place:
                    in_place.check()
                if duckdb_sql.is_full(error) or isinstance(error, _MISTAKES):
                    raise
                yield Packet(DAMAGED, 0, piece.table, b"")
    except (RefusedError, UsageError) as error:
        has_changed = isinstance(error, RefusedError) and not isinstance(error, NotCopiedError)
        yield Packet(FAILED, 0, piece.table, pack_numbers({"sentence": str(error), "has_changed": has_changed}))


@contextmanager
def _in_place(piece: Piece) -> Iterator[InPlace | None]:
    """Yield the object of a piece, read with this worker's credentials; None if it is in a file."""
    if piece.remote is None:
        yield None
        return
    from data.object_files import object_files  # noqa: PLC0415 - needs packages that other workers do without

    with object_files(
        {Path(piece.path): piece.remote}, failing="could not be read by a worker of the cluster"
    ) as files:
        yield files


def without_failures(packets: Iterable[Packet]) -> Iterator[Packet]:
    """Yield packets, unless one says why an object could not be read.

    Raises:
        RefusedError: The object is not the one that was listed.
        ClusterError: It could not be read for another reason, which says nothing about the delivery.
    """
    for packet in packets:
        if packet.kind == FAILED:
            why = unpack_numbers(packet.content)
            raise RefusedError([why["sentence"]]) if why["has_changed"] else ClusterError(why["sentence"])
        yield packet


def readable(packets: Iterable[Packet]) -> Iterator[Packet]:
    """Yield packets, unless one says that a file cannot be read any more.

    Raises:
        ClusterError: It could be read when its rows were judged.
    """
    for packet in packets:
        if packet.kind in (DAMAGED, UNSEEN):
            raise ClusterError("A file of the delivery could be read at first, and not again.")
        yield packet


def failures(packets: Iterable[Packet]) -> list[Packet]:
    """Return the packets that say why an object could not be read, which every task passes on."""
    return [packet for packet in packets if packet.kind == FAILED]


def count(connection: Connection, instructions: Instructions, piece: Piece) -> Iterator[Packet]:
    """Yield how many rows pass each test, and the values of every column of names."""
    casts = instructions.casts[piece.table]
    cast_columns.make_typed(connection, piece.source, casts, "typed")
    numbers = typed_rows.count(connection, "typed", instructions.tests[piece.table])
    many = [
        cast.column.name for cast in casts if _is_free(cast) and _values_as_sent(connection, piece, cast) > MOST_VALUES
    ]
    yield Packet(COUNTS, 0, piece.table, pack_numbers({"passed": list(numbers), "many": many}))
    texts = [cast for cast in casts if cast.column.kind == "text" and not is_identifier(cast.column)]
    values = joined(" union all ", (
        sql("select {name} as column_name, {column} as given, count(*) as rows from typed where {column} is not null group by all",
            name=literal(cast.column.name), column=cast.column.name)
        for cast in texts
    ))  # fmt: skip
    raw = joined(" union all ", (
        sql("select {name} as column_name, cast({raw} as varchar) as given from {rows} as s where {raw} is not null group by all",
            name=literal(cast.column.name), raw=cast.raw or Sql("null"), rows=piece.relation)
        for cast in texts if _is_free(cast) and cast.column.name not in many
    ))  # fmt: skip
    for kind, rows in ((VALUES, values), (RAW_VALUES, raw)):
        if rows:
            shard = sql(SHARD, key=Sql("given"), shards=Sql(str(instructions.shards)))
            sharded = sql("select *, {shard} from ({rows}) as given order by shard", shard=shard, rows=rows)
            yield from by_shard(kind, piece.table, query(connection, sharded))


def _is_free(cast: Cast) -> bool:
    return cast.raw is not None and spelling.is_free(cast.column)


def _values_as_sent(connection: Connection, piece: Piece, cast: Cast) -> int:
    distinct = "select count(distinct {raw}) from {rows} as s"
    return int(fetch_row(connection, distinct, raw=cast.raw or Sql("null"), rows=piece.relation)[0])


def add_up(instructions: Instructions, shard: int, packets: list[Packet]) -> Iterator[Packet]:
    """Yield each value of a shard with its rows in all pieces, and how many different values were sent."""
    yield from (packet for packet in packets if packet.kind not in (VALUES, RAW_VALUES))
    with instructions.database() as connection:
        for table in instructions.tables:
            for kind, columns, result in (
                (VALUES, "column_name varchar, given varchar, rows bigint", "given, sum(rows)::bigint as rows"),
                (RAW_VALUES, "column_name varchar, given varchar", "count(distinct given) as number"),
            ):
                arrived = [packet for packet in packets if packet.kind == kind and packet.table == table]
                if arrived:
                    run(connection, "create or replace table values_of_shard ({columns})", columns=Sql(columns))
                    for packet in arrived:
                        with registered(connection, unpack(packet.content)) as rows:
                            run(connection, "insert into values_of_shard select * from {rows}", rows=rows)
                    rows_of_shard = sql(
                        "select column_name, {result} from values_of_shard group by all", result=Sql(result)
                    )
                    yield Packet(kind, shard, table, pack(query(connection, rows_of_shard)))


def cast(connection: Connection, instructions: Instructions, piece: Piece) -> Iterator[Packet]:
    """Yield the rows, cast, to the shard of their key."""
    cast_columns.make_typed(connection, piece.source, instructions.casts[piece.table], "typed")
    for column, spellings in instructions.spellings.get(piece.table, {}).items():
        spelling.unify(connection, "typed", column, spellings)
    key = sql("coalesce({key}, cast(row_id as varchar))", key=instructions.tables[piece.table].key)
    rows = sql(
        "select *, {shard} from (select * replace (row_id + {first} as row_id) from typed) as numbered order by shard",
        shard=sql(SHARD, key=key, shards=Sql(str(instructions.shards))), first=Sql(str(piece.first)),
    )  # fmt: skip
    yield from by_shard(ROWS, piece.table, query(connection, rows))


def send(
    wanted: dict[tuple[str, int], bytes], connection: Connection, _: Instructions, piece: Piece
) -> Iterator[Packet]:
    """Yield some rows of a piece as they were sent, as text, each with its number in the table (`row_of_table`, from 1).

    Args:
        wanted: By table and first row of a piece, a bit for each of its rows.
        connection: The task's database.
        piece: The piece.
    """
    bits = np.unpackbits(np.frombuffer(wanted[piece.table, piece.first], dtype=np.uint8), count=piece.rows)
    run(connection, "create table wanted (number bigint)")
    with registered(connection, pa.table({"number": np.flatnonzero(bits) + 1})) as numbers:
        run(connection, "insert into wanted select * from {numbers}", numbers=numbers)
    rows = sql(
        "select {cells}, n.row_of_table + {first} as row_of_table"
        " from (select s.*, row_number() over () as row_of_table from {base} as s) as n"
        " where n.row_of_table in (select number from wanted)",
        cells=joined(", ", (sql("cast(n.{c} as varchar) as {c}", c=name) for name in piece.columns)),
        base=piece.base, first=Sql(str(piece.first)),
    )  # fmt: skip
    yield Packet(SENT, 0, piece.table, pack(query(connection, rows)))
