"""What every task of the cluster must know."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection

from data import duckdb_sql, macros, match_names, reference, typed_rows
from data.cast_columns import Cast
from data.cluster.packets import Packet, insert
from data.contract import Table
from data.duckdb_sql import Sql, run
from data.errors import log_line
from data.match_names import Names
from data.quarantine import Limits
from data.reference import Reference
from data.spelling import Spellings

# Residents are in these tables, and they grow with them. The others are small and are read on the machine that publishes.
LARGE = ("enrollments", "completions", "courses")
SHARD = "cast(hash({key}) % {shards} as integer) as shard"


class TaskError(Exception):
    """A task failed. Its message goes to the cluster's logs, so it quotes nothing of a row."""


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """What every task must know. Fields with a default are filled in as the check proceeds.

    Attributes:
        tables: The large tables.
        casts: How their columns are cast.
        tests: By table, what is counted before any rule is applied.
        known: The reference tables.
        shards: Into how many shards rows go.
        memory_mb: How much memory DuckDB may use in a task, in megabytes.
        spellings: By table and column, the names that are spelled in several ways.
        names: The lists of names.
        limits: What the rules depend on.
        reads_few_rows: Whether tasks read so few rows that their plans should be short.
    """

    tables: Mapping[str, Table]
    casts: Mapping[str, list[Cast]]
    tests: Mapping[str, tuple[Sql, ...]]
    known: Reference
    shards: int
    memory_mb: int
    limits: Limits
    reads_few_rows: bool = False
    spellings: Mapping[str, Mapping[str, list[Spellings]]] = field(default_factory=dict)
    names: Mapping[str, Names] = field(default_factory=dict)

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """Yield a database for one task, with the package's SQL functions. It uses one core: the cluster runs many tasks.

        Raises:
            TaskError: A statement failed.
        """
        with tempfile.TemporaryDirectory(prefix="workforce-task-") as folder:
            limit = duckdb_sql.most_memory_mb.set(self.memory_mb)
            try:
                with closing(duckdb_sql.connect(Path(folder), reads_few_rows=self.reads_few_rows)) as connection:
                    run(connection, "set threads = 1")
                    macros.define(connection)
                    yield connection
            except duckdb.Error as error:
                raise TaskError(log_line(error)) from None
            finally:
                duckdb_sql.most_memory_mb.reset(limit)

    def fill(self, connection: Connection, kind: str, packets: Sequence[Packet]) -> None:
        """Create the large tables with the rows of one kind of packets, and the reference tables and lists of names that rules join."""
        for name, table in self.tables.items():
            typed_rows.make_empty(connection, table)
            typed_rows.make_views(connection, name)
            insert(connection, f"typed_{name}", (p for p in packets if p.kind == kind and p.table == name))
        reference.write(connection, self.known, "memory")
        match_names.write(connection, self.names)
