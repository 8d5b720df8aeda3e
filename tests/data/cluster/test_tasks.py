"""Tasks of a cluster: pieces, packets, and what a failed task writes to the cluster's log."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest

from data import contract, duckdb_sql, opening, reference
from data.cluster import read
from data.cluster.engine import ClusterError
from data.cluster.fingerprint import fingerprint
from data.cluster.instructions import Instructions, TaskError
from data.cluster.packets import Packet, by_shard, query, unpack
from data.cluster.pieces import cut
from data.cluster.rows import RowsOnCluster
from data.delivery import describe
from data.duckdb_sql import Sql, fetch_row, run
from data.publishing import PublishOptions, publish
from data.quarantine import Limits
from tests.data.cluster.awkward import in_parts
from tests.data.cluster.in_process import EngineHere
from tests.data.deliveries import tables, write

INSTRUCTIONS = Instructions(
    tables={}, casts={}, tests={}, known=reference.load(), shards=3, memory_mb=200,
    limits=Limits(delivered_on=date(2024, 6, 28), earliest=contract.EARLIEST),
)  # fmt: skip


def test_pieces_hold_each_row_once_with_its_number(tmp_path):
    delivery, _ = in_parts(tmp_path)
    known = reference.load()
    with duckdb_sql.connect(tmp_path) as connection:
        opened = opening.open_delivery(
            connection, describe(delivery), None, tables=contract.tables(), known=known, work=tmp_path
        )
        assert opened.faults == []
        source = opened.sources["enrollments"]
        pieces = cut(connection, source, tmp_path, rows_of_piece=77)
        assert [piece.rows for piece in pieces] == [77, 77, 46, 77, 77, 46]
        every = "select enrollment_id, sector, row_of_table from {rows} as s order by row_of_table"
        rows = run(connection, every, source.parameters, rows=source.numbered).fetchall()
        cells = "select enrollment_id, sector, row_of_table + {first} from {rows} as s order by 3"
        in_pieces = [
            row
            for piece in pieces
            for row in run(connection, cells, first=Sql(str(piece.first)), rows=piece.source.numbered).fetchall()
        ]
    assert in_pieces == rows
    assert len(rows) == 400


def test_packets_hold_each_row_once():
    with INSTRUCTIONS.database() as connection:
        rows = query(connection, Sql("select n, n % 3 as shard from range(10) as r(n) order by shard"))
        packets = list(by_shard("rows", "t", rows))
        none = query(connection, Sql("select n, n % 3 as shard from range(0) as r(n)"))
        assert list(by_shard("rows", "t", none)) == []
    assert [packet.shard for packet in packets] == [0, 1, 2]
    numbers = [n for packet in packets for n in unpack(packet.content).column("n").to_pylist()]
    assert sorted(numbers) == list(range(10))


def test_a_failed_task_quotes_no_row():
    with pytest.raises(TaskError) as failed, INSTRUCTIONS.database() as connection:
        fetch_row(connection, "select cast('Anna Example' as date)")
    assert "Anna" not in str(failed.value)
    assert failed.value.__cause__ is None and failed.value.__suppress_context__


def test_a_task_uses_a_core_and_the_memory_it_may():
    with INSTRUCTIONS.database() as connection:
        threads, memory = fetch_row(connection, "select current_setting('threads'), current_setting('memory_limit')")
    assert threads == 1
    assert memory.startswith("190.7 MiB")
    assert duckdb_sql.most_memory_mb.get() == 6500


class _Blind(EngineHere):
    """A cluster whose workers do not see the delivery."""

    def over_pieces(self, pieces, task):
        return (
            super().over_pieces([], task).__class__([Packet(read.UNSEEN, 0, p.table, p.path.encode()) for p in pieces])
        )


def test_workers_that_do_not_see_the_delivery_are_a_sentence(tmp_path):
    delivery = write(tmp_path, tables())
    options = PublishOptions(make_rows=partial(RowsOnCluster, _Blind()))
    with pytest.raises(ClusterError, match=r"The workers cannot see .*parquet. The delivery and the store must be"):
        publish(describe(delivery), options, into=tmp_path / "store")
    assert [path.name for path in (tmp_path / "store").iterdir() if path.name.startswith("building")] == []


def test_the_fingerprint_is_that_of_this_code():
    assert len(fingerprint()) == 64
    assert Path(reference.FOLDER).parent.name == "data"
