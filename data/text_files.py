"""Prepare a text file for loading: decode it, scan it to its end, find its header, leave out spreadsheet leftovers.

Most files are loaded in place. A clean copy is made only of what the loader cannot read: UTF-16, mixed line ends, lines
above the header, empty rows.
"""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data import headers, scanning
from data.errors import counted, listed
from data.headers import Header, IsKnown
from data.limits import Limits, allowed
from data.scanning import Scan, UnreadableError

_BLOCK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LISTED_ROWS = 8


@dataclass(frozen=True)
class TextFile:
    """A text file that can be loaded.

    Attributes:
        path: What to load: the file itself or a clean copy.
        as_sent: A UTF-8 version with every line that was sent.
        label: The file's name in sentences.
        header: Its header line.
        longest: How many bytes a line may have.
        rows: The number of rows below the header by a count of the bytes, without empty ones.
        has_quotes: Whether it has quotation marks, so that only reading its cells counts rows reliably.
        blank_records: The numbers of the empty records below the header.
        notices: Sentences about what was skipped.
    """

    path: Path
    as_sent: Path
    label: str
    header: Header
    longest: int
    rows: int
    has_quotes: bool = False
    blank_records: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def shifts(self) -> tuple[tuple[int, int], ...]:
        """From which loaded row on (counted from 1) a row's number in the file is higher, and by how much.

        The file also counts the header, the lines above it, and empty rows.
        """
        changes = [(1, self.header.record)]
        for passed, blank in enumerate(self.blank_records, start=1):
            changes.append((blank - self.header.record - passed + 1, self.header.record + passed))
        return tuple(dict(changes).items())


def prepare(
    path: Path, *, label: str, work: Path, limits: Limits, is_known: IsKnown | None = None, is_copy: bool = False
) -> TextFile:
    """Prepare a text file for loading.

    Args:
        path: A regular file.
        label: Its name in sentences.
        work: A folder for copies.
        limits: The longest line and the number of columns allowed.
        is_known: A test of whether a cell is an expected column name.
        is_copy: Whether the file was converted from another, such as a sheet of a workbook.

    Raises:
        UnreadableError: With the rest of a sentence about the file.
    """
    folder = Path(tempfile.mkdtemp(prefix="text-", dir=work))
    source = decoded = _decoded(path, folder)
    scan = scanning.scan(source, limits, is_copy=source != path or is_copy)
    header = headers.find_header(source, is_known)
    if header is None:
        raise UnreadableError("is empty.")
    if scan.has_stray_quotes:
        scanning.recount(source, scan, header.separator)
    cells = _without_blanks_at_the_end(header.cells)
    if len(cells) > limits.columns:
        raise UnreadableError(f"has {len(cells):,} columns, but {allowed('columns', limits.columns)}.")
    blank = tuple(number for number in scan.blank_records if number > header.record)
    notices = [*header.notices, *_blank_rows(blank)]
    if scan.mixed_line_ends:
        notices.append(f"It mixes line ends ({scan.mixed_line_ends}). All lines were read.")
    is_clean = not (scan.mixed_line_ends or scan.line_ends["CR"] or blank or header.record > 1)
    if not is_clean:
        source = _clean_copy(decoded, folder / "clean", scan, header, limits)
    rows = scan.records - header.record - len(blank)
    text = TextFile(source, decoded, label, header, limits.line_bytes, rows, scan.has_quotes, blank, tuple(notices))
    # The loader reports most of these, but after some damaged headers it left out the only row without a word.
    if scan.ends_in_quotes and not scan.has_stray_quotes:
        raise UnreadableError(explain(text))
    return text


def count_rows(text: TextFile) -> int:
    """Count the rows below the header record by record: slow, but correct for any use of quotation marks."""
    with text.path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, delimiter=text.header.separator, skipinitialspace=True)
        return sum(1 for cells in reader if cells) - 1


def explain(text: TextFile) -> str:
    """Return the rest of a sentence about a file that the loader refused, from reading its lines."""
    return _first_fault(text) or (
        "cannot be read as CSV because a cell is not valid. Open it in the program it came from and export it again as"
        " “CSV UTF-8”."
    )


def _first_fault(text: TextFile) -> str | None:
    expected, begins = len(text.header.cells), 1
    with text.as_sent.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, delimiter=text.header.separator, strict=True, skipinitialspace=True)
        try:
            for record, cells in enumerate(reader, start=1):
                if record > text.header.record and len(cells) != expected and any(map(str.strip, cells)):
                    return (f"has {counted(len(cells), 'value')} in line {begins:,} where the header has"
                            f" {counted(expected, 'column')} (is the file cut off?).")  # fmt: skip
                begins = reader.line_num + 1
        except csv.Error as error:
            if "end of data" in str(error):
                return (f"has a quotation mark that is not closed, in the row that starts in line {begins:,} (is the"
                        " file cut off?).")  # fmt: skip
            return (f"has text after a closing quotation mark in line {reader.line_num:,}. Inside a quoted cell, write each"
                    " quotation mark twice.")  # fmt: skip
    return None


def _without_blanks_at_the_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    last = next((number for number in range(len(cells), 0, -1) if cells[number - 1]), 0)
    return cells[:last]


def _blank_rows(blank: tuple[int, ...]) -> Iterator[str]:
    if blank:
        rows = "row" if len(blank) == 1 else "rows"
        places = listed((f"{number:,}" for number in blank), _LISTED_ROWS)
        yield f"Skipped {counted(len(blank), 'empty row')} ({rows} {places})."


def _decoded(path: Path, folder: Path) -> Path:
    """Return the file itself, or a UTF-8 copy of a UTF-16 file."""
    with path.open("rb") as file:
        start = file.read(4)
    if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise UnreadableError("is in UTF-32. Save it as “CSV UTF-8”.")
    if start[:2] not in _UTF16:
        return path
    target = folder / "utf-8"
    try:
        with path.open(encoding="utf-16", newline="") as text, target.open("w", encoding="utf-8", newline="") as copy:
            while block := text.read(_BLOCK):
                copy.write(block)
    except UnicodeError:
        raise UnreadableError("is in UTF-16 and is cut off or damaged. Save it as “CSV UTF-8”.") from None
    return target


def _clean_copy(source: Path, target: Path, scan: Scan, header: Header, limits: Limits) -> Path:
    """Copy the header and the rows below it that are not empty, with line feeds as line ends."""
    left_out = sorted({*range(1, header.record), *scan.blank_records})
    if scan.has_stray_quotes:
        return _copy_by_cells(source, target, set(left_out), header.separator)
    opened, before, at = 0, 0, 0
    with target.open("wb") as copy:
        for block in scanning.blocks(source, limits):
            records = scanning.records_in(block, opened)
            begin = 0
            while at < len(left_out) and left_out[at] <= before + len(records.ends):
                index = left_out[at] - before - 1
                copy.write(_with_line_feeds(block[begin : int(records.starts[index])]))
                begin, at = int(records.ends[index]) + 1, at + 1
            copy.write(_with_line_feeds(block[begin:]))
            opened, before = records.left_open, before + len(records.ends)
    return target


def _with_line_feeds(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _copy_by_cells(source: Path, target: Path, left_out: set[int], separator: str) -> Path:
    with source.open(encoding="utf-8-sig", newline="") as lines, target.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, delimiter=separator, lineterminator="\n")
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        writer.writerows(cells for number, cells in enumerate(reader, start=1) if number not in left_out)
    return target
