"""The scan of a text file's bytes: what it refuses, and its independent count."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import discover, examining, read_files, scanning
from data.examining import TableFiles
from data.limits import Limits
from data.scanning import UnreadableError, scan

BLOCK = 1 << 22


def written(folder: Path, content: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(content)
    return path


def test_records_across_blocks_are_counted_once(tmp_path):
    row = b'P1,"two\nlines ""quoted""",x\r\n'
    number = 2 * BLOCK // len(row)
    made = scan(written(tmp_path, b"a,b,c\r\n" + row * number), Limits())
    assert made.records == number + 1
    assert not made.blank_records
    assert made.mixed_line_ends is None


def test_a_tail_of_zero_bytes_says_where_it_begins(tmp_path):
    good = b"a,b\n" + b"1,2\n" * 2_000_000
    path = written(tmp_path, good + bytes(12_000_000))
    with pytest.raises(
        UnreadableError, match=r"has a zero byte in line 2,000,002 \(byte 8,000,004\), so the copy was cut off"
    ):
        scan(path, Limits())


def test_a_long_line_is_refused_before_it_is_read_to_its_end(tmp_path):
    path = written(tmp_path, b"a,b\n1," + b"x" * 3 * BLOCK)
    with pytest.raises(
        UnreadableError, match=r"more than 1,000 bytes in line 2, but the limit is 1,000 \(DASHBOARD_MOST_LINE"
    ):
        scan(path, Limits(line_bytes=1000))


def test_a_row_that_a_quotation_mark_makes_too_long(tmp_path):
    path = written(tmp_path, b'a,b\n1,"' + b"x,y\n" * 500 + b'"\n')
    with pytest.raises(UnreadableError, match=r"row that starts in line 2 .* Is a quotation mark not closed\?"):
        scan(path, Limits(line_bytes=1000))


def test_a_quotation_mark_inside_a_cell_hides_no_row(tmp_path):
    path = written(tmp_path, b'a,b\n1,5" pipe\n,\n2,6 inch\n')
    made = scan(path, Limits())
    assert made.has_stray_quotes
    scanning.recount(path, made, ",")
    assert made.records == 4
    assert made.blank_records == [3]


def examined(delivery: Path, work: Path) -> TableFiles:
    work.mkdir()
    files = discover.take_inventory(delivery, work, Limits(), ("people",))
    candidate = files.single("people")
    assert isinstance(candidate, discover.Candidate)
    made = examining.examine("people", candidate, files)
    assert isinstance(made, TableFiles)
    return made


def test_fewer_rows_loaded_than_counted_refuse_the_file(tmp_path):
    """The file is cut after it was counted, which the loader cannot notice."""
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    path = written(delivery, b"a,b\n1,2\n3,4\n5,6\n")
    files = examined(delivery, tmp_path / "work")
    with duckdb.connect() as connection:
        path.write_bytes(b"a,b\n1,2\n")
        assert files.rows == 3
        _, (fault,) = read_files.open_source(connection, files, "raw")
    assert "people.csv is damaged: it contains 3 rows, but 1 row could be read" in fault


def test_the_rows_of_parquet_are_held_against_its_footer(tmp_path):
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    with duckdb.connect() as connection:
        pq.write_table(pa.table({"a": list(range(1000))}), delivery / "people.parquet", row_group_size=100)
        files = examined(delivery, tmp_path / "work")
        source, faults = read_files.open_source(connection, files, "raw")
    assert source is not None
    assert not faults
    assert source.rows == 1000
    assert read_files.miscounted(source, 1000) == []
    assert "it contains 1,000 rows, but 900 rows could be read" in read_files.miscounted(source, 900)[0]
