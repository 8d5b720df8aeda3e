"""Excel workbooks: each sheet becomes a CSV file in the working folder, which is then read like any other.

Dates, numbers and booleans are written as in Excel: 2024-01-02, 1234.5, 12 (never 12.0), true.
"""

from __future__ import annotations

import csv
import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import python_calamine as calamine

from data.errors import listed, shown
from data.limits import Limits, allowed
from data.scanning import UnreadableError

_BLOCK = 1 << 20
_ERROR = re.compile(b't="e"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\shidden="(?:1|true)"')
# A formula's cell that ends, or has an empty value, after the formula. The result may also be an empty text (`_without_result`).
_NO_RESULT = re.compile(rb"<(?:\w+:)?f\b[^<]*(?:/>|</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</(?:\w+:)?c>)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LONGEST_FORMULA = 40_000  # bytes
_LISTED_CELLS = 5

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


@dataclass(frozen=True)
class Sheet:
    """A workbook's sheet as a CSV file, with a line for each row of the sheet.

    `without_result` are the cells with a formula whose result is not in the file: a program wrote them, and they read as empty.
    """

    name: str
    path: Path
    is_empty: bool
    without_result: tuple[str, ...] = ()

    @property
    def fault(self) -> str | None:
        """The rest of a sentence about the workbook if a table cannot be read from this sheet."""
        if not self.without_result:
            return None
        cells = listed(self.without_result, _LISTED_CELLS)
        return f"has formulas without a result in sheet {shown(self.name, 40)}: {cells}. Open it in Excel, save it and send it again."


def sheets(path: Path, work: Path, limits: Limits) -> list[Sheet]:
    """Write every sheet of a workbook as a CSV file into `work`, in the workbook's order.

    Raises:
        UnreadableError: The workbook is damaged, has a password, is too large, or has a cell with an error such as #REF!, which
            would otherwise be read as empty.
    """
    cells = _must_be_sound(path, limits)
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return [
                replace(_written(book, name, work / f"sheet-{n}.csv"), without_result=tuple(cells.get(name, ())))
                for n, name in enumerate(book.sheet_names)
            ]
    except calamine.PasswordError:
        raise UnreadableError("has a password. Save it without one.") from None
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError):
        raise UnreadableError("is a damaged Excel workbook. Open it in Excel and save it again.") from None


def hidden_rows(path: Path) -> int:
    """Count the rows of a workbook that a filter or a person has hidden. They are read like all others."""
    with zipfile.ZipFile(path) as archive:
        return sum(_hidden_rows(archive, part) for part in archive.infolist() if _is_sheet(part))


def as_text(cell: Cell) -> str:
    """Return a cell as CSV text. A date without a time is written as a day."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) >= 1e15 or cell != int(cell) else str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, datetime.date | datetime.time) else str(cell)


def _written(book: calamine.CalamineWorkbook, name: str, target: Path) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in sheet.to_python(skip_empty_area=False):
            writer.writerow([as_text(cell) for cell in row])
    return Sheet(name, target, sheet.height == 0)


def _must_be_sound(path: Path, limits: Limits) -> dict[str, list[str]]:
    """Check the size and look for errors before the workbook, a zip file of XML, is loaded into memory.

    Returns:
        The cells with a formula without a result, by sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.workbook_bytes:
                raise UnreadableError(f"unpacks to too many bytes: {allowed('workbook_bytes', limits.workbook_bytes)}.")
            pages = [part for part in parts if _is_sheet(part)]
            may_have_error = any(_has(archive, page, _ERROR) for page in pages)
            may_lack_results = any(_has(archive, page, _NO_RESULT) for page in pages)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        _must_not_be_ole(path)
        raise UnreadableError("is a damaged Excel workbook. Open it in Excel and save it again.") from None
    if may_have_error and (cells := list(_errors(path))):
        raise UnreadableError(
            f"has cells with an error instead of a value: {listed(cells, _LISTED_CELLS)}. Correct or empty them in Excel"
            " and send it again."
        )
    return _without_result(path) if may_lack_results else {}


def _must_not_be_ole(path: Path) -> None:
    """Refuse what is not a zip file because Excel encrypted it, or because it is in Excel's format of before 2007."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return
        rest = b""
        while block := file.read(_BLOCK):
            if _ENCRYPTED in rest + block:
                raise UnreadableError("has a password. Save it without one.")
            rest = block[-len(_ENCRYPTED) :]
    raise UnreadableError("is an old Excel workbook (.xls) under another name. Save it as .xlsx in Excel.")


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("xl/worksheets/")


def _hidden_rows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    count, rest = 0, b""
    with archive.open(part) as xml:
        while block := xml.read(_BLOCK):
            block = rest + block
            end = block.rfind(b">") + 1
            count += len(_HIDDEN_ROW.findall(block, 0, end))
            rest = block[end:]
    return count


def _has(archive: zipfile.ZipFile, part: zipfile.ZipInfo, pattern: re.Pattern[bytes]) -> bool:
    rest = b""
    with archive.open(part) as xml:
        while block := xml.read(_BLOCK):
            if pattern.search(rest + block):
                return True
            rest = block[-_LONGEST_FORMULA:]
    return False


def _without_result(path: Path) -> dict[str, list[str]]:
    """Return the cells with a formula and no value, by sheet. A value may be an empty text."""
    from openpyxl import load_workbook

    formulas, results = (load_workbook(path, read_only=True, data_only=is_result) for is_result in (False, True))
    try:
        return {
            sheet.title: [
                cell.coordinate
                for row, values in zip(sheet.iter_rows(), results[sheet.title].iter_rows(), strict=True)
                for cell, value in zip(row, values, strict=True)
                if cell.data_type == "f" and value.value is None and value.data_type != "str"
            ]
            for sheet in formulas.worksheets
        }
    finally:
        formulas.close()
        results.close()


def _errors(path: Path) -> Iterator[str]:

    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "e":
                        yield f"{cell.coordinate} ({cell.value}) in sheet {shown(sheet.title, 40)}"
    finally:
        book.close()
