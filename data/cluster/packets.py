"""Packets: many rows as one value, which is all that a cluster sees of them.

A cluster that does not read the rows cannot change a type, a date or an amount on their way.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection as Connection

from data.duckdb_sql import Sql, run

_MOST_AT_ONCE = 64_000_000  # bytes of rows that are added with one statement
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


class Packet(NamedTuple):
    """Rows of one table that go to one shard.

    Attributes:
        kind: What they are.
        shard: Where they go.
        table: The table.
        content: The rows.
    """

    kind: str
    shard: int
    table: str
    content: bytes


def query(connection: Connection, statement: Sql) -> pa.Table:
    """Return the rows of a statement."""
    connection.complete()  # a result that nobody read to its end
    return connection.sql(statement).to_arrow_table()


def pack(rows: pa.Table) -> bytes:
    """Return rows as bytes, compressed."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema, options=_LZ4) as writer:
        writer.write_table(rows)
    return sink.getvalue()


def unpack(content: bytes) -> pa.Table:
    """Return the rows of a packet."""
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()


def pack_numbers(numbers: Mapping[str, object]) -> bytes:
    """Return named numbers as bytes."""
    return json.dumps(numbers).encode()


def unpack_numbers(content: bytes) -> dict[str, Any]:
    """Return the named numbers of a packet."""
    numbers: dict[str, Any] = json.loads(content)
    return numbers


def pack_file(rows: pa.Table) -> bytes:
    """Return rows as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()


def by_shard(kind: str, table: str, rows: pa.Table) -> Iterator[Packet]:
    """Yield a packet for each value of the last column, `shard`, by which the rows are sorted."""
    shards = rows.column("shard").to_numpy()
    rows = rows.drop_columns(["shard"])
    values, starts = np.unique(shards, return_index=True)
    ends = [*starts[1:].tolist(), len(shards)][: len(values)]  # no rows, no packets
    for shard, start, end in zip(values.tolist(), starts.tolist(), ends, strict=True):
        yield Packet(kind, shard, table, pack(rows.slice(start, end - start)))


@contextmanager
def registered(connection: Connection, rows: pa.Table) -> Iterator[Sql]:
    """Yield a name under which statements can read rows."""
    connection.register("arrived", rows)
    try:
        yield Sql("arrived")
    finally:
        connection.unregister("arrived")


def insert(connection: Connection, target: str, packets: Iterable[Packet]) -> None:
    """Add the rows of packets to a table that has their columns, in this order."""
    for joined in _joined(packets):
        with registered(connection, joined) as rows:
            run(connection, "insert into {target} select * from {rows}", target=target, rows=rows)


def _joined(packets: Iterable[Packet]) -> Iterator[pa.Table]:
    """Yield the rows of many packets as one table: a statement for each of thousands of small packets would take most of a task."""
    by_schema = dict[pa.Schema, list[pa.Table]]()
    size = 0
    for packet in packets:
        rows = unpack(packet.content)
        by_schema.setdefault(rows.schema, []).append(rows)
        size += rows.nbytes
        if size > _MOST_AT_ONCE:
            yield from map(pa.concat_tables, by_schema.values())
            by_schema.clear()
            size = 0
    yield from map(pa.concat_tables, by_schema.values())
