"""A delivery that a cluster checks gives the same report, the same quarantined rows and the same store as one checked here.

The cluster is in this process; test_spark.py has a real one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import duckdb
import pytest

from data import layouts, publishing, store
from data.cluster import read
from data.cluster.engine import ClusterError
from data.cluster.packets import Packet
from data.cluster.rows import RowsOnCluster
from data.delivery import describe
from data.publishing import PublishOptions
from data.typed_rows import MakeRows, RowsHere
from tests import edge_cases
from tests.data.cluster.awkward import DELIVERIES, Made, breaks_rules
from tests.data.cluster.comparison import assert_answers_alike, differences
from tests.data.cluster.in_process import EngineHere

ON_CLUSTER = partial(RowsOnCluster, EngineHere(), rows_of_piece=220, rows_of_shard=300)
SKIPPED = {"published_at"}
Make = Callable[[Path], Made]


def published(delivery: Path, layout: str | None, folder: Path, make_rows: MakeRows) -> dict[str, object]:
    """Publish a delivery into a store and return the report. Its excluded rows are written also if it is refused."""
    given = layouts.find(layout) if layout else None
    options = PublishOptions(
        layout=given, most_quarantined=100.0, make_rows=make_rows, quarantine=folder / "rows", problems=folder / "problems"
    )  # fmt: skip
    report = publishing.publish(describe(delivery, single_file=given is not None), options, into=folder / "store")
    return {name: value for name, value in report.as_json().items() if name not in SKIPPED}


def texts(folder: Path) -> dict[str, bytes]:
    """Return the text files of a folder. Workbooks hold the time when they were made."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".txt")
    }


def assert_same(here: Path, there: Path) -> None:
    assert texts(here / "rows") == texts(there / "rows")
    assert texts(here / "problems") == texts(there / "problems")
    current = store.current_id(here / "store")
    assert store.current_id(there / "store") == current
    if current:
        assert differences(*(store.delivery_folder(side / "store", current) for side in (here, there))) == []


@pytest.fixture(scope="module")
def checked_here(tmp_path_factory) -> Callable[[Make], tuple[Made, Path, dict[str, object]]]:
    """Return what makes a delivery and publishes it here, once: the delivery, the folder that was written, and the report."""

    @cache
    def publish_it(make: Make) -> tuple[Made, Path, dict[str, object]]:
        folder = tmp_path_factory.mktemp(make.__name__)
        made = make(folder / "sent")
        return made, folder / "here", published(*made, folder / "here", RowsHere)

    return publish_it


@pytest.mark.parametrize("make", DELIVERIES, ids=lambda make: make.__name__.replace("_", "-"))
def test_an_awkward_delivery_is_the_same_in_shards(make: Make, checked_here, tmp_path):
    made, here, report = checked_here(make)
    there = published(*made, tmp_path / "there", ON_CLUSTER)
    assert json.dumps(there, indent=1) == json.dumps(report, indent=1)
    assert_same(here, tmp_path / "there")


def test_the_deliveries_are_awkward(checked_here):
    """Most are published with excluded rows, the others are refused for what they are about."""
    reports = {make.__name__: checked_here(make)[-1] for make in DELIVERIES}
    refused = {name for name, report in reports.items() if not report["accepted"]}
    assert refused == {"keys_in_conflict", "unreadable", "damaged"}
    reasons = {reason for table in reports["breaks_rules"]["tables"].values() for reason in table["reasons"]}
    assert len(reasons) > 12
    assert sum(table["duplicates"] for table in reports["breaks_rules"]["tables"].values()) == 6
    assert len(reports["keys_in_conflict"]["faults"]) == 3


def test_the_demo_is_the_same_in_shards(demo_deliveries, tmp_path):
    options = PublishOptions(make_rows=partial(RowsOnCluster, EngineHere(), rows_of_piece=5_000, rows_of_shard=9_000))
    folders = []
    for name, each in (("here", PublishOptions()), ("there", options)):
        report = publishing.publish(describe(demo_deliveries[-1]), each, into=tmp_path / name)
        folders.append(store.delivery_folder(tmp_path / name, report.delivery))
    assert differences(*folders) == []


def test_questions_are_answered_alike_after_publishing_in_shards(tmp_path):
    day = edge_cases.DELIVERED_ON.date().isoformat()
    delivery = edge_cases.write(tmp_path / day, edge_cases.frames(seed=23))
    for name, make_rows in (("here", RowsHere), ("there", ON_CLUSTER)):
        published(delivery, None, tmp_path / name, make_rows)
    here, there = (tmp_path / name / "store" for name in ("here", "there"))
    assert_answers_alike(here, there)


def test_a_difference_is_seen(demo_store, demo_deliveries):
    folders = [store.delivery_folder(demo_store, delivery.name) for delivery in demo_deliveries[:2]]
    assert {"report.json", "quarantine/enrollments.csv"} <= set(differences(*folders))
    assert any(each.startswith("enrollments:") for each in differences(*folders))


def _damaged(*_: object) -> Iterator[Packet]:
    raise duckdb.IOException("damaged since")
    yield


def test_a_file_that_cannot_be_read_for_its_excluded_rows_ends_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "send", _damaged)
    delivery, layout = breaks_rules(tmp_path / "made")
    with pytest.raises(ClusterError, match="could be read at first, and not again"):
        published(delivery, layout, tmp_path / "there", ON_CLUSTER)
    assert not store.current_id(tmp_path / "there" / "store")
