"""The inbox: what is offered to be checked, and a check in a process of its own."""

from __future__ import annotations

import os
import signal

import pytest

from data import inbox
from data.inbox import CheckError
from tests import edge_cases


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def delivery(folder, name, *files):
    (folder / name).mkdir()
    for file in files:
        (folder / name / file).write_text("a,b\n1,2\n")
    return folder / name


def test_only_deliveries_directly_inside_are_offered_the_newest_first(folder, tmp_path):
    delivery(folder, "2026-11-13", "enrollments.csv")
    newest = delivery(folder, "2026-11-20", "enrollments.csv", "funding.csv")
    for file in newest.iterdir():
        os.utime(file, ns=(2 * 10**18, 2 * 10**18))
    (folder / "export.ZIP").write_bytes(b"PK")
    (folder / "notes.txt").write_text("not a delivery")
    outside = delivery(tmp_path, "outside", "enrollments.csv")
    (folder / "link").symlink_to(outside)
    (delivery(folder, "with a link") / "enrollments.csv").symlink_to(outside / "enrollments.csv")
    for name in (".hidden", "a\tb", "x" * 200):
        delivery(folder, name)
    first, *others = inbox.waiting(folder)
    assert (first.name, first.files, first.size, first.changed_at) == ("2026-11-20", 2, 16, 2 * 10**18)
    assert sorted(each.name for each in others) == ["2026-11-13", "export.ZIP"]


def test_of_many_deliveries_the_last_to_change_are_offered(folder, monkeypatch):
    monkeypatch.setattr(inbox, "MAX_LISTED", 2)
    for day in (13, 20, 27):
        os.utime(delivery(folder, f"2026-11-{day}"), ns=(day, day))
    assert [each.name for each in inbox.waiting(folder)] == ["2026-11-27", "2026-11-20"]


def test_a_delivery_that_changes_is_another(folder):
    made = delivery(folder, "2026-11-13", "enrollments.csv")
    before = inbox.waiting(folder)
    assert inbox.waiting(folder) == before
    (made / "enrollments.csv").write_text("a,b\n1,2\n3,4\n")
    assert inbox.waiting(folder) != before


def test_an_inbox_that_is_not_there_holds_nothing(folder):
    assert inbox.waiting(folder / "none") == ()


def test_where_the_inbox_is(monkeypatch, folder):
    monkeypatch.delenv(inbox.SETTING, raising=False)
    assert inbox.folder() is None
    monkeypatch.setenv(inbox.SETTING, str(folder))
    assert inbox.folder() == folder.resolve()


def test_the_command_line_can_be_copied(folder):
    assert inbox.command("publish", folder / "a b", layout="pirl") == (
        f"python -m data publish '{folder / 'a b'}' --layout pirl"
    )


def test_a_check_reports_as_the_command_line_does(folder):
    made = edge_cases.write(folder / "2026-11-13", edge_cases.frames(seed=11, rows=60))
    started = []
    report = inbox.check(made, on_start=started.append)
    assert report["delivered_on"] == "2026-11-13" and isinstance(report["accepted"], bool)
    assert report["tables"]["enrollments"]["read"] > 0
    assert started[0].poll() is not None


def test_a_check_that_takes_too_long_is_stopped(folder):
    started = []
    with pytest.raises(CheckError, match="more than 0 minutes"):
        inbox.check(delivery(folder, "2026-11-13", "enrollments.csv"), seconds=0.01, on_start=started.append)
    assert started[0].returncode == -signal.SIGKILL


def test_what_is_no_delivery_has_no_report_and_the_error_no_path(folder):
    (folder / "notes.txt").write_text("not a delivery")
    with pytest.raises(CheckError) as raised:
        inbox.check(folder / "notes.txt")
    assert str(folder) not in str(raised.value)
