"""A delivery in a bucket whose Parquet stays there: workers read it by ranges, and it gives what the same delivery in a folder gives.

The cluster is in this process. MOTO_SERVER=.venv-moto/bin/moto_server: the bucket is of moto's server.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from data import layouts, object_files, publishing, store, store_files
from data.cli import main
from data.cluster import choice, decide, number, read
from data.cluster.engine import ClusterError
from data.cluster.instructions import LARGE
from data.cluster.packets import Packet
from data.cluster.rows import RowsOnCluster
from data.delivery import Delivery, describe
from data.delivery_copy import local_delivery
from data.delivery_urls import location
from data.errors import RefusedError
from data.progress import silent
from data.publishing import PublishOptions
from data.typed_rows import RowsHere
from tests.data.buckets import SECRET, Bucket, set_other_credentials
from tests.data.cluster.awkward import (
    another_layout,
    as_csv,
    breaks_rules,
    clean,
    damaged,
    in_parts,
    numbered_rows,
    unreadable,
    with_aliases,
)  # fmt: skip
from tests.data.cluster.comparison import differences
from tests.data.cluster.in_process import EngineHere
from tests.data.cluster.recording import BUILDING, COUNTING, RULES, SENT, RecordingEngine
from tests.data.cluster.test_same_answers import assert_same, published
from tests.data.cluster.test_tasks import INSTRUCTIONS

pytestmark = pytest.mark.usefixtures("temporary")
SIZES = {"rows_of_piece": 220, "rows_of_shard": 300}
# with moto all; else those that are read most differently in a bucket: rules over several parts, and a damaged file
IN_BUCKET = (in_parts, damaged)
IF_MOTO = (breaks_rules, unreadable, as_csv, with_aliases, numbered_rows, another_layout)
CHANGED = r"^s3://bucket/.* changed while it was read\. Try again when nothing writes there\.$"


def upload(bucket: Bucket, delivery: Path) -> str:
    """Put a delivery into the bucket and return its address."""
    if delivery.is_file():
        bucket.put(f"sent/{delivery.name}", delivery.read_bytes())
    for path in delivery.rglob("*"):
        if path.is_file():
            bucket.put(f"sent/{delivery.name}/{path.relative_to(delivery).as_posix()}", path.read_bytes())
    return f"s3://bucket/sent/{delivery.name}"


@contextmanager
def in_place(address: str, layout: str | None = None) -> Iterator[Delivery]:
    """Yield a delivery as `publish --engine spark` opens it."""
    given = layouts.find(layout) if layout else None
    options = argparse.Namespace(engine="spark")
    names = choice.staying(options, given)
    with local_delivery(location(address), single_file=bool(layout), is_shown=False, staying=names) as (
        path,
        objects,
    ):
        yield replace(describe(path, single_file=bool(layout)), in_place=objects)


def publish(delivery: Delivery, into: Path, progress=silent, engine: EngineHere | None = None) -> publishing.Report:
    make_rows = partial(RowsOnCluster, engine or EngineHere(), unfinished=into / store_files.UNFINISHED, **SIZES)
    options = PublishOptions(most_quarantined=100.0, make_rows=make_rows)
    return publishing.publish(delivery, options, into=into, progress=progress)


def test_only_the_ends_of_large_parquet_files_are_copied(bucket, tmp_path):
    delivery, _ = clean(tmp_path / "made")
    rows = many_courses(delivery / "courses.parquet")
    rows.to_parquet(delivery / "courses.parquet", compression=None)
    (delivery / "notes.txt").write_text("notes")
    with in_place(upload(bucket, delivery)) as opened:
        for path in sorted(delivery.iterdir()):
            sent, copied = path.read_bytes(), (opened.path / path.name).read_bytes()
            if path.stem in LARGE:
                assert opened.in_place.at(opened.path / path.name).file.size == len(sent) == len(copied)
                assert copied[:4] == sent[:4] and copied[-1000:] == sent[-1000:]
            else:
                assert opened.in_place.at(opened.path / path.name) is None
                assert copied == sent
        courses = (opened.path / "courses.parquet").read_bytes()
        assert len(courses) > 500_000
        assert not any(courses[64:-66_000])


def many_courses(path: Path) -> pd.DataFrame:
    """Return the rows of courses many times, with ids of their own."""
    rows = pd.concat([pd.read_parquet(path)] * 1_000, ignore_index=True)
    return rows.assign(registration_id=[f"R{n:07}" for n in range(len(rows))])


def test_without_a_cluster_everything_is_copied(bucket, tmp_path):
    delivery, _ = clean(tmp_path / "made")
    with local_delivery(location(upload(bucket, delivery)), single_file=False, is_shown=False) as (
        path,
        objects,
    ):
        assert objects is None
        assert (path / "courses.parquet").read_bytes() == (delivery / "courses.parquet").read_bytes()


@pytest.mark.parametrize(
    "make",
    [*IN_BUCKET, *(IF_MOTO if os.environ.get("MOTO_SERVER") else ())],
    ids=lambda made: made.__name__.replace("_", "-"),
)
def test_an_awkward_delivery_is_the_same_from_a_bucket(make, bucket, tmp_path, monkeypatch):
    delivery, layout = make(tmp_path / "made")
    here = published(delivery, layout, tmp_path / "here", RowsHere)
    with in_place(upload(bucket, delivery), layout) as opened:
        monkeypatch.setattr("tests.data.cluster.test_same_answers.describe", lambda *_args, **_options: opened)
        there = published(opened.path, layout, tmp_path / "there", partial(RowsOnCluster, EngineHere(), **SIZES))
    assert json.dumps(there, indent=1) == json.dumps(here, indent=1)
    assert_same(tmp_path / "here", tmp_path / "there")


def test_the_command_publishes_from_a_bucket(bucket, tmp_path, monkeypatch, capsys):
    delivery, _ = clean(tmp_path / "made")
    address = upload(bucket, delivery)

    @contextmanager
    def connected(remote: str, *, memory_mb: int) -> Iterator[EngineHere]:
        yield EngineHere()

    monkeypatch.setattr(choice, "connected", connected)
    folders = []
    for name, given in (
        ("here", [str(delivery)]),
        ("there", [address, "--engine", "spark", "--remote", "sc://127.0.0.1:1"]),
    ):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / name))
        assert main(["publish", *given]) == 0
        folders.append(store.delivery_folder(tmp_path / name, store.current_id(tmp_path / name)))
    assert differences(*folders) == []
    written = capsys.readouterr()
    assert SECRET not in written.out + written.err


@pytest.mark.parametrize("step", [COUNTING, RULES, SENT])
def test_an_object_that_changes_is_refused(step, bucket, tmp_path):
    delivery, _ = breaks_rules(tmp_path / "made")
    address = upload(bucket, delivery)
    content = (delivery / "courses.parquet").read_bytes()

    def change(text: str, share: float | None = None) -> None:
        if text == step:
            bucket.put(f"sent/{delivery.name}/courses.parquet", content[:-1_000] + content[-1_000:][::-1])

    with in_place(address) as opened, pytest.raises(RefusedError, match=CHANGED):
        publish(opened, tmp_path / "store", change)
    assert_nothing_published(tmp_path / "store")
    assert not (tmp_path / "store" / store_files.UNFINISHED).exists()


def test_an_object_that_changes_before_it_is_opened_is_not_called_damaged(bucket, tmp_path):
    delivery, _ = clean(tmp_path / "made")
    with in_place(upload(bucket, delivery)) as opened:
        bucket.put(f"sent/{delivery.name}/courses.parquet", b"PAR1")
        with pytest.raises(RefusedError, match=CHANGED):
            publish(opened, tmp_path / "store")
    assert_nothing_published(tmp_path / "store")


@pytest.mark.parametrize("step", [COUNTING, RULES])
def test_a_worker_without_access_is_a_sentence(step, small, tmp_path, monkeypatch):
    delivery, _ = breaks_rules(tmp_path / "made")

    def forget(text: str, share: float | None = None) -> None:
        if text == step:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")

    sentence = r"^s3://bucket/.* could not be read by a worker of the cluster\. Access was denied\. Credentials come from the environment"
    with in_place(upload(small, delivery)) as opened, pytest.raises(ClusterError, match=sentence) as failed:
        publish(opened, tmp_path / "store", forget)
    assert SECRET not in str(failed.value)
    assert_nothing_published(tmp_path / "store")


def assert_nothing_published(into: Path) -> None:
    assert store.current_id(into) is None
    assert [path.name for path in into.iterdir() if path.name.startswith("building")] == []


class Listening(EngineHere):
    """A cluster that records what is sent to it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def over_pieces(self, pieces, task):
        self.sent.append(pickle.dumps((list(pieces), task)))
        return super().over_pieces(pieces, task)


def test_tasks_hold_no_credentials_and_read_no_local_file(bucket, tmp_path):
    engine = Listening()
    with in_place(upload(bucket, breaks_rules(tmp_path / "made")[0])) as opened:
        publish(opened, tmp_path / "store", engine=engine)
        for sent in engine.sent:
            assert SECRET.encode() not in sent
            assert str(opened.path).encode() not in sent
    assert len(engine.sent) == 3


def test_workers_read_the_rows_of_their_pieces_and_no_more(small, server, tmp_path, monkeypatch):
    monkeypatch.setattr(object_files, "AT_ONCE", 4_096)
    delivery, _ = clean(tmp_path / "made")
    rows = many_courses(delivery / "courses.parquet")
    rows.to_parquet(delivery / "courses.parquet", row_group_size=10_000, index=False)
    size = (delivery / "courses.parquet").stat().st_size
    with in_place(upload(small, delivery)) as opened:
        server.ranges.clear()
        make_rows = partial(RowsOnCluster, EngineHere(), rows_of_piece=10_000, rows_of_shard=100_000)
        publishing.publish(opened, PublishOptions(most_quarantined=100.0, make_rows=make_rows), into=tmp_path / "store")
    assert len(rows) == 50_000
    read = [end - start for key, start, end in server.ranges if key.endswith("courses.parquet")]
    # five pieces; each is read to be counted, column by column to look for names, and to be cast
    assert max(read) < size / 5
    assert size < sum(read) < 5 * size


def test_finished_steps_of_the_same_objects_are_used(bucket, tmp_path):
    delivery, _ = breaks_rules(tmp_path / "made")
    address, into = upload(bucket, delivery), tmp_path / "store"

    def stop(text: str, share: float | None = None) -> None:
        if text == BUILDING:
            raise KeyboardInterrupt

    def attempt(progress=silent) -> set[str]:
        engine = RecordingEngine()
        with in_place(address) as opened:
            publish(opened, into, progress, engine)
        return engine.ran

    with pytest.raises(KeyboardInterrupt):
        attempt(stop)
    finished = shutil.copytree(into / store_files.UNFINISHED, tmp_path / "finished")
    assert attempt() == set()
    shutil.copytree(finished, into / store_files.UNFINISHED)
    rows = pd.read_parquet(delivery / "courses.parquet")
    rows.loc[0, "course"] = "another"
    rows.to_parquet(delivery / "courses.parquet", index=False)
    upload(bucket, delivery)
    assert "number" in attempt()


@pytest.mark.parametrize("protocol", ["az", "gs"])
def test_the_other_stores_are_read_in_place(protocol, small, tmp_path, monkeypatch):
    set_other_credentials(monkeypatch, small.endpoint)
    delivery, _ = clean(tmp_path / "made")
    address = upload(small, delivery).replace("s3", protocol)
    here = publishing.publish(describe(delivery), PublishOptions(most_quarantined=100.0), into=tmp_path / "here")
    with in_place(address) as opened:
        assert opened.in_place is not None
        there = publish(opened, tmp_path / "there")
    folders = [
        store.delivery_folder(tmp_path / name, each.delivery) for name, each in (("here", here), ("there", there))
    ]
    assert differences(*folders) == []


def test_text_is_copied(bucket, tmp_path):
    with in_place(upload(bucket, as_csv(tmp_path / "made")[0])) as opened:
        assert opened.in_place is None
        assert publish(opened, tmp_path / "store").accepted


@pytest.mark.parametrize("task", [decide.decide, number.number])
def test_a_shard_without_all_of_its_rows_is_not_judged(task):
    failed = Packet(read.FAILED, 0, "courses", b"")
    assert list(task(INSTRUCTIONS, 0, [Packet(read.ROWS, 0, "courses", b""), failed])) == [failed]
