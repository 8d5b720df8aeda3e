"""Which files a delivery has, and whether they are what their names say, before any of them is read.

A delivery is a folder; each table is `<table>.parquet`, a folder `<table>/` (or `<table>.parquet/`) of Parquet part
files, `<table>.csv` or `<table>.csv.gz`. Under a layout it may be any files, or one file.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from data.faults import shown

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
_SUFFIXES = (".parquet", ".csv.gz", ".csv")


@dataclass(frozen=True)
class Found:
    """The files of one table, in the order their rows are numbered."""

    name: str
    kind: Literal["parquet", "csv"]
    paths: tuple[Path, ...]
    header: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How a sentence names it: the file, or the folder of part files."""
        return self.paths[0].name if len(self.paths) == 1 else self.paths[0].parent.name + "/"


def candidates(delivery: Path) -> dict[str, list[Path]]:
    """Files (or folders of part files) by table name in lower case; several under one name are a fault to be told."""
    found: dict[str, list[Path]] = {}
    entries = [delivery] if delivery.is_file() else sorted(delivery.iterdir())
    for path in entries:
        lower = path.name.lower()
        suffix = next((suffix for suffix in _SUFFIXES if lower.endswith(suffix)), "")
        if lower.startswith((".", "_")) or not (suffix or path.is_dir() or path == delivery):
            continue
        found.setdefault(lower[: len(lower) - len(suffix)] if suffix else lower, []).append(path)
    return found


def examine(name: str, path: Path, work: Path) -> Found | str:
    """What one table's file is, or the sentence that says what is wrong with it. gzip is unpacked into `work`."""
    if path.is_dir():
        return _parts(name, path)
    lower = path.name.lower()
    if lower.endswith(".parquet"):
        return _parquet_fault(name, path) or Found(name, "parquet", (path,))
    if lower.endswith(".gz"):
        try:
            path = _unpacked(path, work)
        except (OSError, EOFError, zlib.error) as error:
            if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
                raise
            return f"{name}: {path.name} is not a whole gzip file ({error}): send it again."
    return _csv(name, path)


def _parts(name: str, folder: Path) -> Found | str:
    paths = sorted(
        path for path in folder.iterdir()
        if path.is_file() and path.name.lower().endswith(".parquet") and not path.name.startswith((".", "_"))
    )  # fmt: skip
    if not paths:
        return f"{name}: the folder {folder.name}/ holds no Parquet part files."
    faults = [fault for path in paths if (fault := _parquet_fault(name, path))]
    return faults[0] if faults else Found(name, "parquet", tuple(paths))


def _parquet_fault(name: str, path: Path) -> str | None:
    size = path.stat().st_size
    if size == 0:
        return f"{name}: {path.name} is empty (0 bytes)."
    with path.open("rb") as file:
        start = file.read(64)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if start[:4] == b"PAR1":
        whole = end == b"PAR1" and size > 12
        return None if whole else f"{name}: {path.name} is truncated: it begins as Parquet but does not end as Parquet."
    return f"{name}: {path.name} is {_archive(start) or 'not a Parquet file'}" + (
        ", not a Parquet file." if _archive(start) else f": it begins with {shown(start[:12].decode('latin-1'))}."
    )


def _archive(start: bytes) -> str | None:
    return next((said for magic, said in _ARCHIVES.items() if start.startswith(magic)), None)


def _unpacked(path: Path, work: Path) -> Path:
    target = work / path.name[: -len(".gz")]
    with gzip.open(path, "rb") as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    return target


def _csv(name: str, path: Path) -> Found | str:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        return f"{name}: {path.name} is empty."
    if _archive(start) or start.startswith(b"PAR1"):
        return f"{name}: {path.name} is {_archive(start) or 'a Parquet file'}, not a CSV file."
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"{name}: {path.name} is written in UTF-16; save it as UTF-8."
    if b"\x00" in start:
        return f"{name}: {path.name} is a binary file, not a CSV file."
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = tuple(cell.strip() for cell in next(csv.reader(lines, strict=True), []))
    except UnicodeDecodeError:
        return f"{name}: {path.name} is not written in UTF-8; save it as “CSV UTF-8”."
    except csv.Error as error:
        return f"{name}: the first line of {path.name} cannot be read as CSV ({error})."
    return Found(name, "csv", (path,), header)
