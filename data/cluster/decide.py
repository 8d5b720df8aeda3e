"""Tasks over a shard: of keys, which find duplicates, apply the rules and pass accepted rows on to their residents; and of residents.

Every row with a key is in its shard, in enrollments and completions alike. So a shard needs no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from duckdb import DuckDBPyConnection as Connection

from data import build_store, quarantine, residents
from data.cluster.instructions import SHARD, Instructions
from data.cluster.packets import Packet, by_shard, pack, pack_file, pack_numbers, query
from data.cluster.read import COUNTS, ROWS, failures
from data.duckdb_sql import Sql, fetch_row, run, sql
from data.quarantine import Conflicts
from data.store import RESIDENT_TABLES

ACCEPTED, EXCLUDED, SET_ASIDE = "accepted", "excluded", "set aside"
STORED = "stored"
# The participant of a completion is that of its enrollment.
_ACCEPTED = {
    "enrollments": "select *, {shard} from accepted_enrollments order by shard",
    "completions": "select c.*, e.shard from accepted_completions as c"
    " join (select enrollment_id, {shard} from accepted_enrollments) as e on e.enrollment_id = c.enrollment_id order by e.shard",
    "courses": "select *, {shard} from accepted_courses order by shard",
}
# What the machine that publishes needs to describe a problem: the excluded rows, and the enrollments of excluded completions.
_EXCLUDED = "select t.* from {table} as t join {aside} as s on s.row_id = t.row_id where s.reasons is not null"
_WITH_ENROLLMENTS = (
    "{excluded} union select e.* from enrollments as e where e.enrollment_id in (select c.enrollment_id from completions as c"
    " join set_aside_completions as s on s.row_id = c.row_id where s.reasons is not null)"
)


def decide(instructions: Instructions, shard: int, packets: list[Packet]) -> Iterator[Packet]:
    """Yield the accepted rows to the shard of their resident, the excluded ones, and the counts of a shard."""
    if failed := failures(packets):
        yield from failed
        return
    if any(packet.kind != ROWS for packet in packets):
        raise RuntimeError("a file could be read at first, and not again")
    with instructions.database() as connection:
        instructions.fill(connection, ROWS, packets)
        conflicts = quarantine.decide(connection, list(instructions.tables.values()), instructions.limits)
        yield from _results(connection, instructions, shard, conflicts)


def _results(
    connection: Connection, instructions: Instructions, shard: int, conflicts: Mapping[str, Conflicts]
) -> Iterator[Packet]:
    # Pseudonyms that are alike meet in one shard.
    key = sql("coalesce({shape}, '')", shape=residents.shape("participant_id"))
    of_resident = sql(SHARD, key=key, shards=Sql(str(instructions.shards)))
    for name in instructions.tables:
        conflict = conflicts[name]
        counts = {
            "accepted": quarantine.accepted(connection, name), "conflicts": conflict.number, "examples": conflict.examples,
        }  # fmt: skip
        yield Packet(COUNTS, shard, name, pack_numbers(counts))
        aside = f"set_aside_{name}"
        excluded = sql(_EXCLUDED, table=name, aside=aside)
        if name == "enrollments":
            excluded = sql(_WITH_ENROLLMENTS, excluded=excluded)
        for kind, rows in ((SET_ASIDE, sql("select * from {aside}", aside=aside)), (EXCLUDED, excluded)):
            result = query(connection, rows)
            if result.num_rows:
                yield Packet(kind, shard, name, pack(result))
        accepted = query(connection, sql(_ACCEPTED[name], shard=of_resident))
        if accepted.num_rows:
            yield from by_shard(ACCEPTED, name, accepted)


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
