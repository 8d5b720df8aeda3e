"""Tasks over a shard of residents: number them, and make the rows of the store."""

from __future__ import annotations

from collections.abc import Iterator

from data import build_store, residents
from data.cluster.decide import ACCEPTED
from data.cluster.instructions import Instructions
from data.cluster.packets import Packet, pack_file, pack_numbers, query
from data.cluster.read import COUNTS, failures
from data.duckdb_sql import Sql, fetch_row, run, sql
from data.store import RESIDENT_TABLES

STORED = "stored"


def number(instructions: Instructions, shard: int, packets: list[Packet]) -> Iterator[Packet]:
    """Yield the rows of the store as Parquet, with residents numbered from 1, and how many residents there are."""
    if failed := failures(packets):
        yield from failed
        return
    with instructions.database() as connection:
        instructions.fill(connection, ACCEPTED, packets)
        differing = residents.number(connection, instructions.known["groups"])
        (numbers,) = fetch_row(connection, "select count(*) from answers")
        counts = {"residents": numbers, "differing": differing, "alike": residents.alike(connection)}
        yield Packet(COUNTS, shard, "", pack_numbers(counts))
        run(connection, "attach ':memory:' as store")
        for name in RESIDENT_TABLES:
            if build_store.fill(connection, name):
                rows = sql("select *, {shard} as shard from store.{name}", shard=Sql(str(shard)), name=name)
                yield Packet(STORED, shard, name, pack_file(query(connection, rows)))
