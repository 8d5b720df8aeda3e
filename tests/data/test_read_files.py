"""Files that are missing, cut off, of the wrong type or misnamed refuse the delivery."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data import deliveries
from tests.data.deliveries import check, tables, with_optional, write


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A good delivery on disk, for tests to break."""
    return write(tmp_path, with_optional(tables()))


def as_csv(delivery: Path, name: str, **options) -> bytes:
    """Replace a table's Parquet file by CSV and return its bytes, for the test to change."""
    path = delivery / f"{name}.parquet"
    text = pd.read_parquet(path).to_csv(index=False, **options).encode()
    path.unlink()
    (delivery / f"{name}.csv").write_bytes(text)
    return text


def only_fault(delivery: Path) -> str:
    report = check(delivery)
    assert len(report.faults) == 1, report.faults
    return report.faults[0]


def test_a_missing_required_table(delivery):
    (delivery / "funding.parquet").unlink()
    assert only_fault(delivery).startswith("The required table funding is missing: no funding.parquet,")


def test_every_fault_gets_its_sentence(delivery):
    (delivery / "funding.parquet").unlink()
    (delivery / "courses.parquet").write_bytes(b"")
    (delivery / "openings.parquet").write_bytes(b"hello, world")
    pd.read_parquet(delivery / "enrollments.parquet").drop(columns=["program", "applied_on"]).to_parquet(
        delivery / "enrollments.parquet"
    )
    faults = check(delivery).faults
    assert len(faults) == 4
    assert any("the required columns program, applied_on are missing from enrollments.parquet" in f for f in faults)
    assert "courses: courses.parquet is empty (0 bytes)." in faults
    assert any(f.startswith("openings: openings.parquet is not a Parquet file") for f in faults)


def test_optional_columns_may_be_missing(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame.drop(columns=["region", "veteran"]).to_parquet(delivery / "enrollments.parquet")
    report = check(delivery)
    assert report.accepted
    assert "The optional column veteran is not in enrollments.parquet." in report.tables["enrollments"].notices


def test_extra_columns_are_ignored_and_listed(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame.assign(shoe_size=9, filename="x", file_row_number=1).to_parquet(delivery / "enrollments.parquet")
    report = check(delivery)
    assert report.accepted
    assert report.tables["enrollments"].notices == [
        "Ignored, not in the contract: “shoe_size”, “filename”, “file_row_number”."
    ]


def test_column_names_match_trimmed_and_without_case(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame.rename(columns=lambda name: f" {name.upper()} ").to_parquet(delivery / "enrollments.parquet")
    assert check(delivery).accepted


def test_a_column_given_twice(delivery):
    table = pq.read_table(delivery / "enrollments.parquet")
    pq.write_table(table.append_column("Program", table["program"]), delivery / "enrollments.parquet")
    assert "has the column program more than once" in only_fault(delivery)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("applied_on", [[1]] * 60, "the column applied_on of type BIGINT[] cannot be read as a date: “[1]” in row 1"),
        ("applied_on", [True] * 60, "the column applied_on of type BOOLEAN cannot be read as a date: “true” in row 1"),
        ("applied_on", [20230102] * 60, "of type BIGINT cannot be read as a date: “20230102” in row 1"),
        ("applied_on", [None] * 3 + ["in May"] * 57, "cannot be read as a date: “in May” in row 4 of"),
        ("child_care", ["perhaps"] * 60, "the column child_care cannot be read as true or false: “perhaps”"),
        ("woman", [7] * 60, "the column woman cannot be read as true or false: “7” in row 1"),
        (
            "program",
            [{"name": "Welding"}] * 60,
            'the column program of type STRUCT("name" VARCHAR) cannot be read as text',
        ),
    ],
)
def test_a_column_that_cannot_be_cast(delivery, column, values, expected):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame[column] = pd.Series(values, dtype=object)
    frame.to_parquet(delivery / "enrollments.parquet")
    assert expected in only_fault(delivery)


def test_a_value_that_cannot_be_cast_is_quarantined(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame["applied_on"] = ["someday", *frame["applied_on"].dt.strftime("%Y-%m-%d")[1:]]
    frame["child_care"] = ["yes", "N", "maybe", *frame["child_care"].astype(str)[3:]]
    frame.to_parquet(delivery / "enrollments.parquet")
    report = check(delivery, "most_quarantined=10")
    assert report.tables["enrollments"].reasons == {"applied_on is not a date": 1, "child_care is not true or false": 1}


def test_a_column_out_of_range_refuses_and_a_single_value_is_quarantined(delivery):
    frame = pd.read_parquet(delivery / "funding.parquet")
    frame.assign(amount=1e300).to_parquet(delivery / "funding.parquet")
    assert "the column amount cannot be read as a dollar amount: “1e+300” in row 1" in only_fault(delivery)
    frame.loc[[3, 7], "amount"] = [float("nan"), 1e300]
    frame.to_parquet(delivery / "funding.parquet")
    report = check(delivery, "most_quarantined=10")
    reasons = report.tables["funding"].reasons
    assert reasons["amount is not a dollar amount"] >= 1
    assert report.tables["funding"].quarantined == 2


def test_enrollments_without_rows(delivery):
    pd.read_parquet(delivery / "enrollments.parquet").head(0).to_parquet(delivery / "enrollments.parquet")
    assert only_fault(delivery) == "enrollments: enrollments.parquet has no rows."


@pytest.mark.parametrize("name", ["completions", "funding", "courses", "openings"])
def test_another_table_without_rows_is_a_count_of_zero(delivery, name):
    pd.read_parquet(delivery / f"{name}.parquet").head(0).to_parquet(delivery / f"{name}.parquet")
    report = check(delivery)
    assert report.accepted
    assert report.tables[name].read == 0
    assert report.tables[name].supplied
    assert report.tables[name].notices == [f"{name}.parquet has a header but no rows, so it counts zero."]


def test_truncated_parquet(delivery):
    path = delivery / "completions.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    assert only_fault(delivery).startswith("completions: completions.parquet is cut off")


def test_damaged_parquet(delivery):
    path = delivery / "completions.parquet"
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(1996)
    path.write_bytes(content)
    assert only_fault(delivery).startswith("completions: completions.parquet cannot be read")
    path.write_bytes(b"PAR1" + bytes(500) + b"PAR1")
    assert only_fault(delivery).startswith("completions: completions.parquet cannot be read")


def test_an_archive_instead_of_parquet(delivery):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("enrollments.csv", "a,b\n1,2\n")
    (delivery / "enrollments.parquet").write_bytes(packed.getvalue())
    assert only_fault(delivery) == (
        "enrollments: enrollments.parquet is a zip archive (or an Excel workbook), not a Parquet file."
    )
    (delivery / "enrollments.parquet").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert only_fault(delivery) == "enrollments: enrollments.parquet is a gzip archive, not a Parquet file."


def test_a_parquet_file_with_a_csv_ending_and_the_reverse(delivery):
    (delivery / "funding.parquet").rename(delivery / "funding.csv")
    assert "funding.csv is a Parquet file, not a CSV file." in only_fault(delivery)
    (delivery / "funding.csv").unlink()
    (delivery / "funding.parquet").write_text("transaction_id,award_id\nT1,A1\n")
    assert "funding.parquet is not a Parquet file: it starts with “transaction_”." in only_fault(delivery)


def test_a_folder_of_parts(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    (delivery / "enrollments.parquet").unlink()
    folder = delivery / "enrollments"
    folder.mkdir()
    frame.iloc[:20].to_parquet(folder / "part-00000.parquet")
    frame.iloc[20:, ::-1].to_parquet(folder / "part-00001.parquet")
    frame.head(0).to_parquet(folder / "part-00002.parquet")
    (folder / "_SUCCESS").write_bytes(b"")
    (folder / ".part-00000.parquet.crc").write_bytes(b"crc")
    report = check(delivery)
    assert report.accepted
    assert report.tables["enrollments"].read == 60
    frame.drop(columns="program").to_parquet(folder / "part-00002.parquet")
    assert "the part part-00002.parquet in enrollments/ lacks the column program that other parts have" in only_fault(
        delivery
    )
    (folder / "part-00002.parquet").write_bytes(b"PAR1 cut")
    assert "part-00002.parquet in enrollments/ is cut off" in only_fault(delivery)


def test_a_link_to_another_folder_and_a_hidden_folder_are_reported(delivery, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (delivery / "enrollments.parquet").rename(tmp_path / "part.parquet")
    (delivery / "enrollments").mkdir()
    (tmp_path / "part.parquet").rename(delivery / "enrollments" / "part.parquet")
    (delivery / "enrollments" / "more").symlink_to(tmp_path / "elsewhere")
    (delivery / ".git").mkdir()
    report = check(delivery)
    assert report.accepted
    assert report.notices == ["Not read: “.git/”, “more/ in enrollments/”."]


def test_an_empty_folder_of_parts(delivery):
    (delivery / "enrollments.parquet").unlink()
    (delivery / "enrollments").mkdir()
    assert only_fault(delivery) == "enrollments: enrollments/ has no Parquet or CSV part files."


def test_a_table_in_two_files(delivery):
    (delivery / "funding.csv").write_text("x\n1\n")
    assert only_fault(delivery) == "There are several files for funding: funding.csv, funding.parquet. Keep one."


def test_csv_with_a_byte_order_mark_and_windows_line_ends(delivery):
    for name in ("enrollments", "completions", "funding"):
        text = as_csv(delivery, name, lineterminator="\r\n")
        (delivery / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + text)
    report = check(delivery)
    assert report.accepted
    assert report.tables["enrollments"].accepted == 60


def test_gzip_csv(delivery):
    text = as_csv(delivery, "enrollments")
    (delivery / "enrollments.csv").unlink()
    packed = gzip.compress(text)
    (delivery / "enrollments.csv.gz").write_bytes(packed)
    assert check(delivery).accepted
    (delivery / "enrollments.csv.gz").write_bytes(packed[:-40])
    assert "enrollments.csv.gz is not a valid gzip file" in only_fault(delivery)
    (delivery / "enrollments.csv.gz").write_bytes(text)
    assert "enrollments.csv.gz is not a valid gzip file" in only_fault(delivery)


def test_csv_with_quotes_new_lines_and_other_scripts(delivery):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame.loc[1, "provider"] = 'The "Elm", and\nsons 😀 Žluťoučký'
    frame.to_parquet(delivery / "enrollments.parquet")
    as_csv(delivery, "enrollments")
    assert check(delivery).accepted


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda text: text + b"E1,P1,CareerConneCT\n",
            "enrollments.csv has 3 values in line 62 where the header has 23 columns",
        ),
        (
            lambda text: text[: len(text) - 60],
            "values in line 61 where the header has 23 columns (is the file cut off?)",
        ),
        (lambda text: text + b'E9,"never closed', "quotation mark that is not closed"),
        (lambda text: text.replace(b"Welding", b"Sold\xe9", 1), "is not in UTF-8"),
        (lambda text: text.decode().encode("utf-16-le"), "is in UTF-16 without a byte order mark"),
        (lambda text: text.decode().encode("utf-16")[:-1], "is in UTF-16 and is cut off or damaged"),
        (lambda text: text.replace(b"program,", b"provider,", 1), "has the column provider more than once"),
        (lambda text: b"", "enrollments.csv is empty."),
        (lambda text: text.split(b"\n")[0] + b"\n", "enrollments: enrollments.csv has no rows."),
        (lambda text: b"\x00\x01\x02\x03" * 100, "is a binary file, not a CSV file"),
    ],
)
def test_damaged_csv(delivery, change, expected):
    (delivery / "enrollments.csv").write_bytes(change(as_csv(delivery, "enrollments")))
    assert expected in only_fault(delivery)


def test_types_as_other_writers_leave_them(delivery):
    """Timestamps with zones, counts as floats, enumerations and dictionaries, empty columns."""
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame["applied_on"] = frame["applied_on"].dt.tz_localize("UTC")
    frame["enrolled_on"] = frame["enrolled_on"].dt.date
    frame["started_on"] = frame["started_on"].dt.strftime("%Y-%m-%d 00:00:00")
    frame["sector"] = frame["sector"].astype("category")
    frame["region"] = None
    frame["child_care"] = frame["child_care"].astype(int)
    frame["woman"] = frame["woman"].astype(float)
    frame["participant_id"] = range(60)
    frame.to_parquet(delivery / "enrollments.parquet")
    openings = pd.read_parquet(delivery / "openings.parquet")
    openings.astype({"positions": float, "filled": str}).to_parquet(delivery / "openings.parquet")
    assert check(delivery).accepted


def test_a_path_with_wildcards_in_it(tmp_path):
    folder = tmp_path / "new [1] exports*?"
    assert check(deliveries.write(folder, tables())).accepted


@pytest.mark.parametrize("column", ["provider", "participant_id"])
def test_a_zero_character_inside_a_name(delivery, column):
    frame = pd.read_parquet(delivery / "enrollments.parquet")
    frame.loc[7, column] = "Acme\0College"
    frame.to_parquet(delivery / "enrollments.parquet")
    assert f"the column {column} of enrollments.parquet has a value with a zero character" in only_fault(delivery)


def test_delivery_json(delivery):
    (delivery / "delivery.json").write_text('{"delivered_on": "2024-07-05", "is_synthetic": true, "note": "x"}')
    report = check(delivery)
    assert report.delivered_on == "2024-07-05"
    assert report.is_synthetic


def test_arrow_nulls_and_large_strings(delivery):
    table = pq.read_table(delivery / "funding.parquet")
    at = table.schema.get_field_index("sector")
    table = table.set_column(at, "sector", pa.nulls(len(table)))
    at = table.schema.get_field_index("recipient")
    table = table.set_column(at, "recipient", table["recipient"].cast(pa.large_string()))
    pq.write_table(table, delivery / "funding.parquet")
    assert check(delivery).accepted
