"""Publish on a real Spark Connect server with two worker processes: `make test-spark`. Without Spark or Java, these tests are skipped."""

from __future__ import annotations

import json
import os
import signal
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest

from data import commands, publishing, store
from data.cli import main
from data.cluster.engine import ClusterError
from data.cluster.rows import RowsOnCluster
from data.cluster.spark import connected
from data.delivery import describe
from data.demo import make
from data.errors import STOPPED
from data.progress import silent
from data.publishing import PublishOptions
from data.typed_rows import RowsHere
from tests.data import bucket_server
from tests.data.buckets import set_credentials
from tests.data.cluster import spark_server
from tests.data.cluster.awkward import DELIVERIES, breaks_rules, clean
from tests.data.cluster.comparison import assert_answers_alike, differences
from tests.data.cluster.test_same_answers import assert_same, published
from tests.data.deliveries import tables, write

pytestmark = [
    pytest.mark.skipif(bool(spark_server.why_not()), reason=str(spark_server.why_not())),
    # Spark's client warns about the version of pandas, which is not used with it, and leaves its channel open
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::UserWarning"),
]  # fmt: skip
IS_SHORT = os.environ.get("SPARK_TESTS") == "short"
in_full = pytest.mark.skipif(IS_SHORT, reason="it takes minutes: make test-spark")
STEPS = ["Applying the rules on the cluster", "Numbering residents on the cluster"]
SMALL = {"rows_of_piece": 90, "rows_of_shard": 300}


@pytest.fixture(scope="module")
def objects():
    """A bucket, with credentials for it in this environment. Workers have that of the server, which starts after it."""
    with bucket_server.serve_bucket() as state, pytest.MonkeyPatch.context() as environment:
        set_credentials(environment)
        environment.setenv("AWS_ENDPOINT_URL", state.endpoint)
        yield state


@pytest.fixture(scope="module")
def server(objects, tmp_path_factory):
    with spark_server.running(tmp_path_factory.mktemp("spark")) as started:
        yield started


@pytest.fixture
def engine(server):
    with connected(server.remote, memory_mb=600) as connection:
        yield connection


@pytest.mark.parametrize(
    "make_delivery", (breaks_rules,) if IS_SHORT else DELIVERIES, ids=lambda made: made.__name__.replace("_", "-")
)
def test_an_awkward_delivery_is_the_same_on_spark(make_delivery, engine, tmp_path):
    delivery, layout = make_delivery(tmp_path / "sent")
    here = published(delivery, layout, tmp_path / "here", RowsHere)
    there = published(delivery, layout, tmp_path / "there", partial(RowsOnCluster, engine, **SMALL))
    assert json.dumps(there, indent=1) == json.dumps(here, indent=1)
    assert_same(tmp_path / "here", tmp_path / "there")


def test_workers_read_a_delivery_in_a_bucket(server, objects, tmp_path, monkeypatch):
    delivery, _ = breaks_rules(tmp_path)
    for path in delivery.iterdir():
        objects.objects[f"sent/{delivery.name}/{path.name}"] = path.read_bytes()
    spark = ["s3://bucket/sent/" + delivery.name, "--engine", "spark", "--remote", server.remote]
    folders = []
    for name, given in (("here", [str(delivery)]), ("there", spark)):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / name))
        assert main(["publish", *given, "--max-quarantined", "100"]) == 0
        folders.append(store.delivery_folder(tmp_path / name, store.current_id(tmp_path / name)))
    assert differences(*folders) == []
    # this machine read the ends of the large files, and workers their rows
    assert len([key for key, *_ in objects.ranges if key.endswith("enrollments.parquet")]) > 10


@in_full
@pytest.mark.parametrize("residents", [12_000, 1_000_000])
def test_the_demo_is_the_same_on_spark(residents, server, tmp_path, monkeypatch):
    delivery = make(tmp_path / "demo", residents=residents)[-1]
    folders = []
    for name, options in (("here", []), ("there", ["--engine", "spark", "--remote", server.remote])):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / name))
        assert main(["publish", str(delivery), *options]) == 0
        folders.append(store.delivery_folder(tmp_path / name, store.current_id(tmp_path / name)))
    assert differences(*folders) == []
    if residents == 12_000:
        assert_answers_alike(tmp_path / "here", tmp_path / "there")


@pytest.mark.parametrize("step", STEPS[:1] if IS_SHORT else STEPS)
def test_a_lost_worker_is_replaced(step, server, engine, tmp_path):
    delivery, _ = clean(tmp_path)

    def kill_at(text, share=None):
        if text == step:
            os.kill(server.workers()[0], signal.SIGKILL)

    make_rows = partial(RowsOnCluster, engine, **SMALL)
    there = publishing.publish(
        describe(delivery), PublishOptions(make_rows=make_rows), into=tmp_path / "there", progress=kill_at
    )
    here = publishing.publish(describe(delivery), into=tmp_path / "here")
    assert (
        differences(
            *(
                store.delivery_folder(tmp_path / name, each.delivery)
                for name, each in (("here", here), ("there", there))
            )
        )
        == []
    )


def test_a_stop_leaves_the_delivery_on_screen(engine, tmp_path):
    into = tmp_path / "store"
    publishing.publish(describe(write(tmp_path, tables())), into=into)
    before = store.current_id(into)
    later = write(tmp_path, tables(80), day="2025-06-27")

    def stop(text, share=None):
        if text == "Numbering residents on the cluster":
            raise KeyboardInterrupt

    options = PublishOptions(make_rows=partial(RowsOnCluster, engine, **SMALL))
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(describe(later), options, into=into, progress=stop)
    assert_untouched(into, before)
    publishing.publish(describe(later), options, into=into)
    assert store.current_id(into) == "2025-06-27"


def test_an_attempt_takes_over_what_a_stopped_earlier_attempt_finished(server, tmp_path, monkeypatch, capsys):
    delivery, _ = breaks_rules(tmp_path)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    command = ["publish", str(delivery), "--max-quarantined", "100", "--engine", "spark", "--remote", server.remote]
    steps = []

    def stop(text, share=None):
        steps.append(text)
        if text == STEPS[-1]:
            raise KeyboardInterrupt

    monkeypatch.setattr(commands, "progress_bar", lambda number, is_shown: nullcontext(stop))
    assert main(command) == STOPPED
    assert "What the cluster finished is in" in capsys.readouterr().err
    assert store.current_id(tmp_path / "store") is None
    monkeypatch.setattr(
        commands, "progress_bar", lambda number, is_shown: nullcontext(lambda text, share=None: steps.append(text))
    )
    steps.clear()
    assert main(command) == 0
    assert [text for text in steps if "cluster" in text or "as they were sent" in text] == [
        "Counting rows and names on the cluster: taken over from an earlier attempt",
        "Applying the rules on the cluster: taken over from an earlier attempt",
        "Reading the excluded rows as they were sent: taken over from an earlier attempt",
        "Numbering residents on the cluster",
    ]
    report = publishing.publish(describe(delivery), PublishOptions(most_quarantined=100.0), into=tmp_path / "here")
    assert differences(*(store.delivery_folder(tmp_path / name, report.delivery) for name in ("here", "store"))) == []


@in_full
def test_a_lost_server_leaves_the_delivery_on_screen_and_a_retry_succeeds(tmp_path):
    into = tmp_path / "store"
    publishing.publish(describe(write(tmp_path, tables())), into=into)
    before = store.current_id(into)
    later = describe(write(tmp_path, tables(80), day="2025-06-27"))
    with spark_server.running(folder_for(tmp_path, "lost")) as lost:

        def kill(text, share=None):
            if text == "Applying the rules on the cluster":
                os.killpg(lost.process.pid, signal.SIGKILL)

        with pytest.raises(ClusterError, match="connection to the Spark server was lost"):
            publish_on(lost, later, into, kill)
    assert_untouched(into, before)
    assert store.last_refusal(into) is None  # nothing is known about the delivery
    with spark_server.running(folder_for(tmp_path, "again")) as again:
        publish_on(again, later, into)
    assert store.current_id(into) == "2025-06-27"


@in_full
def test_workers_without_this_project_are_noticed(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    with spark_server.running(folder_for(tmp_path, "spark"), python_path=folder_for(tmp_path, "empty")) as server:
        assert main(["publish", str(write(tmp_path, tables())), "--engine", "spark", "--remote", server.remote]) == 1
    assert "workers of the cluster lack the Python package “data”" in capsys.readouterr().err


def publish_on(server, delivery, into, progress=silent):
    with connected(server.remote, memory_mb=600) as engine:
        options = PublishOptions(make_rows=partial(RowsOnCluster, engine, **SMALL))
        return publishing.publish(delivery, options, into=into, progress=progress)


def folder_for(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name


def assert_untouched(into: Path, before: str | None) -> None:
    assert store.current_id(into) == before
    assert [path.name for path in (into / store.DELIVERIES).iterdir()] == [before]
    assert list(into.glob("building-*")) == []
