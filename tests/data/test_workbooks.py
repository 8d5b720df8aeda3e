"""Excel workbooks: dates and numbers as in Excel, a sheet per table, and no error read as an empty cell."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from data.limits import Limits
from data.scanning import UnreadableError
from data.workbooks import as_text, sheets
from tests.data import text_tables
from tests.data.deliveries import check


def book_of(path: Path, tables: dict[str, str]) -> Path:
    """Write a workbook with a sheet per table, with numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, text in tables.items():
        page = book.create_sheet(name)
        for cells in text_tables.cells(text):
            page.append([float(cell) if cell.replace(".", "", 1).isdecimal() else cell or None for cell in cells])
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"), (1234.5, "1234.5"), (0.1 + 0.2, "0.3"), (1.23e11, "123000000000"), (-0.0, "0"), (1e20, "1e+20"),
        (True, "true"), ("00123", "00123"), ("", ""), (datetime.date(2024, 1, 2), "2024-01-02"),
        (datetime.datetime(2024, 1, 2), "2024-01-02"), (datetime.datetime(2024, 1, 2, 13, 5), "2024-01-02 13:05:00"),
        (datetime.time(8, 30), "08:30:00"),
    ],
)  # fmt: skip
def test_cells_as_text(cell, text):
    assert as_text(cell) == text


def test_a_workbook_per_table_and_a_common_workbook(tmp_path):
    delivery = text_tables.write(tmp_path / "a", {})
    for name, text in text_tables.TABLES.items():
        book_of(delivery / f"{name}.xlsx", {"Sheet1": text})
    report = check(delivery)
    assert report.accepted
    assert [report.tables[name].accepted for name in text_tables.TABLES] == [3, 3, 3]
    delivery = text_tables.write(tmp_path / "b", {})
    book_of(
        delivery / "November.xlsx", {name.title(): text for name, text in text_tables.TABLES.items()} | {"Notes": "x\n"}
    )
    report = check(delivery)
    assert report.accepted
    assert [report.tables[name].accepted for name in text_tables.TABLES] == [3, 3, 3]
    assert report.notices == ["Not read: “sheet Notes in November.xlsx”."]
    assert check(delivery / "November.xlsx", "date=2025-11-20").accepted


def test_an_unreadable_value_is_reported_with_its_excel_row(tmp_path):
    delivery = text_tables.write(tmp_path)
    (delivery / "completions.csv").unlink()
    text = "Exits\n\n" + text_tables.COMPLETIONS.replace("2025-06-30", "someday")
    book_of(delivery / "completions.xlsx", {"completions": text})
    report = check(delivery)
    assert any("“someday” in row" in fault for fault in report.faults)


def test_an_error_cell_is_refused_by_its_place(tmp_path):
    path = book_of(tmp_path / "completions.xlsx", {"Exits": text_tables.COMPLETIONS})
    book = openpyxl.load_workbook(path)
    book["Exits"]["B3"] = "#REF!"
    book["Exits"]["B3"].data_type = "e"
    book.save(path)
    with pytest.raises(UnreadableError, match=r"with an error instead of a value: B3 \(#REF!\) in sheet “Exits”"):
        sheets(path, tmp_path, Limits())


def test_a_formula_without_a_result_is_not_an_empty_cell(tmp_path):
    delivery = text_tables.write(tmp_path)
    (delivery / "completions.csv").unlink()
    path = book_of(delivery / "completions.xlsx", {"completions": text_tables.COMPLETIONS, "Notes": "a\n1\n"})
    book = openpyxl.load_workbook(path)
    book["completions"]["K3"] = "=J3*1.2"
    book["Notes"]["B1"] = "=A2"
    book.save(path)
    assert check(delivery).faults == [
        "completions.xlsx has formulas without a result in sheet “completions”: K3. Open it in Excel, save it and send it again."
    ]


@pytest.mark.parametrize(
    ("cell", "accepted"),
    [
        (b'<c r="K3" t="str"><f>IF(J3="","",1)</f><v></v></c>', True),  # the result is an empty text
        (b'<c r="K3"><f>J3*1.2</f><v>21.5</v></c>', True),
        (b'<c r="K3"><f>J3*1.2</f></c>', False),
        (b'<c r="K3"><f t="shared" si="0"/></c>', False),
    ],
)
def test_formulas_as_programs_write_them(tmp_path, cell, accepted):
    delivery = text_tables.write(tmp_path)
    (delivery / "completions.csv").unlink()
    made = book_of(
        tmp_path / "made.xlsx",
        {"completions": text_tables.COMPLETIONS.replace("completed,,,,,,,,", "completed,,,,,,,,7")},
    )
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(delivery / "completions.xlsx", "w") as changed:
        for part in given.infolist():
            content = given.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content, number = re.subn(rb'<c r="K3".*?</c>', lambda _: cell, content)
                assert number == 1
            changed.writestr(part, content)
    assert check(delivery).accepted is accepted


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0" * 200])
def test_a_damaged_workbook(tmp_path, content):
    path = tmp_path / "enrollments.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match="is a damaged Excel workbook"):
        sheets(path, tmp_path, Limits())


def test_a_workbook_cut_off_or_too_large(tmp_path):
    path = book_of(tmp_path / "completions.xlsx", {"Exits": text_tables.COMPLETIONS})
    with pytest.raises(UnreadableError, match=r"the limit is 100 \(DASHBOARD_MOST_WORKBOOK_BYTES raises it\)"):
        sheets(path, tmp_path, Limits(workbook_bytes=100))
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnreadableError, match="is a damaged Excel workbook"):
        sheets(path, tmp_path, Limits())


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("EncryptedPackage", "has a password. Save it without one."),
        ("Workbook", "is an old Excel workbook (.xls) under another name. Save it as .xlsx in Excel."),
    ],
)
def test_a_workbook_in_an_ole_container(tmp_path, stream, expected):
    path = tmp_path / "enrollments.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1_048_560 + stream.encode("utf-16-le") + b"\0" * 90)
    with pytest.raises(UnreadableError) as refused:
        sheets(path, tmp_path, Limits())
    assert str(refused.value) == expected


def test_hidden_rows_are_read_with_a_notice(tmp_path):
    delivery = text_tables.write(tmp_path)
    (delivery / "completions.csv").unlink()
    path = book_of(delivery / "completions.xlsx", {"completions": text_tables.COMPLETIONS})
    assert not [notice for notice in check(delivery).notices if "hidden" in notice]
    book = openpyxl.load_workbook(path)
    book["completions"].row_dimensions[2].hidden = True
    book.save(path)
    assert (
        "completions.xlsx has 1 hidden row on its sheets, for example from a filter. A hidden row of a sheet that is read counts like all others."
        in check(delivery).notices
    )
