"""List a delivery's files and check that they are what their names promise, before any of them is loaded.

A delivery is a folder, a zip file or an Excel workbook. A table is one file, a folder of part files, a zip file of
part files, or a sheet of a workbook. With a layout, files may have any names. Every file that is not read is reported.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from data import file_names, regular, unpacking, workbooks
from data.delivery import DESCRIPTION
from data.errors import counted, listed, shown
from data.file_names import Entry, split
from data.limits import Limits, allowed
from data.scanning import UnreadableError
from data.unpacking import Budget, DamagedArchiveError


@dataclass(frozen=True)
class Candidate:
    """A possible table: a file, or the files in a folder or zip file (`parts`).

    `sheet` is the CSV file that a workbook's sheet was written to.
    """

    entry: Entry
    parts: tuple[Entry, ...] | None = None
    sheet: Path | None = None


@dataclass
class Inventory:
    """The files of a delivery.

    Attributes:
        limits: The size limits.
        work: A folder for unpacked files.
        tables: The names that are tables; empty with a layout, where every data file is one.
        candidates: Possible tables by name. Several under one name are a fault when that table is read.
        unread: Files that were not read.
        faults: What is wrong with the archives.
        blocked: Tables that may be in a file with a fault.
        remarks: Notices about files that were read.
    """

    limits: Limits
    work: Path
    tables: Collection[str] = ()
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    unread: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.budget = Budget(self.limits)

    def is_table(self, entry: Entry) -> bool:
        """Return whether a file's name makes it a table. With a layout, every Parquet, CSV or TSV file is one."""
        if not self.tables:
            return entry.kind in ("parquet", "csv") and not entry.name.lower().endswith(".txt")
        return entry.key in self.tables and entry.kind in ("parquet", "csv")

    def block(self, entry: Entry, fault: str) -> None:
        """Record a file that cannot be opened, and the tables that it may hold."""
        self.faults.append(fault)
        self.blocked |= {entry.key} & set(self.tables) or set(self.tables)

    def add(self, name: str, candidate: Candidate) -> None:
        """Record a possible table."""
        self.candidates.setdefault(name, []).append(candidate)

    def notices(self) -> list[str]:
        """Return notices about hidden rows, and about files that were not read: one for each that may be a table, one for the rest."""
        return [*self.remarks, *file_names.unread(self.unread, self.tables)]

    def missing(self, table: str, delivery: str) -> str:
        """Return the sentence about a required table that is missing, with files that may be meant."""
        if any(e.container.lower() == f"{table}{ending}" for e in self.unread for ending in file_names.WORKBOOK):
            return f"The required table {table} is missing: its workbook has no sheet named {table}. Rename the sheet that holds it."
        close = [shown(e.label, 120) for e in self.unread if file_names.meant(e.name, self.tables) == table]
        return (
            f"The required table {table} is missing: no {table}.parquet, {table}/, {table}.csv or {table}.xlsx in"
            f" {delivery}." + (f" Is it {' or '.join(close)}?" if close else "")
        )

    def single(self, name: str) -> Candidate | str | None:
        """Return the candidate with a name, None if there is none, or a sentence if there are several."""
        every = self.candidates.get(name, [])
        if len(every) > 1:
            return f"There are several files for {name}: {listed((c.entry.label for c in every), 20)}. Keep one."
        return every[0] if every else None


def take_inventory(delivery: Path, work: Path, limits: Limits, tables: Collection[str] = ()) -> Inventory:
    """List the files of a delivery. Zip files and workbooks are unpacked into `work`.

    Args:
        delivery: The folder, or the single file.
        work: A folder for unpacked files.
        limits: How much may be unpacked.
        tables: The names that are tables; empty with a layout, where every data file is one.
    """
    inventory = Inventory(limits, work, tables)
    if delivery.is_dir():
        for child in sorted(delivery.iterdir()):
            if child.name != DESCRIPTION:
                _add(inventory, Entry(child, child.name))
    elif wrong := regular.fault(delivery, delivery.name):
        inventory.faults.append(wrong)
    elif delivery.suffix.lower() in (*file_names.ZIP, *file_names.WORKBOOK):
        _add(inventory, Entry(delivery, delivery.name))
    else:
        inventory.candidates[split(delivery.name)[0]] = [Candidate(Entry(delivery, delivery.name))]
    return inventory


def _add(inventory: Inventory, entry: Entry) -> None:
    """Add one entry of the delivery as a table or as unread. Only regular files are opened."""
    if entry.path.is_dir() and entry.is_hidden:
        inventory.unread.append(replace(entry, name=f"{entry.name}/"))
    elif entry.path.is_dir():
        _add_parts(inventory, entry, list(_files_in(entry)))
    elif entry.is_system or entry.is_hidden or not (entry.kind in ("zip", "workbook") or inventory.is_table(entry)):
        inventory.unread.append(entry)
    elif wrong := regular.fault(entry.path, entry.label):
        inventory.block(entry, wrong)
    elif entry.kind == "zip":
        _add_zip(inventory, entry)
    elif entry.kind == "workbook":
        _add_workbook(inventory, entry)
    else:
        inventory.add(entry.key, Candidate(entry))


def _add_parts(inventory: Inventory, folder: Entry, files: list[Entry]) -> None:
    """Add a folder of part files. Zip files in it are unpacked; other files are not read."""
    parts: list[Entry] = []
    for file in files:
        if file.is_hidden or file.kind not in ("parquet", "csv", "zip"):
            inventory.unread.append(file)
        elif wrong := regular.fault(file.path, file.label):
            inventory.faults.append(wrong)
        elif file.kind == "zip":
            parts += [member for member in _unzipped(inventory, file) if member.kind in ("parquet", "csv")]
        else:
            parts.append(file)
    if len(parts) > inventory.limits.part_files:
        limit = allowed("part_files", inventory.limits.part_files)
        inventory.faults.append(f"{folder.label}/ has {len(parts):,} part files, but {limit}.")
    elif folder.key in inventory.tables or (parts and not inventory.tables):
        inventory.add(folder.key, Candidate(folder, tuple(parts)))
    else:
        inventory.unread += parts


def _files_in(folder: Entry) -> Iterator[Entry]:
    """Yield every file below a folder, with its path from there. Links to folders are yielded as files, not followed.

    Raises OSError for a folder that cannot be read, so that nothing in it is missed.
    """
    for root, folders, files in os.walk(folder.path, onerror=_stop):
        folders.sort()
        links = [name for name in folders if Path(root, name).is_symlink()]
        for name in sorted([*files, *links]):
            path = Path(root, name)
            inside = path.relative_to(folder.path).as_posix() + ("/" if name in links else "")
            yield Entry(path, inside, f"{folder.name}/")


def _stop(error: OSError) -> None:
    raise error


def _unzipped(inventory: Inventory, entry: Entry) -> list[Entry]:
    """Return the files of a zip file, without a folder that contains all of them."""
    try:
        members = unpacking.unzip(
            entry.path, Path(tempfile.mkdtemp(prefix="zip-", dir=inventory.work)), inventory.budget
        )
    except DamagedArchiveError as error:
        inventory.block(entry, f"{entry.label} {error}.")
        return []
    members = [(name, path) for name, path in members if not Entry(path, name).is_system]
    tops = {name.partition("/")[0] if "/" in name else "" for name, _ in members}
    shared = f"{tops.pop()}/" if len(tops) == 1 and "" not in tops else ""
    if shared.rstrip("/").lower() in inventory.tables:
        shared = ""
    return [Entry(path, name.removeprefix(shared), entry.label) for name, path in members]


def _add_zip(inventory: Inventory, entry: Entry) -> None:
    """Add a zip file's content: the parts of the table that it is named after, or several tables."""
    members = [m for m in _unzipped(inventory, entry) if m.name != DESCRIPTION]
    tops = {split(member.name.partition("/")[0])[0] for member in members}
    if entry.key in inventory.tables and not tops & set(inventory.tables):
        _add_parts(inventory, entry, members)
        return
    folders: dict[str, list[Entry]] = {}
    for member in members:
        top, _, rest = member.name.partition("/")
        if rest:
            folders.setdefault(top, []).append(Entry(member.path, rest, f"{top}/ in {entry.label}"))
        elif member.kind == "zip":
            inventory.unread.append(member)
        else:
            _add(inventory, member)
    for top, files in folders.items():
        _add_parts(inventory, Entry(entry.path, top, entry.label), files)


def _add_workbook(inventory: Inventory, entry: Entry) -> None:
    """Add a workbook's sheets. A single sheet is the table that the file is named after; several go by their own names."""
    try:
        written = workbooks.sheets(
            entry.path, Path(tempfile.mkdtemp(prefix="book-", dir=inventory.work)), inventory.limits
        )
    except UnreadableError as error:
        inventory.block(entry, f"{entry.label} {error}")
        return
    if hidden := workbooks.hidden_rows(entry.path):
        inventory.remarks.append(
            f"{entry.label} has {counted(hidden, 'hidden row')} on its sheets, for example from a filter. "
            "A hidden row of a sheet that is read counts like all others."
        )
    filled = [sheet for sheet in written if not sheet.is_empty]
    if not filled:
        inventory.block(entry, f"{entry.label} is empty: no sheet has anything in it.")
    for sheet in filled:
        key = sheet.name.strip().lower()
        place = Entry(entry.path, f"sheet {sheet.name}", entry.label)
        if len(filled) == 1 and key not in inventory.tables and (entry.key in inventory.tables or not inventory.tables):
            key, place = entry.key, entry
        elif inventory.tables and key not in inventory.tables:
            inventory.unread.append(place)
            continue
        if sheet.fault:
            inventory.block(replace(place, name=key), f"{entry.label} {sheet.fault}")
        else:
            inventory.add(key, Candidate(place, sheet=sheet.path))
