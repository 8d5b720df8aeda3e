"""The audit log: appended, rotated, private, and read newest first."""

from __future__ import annotations

import errno
import itertools
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data import audit_counts, audit_log, journal
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_an_event_is_a_line_without_empty_values(folder):
    audit_log.write("opened", account="a@example.gov", role="officer", page="equity", what="")
    (line,) = (folder / "command.jsonl").read_text().splitlines()
    event = json.loads(line)
    assert event.pop("at").endswith("Z")
    assert event.pop("store") == audit_log.store_mark()
    assert event == {"event": "opened", "account": "a@example.gov", "role": "officer", "page": "equity"}
    assert stat.S_IMODE((folder / "command.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_that_is_written_can_break_a_line(folder):
    audit_log.write("denied", account='x"\n{"event": "signed_in"}\r\u2028' + "y" * 1000, why="%s %d {}")
    (event,) = audit_log.read()
    assert event["event"] == "denied"
    assert len(event["account"]) == 200
    assert event["why"] == "%s %d {}"
    assert len((folder / "command.jsonl").read_text().splitlines()) >= 1


def test_only_known_events(folder):
    with pytest.raises(ValueError, match="not an event"):
        audit_log.write("looked", account="x")


def test_rotated_files_are_read_in_order(folder, monkeypatch):
    monkeypatch.setattr(audit_log, "MAX_FILE_BYTES", 2000)
    for number in range(100):
        audit_log.write("opened", account=f"a{number}", page="equity")
    assert len(list(folder.glob("command.jsonl.*"))) > 3
    assert [event["account"] for event in audit_log.read(50)] == [f"a{number}" for number in range(99, 49, -1)]
    assert len(audit_log.read()) == 100


def test_many_threads_lose_nothing(folder):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: audit_log.write("opened", account=f"a{n}"), range(400)))
    assert len({event["account"] for event in audit_log.read()}) == 400


def test_two_processes_write_two_files(folder, monkeypatch):
    audit_log.write("published", account="operator")
    monkeypatch.setattr(audit_log, "_writer", audit_log._Writer("server-8501"))
    audit_log.write("opened", account="a")
    assert {event["event"] for event in audit_log.read()} == {"opened", "published"}
    assert {path.name for path in folder.iterdir()} == {"command.jsonl", "server-8501.jsonl"}


def test_a_damaged_line_is_skipped(folder):
    audit_log.write("opened", account="a")
    with (folder / "command.jsonl").open("a") as file:
        file.write('{"at": "20\nnot json\n[1]\n')
    assert [event["account"] for event in audit_log.read()] == ["a"]


def test_an_unwritable_log_stops_nobody(tmp_path, monkeypatch, caplog):
    (tmp_path / "log").write_text("a file, not a folder")
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    audit_log.write("opened", account="a")
    assert not audit_log.is_writable()
    assert "cannot write to" in caplog.text


def accounts() -> list[str]:
    return [event["account"] for event in reversed(audit_log.read())]


def test_lines_that_a_full_disk_rejects_are_written_later_in_order(folder, caplog):
    audit_log.write("opened", account="a0")
    file = folder / "command.jsonl"
    moved = file.rename(folder / "moved")
    file.symlink_to("/dev/full")
    for number in range(1, 6):
        audit_log.write("opened", account=f"a{number}")
        assert not audit_log.is_writable(), "not ready until every line is written"
    assert caplog.text.count("cannot write to") == 1
    assert "Traceback" not in caplog.text
    file.unlink()
    moved.rename(file)
    assert audit_log.is_writable()
    assert accounts() == [f"a{number}" for number in range(6)]
    assert "works again" in caplog.text
    audit_log.write("opened", account="a6")
    assert accounts()[-1] == "a6", "nothing is written twice"
    assert len(file.read_text().splitlines()) == 7, "nothing is written twice"


def test_a_disk_that_is_full_before_anything_was_lost_is_not_ready(folder, monkeypatch):
    assert audit_log.is_writable()
    assert [path.name for path in folder.iterdir()] == []
    write_bytes = type(folder).write_bytes

    def full(path, content):
        write_bytes(path, b"")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(type(folder), "write_bytes", full)
    assert not audit_log.is_writable()
    assert [path.name for path in folder.iterdir()] == []


def test_waiting_lines_are_written_once_the_folder_is_back(tmp_path, monkeypatch):
    blocked = tmp_path / "log"
    blocked.write_text("a file, not a folder")
    monkeypatch.setenv("DASHBOARD_LOG", str(blocked))
    audit_log.write("opened", account="a")
    audit_log.write("opened", account="b")
    assert not audit_log.is_writable()
    blocked.unlink()
    assert audit_log.is_writable()
    assert accounts() == ["a", "b"]


def test_a_partial_line_does_not_damage_the_next(folder, monkeypatch):
    """A full disk takes half a line. Later the complete line is written on a new line."""
    real = os.write

    def half(descriptor, data):
        if len(data) > 20:
            return real(descriptor, data[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    audit_log.write("opened", account="a")
    monkeypatch.setattr(os, "write", half)
    audit_log.write("opened", account="b")
    monkeypatch.setattr(os, "write", real)
    audit_log.write("opened", account="c")
    assert accounts() == ["a", "b", "c"]
    assert len((folder / "command.jsonl").read_text().splitlines()) == 4


def test_a_file_cut_off_by_a_crash_continues_on_a_new_line(folder):
    folder.mkdir()
    (folder / "command.jsonl").write_text('{"at": "2026-11-20T00:00:00Z", "acc')
    audit_log.write("opened", account="a")
    assert accounts() == ["a"]


@pytest.mark.parametrize("how", ["removed", "moved"])
def test_a_removed_file_is_created_again(folder, how):
    audit_log.write("opened", account="a")
    file = folder / "command.jsonl"
    file.unlink() if how == "removed" else file.rename(folder / "command.jsonl.1")
    audit_log.write("opened", account="b")
    assert accounts() == (["b"] if how == "removed" else ["a", "b"])


def test_the_queue_is_bounded_and_the_log_reports_dropped_lines(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(journal, "MOST_WAITING", 3)
    path = tmp_path / "log" / "x.jsonl"
    (tmp_path / "log").write_text("")
    lines = journal.Journal(path, largest=10**6, backups=2)
    for number in range(10):
        lines.write(f"{number}")
    assert len(lines._waiting) == 3
    lines.finish()
    assert "3 lines lost, for" in caplog.text
    (tmp_path / "log").unlink()
    assert lines.is_writable()
    assert path.read_text().split() == ["7", "8", "9"]
    assert "lines dropped: 7" in caplog.text


def test_many_threads_on_a_disk_that_sometimes_fails(tmp_path, monkeypatch):
    real, calls = os.write, itertools.count()

    def flaky(descriptor, data):
        if next(calls) % 3 == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", flaky)
    lines = journal.Journal(tmp_path / "x.jsonl", largest=2_000, backups=50)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: lines.write(f"{number:05d}"), range(1_000)))
    monkeypatch.setattr(os, "write", real)
    assert lines.is_writable()
    written = [line for path in tmp_path.iterdir() for line in path.read_text().split()]
    assert sorted(written) == [f"{number:05d}" for number in range(1_000)]


def test_a_line_says_which_store_it_is_about(folder, monkeypatch, tmp_path):
    for name in ("a", "b", "a"):
        monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / name))
        audit_log.write("published", account="operator")
    first, second, third = (event["store"] for event in reversed(audit_log.read()))
    assert first == third != second
    assert len(first) == 8
    assert str(tmp_path) not in (folder / "command.jsonl").read_text()


def dated(day: str, event: str, account: str) -> str:
    return json.dumps({"at": f"{day}T10:00:00Z", "event": event, "account": account}) + "\n"


def test_days_are_counted_over_all_files(folder):
    folder.mkdir()
    (folder / "server.jsonl").write_text(dated("2026-11-22", "opened", "a") + dated("2026-11-22", "published", "b"))
    (folder / "server.jsonl.1").write_text(dated("2026-11-21", "opened", "a") * 6_000 + '{"at": "20\nno json\n[1]\n')
    (folder / "server.jsonl.2").write_text(dated("2026-11-21", "opened", "b"))
    (folder / "command.jsonl").write_text(dated("2026-11-21", "denied", "c"))
    first, second = audit_counts.by_day()
    assert (first.day, first.accounts, first.openers, first.events["opened"]) == ("2026-11-22", 2, 1, 1)
    assert (second.accounts, second.openers, second.events["opened"], second.events["denied"]) == (3, 2, 6_001, 1)
    assert [row.events.total() for row in audit_counts.by_day("b")] == [1, 1]


def test_only_a_file_that_changed_is_counted_again(folder, monkeypatch):
    folder.mkdir()
    (folder / "server.jsonl.1").write_text(dated("2026-11-20", "opened", "a"))
    (folder / "server.jsonl").write_text(dated("2026-11-21", "opened", "a"))
    audit_counts.by_day()
    counted = []
    real = audit_counts._keys
    monkeypatch.setattr(audit_counts, "_keys", lambda lines: counted.append(Path(lines.name).name) or real(lines))
    (folder / "server.jsonl.1").rename(folder / "server.jsonl.2")
    with (folder / "server.jsonl").open("a") as file:
        file.write(dated("2026-11-21", "opened", "b"))
    assert [row.events["opened"] for row in audit_counts.by_day()] == [2, 1]
    assert counted == ["server.jsonl"]


def test_events_of_a_kind_are_read_behind_many_others(folder):
    folder.mkdir()
    (folder / "a.jsonl").write_text(
        dated("2026-11-20", "denied", "x") + dated("2026-11-21", "opened", "denied") * 6_000
    )
    assert [event["account"] for event in audit_log.read(kinds=("denied", "unusual"))] == ["x"]
    assert len(audit_log.read()) == 5_000
    assert len(audit_log.read(account="x")) == 1


def test_the_operators_actions_are_logged(folder, tmp_path, monkeypatch):
    from data.__main__ import main

    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    assert main(["publish", str(tmp_path / "2026-11-20")]) != 0
    assert not (ROOT / "store" / "2026-11-20").exists()
    assert all(event["role"] == "operator" for event in audit_log.read())
