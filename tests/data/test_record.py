"""The record of use: appended, rotated, private, and read back newest first."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from data import record
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_an_event_is_one_line_with_nothing_empty(folder):
    record.write("opened", account="a@example.gov", role="officer", page="equity", what="")
    (line,) = (folder / "command.jsonl").read_text().splitlines()
    event = json.loads(line)
    assert event.pop("at").endswith("Z")
    assert event == {"event": "opened", "account": "a@example.gov", "role": "officer", "page": "equity"}
    assert stat.S_IMODE((folder / "command.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_that_is_written_can_break_a_line(folder):
    record.write("denied", account='x"\n{"event": "signed_in"}\r\u2028' + "y" * 1000, why="%s %d {}")
    (event,) = record.read()
    assert event["event"] == "denied" and len(event["account"]) == 200 and event["why"] == "%s %d {}"
    assert len((folder / "command.jsonl").read_text().splitlines()) >= 1


def test_only_known_events(folder):
    with pytest.raises(ValueError, match="not an event"):
        record.write("looked", account="x")


def test_it_is_rotated_and_still_read_in_order(folder, monkeypatch):
    monkeypatch.setattr(record, "LARGEST", 2000)
    for number in range(100):
        record.write("opened", account=f"a{number}", page="equity")
    assert len(list(folder.glob("command.jsonl.*"))) > 3
    assert [event["account"] for event in record.read(50)] == [f"a{number}" for number in range(99, 49, -1)]
    assert len(record.read()) == 100


def test_many_at_once_lose_nothing(folder):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: record.write("opened", account=f"a{n}"), range(400)))
    assert len({event["account"] for event in record.read()}) == 400


def test_two_processes_two_files_one_record(folder, monkeypatch):
    record.write("published", account="operator")
    monkeypatch.setattr(record, "_process", "server-8501")
    record.write("opened", account="a")
    assert {event["event"] for event in record.read()} == {"opened", "published"}
    assert {path.name for path in folder.iterdir()} == {"command.jsonl", "server-8501.jsonl"}


def test_a_damaged_line_is_passed_over(folder):
    record.write("opened", account="a")
    with (folder / "command.jsonl").open("a") as file:
        file.write('{"at": "20\nnot json\n[1]\n')
    assert [event["account"] for event in record.read()] == ["a"]


def test_a_record_that_cannot_be_written_stops_nobody(tmp_path, monkeypatch, caplog):
    (tmp_path / "log").write_text("a file, not a folder")
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    record.write("opened", account="a")
    assert not record.is_writable() and "cannot be written" in caplog.text


def test_days_are_counted(folder):
    events = [
        {"at": f"2026-11-2{n}T10:00:00Z", "event": "opened", "account": "ab"[k]} for n in (1, 2) for k in (0, 1, 1)
    ]
    first, second = record.counts_by_day(events)
    assert first["day"] == "2026-11-22" and second["opened"] == 3 and second["accounts"] == 2


def test_what_the_operator_does_is_written_down(folder, tmp_path, monkeypatch):
    from data.__main__ import main

    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert main(["publish", str(tmp_path / "2026-11-20")]) != 0 and not (ROOT / "store" / "2026-11-20").exists()
    assert all(event["role"] == "operator" for event in record.read())
