"""Which engine publishes: this machine, or a Spark cluster."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from data import duckdb_sql, store, store_files, terminal
from data.cluster import checkpoints
from data.cluster.engine import ClusterError, Engine, Packets, PieceTask
from data.cluster.instructions import LARGE
from data.cluster.pieces import Piece
from data.cluster.rows import RowsOnCluster
from data.cluster.spark import REMOTE, connected
from data.errors import UsageError
from data.layouts import Layout
from data.typed_rows import MakeRows, RowsHere

ENGINES = ("duckdb", "spark")
_TASK_MEMORY_MB = 1000  # of DuckDB in a task, which holds a shard or a piece
_MEMORY_MB = 1200  # of DuckDB on this machine, which holds the small tables and sorts the store


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the choice to a command."""
    command.add_argument("--engine", choices=ENGINES, default=ENGINES[0],
                         help="where rows are read and checked: on this machine, or on a Spark cluster (docs/scale.md)")  # fmt: skip
    command.add_argument("--remote", metavar="sc://HOST:PORT",
                         help=f"the Spark Connect server of --engine spark (default: {REMOTE} of the environment)")  # fmt: skip


def staying(options: argparse.Namespace, layout: Layout | None) -> frozenset[str]:
    """Return the names of the files and folders whose Parquet a cluster reads where it is, in lower case without endings."""
    if options.engine == "duckdb" or (layout and not layout.aliases):
        return frozenset()
    aliases = layout.aliases.files if layout and layout.aliases else {}
    return frozenset(LARGE).union(stem.strip().lower() for name in LARGE for stem in aliases.get(name, ()))


@contextmanager
def chosen_rows(options: argparse.Namespace) -> Iterator[MakeRows]:
    """Yield what casts and judges the rows, for as long as the cluster is connected.

    Raises:
        UsageError: There is no usable address.
        ClusterError: The cluster cannot be used.
    """
    if options.engine == "duckdb":
        if options.remote:
            raise UsageError("--remote needs --engine spark.")
        yield RowsHere
        return
    if options.remote and ";" in options.remote:
        raise UsageError(
            f"--remote is only sc://host:port. An address with a token or other settings goes into {REMOTE}."
        )
    remote = options.remote or os.environ.get(REMOTE)
    if not remote:
        raise UsageError(f"--engine spark needs --remote sc://host:port, or {REMOTE} in the environment.")
    unfinished = store.store_path() / store_files.UNFINISHED
    memory = duckdb_sql.most_memory_mb.set(_MEMORY_MB)
    try:
        with ExitStack() as stack:
            yield partial(RowsOnCluster, _engine(stack, remote, unfinished), unfinished=unfinished)
    except BaseException:
        if checkpoints.steps_in(unfinished):
            terminal.put_error(
                f"What the cluster finished is in {unfinished}, with residents’ rows. The next publish uses it for the same"
                " delivery, or removes it."
            )
        raise
    finally:
        duckdb_sql.most_memory_mb.reset(memory)


@dataclass
class _Unreachable:
    """A cluster that cannot be used, which is said only if something is left to do there."""

    error: ClusterError
    memory_mb: int = _TASK_MEMORY_MB

    def over_pieces(self, pieces: Sequence[Piece], task: PieceTask) -> Packets:
        """Raise what is wrong with the cluster."""
        raise self.error


def _engine(stack: ExitStack, remote: str, unfinished: Path) -> Engine:
    """Return the cluster. It may be out of reach if an earlier attempt left every step finished, perhaps of this delivery.

    Raises:
        ClusterError: The cluster cannot be used.
    """
    try:
        return stack.enter_context(connected(remote, memory_mb=_TASK_MEMORY_MB))
    except ClusterError as error:
        if not checkpoints.steps_in(unfinished).issuperset(checkpoints.STEPS):
            raise
        return _Unreachable(error)
