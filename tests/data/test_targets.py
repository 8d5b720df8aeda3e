"""Targets in a delivery replace the project's. Every mistake in them gets a sentence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from data import duckdb_sql, reference, targets
from data.demo import plan, writing
from queries import measures
from tests.conftest import publish
from tests.data import deliveries
from tests.data.deliveries import check, tables

HEADER = "measure,initiative,region,sector,group_id,set_on,starts_on,due_on,value,set_by,reason,source"
GOOD = "participation_share,CareerConneCT,,,woman,2023-01-02,,2026-12-31,0.45,Office,First target,Letter"
COUNT = "residents_enrolled,CareerConneCT,,,,2023-01-02,2023-01-02,2026-12-31,600,Office,First target,Letter"


def carrying(folder: Path, *lines: str, header: str = HEADER, name: str = "targets.csv") -> Path:
    """Write a good delivery with these targets."""
    out = deliveries.write(folder, tables())
    (out / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return out


def stored(store: Path) -> list[tuple]:
    with duckdb_sql.open_read_only(store / "deliveries" / deliveries.DAY / "store.duckdb") as connection:
        return connection.execute(
            "select measure, initiative, group_id, value from ref_targets order by value"
        ).fetchall()


def test_a_deliverys_targets_replace_the_projects(tmp_path):
    delivery, store = carrying(tmp_path, GOOD.replace("CareerConneCT", "careerconnect"), COUNT), tmp_path / "store"
    report = check(delivery)
    assert report.accepted
    assert report.notices == ["targets.csv: 2 lines, used instead of the project's targets for this delivery."]
    publish(delivery, store)
    assert stored(store) == [
        ("participation_share", "CareerConneCT", "woman", 0.45),
        ("residents_enrolled", "CareerConneCT", None, 600.0),
    ]


def test_without_a_file_the_projects_targets_hold_and_an_empty_file_means_none(tmp_path):
    publish(deliveries.write(tmp_path / "a", tables()), tmp_path / "own")
    assert [value for *_, value in stored(tmp_path / "own")] == [6000, 8000]
    publish(carrying(tmp_path / "b"), tmp_path / "none")
    assert stored(tmp_path / "none") == []


def test_a_history_is_several_lines(tmp_path):
    assert check(carrying(tmp_path, GOOD, GOOD.replace("2023-01-02", "2024-01-15").replace("0.45", "0.48"))).accepted


def changed(line: str, **cells: str) -> str:
    """Return the line with some cells changed, by column."""
    values = dict(zip(HEADER.split(","), next(csv.reader([line])), strict=True)) | cells
    return ",".join(values.values())


HOSTILE = {
    "unknown measure": (changed(GOOD, measure="wage_gain"), "the measure “wage_gain” cannot have a target"),
    "no measure": (changed(GOOD, measure=""), "measure is empty"),
    "unknown group": (changed(GOOD, group_id="women"), "there is no group “women”. Choose one of: bipoc, disability"),
    "no group": (changed(GOOD, group_id=""), "group_id is empty. A target for a share of residents needs a group"),
    "unknown region": (changed(GOOD, region="Northeast"), "there is no region “Northeast”. Choose one of: Northwest"),
    "unknown sector": (changed(GOOD, sector="Health care"), "there is no sector “Health care”"),
    "unknown initiative": (changed(GOOD, initiative="Career Connect"), "there is no initiative “Career Connect”"),
    "percent for a share": (changed(GOOD, value="45"), "not a share above 0 and at most 1 (for 45%, write 0.45)"),
    "share of nothing": (changed(GOOD, value="0"), "the value 0 is not a share above 0"),
    "negative": (changed(GOOD, value="-0.1"), "the value -0.1 is not a share above 0 and at most 1"),
    "not a number": (changed(GOOD, value="nan"), "the value nan is not a share"),
    "words": (changed(GOOD, value="half"), "value “half” is not a number"),
    "no value": (changed(GOOD, value=""), "value is empty"),
    "share for a count": (changed(COUNT, value="0.45"), "the value 0.45 is not a whole number of residents, 1 or more"),
    "endless count": (changed(COUNT, value="inf"), "the value inf is not a whole number of residents"),
    "unreadable date": (changed(GOOD, set_on="01/15/2024"), "set_on “01/15/2024” is not a date"),
    "no such day": (changed(GOOD, due_on="2026-02-30"), "due_on “2026-02-30” is not a date"),
    "never set": (changed(GOOD, set_on=""), "set_on is empty. Enter the day from which the target holds"),
    "set later": (changed(GOOD, set_on="2024-06-29"), "set_on (2024-06-29) is after the delivery (2024-06-28)"),
    "due before start": (changed(COUNT, due_on="2022-12-31"), "due_on (2022-12-31) must be after starts_on (2023-01-02)"),
    "due at the start": (changed(COUNT, due_on="2023-01-02"), "due_on (2023-01-02) must be after starts_on (2023-01-02)"),
    "no schedule": (changed(COUNT, due_on=""), "due_on is empty. A target for a count needs the last day of its schedule"),
    "by nobody": (changed(GOOD, set_by=" "), "set_by is empty. Enter who set the target"),
    "for no reason": (changed(GOOD, reason=""), "reason is empty. Enter why the target was set"),
    "too few cells": ("participation_share,CareerConneCT", "row 1, has 2 values for 12 columns"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_each_mistake_gets_a_sentence(tmp_path, line, expected):
    report = check(carrying(tmp_path, line))
    assert len(report.faults) == 1, report.faults
    assert report.faults[0].startswith("targets.csv, row 1"), report.faults
    assert expected in report.faults[0]
    assert report.faults[0].endswith(".")


def test_a_line_with_several_mistakes_gets_a_sentence_for_each_and_blank_lines_count(tmp_path):
    report = check(carrying(tmp_path, GOOD, "", changed(GOOD, group_id="women", value="45", set_by="")))
    assert len(report.faults) == 3
    assert all(fault.startswith("targets.csv, row 3: ") for fault in report.faults)


def test_the_same_target_twice_on_a_day(tmp_path):
    report = check(carrying(tmp_path, GOOD, COUNT, changed(GOOD, value="0.5", group_id="WOMAN")))
    assert report.faults == ["targets.csv, row 3: the same target is already set on 2023-01-02 in row 1. Keep one."]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER.replace("group_id", "group"), "targets.csv has the column “group”, but may have only measure"),
        (HEADER.replace("group_id", "region"), "targets.csv has the column “region” more than once"),
        (HEADER.replace("value", "measure "), "targets.csv does not have the column value"),
        ("", "targets.csv does not have the column measure, value"),
    ],
)
def test_a_header_that_would_set_other_targets_than_meant(tmp_path, header, expected):
    report = check(carrying(tmp_path, GOOD, header=header))
    assert len(report.faults) == 1, report.faults
    assert expected in report.faults[0], report.faults


def test_targets_must_be_a_single_csv(tmp_path):
    assert (
        "Send targets in one file, targets.csv"
        in check(carrying(tmp_path / "a", GOOD, name="targets.csv.gz")).faults[0]
    )
    delivery = carrying(tmp_path / "b", GOOD)
    (delivery / "TARGETS.CSV").write_text(HEADER)
    assert "This delivery has TARGETS.CSV, targets.csv" in check(delivery).faults[0]
    (delivery / "TARGETS.CSV").unlink()
    (delivery / "targets.csv").write_bytes(HEADER.encode() + b"\n\xff\xfe\n")
    assert "targets.csv is not in UTF-8 (line 2, column 1: byte 0xFF)" in check(delivery).faults[0]


def test_what_may_have_a_target_are_measures_in_residents_or_shares():
    known = measures()
    assert {known[measure].unit for measure in targets.COUNTS} == {"residents"}
    assert {known[measure].unit for measure in targets.SHARES} == {"share"}


def test_the_projects_file_is_valid_and_has_no_equity_target():
    project_targets = reference.load()["targets"]
    assert project_targets
    assert all(row["measure"] == "residents_enrolled" and row["group_id"] is None for row in project_targets)


def test_the_demos_targets_travel_once_set_say_they_are_invented_and_keep_the_published_two(demo_deliveries):
    file_text = (reference.FOLDER / targets.FILE).read_text(encoding="utf-8").splitlines()[1:]
    for folder in demo_deliveries:
        with (folder / targets.FILE).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        expected = [target for target in plan.EQUITY_TARGETS if target["set_on"] <= folder.name]
        equity = [row for row in rows if row["measure"] not in targets.COUNTS]
        assert [row["value"] for row in equity] == [target["value"] for target in expected]
        assert all(row["set_by"] == writing.SET_BY and "Invented" in row["source"] and row["reason"] for row in equity)
        assert len(rows) == len(file_text) + len(expected)
