"""A cluster in this process that records what it runs. Processes that tests start load this, and none of the tests."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from data import publishing, store_files
from data.cluster.rows import RowsOnCluster
from data.delivery import Delivery
from data.progress import silent
from data.publishing import PublishOptions
from tests.data.cluster.in_process import EngineHere, PacketsHere

SIZES = {"rows_of_piece": 1_000, "rows_of_shard": 800}
COUNTING, RULES, SENT, NUMBERING, BUILDING = (
    "Counting rows and names on the cluster", "Applying the rules on the cluster",
    "Reading the excluded rows as they were sent", "Numbering residents on the cluster", "Building enrollments",
)  # fmt: skip


class Recorded(PacketsHere):
    def __init__(self, packets, ran):
        super().__init__(packets)
        self.ran = ran

    def over_shards(self, kinds, task):
        self.ran.add(task.func.__name__)
        return Recorded(super().over_shards(kinds, task).packets, self.ran)


class RecordingEngine(EngineHere):
    """A cluster that records which tasks ran."""

    def __init__(self):
        self.ran: set[str] = set()

    def over_pieces(self, pieces, task):
        step = task.args[0]
        self.ran.add((step.func if isinstance(step, partial) else step).__name__)
        return Recorded(super().over_pieces(pieces, task).packets, self.ran)


def publish(delivery: Delivery, into: Path, progress=silent, **options) -> tuple[publishing.Report, set[str]]:
    """Publish on a cluster and return the report and the tasks that ran."""
    engine = RecordingEngine()
    make_rows = partial(RowsOnCluster, engine, unfinished=into / store_files.UNFINISHED, **SIZES)
    options = PublishOptions(most_quarantined=100.0, make_rows=make_rows, **options)
    return publishing.publish(delivery, options, into=into, progress=progress), engine.ran
