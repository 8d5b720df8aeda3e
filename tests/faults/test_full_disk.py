"""A disk that fills up at any size leaves the old or the new delivery, and the command says which."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
from pathlib import Path

import pytest

from data import store
from data.__main__ import main
from tests.data.deliveries import tables, write
from tests.faults.stores import DAYS, enrolled

SIZES = 60 if os.environ.get("FAULTS") == "full" else 12
LARGEST = 6_000_000  # bytes; such a delivery's database has about four million


def publish_with_room_for(size: int, delivery: Path) -> tuple[int, str]:
    """Publish in a child process that cannot write files beyond this size. Returns its exit code and messages."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write fails instead
        with Path(os.devnull).open("w", encoding="utf-8") as sys.stdout, os.fdopen(writing, "w") as sys.stderr:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            os._exit(main(["publish", str(delivery)]))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as errors:
        text = errors.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), text


def test_publishing_with_too_little_room(
    three_deliveries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, where = write(tmp_path, tables(90), day="2026-07-31"), tmp_path / "copy"
    monkeypatch.setenv("DASHBOARD_STORE", str(where))
    codes = []
    for number in range(SIZES):
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(three_deliveries, where)
        code, errors = publish_with_room_for(int(LARGEST * (number / (SIZES - 1)) ** 3), new)
        codes.append(code)
        assert "Traceback" not in errors
        current = store.current_id(where)
        assert current == ("2026-07-31" if code == 0 else "2026-06-26"), errors
        assert enrolled(where, current) == (90 if code == 0 else 80)
        assert code == 0 or errors.rstrip().endswith("The store was not changed."), errors
        assert all(enrolled(where, day) == rows for day, rows in DAYS.items())
    assert 0 in codes
    assert 1 in codes
