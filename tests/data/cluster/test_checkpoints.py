"""An attempt that stops leaves what the cluster finished, and the next one for the same delivery does not run it again."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data import publishing, store, store_files
from data.cluster import checkpoints
from data.delivery import Delivery, describe
from data.errors import RefusedError
from data.publishing import PublishOptions
from tests.conftest import ROOT
from tests.data.cluster.awkward import as_csv, breaks_rules, keys_in_conflict
from tests.data.cluster.comparison import differences
from tests.data.cluster.recording import BUILDING, COUNTING, NUMBERING, RULES, SENT, publish

# the tasks that remain for an attempt after one that stopped at a step. The rules are applied again for what is to be numbered:
# the accepted rows stay on the cluster.
REMAINING = {
    COUNTING: {"count", "add_up", "cast", "decide", "send", "number"},
    RULES: {"cast", "decide", "send", "number"},
    SENT: {"cast", "decide", "send", "number"},
    NUMBERING: {"cast", "decide", "number"},
    BUILDING: set(),
}


def stop_at(step: str, delivery: Delivery, into: Path) -> None:
    def stop(text, share=None):
        if text == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(delivery, into, stop)


def leftovers(into: Path) -> Iterator[Path]:
    return (into / store_files.UNFINISHED).rglob("*.arrow")


@pytest.fixture(scope="module")
def delivery(tmp_path_factory) -> Delivery:
    return describe(breaks_rules(tmp_path_factory.mktemp("sent"))[0])


@pytest.fixture(scope="module")
def here(delivery, tmp_path_factory) -> Path:
    """The delivery as this machine publishes it."""
    into = tmp_path_factory.mktemp("here")
    report = publishing.publish(delivery, PublishOptions(most_quarantined=100.0), into=into)
    return store.delivery_folder(into, report.delivery)


@pytest.mark.parametrize("step", [RULES, NUMBERING, BUILDING])
def test_finished_steps_are_not_run_again(step, delivery, here, tmp_path):
    stop_at(step, delivery, tmp_path)
    assert store.current_id(tmp_path) is None
    steps = []
    report, ran = publish(delivery, tmp_path, lambda text, share=None: steps.append(text))
    assert ran == REMAINING[step]
    taken_over = [text.partition(":")[0] for text in steps if text.endswith(": taken over from an earlier attempt")]
    assert taken_over == list(REMAINING)[: list(REMAINING).index(step)]
    assert differences(here, store.delivery_folder(tmp_path, report.delivery)) == []
    assert not (tmp_path / store_files.UNFINISHED).exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from data.delivery import describe
from tests.data.cluster.recording import BUILDING, publish

def kill(text, share=None):
    if text == BUILDING:
        os.kill(os.getpid(), signal.SIGKILL)

publish(describe(Path(sys.argv[1])), Path(sys.argv[2]), kill)
"""


@pytest.mark.parametrize("make", [breaks_rules, as_csv], ids=["parquet", "csv"])
def test_a_killed_process_leaves_its_steps_to_the_next(make, tmp_path):
    path, into = make(tmp_path / "sent")[0], tmp_path / "store"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(into)], cwd=ROOT, check=False, env=os.environ | {"PYTHONHASHSEED": "7"}
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert len(list(leftovers(into))) == 4
    for each in (into / store_files.UNFINISHED, *(into / store_files.UNFINISHED).rglob("*")):
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600)
    report, ran = publish(describe(path), into)
    assert ran == set()
    here = publishing.publish(describe(path), PublishOptions(most_quarantined=100.0), into=tmp_path / "here")
    folders = (store.delivery_folder(tmp_path / "here", here.delivery), store.delivery_folder(into, report.delivery))
    assert differences(*folders) == []


@pytest.fixture(scope="module")
def stopped_once(delivery, tmp_path_factory) -> Path:
    """A store in which an attempt stopped with every step finished. Tests change copies of it."""
    into = tmp_path_factory.mktemp("stopped") / "store"
    stop_at(BUILDING, delivery, into)
    return into


@pytest.fixture
def stopped(stopped_once, tmp_path) -> Path:
    return shutil.copytree(stopped_once, tmp_path / "store")


def test_the_same_files_elsewhere_are_the_same_delivery(stopped, delivery, tmp_path):
    copied = shutil.copytree(delivery.path, tmp_path / "copied" / delivery.path.name)
    assert publish(describe(copied), stopped)[1] == set()


def test_another_row_is_another_delivery(stopped, delivery, tmp_path):
    copied = shutil.copytree(delivery.path, tmp_path / "copied" / delivery.path.name)
    before = set(leftovers(stopped))
    rows = pd.read_parquet(copied / "courses.parquet")
    rows.loc[0, "course"] = "another"
    rows.to_parquet(copied / "courses.parquet", index=False)
    stop_at(RULES, describe(copied), stopped)
    assert len(list(leftovers(stopped))) == 1
    assert before.isdisjoint(leftovers(stopped))
    assert publish(describe(copied), stopped)[1] == REMAINING[RULES]


def test_another_version_of_the_code_starts_from_the_beginning(stopped, delivery, monkeypatch):
    monkeypatch.setattr(checkpoints, "fingerprint", lambda: "another")
    assert publish(delivery, stopped)[1] == REMAINING[COUNTING]


@pytest.mark.parametrize("step", [RULES, SENT, NUMBERING])
def test_a_file_that_changes_between_steps_refuses_the_delivery(step, tmp_path):
    path = breaks_rules(tmp_path / "sent")[0] / "enrollments.parquet"
    rows = pd.read_parquet(path)

    def write(text, share=None):
        if text == step:
            rows.assign(program="another").to_parquet(path, index=False)

    with pytest.raises(RefusedError, match="changed while it was read"):
        publish(describe(path.parent), tmp_path / "store", write)
    assert store.current_id(tmp_path / "store") is None


def test_a_damaged_result_is_made_again(stopped, delivery, here):
    (path,) = (path for path in leftovers(stopped) if path.name.startswith("numbered"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    report, ran = publish(delivery, stopped)
    assert ran == REMAINING[NUMBERING]
    assert differences(here, store.delivery_folder(stopped, report.delivery)) == []


def test_publishing_on_this_machine_removes_them(stopped, delivery):
    assert publishing.publish(delivery, PublishOptions(most_quarantined=100.0), into=stopped).accepted
    assert not (stopped / store_files.UNFINISHED).exists()


def test_a_refused_delivery_leaves_nothing(tmp_path):
    refused = describe(keys_in_conflict(tmp_path / "sent")[0])
    assert not publish(refused, tmp_path / "store")[0].accepted
    assert not (tmp_path / "store" / store_files.UNFINISHED).exists()
