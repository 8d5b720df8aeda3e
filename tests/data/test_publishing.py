"""Switching deliveries: complete or not at all, saved, rolled back, one at a time."""

from __future__ import annotations

import csv
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import duckdb_sql, published, publishing, store
from data.__main__ import main
from data.delivery import describe
from data.errors import RefusedError
from data.publishing import PublishOptions
from tests import processes
from tests.data.deliveries import tables, with_optional, write

DAYS = ("2024-06-28", "2025-06-27", "2026-06-26")


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "store"


def publish(path: Path, where: Path, **options):
    return publishing.publish(describe(path), PublishOptions(**options), into=where)


def rows(where: Path, query: str) -> list[tuple]:
    current = store.current_id(where)
    assert current is not None
    with duckdb_sql.open_read_only(store.database(where, current)) as connection:
        return connection.execute(query).fetchall()


def test_what_a_store_holds(tmp_path, where):
    made = with_optional(tables())
    frame = made["enrollments"]
    frame.loc[1, "sector"] = "Astrology"
    frame.loc[4, "town"], frame.loc[4, "region"] = None, "eastern"
    frame.loc[[6, 7], "woman"] = [True, False]
    frame["shoe size"] = 9
    report = publish(write(tmp_path, made), where, most_quarantined=5)
    assert report.accepted
    assert store.current_id(where) == "2024-06-28"
    assert rows(where, "select count(*), count(distinct resident), max(resident) from enrollments") == [(59, 30, 30)]
    assert rows(where, "select max(resident) from courses") == [(50,)]
    assert rows(where, "select region, town from enrollments where enrollment_id = 'E0004'") == [("Eastern", None)]
    assert rows(where, "select count(outcome), count(exited_on) from enrollments") == [(30, 30)]
    bits = "select distinct member_bits, answered_bits from enrollments where enrollment_id in ('E0006', 'E0007')"
    assert len(rows(where, bits)) == 1
    assert rows(where, bits)[0][0] >= 64
    assert rows(where, "select * from check_tables where table_name = 'enrollments'") == [("enrollments", 60, 59, 1, 0)]
    assert rows(where, "select * from check_reasons") == [("enrollments", "unknown sector", 1)]
    assert rows(where, "select delivery_id, cast(delivered_on as varchar), is_synthetic from delivery") == [
        ("2024-06-28", "2024-06-28", False)
    ]
    assert rows(where, "select count(*) from supplied where table_name = 'enrollments'") == [(23,)]
    folder = store.delivery_folder(where, "2024-06-28")
    with (folder / "quarantine" / "enrollments.csv").open(newline="") as file:
        quarantined = list(csv.DictReader(file))
    assert len(quarantined) == 1
    assert quarantined[0]["sector"] == "Astrology"
    assert quarantined[0]["shoe size"] == "9"
    assert list(quarantined[0])[-1] == "reasons"
    assert quarantined[0]["reasons"] == "unknown sector"
    assert store.report(where, "2024-06-28") == json.loads(json.dumps(report.as_json()))
    assert sorted(path.name for path in where.iterdir()) == [
        ".gitignore",
        ".lock",
        "current-copy.json",
        "current.json",
        "deliveries",
    ]
    assert (where / ".gitignore").read_text() == "*\n", "residents' records never get into a repository"


def test_quarantined_csv_rows_are_saved_as_sent(tmp_path, where):
    path = write(tmp_path, tables())
    frame = tables()["enrollments"]
    frame["Applied_On"] = frame.pop("applied_on").dt.strftime("%Y-%m-%d")
    frame.loc[[3, 9], "Applied_On"] = ["someday ", "2031-01-01"]
    (path / "enrollments.parquet").unlink()
    frame.to_csv(path / "enrollments.csv", index=False, lineterminator="\r\n")
    assert publish(path, where, most_quarantined=5).accepted
    quarantined = pd.read_csv(store.delivery_folder(where, "2024-06-28") / "quarantine" / "enrollments.csv")
    assert list(quarantined.columns) == [*frame.columns, "file", "row", "reasons"]
    assert list(quarantined["file"]) == ["enrollments.csv"] * 2, "the header is the first row"
    assert list(quarantined["row"]) == [5, 11], "the header is the first row"
    assert list(quarantined["Applied_On"]) == ["someday ", "2031-01-01"]
    assert list(quarantined["enrollment_id"]) == ["E0003", "E0009"]
    assert list(quarantined["reasons"]) == [
        "applied_on is not a date",
        "applied_on after the delivery; enrolled before applied",
    ]


def test_deliveries_are_saved_and_rolled_back(tmp_path, where):
    for day in DAYS:
        publish(write(tmp_path, tables(), day=day), where)
    publish(tmp_path / DAYS[2], where)
    assert store.history(where) == [*DAYS, "2026-06-26.2"]
    assert publishing.rollback(where) == ("2026-06-26.2", "2026-06-26")
    assert publishing.rollback(where) == ("2026-06-26", "2025-06-27")
    assert store.current_id(where) == "2025-06-27"
    assert store.read_list(where).rolled_back == ("2026-06-26.2", "2026-06-26")
    publish(tmp_path / DAYS[2], where)
    assert store.history(where) == [*DAYS[:2], "2026-06-26.3"]
    listed = published.deliveries(where)
    assert [entry.delivery for entry in listed if entry.is_current] == ["2026-06-26.3"]
    assert sorted(entry.delivery for entry in listed if entry.rolled_back) == ["2026-06-26", "2026-06-26.2"]
    assert all(store.database(where, entry.delivery).is_file() for entry in listed)
    for _ in range(2):
        publishing.rollback(where)
    with pytest.raises(RefusedError, match="2024-06-28 is the first published delivery"):
        publishing.rollback(where)


def test_an_older_delivery_needs_an_option(tmp_path, where):
    old, new = (write(tmp_path, tables(), day=day) for day in DAYS[:2])
    publish(new, where)
    with pytest.raises(RefusedError, match="before the current one"):
        publish(old, where)
    refusal = store.read_json(where / store.REFUSED)
    assert refusal is not None
    assert refusal["source"] == "2024-06-28"
    assert publish(old, where, allow_older=True).accepted
    assert store.current_id(where) == "2024-06-28"
    assert store.read_json(where / store.REFUSED) is None


def test_real_data_replace_a_newer_demo_but_not_the_reverse(tmp_path, where):
    demo, real = (write(tmp_path, tables(), day=day) for day in reversed(DAYS[:2]))
    (demo / "delivery.json").write_text('{"delivered_on": "2025-06-27", "is_synthetic": true}')
    publish(demo, where)
    assert publish(real, where).accepted
    assert store.current_id(where) == "2024-06-28"


def test_a_refused_delivery_changes_nothing_but_the_banner(tmp_path, where):
    good = write(tmp_path, tables(), day=DAYS[0])
    bad = write(tmp_path, tables(), day=DAYS[1])
    (bad / "funding.parquet").unlink()
    publish(good, where)
    report = publish(bad, where)
    assert not report.accepted
    assert store.current_id(where) == DAYS[0]
    assert store.history(where) == [DAYS[0]]
    refusal = store.read_json(where / store.REFUSED)
    assert refusal is not None
    assert refusal["faults"] == report.faults
    assert refusal["source"] == DAYS[1]
    publish(good, where)
    assert store.read_json(where / store.REFUSED) is None


# The step at which a publish is killed, and what must then be on screen.
DEATHS = {
    "before it builds": ("data.build_store.build", "old"),
    "after it built": ("data.store_files.sync_all", "old"),
    "before the switch": ("data.store_files.write_list", "old"),
    "after the switch": ("shutil.rmtree", "new"),
}


def publish_and_die(step: str, path: Path, where: Path) -> None:
    """Publish in a process that is killed where it calls the function `step`."""
    module, _, name = step.rpartition(".")
    setattr(importlib.import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    publish(path, where)


@pytest.mark.parametrize("death", DEATHS)
def test_an_interrupted_publish_leaves_the_old_or_the_new_delivery(tmp_path, where, death):
    step, expected = DEATHS[death]
    old, new = (write(tmp_path, tables(size), day=day) for size, day in ((60, DAYS[0]), (80, DAYS[1])))
    publish(old, where)
    assert processes.call(publish_and_die, step, new, where) == -signal.SIGKILL
    assert store.current_id(where) == (DAYS[0] if expected == "old" else DAYS[1])
    assert rows(where, "select count(*) from enrollments") == [(60 if expected == "old" else 80,)]
    assert publish(new, where).accepted
    assert rows(where, "select count(*) from enrollments") == [(80,)]
    assert not list(where.glob("building-*"))
    assert not list(where.glob(".current*"))
    listed = published.deliveries(where)
    assert {path.name for path in (where / "deliveries").iterdir()} == {entry.delivery for entry in listed}
    # If publishing is killed just before the list changes, the delivery stays in its place, unlisted: nothing is deleted.
    assert [entry.delivery for entry in listed if not entry.is_listed] == [DAYS[1]] * (death == "before the switch")


@pytest.mark.parametrize("call", ["data.build_store.build", "data.store_files.write_list", "data.duckdb_sql.detach"])
def test_a_full_disk_leaves_the_old_delivery(tmp_path, where, monkeypatch, call):
    publish(write(tmp_path, tables(), day=DAYS[0]), where)
    new = write(tmp_path, tables(), day=DAYS[1])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(call, full)
    with pytest.raises(OSError, match="No space left"):
        publish(new, where)
    assert store.current_id(where) == DAYS[0]
    assert rows(where, "select count(*) from enrollments") == [(60,)]
    assert not list(where.glob("building-*"))


def test_a_disk_that_fills_up_while_reading_is_no_fault_of_the_delivery(tmp_path, where, monkeypatch):
    publish(write(tmp_path, tables(), day=DAYS[0]), where)

    def full(*_: object) -> None:
        raise duckdb.IOException('IO Error: Could not write file "work.duckdb": No space left on device')

    monkeypatch.setattr("data.cast_columns.make_typed", full)
    with pytest.raises(duckdb.IOException):
        publish(write(tmp_path, tables(), day=DAYS[1]), where)
    assert store.current_id(where) == DAYS[0]
    assert store.read_json(where / store.REFUSED) is None


def publish_by_command(path: Path, output: Path) -> None:
    """Run the command that publishes in this process, its output in a file; exit with its code."""
    with output.open("w", encoding="utf-8") as sys.stdout:
        sys.exit(main(["publish", str(path), "--json"]))


def test_two_publishers_at_once_take_turns(tmp_path, where, monkeypatch):
    paths = [write(tmp_path / str(number), tables(), day=DAYS[0]) for number in range(3)]
    outputs = [path / "output.json" for path in paths]
    monkeypatch.setenv("DASHBOARD_STORE", str(where))
    running = [processes.start(publish_by_command, *each) for each in zip(paths, outputs, strict=True)]
    assert [processes.end(process) for process in running] == [0, 0, 0]
    published_ids = {json.loads(output.read_text())["delivery"] for output in outputs}
    assert published_ids == {DAYS[0], f"{DAYS[0]}.2", f"{DAYS[0]}.3"}
    assert len(store.history(where)) == 3
    assert not list(where.glob("building-*"))


def test_readers_never_see_a_partial_delivery(tmp_path, where, monkeypatch):
    """A reader that keeps reading sees complete deliveries only."""
    old, new = (write(tmp_path, tables(size), day=day) for size, day in ((60, DAYS[0]), (80, DAYS[1])))
    publish(old, where)
    monkeypatch.setenv("DASHBOARD_STORE", str(where))
    publisher = processes.start(publish_by_command, new, tmp_path / "output.json")
    seen = set()
    began = time.monotonic()
    while publisher.is_alive() and time.monotonic() - began < 60:
        seen.add(rows(where, "select count(*) from enrollments")[0][0])
    seen.add(rows(where, "select count(*) from enrollments")[0][0])
    assert processes.end(publisher) == 0
    assert seen <= {60, 80}
    assert 80 in seen


def test_ids_stay_inside_the_store(where):
    for bad in ("../x", "", ".", "a/b", ".."):
        with pytest.raises(ValueError, match="not a delivery id"):
            store.delivery_folder(where, bad)
