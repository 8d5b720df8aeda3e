"""Test that the published delivery is verified while the server runs, and that the health check reports differences."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data import manifest, store
from queries.database import ANSWERS
from server import health, integrity
from tests.conftest import publish

NEWEST = "2026-11-13"
DIFFERS = "the published delivery has changed since it was published"


@pytest.fixture
def folder(demo_store, tmp_path, use_store, monkeypatch) -> Path:
    """The folder of the delivery on screen, in a copy of the store."""
    copied = shutil.copytree(demo_store, tmp_path / "store")
    use_store(copied)
    monkeypatch.setattr(integrity._Checked, "result", integrity._Result())
    monkeypatch.setattr(integrity, "_is_over", threading.Event())
    ANSWERS.clear()
    return store.delivery_folder(copied, NEWEST)


@pytest.fixture
def digested(monkeypatch) -> list[str]:
    """The deliveries that were read, in order."""
    read, file_faults = [], manifest.file_faults
    monkeypatch.setattr(manifest, "file_faults", lambda folder: read.append(folder.name) or file_faults(folder))
    return read


def ready() -> tuple[int, list[str]]:
    answer = TestClient(Starlette(routes=health.ROUTES)).get("/readyz")
    return answer.status_code, answer.json().get("missing", [])


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_delivery_as_it_was_published_is_read_once(folder, digested, caplog):
    integrity.check()
    integrity.check()
    assert digested == [NEWEST]
    assert integrity.faults() == ()
    assert ready() == (200, [])
    assert "has changed since" not in caplog.text


@pytest.mark.parametrize("name", [store.REPORT, "quarantine/enrollments.csv"])
def test_a_byte_that_changed_is_logged_and_the_server_is_not_ready(folder, name, caplog):
    path = folder / name
    good = path.read_bytes()
    integrity.check()
    change_a_byte(path)
    integrity.check()
    assert ready() == (503, [DIFFERS])
    assert [line.getMessage() for line in caplog.records if line.levelname == "ERROR"] == [
        f"{DIFFERS}: {NEWEST}: {name} has changed since it was published (its digest differs)."
    ]
    path.write_bytes(good)
    integrity.check()
    assert ready() == (200, []), "restored"


def test_a_changed_database_that_still_opens_is_reported(folder):
    database = folder / store.DATABASE
    with database.open("ab") as file:
        file.write(b"\0")
    integrity.check()
    assert ready() == (503, [DIFFERS])
    assert "bytes" in integrity.faults()[0]


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_text("{"),
        lambda path: path.write_text('{"files": {"x": {"bytes": "y"}, "report.json": {"bytes": "z"}}}'),
    ],
)
def test_an_unreadable_manifest_is_a_fault_and_not_a_traceback(folder, damage):
    damage(folder / store.MANIFEST)
    integrity.check()
    assert integrity.faults()
    assert all(fault.startswith(f"{NEWEST}: ") for fault in integrity.faults())


def test_another_delivery_is_checked_too(folder, demo_deliveries, digested):
    integrity.check()
    change_a_byte(folder / store.REPORT)
    integrity.check()
    assert ready() == (503, [DIFFERS])
    publish(demo_deliveries[-1], folder.parent.parent)
    assert ready() == (200, []), "no difference is known"
    integrity.check()
    assert digested == [NEWEST, NEWEST, f"{NEWEST}.2"]
    assert ready() == (200, [])


def test_a_delivery_replaced_while_it_was_read_is_read_again(folder, monkeypatch):
    file_faults = manifest.file_faults

    def replaced(path):
        faults = file_faults(path)
        os.utime(folder / store.DATABASE)
        return [*faults, "read while it was replaced"]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(manifest, "file_faults", replaced)
        integrity.check()
        assert integrity.faults() == ()
    integrity.check()
    assert integrity._Checked.result.files
    assert integrity.faults() == ()


def test_without_a_delivery_or_a_list_there_is_nothing_to_check(folder, digested):
    (folder.parent.parent / store.CURRENT).write_text("{")
    integrity.check()
    shutil.rmtree(folder.parent.parent)
    integrity.check()
    assert digested == []
    assert integrity.faults() == ()


def test_checks_run_in_a_thread_of_the_lowest_priority_until_the_server_ends(folder, monkeypatch):
    priorities = []

    def check() -> None:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        if len(priorities) == 3:
            integrity.stop()
        raise OSError("gone")

    monkeypatch.setattr(integrity, "check", check)
    monkeypatch.setattr(integrity, "EVERY", 0.01)
    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = integrity.start()
    thread.join(60)
    assert not thread.is_alive()
    assert len(priorities) == 3
    assert priorities == [19] * 3
    assert os.getpriority(os.PRIO_PROCESS, 0) == before, "the server keeps its priority"
