"""Files as people send them, each of which was once refused or misread."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from data.delivery import describe
from data.errors import RefusedError
from data.report import Report
from tests.data import text_tables
from tests.data.deliveries import check
from tests.data.text_tables import COMPLETIONS, ENROLLMENTS

PIRL = "100,900,901,903,904,905,918,932,200,201,400,409,1307,108-A,1305\r\n"
RECORD = "T00000000001,20230110,20230630,1,0,0,0,0,20030101,2,0,4,1,98001,513902\r\n"


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return text_tables.write(tmp_path)


def change(delivery: Path, text: str, name: str = "enrollments") -> Report:
    (delivery / f"{name}.csv").write_bytes(text.encode())
    return check(delivery)


def about_the_file(report: Report, table: str) -> list[str]:
    """Return the notices about how a table's file was read, without those about empty columns."""
    return [notice for notice in report.tables[table].notices if "empty in every row" not in notice]


def test_02_every_part_file_is_read(delivery):
    (delivery / "completions.csv").unlink()
    folder = delivery / "completions"
    (folder / "year=2025").mkdir(parents=True)
    header, *rows = text_tables.cells(COMPLETIONS)
    for number, path in enumerate(("part-0.parquet", "part-1.parquet", "year=2025/part-2.PARQ")):
        pd.DataFrame([rows[number]], columns=header).to_parquet(folder / path)
    packed = folder / "part-1.parquet"
    (folder / "part-1.parquet.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    report = check(delivery)
    assert report.accepted
    assert report.tables["completions"].accepted == 3
    assert about_the_file(report, "completions") == ["Ignored, not in the contract: “year”."]


def test_02_a_part_that_is_called_gz_and_is_not_packed_is_read_with_a_notice(delivery):
    (delivery / "completions.csv").unlink()
    (delivery / "completions").mkdir()
    header, *rows = text_tables.cells(COMPLETIONS)
    frame = pd.DataFrame(rows, columns=header)
    frame.iloc[:1].to_parquet(delivery / "completions" / "part-0.parquet")
    frame.iloc[1:].to_parquet(delivery / "completions" / "part-1.parquet.gz", compression=None)
    report = check(delivery)
    assert report.accepted
    assert report.tables["completions"].accepted == 3
    assert about_the_file(report, "completions") == [
        "part-1.parquet.gz in completions/ is not compressed with gzip, although its name says so. It was read."
    ]


def test_10_rows_of_commas_are_not_rows(delivery):
    report = change(delivery, ENROLLMENTS + ("," * 22 + "\r\n") * 3)
    counts = report.tables["enrollments"]
    assert report.accepted
    assert (counts.read, counts.accepted, counts.skipped) == (3, 3, 3)
    assert "enrollments.csv: Skipped 3 empty rows (rows 5, 6, 7)." in counts.notices
    assert "Skipped empty rows in enrollments: 3 rows." in report.as_text()


def test_11_line_ends_of_two_kinds_are_read(delivery):
    first, *rest = ENROLLMENTS.splitlines()
    report = change(delivery, f"{first}\r\n{rest[0]}\r\n{rest[1]}\n{rest[2]}\n")
    assert report.accepted
    assert report.tables["enrollments"].accepted == 3
    assert about_the_file(report, "enrollments") == [
        "enrollments.csv: It mixes line ends (2 with CRLF and 2 with LF). All lines were read."
    ]


def test_12_unnamed_empty_columns_at_the_right_end_are_ignored(delivery):
    report = change(delivery, "".join(f"{line},,\r\n" for line in ENROLLMENTS.splitlines()))
    assert report.accepted
    assert report.tables["enrollments"].accepted == 3
    assert about_the_file(report, "enrollments") == ["Ignored 2 columns without a name and values."]


def test_12_an_unnamed_column_with_a_value_gets_its_number(delivery):
    lines = ENROLLMENTS.splitlines()
    report = change(delivery, f"{lines[0]},,\n{lines[1]},,\n{lines[2]},x,\n{lines[3]},,\n")
    assert report.accepted
    assert "Ignored, not in the contract: “column 24”." in report.tables["enrollments"].notices


@pytest.mark.parametrize(
    ("above", "notice"),
    [
        ("Enrollments as of November 20,,,\n\n", "Skipped the 2 lines above the header."),
        ("\n", "Skipped the line above the header."),
        ("sep=,\n", "Skipped the line above the header."),
    ],
)
def test_12_lines_above_the_header_are_skipped(delivery, above, notice):
    report = change(delivery, above + ENROLLMENTS)
    assert report.accepted
    assert report.tables["enrollments"].accepted == 3
    assert about_the_file(report, "enrollments") == [f"enrollments.csv: {notice}"]


def test_12_rows_above_the_header_are_not_skipped(delivery):
    lines = ENROLLMENTS.splitlines(keepends=True)
    report = change(delivery, lines[1] + lines[2] + lines[0] + lines[3])
    assert report.faults == [
        "enrollments: enrollments.csv has its header in row 3, below 2 rows of values. Move the header to the first row."
    ]


def test_12_a_line_of_labels_above_the_header_is_skipped(delivery):
    labels = ",".join(f"The {name}" for name in ENROLLMENTS.partition("\n")[0].split(","))
    report = change(delivery, f"{labels}\n{ENROLLMENTS}")
    assert report.accepted
    assert about_the_file(report, "enrollments") == ["enrollments.csv: Skipped the line above the header."]


def test_12_a_first_line_that_is_not_a_header_is_questioned(delivery):
    report = change(delivery, ENROLLMENTS.partition("\n")[2])
    assert report.faults == [
        "enrollments: the first line of enrollments.csv has none of the expected columns. Is it a header?"
    ]


def test_16_two_files_for_a_single_file_layout(tmp_path):
    folder = tmp_path / "2024-12-31"
    folder.mkdir()
    for name in ("PIRL_Q1.csv", "PIRL_Q2.csv"):
        (folder / name).write_text(PIRL + RECORD, newline="")
    (fault,) = check(folder, "layout=pirl").faults
    assert "the layout takes one file, but the folder has 2: PIRL_Q1.csv, PIRL_Q2.csv. Send one." in fault


def test_17_a_pirl_file_without_a_header(tmp_path):
    path = tmp_path / "pirl-2024-12-31.csv"
    path.write_text(RECORD + RECORD.replace("001,", "002,"), newline="")
    (fault,) = check(path, "layout=pirl").faults
    assert "Is it a header?" in fault
    assert "put the element numbers there (docs/pirl.md)" in fault
    assert "T0000" not in fault
    assert "2003" not in fault


def test_18_a_date_in_the_future(delivery):
    with pytest.raises(RefusedError, match=r"dated 2062-11-20 \(--date\), but today is "):
        check(delivery, "date=2062-11-20")
    (delivery / "delivery.json").write_text('{"delivered_on": "2062-11-20"}')
    with pytest.raises(RefusedError, match=r"dated 2062-11-20 \(delivery\.json\)"):
        describe(delivery)


def test_31_no_exits_yet(delivery):
    report = change(delivery, COMPLETIONS.partition("\n")[0] + "\r\n", "completions")
    assert report.accepted
    assert report.tables["completions"].read == 0
    assert report.tables["completions"].supplied
    assert about_the_file(report, "completions") == ["completions.csv has a header but no rows, so it counts zero."]
