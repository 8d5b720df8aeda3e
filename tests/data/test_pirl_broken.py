"""Broken PIRL files: faults are reported, excluded or refused, and every row read is accounted for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from data.report import Report
from tests.data.deliveries import check
from tests.data.pirl_files import DELIVERED_ON, changed, table, write

DAY = DELIVERED_ON.isoformat()
ROWS = 2000


@pytest.fixture(scope="module")
def good() -> pa.Table:
    return table(ROWS)


def checked(path: Path, **options: float) -> Report:
    return check(path, "layout=pirl", f"date={DAY}", *(f"{name}={given}" for name, given in options.items()))


@pytest.mark.parametrize("element", ["100", "900", "901"])
def test_without_who_or_when_the_file_is_refused(good, tmp_path, element):
    faults = checked(write(tmp_path / "export.csv", good.drop_columns([element]))).faults
    assert faults, faults
    assert any(f"There is no column “{element}”" in fault for fault in faults), faults


def test_a_file_without_a_header_or_with_an_element_twice_is_refused(good, tmp_path):
    path = write(tmp_path / "export.csv", good)
    path.write_text(path.read_text().split("\n", 1)[1].replace(",", "|,"))
    assert any("Is it a header?" in fault or "more than once" in fault for fault in checked(path).faults)
    write(path, good.append_column("PIRL 201", good.column("201")))
    assert any("more than once: “201”, “PIRL 201”" in fault for fault in checked(path).faults)


def test_bad_dates_and_unknown_codes_exclude_their_rows(good, tmp_path):
    exits = [row for row, day in enumerate(good.column("901").to_pylist()) if day]
    made = changed(good, "900", {1: "20230231", 2: "2023-13-01", 3: "garbage", 4: "20990101"})
    made = changed(made, "1302", {10: "19000101", 11: "0"})
    made = changed(made, "201", {20: "0", 21: "3"})
    made = changed(made, "213", {22: "7"})
    made = changed(made, "100", {30: None})
    made = changed(made, "1602", {exits[-1]: "8"})
    made = changed(made, "923", {exits[-2]: "98"})
    made = changed(made, "1307", {exits[-3]: "2"})
    made = changed(made, "1800", {exits[-4]: "8"})
    made = changed(made, "901", {exits[-5]: "20241301", exits[-6]: "20300101"})
    report = checked(write(tmp_path / "export.csv", made))
    assert report.accepted
    enrollments, completions = report.tables["enrollments"], report.tables["completions"]
    assert enrollments.reasons["applied_on is not a date"] == 3
    assert enrollments.reasons["woman is not true or false"] == 2
    assert enrollments.reasons["bipoc is not true or false"] == 1
    assert enrollments.reasons["participant_id is empty"] == 1
    assert enrollments.reasons["applied_on after the delivery"] == 1
    assert enrollments.reasons["started_on is not a date"] == 1, "19000101 means no date"
    assert any("started_on: 1 row with a placeholder date" in notice for notice in enrollments.notices)
    assert enrollments.quarantined == 9
    assert completions.reasons["unknown outcome"] == 3
    assert completions.reasons["employed_q2 is not true or false"] == 1
    assert completions.reasons["exited_on is not a date"] == 1
    assert completions.reasons["exited_on after the delivery"] == 1
    assert any("exit code 98" in notice for notice in completions.notices)
    assert enrollments.read == ROWS
    assert enrollments.read == enrollments.accepted + enrollments.quarantined


def test_duplicates_are_dropped_and_contradictions_refused(good, tmp_path):
    path = write(tmp_path / "export.csv", pa.concat_tables([good, good.slice(0, 50)]))
    counts = checked(path).tables["enrollments"]
    assert (counts.read, counts.accepted, counts.duplicates) == (ROWS + 50, ROWS, 50)
    other = changed(good.slice(0, 3), "201", {0: "9", 1: "9", 2: "9"})
    other = changed(other, "202", {0: "9", 1: "9", 2: "9"})
    report = checked(write(path, pa.concat_tables([good, other])))
    assert any("two or more rows with different content" in fault for fault in report.faults)


def test_too_many_bad_rows_refuse_the_file_unless_allowed(good, tmp_path):
    path = write(tmp_path / "export.csv", changed(good, "900", {row: "x" for row in range(200)}))
    assert "would be excluded" in checked(path).faults[0]
    assert checked(path, most_quarantined=10).accepted
