"""Examine the files of a table before they are loaded: their format, and a row count independent of the loader."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from data import regular, text_files, unpacking
from data.discover import Candidate, Inventory
from data.duckdb_sql import no_glob
from data.errors import shown
from data.file_names import Entry
from data.headers import IsKnown
from data.limits import Limits, allowed
from data.remote_objects import RemoteObject
from data.scanning import UnreadableError
from data.text_files import TextFile
from data.unpacking import Budget, DamagedArchiveError

_ARCHIVES = {
    b"PK\x03\x04": "a zip archive (or an Excel workbook)",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"(\xb5/\xfd": "a zstd archive",
    b"Rar!": "a rar archive",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format 3": "an SQLite database",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a\x1b"))
_FIRST_BYTES = 4096
ZONED, UNZONED, DURATION = "with a time zone", "without one", "a duration"
_EMPTY_PARTITION = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Part:
    """A file of a table.

    `partitions` are columns in its path (`year=2025/…`), with None for a missing value. `remote` is what a file that stands for an
    object in an object store stands for. `times` are the columns of a Parquet file that hold dates, times or durations, each with its
    kind.
    """

    path: Path
    label: str
    rows: int
    columns: tuple[str, ...]
    partitions: tuple[tuple[str, str | None], ...] = ()
    text: TextFile | None = None
    notice: str | None = None
    remote: RemoteObject | None = None
    times: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Where DuckDB reads the file."""
        return self.remote.address if self.remote else no_glob(self.path.absolute())


@dataclass(frozen=True)
class TableFiles:
    """The files of a table, in the order in which their rows are numbered. `label` is their name in sentences."""

    name: str
    kind: Literal["parquet", "csv"]
    label: str
    parts: tuple[Part, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of a text file; none for Parquet, which is read in place."""
        return self.parts[0].columns if self.kind == "csv" else ()

    @property
    def rows(self) -> int:
        """The number of rows in all parts, counted independently of the loader."""
        return sum(part.rows for part in self.parts)

    @property
    def notices(self) -> Iterator[str]:
        """Notices about what was skipped in the files."""
        for part in self.parts:
            if part.notice:
                yield f"{part.label} {part.notice}"
            if part.text:
                yield from (f"{part.label}: {notice}" for notice in part.text.notices)

    @property
    def skipped(self) -> int:
        """The number of empty rows that were skipped."""
        return sum(len(part.text.blank_records) for part in self.parts if part.text)


def examine(
    name: str, candidate: Candidate, inventory: Inventory, is_known: IsKnown | None = None
) -> TableFiles | list[str]:
    """Examine the files of a table. Returns faults if they cannot be loaded.

    Args:
        name: The table, with which sentences start.
        candidate: Its files.
        inventory: The delivery's files and limits.
        is_known: A test of whether a cell is an expected column name.
    """
    entries, label = candidate.parts, candidate.entry.label
    if entries is None:
        entries = (candidate.entry,)
    elif not entries:
        return [f"{name}: {label}{'' if candidate.entry.kind == 'zip' else '/'} has no Parquet or CSV part files."]
    kinds = {"parquet" if entry.kind == "parquet" else "csv" for entry in entries}
    if len(kinds) > 1:
        return [f"{name}: {label}/ has both Parquet and CSV part files. Send one format."]
    parts, faults = [], []
    for entry in entries:
        try:
            parts.append(_part(entry, candidate.sheet, inventory, is_known))
        except (UnreadableError, DamagedArchiveError) as error:
            faults.append(f"{name}: {entry.label} {str(error).rstrip('.')}.")
    if faults:
        return faults
    shown_as = label if candidate.parts is None else f"{label}/" if len(entries) > 1 else entries[0].label
    return TableFiles(name, "parquet" if "parquet" in kinds else "csv", shown_as, tuple(parts))


def _part(entry: Entry, sheet: Path | None, inventory: Inventory, is_known: IsKnown | None) -> Part:
    if sheet:
        return _text_part(entry, sheet, inventory, is_known, is_copy=True)
    if wrong := regular.fault(entry.path, ""):
        raise UnreadableError(wrong.strip())
    is_misnamed = entry.kind == "parquet" and entry.is_packed and _begins_as_parquet(entry.path)
    is_packed = entry.is_packed and not is_misnamed
    path = _unpacked(entry, inventory.work, inventory.budget) if is_packed else entry.path
    if entry.kind == "parquet":
        part = _parquet_part(entry, path, inventory.limits)
        return (
            replace(part, notice="is not compressed with gzip, although its name says so. It was read.")
            if is_misnamed
            else part
        )
    _must_be_text(path)
    return _text_part(entry, path, inventory, is_known)


def _unpacked(entry: Entry, work: Path, budget: Budget) -> Path:
    target = Path(tempfile.mkdtemp(prefix="gzip-", dir=work), "unpacked")
    unpacking.gunzip(entry.path, target, budget)
    return target


def _text_part(
    entry: Entry, path: Path, inventory: Inventory, is_known: IsKnown | None, *, is_copy: bool = False
) -> Part:
    text = text_files.prepare(path, label=entry.label, work=inventory.work, limits=inventory.limits,
                              is_known=is_known, is_copy=is_copy)  # fmt: skip
    return Part(text.path, entry.label, text.rows, text.header.cells, _partitions(entry), text)


def _parquet_part(entry: Entry, path: Path, limits: Limits) -> Part:
    _must_be_parquet(path)
    try:
        with pq.ParquetFile(path) as file:
            footer, schema = file.metadata, file.schema_arrow
            rows = sum(footer.row_group(number).num_rows for number in range(footer.num_row_groups))
    except (pa.ArrowException, OSError, ValueError, EOFError):
        raise UnreadableError("cannot be read as Parquet because its footer is damaged. Send it again") from None
    columns = tuple(schema.names)
    if len(columns) > limits.columns:
        raise UnreadableError(f"has {len(columns):,} columns, but {allowed('columns', limits.columns)}")
    times = tuple((field.name, kind) for field in schema if (kind := _kind_of_time(field.type)))
    return Part(path, entry.label, rows, columns, _partitions(entry), times=times)


def _kind_of_time(kind: pa.DataType) -> str | None:
    """Return the kind of a date, time or duration; None for any other type. DuckDB reads a duration as a number."""
    if pa.types.is_duration(kind):
        return DURATION
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return ZONED
    return UNZONED if pa.types.is_timestamp(kind) or pa.types.is_date(kind) else None


def _partitions(entry: Entry) -> tuple[tuple[str, str | None], ...]:
    """Return the columns in a part file's path, such as `year=2025/sector=Health%20care/part-2.parquet`."""
    pairs = (step.partition("=") for step in entry.name.split("/")[:-1])
    return tuple(
        (unquote(key), None if value == _EMPTY_PARTITION else unquote(value)) for key, equals, value in pairs if equals
    )


def _begins_as_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _must_be_parquet(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableError("is empty (0 bytes)")
    with path.open("rb") as file:
        start = file.read(64)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if start[:4] != b"PAR1":
        archive = archive_kind(start)
        raise UnreadableError(
            f"is {archive}, not a Parquet file"
            if archive
            else f"is not a Parquet file: it starts with {shown(start[:12].decode('latin-1'))}"
        )
    if end != b"PAR1" or size <= 12:
        raise UnreadableError("is cut off: it starts as a Parquet file but does not end as one")


def archive_kind(start: bytes) -> str | None:
    """Return the kind of a file that is often mistaken for a table, from its first bytes; None for any other."""
    return next((kind for magic, kind in _ARCHIVES.items() if start.startswith(magic)), None)


def _must_be_text(path: Path) -> None:
    """Refuse files whose first bytes are not text. The scan finds a zero byte after valid text."""
    with path.open("rb") as file:
        start = file.read(_FIRST_BYTES)
    if not start.strip() and len(start) < _FIRST_BYTES:
        raise UnreadableError("is empty")
    if archive_kind(start) or start.startswith(b"PAR1"):
        raise UnreadableError(f"is {archive_kind(start) or 'a Parquet file'}, not a CSV file")
    if start.startswith(_UTF16):
        return
    if not start.strip(b"\0"):
        raise UnreadableError("has only zero bytes, so the copy was cut off. Send it again")
    even, odd = start[:40:2], start[1:40:2]
    if {even.count(0), odd.count(0)} == {0, len(odd)} and len(start) > 1:
        raise UnreadableError("is in UTF-16 without a byte order mark. Save it as “CSV UTF-8”")
    before = start.partition(b"\0")[0]
    if not before or any(byte in _CONTROLS for byte in before):
        raise UnreadableError("is a binary file, not a CSV file")
