"""Faults from adversarial testing: pipes and links in the store, exit codes, two-digit years, stale files, names."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from data import backup, masking, publishing, repair, retention, store
from data.cli import main
from data.errors import RefusedError, UsageError
from tests import processes
from tests.data.deliveries import check, tables, write

DAYS = ("2024-06-28", "2025-06-27", "2026-06-26")


@pytest.fixture
def where(three_deliveries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    return Path(shutil.copytree(three_deliveries, tmp_path / "store"))


COMMANDS = (["deliveries"], ["verify"], ["repair"], ["rollback"], ["prune", "--keep", "2"], ["backup", "{out}/b.tar"])


def run_all(commands: Sequence[list[str]], folder: Path) -> None:
    """Run commands one after the other; write their exit codes to one file and their error messages to another."""
    with (folder / "errors").open("w", encoding="utf-8") as sys.stderr:
        codes = [main(command) for command in commands]
    (folder / "codes").write_text(json.dumps(codes))


@pytest.mark.parametrize("name", ["current.json", "current-copy.json", "pinned.json", "deliveries/2026-06-26/report.json",
                                  "deliveries/2026-06-26/manifest.json", "deliveries/2026-06-26/store.duckdb", ".lock"])  # fmt: skip
def test_a_pipe_in_the_store_does_not_block_commands(where, tmp_path, name):
    (where / name).unlink(missing_ok=True)
    os.mkfifo(where / name)
    commands = [[part.format(out=tmp_path) for part in command] for command in COMMANDS]
    assert processes.call(run_all, commands, tmp_path) == 0
    assert "Traceback" not in (tmp_path / "errors").read_text()
    codes = json.loads((tmp_path / "codes").read_text())
    assert len(codes) == len(COMMANDS)
    assert set(codes) <= {0, 1}
    assert {path.name for path in (where / "deliveries").iterdir()} >= set(DAYS[1:])


def test_a_delivery_on_another_disk_is_backed_up_too(where, tmp_path):
    shutil.move(where / "deliveries" / DAYS[1], tmp_path / "disk")
    (where / "deliveries" / DAYS[1]).symlink_to(tmp_path / "disk")
    assert backup.back_up(where, tmp_path / "b.tar") == []
    backup.restore(tmp_path / "new", tmp_path / "b.tar")
    assert repair.verify(tmp_path / "new") == {day: [] for day in DAYS}
    assert retention.prune(where, 2).removed == (DAYS[0],)


def test_a_backup_says_what_it_lacks_and_can_be_restored(where, tmp_path):
    shutil.rmtree(where / "deliveries" / DAYS[0])
    faults = backup.back_up(where, tmp_path / "b.tar")
    assert any("The backup does not contain it" in fault for fault in faults)
    assert backup.restore(tmp_path / "new", tmp_path / "b.tar").listed.ids == DAYS[1:]


def test_a_backup_goes_to_a_regular_file_outside_the_store(where, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path / "pipe", tmp_path, where / "b.tar"):
        with pytest.raises(UsageError):
            backup.back_up(where, target, overwrite=True)
    os.mkfifo(where / "deliveries" / DAYS[0] / "extra")
    with pytest.raises(RefusedError, match="not a regular file"):
        backup.back_up(where, tmp_path / "b.tar")


def test_a_failing_command_does_not_claim_another_ones_success(where, tmp_path, monkeypatch):
    new = write(tmp_path, tables(), day="2026-07-31")

    def fail(*_: object, **__: object) -> None:
        other = store.read_list(where)
        publishing.store_files.write_list(where, store.DeliveryList(DAYS[:2], other.history[2:]))
        raise OSError(20, "Not a directory", "x")

    monkeypatch.setattr(publishing.build_store, "build", fail)
    assert main(["publish", str(new)]) == 1, "another command changed the store; this one did nothing"


def test_a_restore_over_leftovers_is_complete(where, tmp_path):
    backup.back_up(where, tmp_path / "b.tar")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "pinned.json").mkdir()
    (tmp_path / "new" / "refused.json").write_text("{}")
    restored = backup.restore(tmp_path / "new", tmp_path / "b.tar")
    assert store.current_id(tmp_path / "new") == DAYS[2]
    assert restored.moved_to is not None
    assert store.read_json(tmp_path / "new" / store.REFUSED) is None


@pytest.mark.parametrize("written", ["5/1/25", "25-01-07", "01-07-25", "1-2-3", "2025-01-07 (BC)"])
def test_a_date_without_a_year_of_four_digits_is_no_date(tmp_path, written):
    made = tables()
    made["completions"]["employed_on"] = written
    report = check(write(tmp_path, made))
    assert not report.accepted
    assert any("employed_on" in fault for fault in report.faults)


def test_files_of_an_earlier_check_do_not_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    made = tables()
    made["enrollments"].loc[[3], "sector"] = "Astrology"
    path, out = write(tmp_path, made), tmp_path / "out"
    assert main(["check", str(path), "--problems", str(out), "--quarantine", str(out), "--max-quarantined", "50"]) == 0
    assert list((out / "senders").iterdir())
    assert (out / "enrollments.csv").exists()
    write(tmp_path, tables())
    assert main(["check", str(path), "--problems", str(out), "--quarantine", str(out)]) == 0
    assert not list((out / "senders").iterdir())
    assert not (out / "enrollments.csv").exists()
    assert main(["check", str(path), "--problems", str(path / "problems")]) == 2


def test_a_lock_file_of_a_spreadsheet_is_passed_over(tmp_path):
    path = write(tmp_path, tables())
    (path / "~$enrollments.xlsx").write_bytes(b"\x05owner")
    (path / ".~lock.enrollments.csv#").write_bytes(b",anna,desk,20.11.2026 09:00,file;")
    report = check(path)
    assert report.accepted
    assert not report.notices


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("export/courses.csv", "move it out of its folder"),
        ("all.zip", "unpack it"),
        ("courses_final.csv", "rename it courses.csv"),
    ],
)
def test_a_table_in_the_wrong_place_is_not_to_be_renamed(tmp_path, name, what):
    path = write(tmp_path, tables())
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_bytes(b"registration_id\n")
    if name.endswith(".zip"):
        with zipfile.ZipFile(path / name, "w") as archive:
            archive.writestr("courses.zip", b"")
    (notice,) = check(path).notices
    assert notice.endswith(f". If it is the table courses, {what} and send the delivery again.")


def test_a_workbook_with_other_sheet_names_is_reported(tmp_path):
    path = write(tmp_path, tables())
    (path / "enrollments.parquet").unlink()
    with pd.ExcelWriter(path / "enrollments.xlsx") as book:
        tables()["enrollments"].to_excel(book, sheet_name="Data", index=False)
        pd.DataFrame({"x": [1]}).to_excel(book, sheet_name="Notes", index=False)
    (fault,) = check(path).faults
    assert "no sheet named enrollments" in fault


@pytest.mark.parametrize(("text", "hidden"), [
    ("123-456789", "***-**-**89"), ("12345-6789", "***-**-**89"), ("SSN:123456789x", "SSN:***-**-**89x"), ("2026-11-20", "2026-11-20"),
])  # fmt: skip
def test_numbers_with_a_single_gap_are_masked(text, hidden):
    assert masking.masked(text) == hidden


def test_names_that_people_give_are_masked(where, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    retention.pin(where, DAYS[0], "resident 987-65-4321 asked")
    assert retention.pinned(where)[DAYS[0]] == "resident ***-**-**21 asked"
    delivery = write(tmp_path, tables(), day="2026-07-31 123-45-6789")
    (delivery / "funding.parquet").unlink()
    assert main(["publish", str(delivery)]) == 1
    for path in [*where.glob("*.json"), *(tmp_path / "log").iterdir()]:
        assert "123-45-6789" not in path.read_text()
        assert "987-65-4321" not in path.read_text()


def test_a_note_with_half_a_character_is_published(where, tmp_path):
    path = write(tmp_path, tables(), day="2026-07-31")
    (path / "delivery.json").write_text('{"note": "\\ud800 alone"}')
    assert main(["publish", str(path)]) == 0
