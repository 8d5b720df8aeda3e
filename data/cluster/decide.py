"""Tasks over a shard of keys: find duplicates, apply the rules, and pass the accepted rows on to their residents.

Every row with a key is in its shard, in enrollments and completions alike. So a shard needs no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from duckdb import DuckDBPyConnection as Connection

from data import quarantine, residents
from data.cluster.instructions import SHARD, Instructions
from data.cluster.packets import Packet, by_shard, pack, pack_numbers, query
from data.cluster.read import COUNTS, ROWS, failures
from data.duckdb_sql import Sql, sql
from data.quarantine import Conflicts

ACCEPTED, EXCLUDED, SET_ASIDE = "accepted", "excluded", "set aside"
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
