"""What arrives from the cluster: the excluded rows, with their counts, and the rows of the store."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from duckdb import DuckDBPyConnection as Connection

from data import quarantine
from data.cluster import decide, read
from data.cluster.packets import Packet, insert, unpack_numbers
from data.cluster.pieces import Piece
from data.duckdb_sql import Sql, joined, literal, run, sql
from data.duckdb_sql import insert as insert_rows
from data.quarantine import Conflicts
from data.read_files import Source
from data.store import RESIDENT_TABLES

_ORDER = {"enrollments": "initiative, applied_on", "courses": "registered_on", "meetings": "resident, met_on"}
Sources = Mapping[str, Source]


class Excluded:
    """The excluded rows of the large tables, with the counts of all rows. They go into the tables that the working database has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._conflicts: dict[str, list[Conflicts]] = {}
        self.accepted: Counter[str] = Counter()

    def add(self, packet: Packet) -> None:
        """Add what a shard decided."""
        if packet.kind == read.COUNTS:
            counts = unpack_numbers(packet.content)
            self.accepted[packet.table] += counts["accepted"]
            self._conflicts.setdefault(packet.table, []).append(
                Conflicts(counts["conflicts"], tuple(counts["examples"]))
            )
        else:
            target = ("set_aside_" if packet.kind == decide.SET_ASIDE else "typed_") + packet.table
            insert(self._connection, target, [packet])

    def conflicts(self, name: str) -> Conflicts:
        """Return the keys of a table in conflict. No key is in two shards."""
        every = self._conflicts.get(name, [])
        examples = sorted(key for each in every for key in each.examples)
        return Conflicts(sum(each.number for each in every), tuple(examples[: quarantine.MOST_EXAMPLES]))

    def wanted(self, pieces: Sequence[Piece]) -> dict[tuple[str, int], bytes]:
        """Return a bit for each row of the pieces with excluded rows, by table and first row."""
        wanted = {}
        for piece in pieces:
            rows = run(
                self._connection,
                "select row_id - $first as number from {aside}"
                " where reasons is not null and row_id >= $first and row_id < $first + $rows",
                {"first": piece.first, "rows": piece.rows}, aside=f"set_aside_{piece.table}",
            ).fetchnumpy()["number"]  # fmt: skip
            if len(rows):
                bits = np.zeros(piece.rows, dtype=np.uint8)
                bits[np.asarray(rows)] = 1
                wanted[piece.table, piece.first] = np.packbits(bits).tobytes()
        return wanted

    def as_sent(self, packets: Iterable[Packet], pieces: Sequence[Piece], sources: Sources) -> dict[str, Source]:
        """Return the large tables' sources over the excluded rows alone, which the packets hold."""
        result = {}
        for name, columns in {piece.table: piece.columns for piece in pieces}.items():
            cells = joined(", ", (sql("{c} varchar", c=column) for column in columns))
            run(
                self._connection, "create table {sent} ({cells}, row_of_table bigint)", sent=f"sent_{name}", cells=cells
            )
            result[name] = replace(
                sources[name], relation=sql("{sent}", sent=f"sent_{name}"), parameters={}, is_numbered=True
            )
        for packet in packets:
            insert(self._connection, f"sent_{packet.table}", [packet])
        return result


class Stored:
    """Rows of the store, as files with the residents of each shard numbered from 1.

    Args:
        folder: A folder for them, which does not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._residents: dict[int, int] = {}
        self._files: dict[str, list[Path]] = {}
        self.differing: Counter[str] = Counter()
        self.alike = 0

    def add(self, packet: Packet) -> None:
        """Add what a shard made."""
        if packet.kind == read.COUNTS:
            counts = unpack_numbers(packet.content)
            self._residents[packet.shard] = counts["residents"]
            self.differing.update(counts["differing"])
            self.alike += counts["alike"]
            return
        path = self._folder / f"{packet.table}-{packet.shard:06}.parquet"
        path.write_bytes(packet.content)
        self._files.setdefault(packet.table, []).append(path)

    def queries(self, connection: Connection) -> dict[str, Sql]:
        """Return a query for each table of the store with residents, numbered throughout. No resident is in two shards."""
        shards = sorted(self._residents)
        before = itertools.accumulate((self._residents[shard] for shard in shards), initial=0)
        run(connection, "create temp table residents_before (shard integer, number bigint)")
        insert_rows(connection, "residents_before", list(zip(shards, before, strict=False)))
        return {name: self._query(name) for name in RESIDENT_TABLES}

    def _query(self, name: str) -> Sql:
        if name not in self._files:
            # no row of this table counts: its columns, and nothing else
            return sql("select * from {target} limit 0", target=sql("store.{name}", name=name))
        return sql(
            "select p.* exclude (shard) replace (cast(p.resident + b.number as integer) as resident)"
            " from read_parquet([{files}]) as p join residents_before as b on b.shard = p.shard order by {order}",
            files=joined(", ", (literal(str(path)) for path in sorted(self._files[name]))), order=Sql(_ORDER[name]),
        )  # fmt: skip
