"""Properties of reading: from any program, each row is read once, reported as skipped, or refused in a sentence."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.data.read_tables import TABLE, Read, read

HEADER = ["person", "place", "day"]
LINE_ENDS = ("\n", "\r\n", "\r")
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)
SEPARATORS = (",", ";", "\t")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
BOMS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
many = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

simple = st.text(st.sampled_from("abcXYZ09 é€ñ😀.-/"), min_size=1, max_size=8).map(str.strip).filter(bool)
awkward = (
    st.text(st.sampled_from("ab,;\t\"' é\n😀"), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text.strip(",;\t\"' \n") != "")
)


def rows_of(cells: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.tuples(cells, cells, cells).map(list), min_size=least, max_size=6)


def as_csv(rows: list[list[str]], line_end: str = "\n", separator: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, delimiter=separator, quoting=quoting).writerows([HEADER, *rows])
    return text.getvalue()


def read_bytes(content: bytes, name: str = f"{TABLE}.csv") -> Read:
    with tempfile.TemporaryDirectory() as folder:
        delivery = Path(folder, "delivery")
        delivery.mkdir()
        (delivery / name).write_bytes(content)
        return read(delivery, HEADER, Path(folder, "work"))


def values(made: Read) -> list[list[str | None]]:
    assert not made.faults, made.faults
    return [[row[name] for name in HEADER] for row in made.rows]


@many
@given(
    rows_of(simple | awkward), st.sampled_from(LINE_ENDS), st.sampled_from(QUOTING), st.sampled_from(SEPARATORS),
    st.sampled_from(ENCODINGS), st.booleans(),
)  # fmt: skip
def test_every_writer_and_encoding(rows, line_end, quoting, separator, encoding, ends):
    # Python's writer does not quote a line feed if lines end in carriage returns.
    text = as_csv(rows, line_end, separator, csv.QUOTE_ALL if line_end == "\r" else quoting)
    content = BOMS.get(encoding, b"") + (text if ends else text.removesuffix(line_end)).encode(encoding)
    result = values(read_bytes(content))
    # Line ends inside a cell become line feeds if the file had to be copied.
    assert result == [[cell.replace("\r", "\n") for cell in row] for row in rows]


@many
@given(rows_of(simple, 1), st.lists(st.sampled_from(LINE_ENDS), min_size=7, max_size=7), st.sampled_from(QUOTING))
def test_mixed_line_ends(rows, ends, quoting):
    lines = as_csv(rows, quoting=quoting).splitlines()
    made = read_bytes("".join(line + end for line, end in zip(lines, ends, strict=False)).encode())
    assert values(made) == rows
    mixed = len(set(ends[: len(lines)])) > 1
    assert any("It mixes line ends" in notice for notice in made.notices) == mixed


@many
@given(rows_of(simple, 1), st.data(), st.sampled_from(["CRLF", "LF"]), st.integers(1, 5000))
def test_zero_bytes_anywhere(rows, data, end, length):
    content = as_csv(rows, "\r\n" if end == "CRLF" else "\n").encode()
    at = data.draw(st.integers(len("person,place,day"), len(content)))
    cut = content[:at] + bytes(length) + (content[at + length :] if data.draw(st.booleans()) else b"")
    line = content[:at].count(b"\n") + 1
    for content, name in ((cut, f"{TABLE}.csv"), (gzip.compress(cut), f"{TABLE}.csv.gz")):
        (fault,) = read_bytes(content, name).faults
        assert f"has a zero byte in line {line} (byte {at})" in fault, fault


@many
@given(rows_of(simple, 1), st.data(), st.sampled_from(["cp1252", "latin-1"]))
def test_text_that_is_not_utf8(rows, data, encoding):
    row = data.draw(st.integers(0, len(rows) - 1))
    plain = [["".join(letter for letter in cell if ord(letter) < 128) or "x" for cell in row] for row in rows]
    plain[row][2] += "é"
    lines = as_csv(plain).splitlines()
    (fault,) = read_bytes(as_csv(plain).encode(encoding)).faults
    assert f"is not in UTF-8 (line {row + 2}, column {len(lines[row + 1])}: byte 0xE9)" in fault


@many
@given(
    rows_of(simple, 1), st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["", ",,", " , ,", "   ", '"","",""'])), max_size=4),
    st.sampled_from(["", "\n", "A title\n", "A title,,\n\n", "sep=,\n", "\n\n"]), st.integers(0, 3), st.sampled_from(LINE_ENDS[:2]),
)  # fmt: skip
def test_what_spreadsheets_leave(rows, blanks, above, unnamed, end):
    lines = [line + "," * unnamed for line in as_csv(rows).splitlines()]
    for place, blank in blanks:
        lines.insert(1 + min(place, len(lines) - 1), blank + ("," * unnamed if blank.strip(" ") else ""))
    above_lines = above.count("\n")
    made = read_bytes((above + "\n".join(lines) + "\n").replace("\n", end).encode())
    assert values(made) == rows
    assert made.skipped == len(blanks)
    expected = [n for n, line in enumerate(lines, start=1 + above_lines) if line.strip(' ,"')][1:]
    assert list(made.places) == expected
    if blanks:
        assert any(f"Skipped {len(blanks)} empty row" in notice for notice in made.notices)


def _part(kind: str, rows: list[list[str]]) -> bytes:
    if "parquet" in kind or "pq" in kind or "parq" in kind:
        sink = pa.BufferOutputStream()
        columns = {name: [row[n] for row in rows] for n, name in enumerate(HEADER)}
        pq.write_table(pa.table(columns, schema=pa.schema({name: pa.string() for name in HEADER})), sink)
        content = sink.getvalue().to_pybytes()
    else:
        content = as_csv(rows).encode()
    if kind.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("inner." + kind.split(".")[1], content)
        return packed.getvalue()
    return gzip.compress(content) if kind.endswith(".gz") else content


PARQUET_ENDINGS = (".parquet", ".PARQUET", ".parq", ".pq", ".parquet.gz", ".Parq.GZ", ".parquet.zip")
TEXT_ENDINGS = (".csv", ".CSV", ".csv.gz", ".csv.zip", ".txt")


@many
@given(
    st.sampled_from([PARQUET_ENDINGS, TEXT_ENDINGS]).flatmap(
        lambda endings: st.lists(
            st.tuples(st.sampled_from(endings), rows_of(simple), st.sampled_from(["", "year=2025/", "y=1/m=2/", "sub/"])),
            min_size=1, max_size=4,
        )
    ),
    st.sets(st.sampled_from(["notes.docx", "_SUCCESS", ".part-0.crc", ".hidden.csv", "part.xls"])),
)  # fmt: skip
def test_every_part_is_read_and_every_other_file_is_reported(parts, others):
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "delivery", TABLE)
        for number, (ending, rows, below) in enumerate(parts):
            path = table / below / f"part-{number}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_part(ending.lower(), rows))
        for other in others:
            (table / other).write_bytes(b"x")
        made = read(table.parent, HEADER, Path(folder, "work"))
    assert sorted(values(made)) == sorted(row for _, rows, _ in parts for row in rows)
    quiet = {"_SUCCESS", ".part-0.crc"}
    notices = " ".join(made.notices)
    assert all((f"“{other} in {TABLE}/”" in notices) == (other not in quiet) for other in others), notices


@many
@given(
    st.sampled_from([f"{TABLE.title()} 2026-11-20", f"{TABLE} (1)", f"{TABLE}_final", "poeple", f"copy of {TABLE}"]),
    st.sampled_from([".csv", ".parquet", ".csv.gz", ".CSV", ".xls", ".docx"]),
)
def test_a_similar_name_is_reported_with_its_table(stem, ending):
    made = read_bytes(b"person,place,day\n", stem + ending)
    (fault,) = made.faults
    assert fault.endswith(f"Is it “{stem}{ending}”?")
    assert any(
        notice.startswith(f"Not read: “{stem}{ending}”. If it is the table {TABLE}, ") for notice in made.notices
    )


@many
@given(
    st.sampled_from(LINE_ENDS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(SEPARATORS),
    st.integers(0, 3),
    st.booleans(),
)
def test_a_header_without_rows_is_no_rows(line_end, encoding, separator, blanks, packed):
    text = as_csv([], line_end, separator) + (separator * 2 + line_end) * blanks
    content = BOMS.get(encoding, b"") + text.encode(encoding)
    made = read_bytes(*((gzip.compress(content), f"{TABLE}.csv.gz") if packed else (content,)))
    assert values(made) == []
    assert made.skipped == blanks


@many
@given(rows_of(simple | awkward, 1), st.data(), st.sampled_from(QUOTING), st.sampled_from(LINE_ENDS[:2]))
def test_a_damaged_file_is_refused_in_a_sentence_or_read_to_its_end(rows, data, quoting, end):
    """Whichever bytes change, no row is lost silently and no library's words are shown (see read_tables)."""
    content = bytearray(as_csv(rows, end, quoting=quoting).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(len("person,place,day\n"), max(len(content) - 1, 17)))
        content[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"x", b"", b'""', b"\x1a"])
        )
    made = read_bytes(bytes(content))
    if not made.faults:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
        expected = [cells for cells in csv.reader(lines, skipinitialspace=True)][1:]
        filled = [cells for cells in expected if any(cell.strip(' ",;\t\r\n') for cell in cells)]
        assert len(made.rows) == len(filled)
        assert len(made.rows) + made.skipped == len(expected)


@pytest.mark.parametrize("header", ['"da\ry"', '"day"x', '"day\n"'])
def test_a_row_that_is_cut_off_is_refused_also_below_a_damaged_header(header):
    made = read_bytes(f'"person","place",{header}\n"0","0","0'.encode())
    assert made.faults or len(made.rows) == 1


@many
@given(
    st.lists(st.tuples(simple, st.integers(-10**9, 10**9), st.dates(min_value=date(1900, 3, 1))), max_size=5), st.integers(0, 2), st.integers(0, 2),
    st.sampled_from([TABLE, f"{TABLE.title()} ", "Sheet1"]),
)  # fmt: skip
def test_workbooks(rows, above, blank, sheet):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for cells in [["A title"]] * above + [HEADER] + [[]] * blank + [list(row) for row in rows]:
        page.append(cells)
    content = io.BytesIO()
    book.save(content)
    made = read_bytes(content.getvalue(), f"{TABLE}.xlsx")
    assert values(made) == [[text, str(number), day.isoformat()] for text, number, day in rows]
    first = above + 2 + blank
    assert list(made.places) == list(range(first, first + len(rows)))
