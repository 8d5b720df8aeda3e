"""A Spark cluster, reached through Spark Connect.

Spark moves packets, groups them by shard, and runs a task again on another worker when its own is lost. Workers need this package, in
the same version as the machine that publishes, with DuckDB and PyArrow.
"""

from __future__ import annotations

import importlib
import logging
import os
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyarrow as pa

from data.cluster.engine import ClusterError, PieceTask, ShardTask
from data.cluster.fingerprint import fingerprint
from data.cluster.packets import Packet
from data.cluster.pieces import Piece
from data.errors import UsageError, shown

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

log = logging.getLogger("dashboard.data")
REMOTE = "SPARK_REMOTE"  # Spark's own variable
PORT = 15002
_SECONDS_TO_ANSWER = 10.0
_SCHEMA = "kind string, shard int, label string, content binary"
_ARROW = pa.schema({"kind": pa.string(), "shard": pa.int32(), "label": pa.string(), "content": pa.binary()})
# about a quarter of a minute (milliseconds); Spark's default is ten minutes, for each of three calls
_RETRIES = {"max_retries": 5, "max_backoff": 10_000}
_LOST = "The connection to the Spark server was lost."
_PROBES = 8  # tasks that only say what their worker has
_NOT_INSTALLED = "Publishing on Spark needs a package that is not installed here. Run: .venv/bin/python -m pip install -r requirements-spark.txt"
Batches = Iterator[pa.RecordBatch]


@dataclass(frozen=True)
class SparkPackets:
    """Packets on Spark: a data frame with a row for each.

    Attributes:
        engine: The session.
        rows: The packets.
        tasks: How many tasks share the shards. Spark's own choice would be few, whose results do not fit into a worker's memory.
    """

    engine: SparkEngine
    rows: DataFrame
    tasks: int

    def over_shards(self, kinds: Collection[str], task: ShardTask) -> SparkPackets:
        """Return the packets that a task makes of each shard's packets of these kinds."""
        with self.engine.working():
            of_kinds = self.rows.where(self.rows.kind.isin(*kinds)).repartition(self.tasks, "shard")
            return replace(self, rows=of_kinds.groupBy("shard").applyInArrow(_on_shard(task), _SCHEMA))

    def remembered(self) -> SparkPackets:
        """Return the same packets, which Spark does not make again unless their worker is lost."""
        with self.engine.working():
            return replace(self, rows=self.rows.persist())

    def fetch(self, *kinds: str) -> Iterator[Packet]:
        """Yield packets of these kinds. Interrupts Spark's tasks if it is not read to its end."""
        with self.engine.working():
            for kind, shard, label, content in self.rows.where(self.rows.kind.isin(*kinds)).toLocalIterator():
                yield Packet(kind, shard, label, bytes(content))


class SparkEngine:
    """A session of a Spark Connect server.

    Args:
        session: The session.
        memory_mb: How much memory a task may use, in megabytes.
    """

    def __init__(self, session: SparkSession, *, memory_mb: int) -> None:
        self.memory_mb = memory_mb
        self._session = session

    def over_pieces(self, pieces: Sequence[Piece], task: PieceTask) -> SparkPackets:
        """Return the packets that a task makes of each piece, one Spark task for each."""
        with self.working():
            tasks = max(1, len(pieces))
            numbers = self._session.range(0, len(pieces), 1, tasks)
            return SparkPackets(self, numbers.mapInArrow(_on_pieces(list(pieces), task), _SCHEMA), tasks)

    def check_workers(self) -> None:
        """Check that workers have this package in this version.

        Raises:
            ClusterError: They do not.
        """
        with self.working():
            rows = self._session.range(0, _PROBES, 1, _PROBES).mapInArrow(_probe(), "answer string").collect()
        answers = {row.answer for row in rows}
        if missing := sorted(answer.removeprefix("missing ") for answer in answers if answer.startswith("missing ")):
            raise ClusterError(
                f"The workers of the cluster lack the Python package {shown(missing[0])}. Install this project and its"
                " requirements.txt on every worker (docs/scale.md)."
            )
        if answers != {fingerprint()}:
            raise ClusterError(
                "The workers of the cluster have another version of this project, or of DuckDB. Install the same everywhere."
            )

    @contextmanager
    def working(self) -> Iterator[None]:
        """Interrupt Spark's tasks if anything stops, and say what failed in a sentence.

        Raises:
            ClusterError: Spark could not do its work.
        """
        try:
            yield
        except (ClusterError, GeneratorExit, KeyboardInterrupt):
            self.interrupt()
            raise
        except Exception as error:
            if _sentence(error) != _LOST:
                self.interrupt()
            # Spark quotes what a worker wrote, which may hold a resident's row
            log.info("Spark stopped: %s", type(error).__name__)
            raise ClusterError(_sentence(error)) from None

    def interrupt(self) -> None:
        """Stop this session's tasks."""
        try:
            self._session.interruptAll()
        except Exception as error:
            log.info("Spark could not be interrupted: %s", type(error).__name__)


def _sentence(error: Exception) -> str:
    text = str(error)
    if "UNAVAILABLE" in text or "Connection refused" in text:
        return _LOST
    if "PYTHON_VERSION_MISMATCH" in text:
        return (
            "The workers of the cluster run another version of Python than this machine. Install the same everywhere."
        )
    if "No module named" in text:
        return "The workers of the cluster lack this project or a package that it needs. Install its requirements.txt on every worker (docs/scale.md)."
    return "Spark stopped after trying its tasks again. Its own log says why."


@contextmanager
def connected(remote: str, *, memory_mb: int) -> Iterator[SparkEngine]:
    """Yield a session of a Spark Connect server whose workers have this package.

    Args:
        remote: Its address, `sc://host:port`.
        memory_mb: How much memory a task may use, in megabytes.

    Raises:
        UsageError: The address is not usable, or the client is not installed.
        ClusterError: The server does not answer, or its workers lack something.
    """
    _must_answer(remote)
    try:
        spark = importlib.import_module("pyspark.sql")
        # importing the client looks for a Spark installation, which the client alone does not have, and ends the process without
        os.environ.setdefault("SPARK_HOME", str(Path(str(spark.__file__)).parent.parent))
        session = spark.SparkSession.builder.remote(remote).create()
        retries = importlib.import_module("pyspark.sql.connect.client.retries")
        session.client.set_retry_policies([retries.DefaultPolicy(**_RETRIES)])
    except ImportError:
        raise UsageError(_NOT_INSTALLED) from None
    except Exception as error:
        log.info("no session: %s", type(error).__name__)
        raise ClusterError(
            "The Spark server does not open a session. Is it a Spark Connect server of Spark 4?"
        ) from None
    engine = SparkEngine(session, memory_mb=memory_mb)
    try:
        engine.check_workers()
        yield engine
    finally:
        session.stop()


def _must_answer(remote: str) -> None:
    parts = urlsplit(remote)
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host = None
    if parts.scheme != "sc" or not host:
        raise UsageError("--remote is not the address of a Spark Connect server. Write it as sc://host:port.")
    try:
        socket.create_connection((host, port), timeout=_SECONDS_TO_ANSWER).close()
    except OSError:
        raise ClusterError(f"No Spark Connect server answers at {host}:{port}.") from None


def _batch(packets: Iterable[Packet]) -> Batches:
    """Yield each packet as a batch of its own, so that no batch is larger than a packet."""
    for packet in packets:
        yield pa.RecordBatch.from_pylist([dict(zip(_ARROW.names, packet, strict=True))], schema=_ARROW)


def _on_pieces(pieces: Sequence[Piece], task: PieceTask) -> Callable[[Batches], Batches]:
    def run(batches: Batches) -> Batches:
        for batch in batches:
            for number in batch.column("id").to_pylist():
                yield from _batch(task(pieces[number]))

    return run


def _on_shard(task: ShardTask) -> Callable[[pa.Table], pa.Table]:
    def run(rows: pa.Table) -> pa.Table:
        packets = [
            Packet(**{"table" if key == "label" else key: value for key, value in row.items()})
            for row in rows.to_pylist()
        ]
        return pa.Table.from_batches(_batch(task(packets[0].shard, packets)), schema=_ARROW)

    return run


def _probe() -> Callable[[Batches], Batches]:
    """Return a task that needs nothing of this package to start, so that it can say that the package is missing."""
    load = importlib.import_module

    def run(batches: Batches) -> Batches:
        for _ in batches:
            try:
                answer = load("data.cluster.fingerprint").fingerprint()
            except ImportError as error:
                answer = f"missing {error.name}"
            yield load("pyarrow").RecordBatch.from_pydict({"answer": [answer]})

    return run
