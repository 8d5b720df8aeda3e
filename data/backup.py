"""Back up the store to one tar file, and restore it. The first entry lists every file with its digest.

A backup holds residents' records, so it is as private as the store. It does not include the audit log.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from data import manifest, private_files, repair, retention, store, store_files
from data.backup_contents import CONTENTS, Contents, File
from data.errors import RefusedError, UsageError
from data.store import DeliveryList

_CHUNK = 1 << 20
_OTHER_FILES = (store.REFUSED, retention.PINS)  # besides the deliveries and their list


def back_up(
    root: Path, target: Path, *, overwrite: bool = False, waiting: Callable[[], None] = store_files.no_wait
) -> list[str]:
    """Write the store's deliveries and their list to one file: `.tar`, or compressed as `.tar.gz` or `.tgz`.

    Returns:
        Sentences about deliveries that differ from what was published. They are in the backup as they are.

    Raises:
        RefusedError: There is nothing to back up.
        StoreDamagedError: The list of deliveries cannot be read.
        UsageError: The target cannot be used, or exists and `overwrite` is false.
    """
    if not target.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {target.absolute().parent} to write the backup to.")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is not a regular file. Choose another file for the backup.")
    if target.absolute().is_relative_to(root.absolute()):
        raise UsageError(f"{target} is inside the store. Choose a file outside it.")
    if target.exists() and not overwrite:
        raise UsageError(f"{target} already exists. Use --overwrite to replace it.")
    if not root.is_dir():
        raise RefusedError([f"There is no store at {root}, so there is nothing to back up."])
    with store_files.locked(root, waiting):
        faults = [sentence for why in repair.verify(root).values() for sentence in why]
        names = [str(path.relative_to(root)) for path in _files(root)]
        listed = _present(root, store.read_list(root), faults)
        contents = Contents(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            list={"delivery": listed.current, "history": listed.history, "rolled_back": listed.rolled_back},
            files={n: File(bytes=(root / n).stat().st_size, sha256=manifest.digest(root / n)) for n in names},
        )
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as work:
            archive = Path(work) / "backup"
            _write(archive, root, contents, is_packed=target.name.endswith(("gz", "tgz")))
            private_files.restrict(archive)
            store_files.sync(archive)
            archive.replace(target)
            store_files.sync(target.absolute().parent)
    return faults


def _present(root: Path, listed: DeliveryList, faults: list[str]) -> DeliveryList:
    """Return the list without deliveries whose database or report is gone, and add a sentence to `faults` for each of them."""
    lost = {name for name in listed.ids if not manifest.is_published(store.delivery_folder(root, name))}
    faults += [
        f"{name} is in the store's list, but its files are missing. The backup does not contain it."
        for name in sorted(lost)
    ]
    return listed.only(set(listed.ids) - lost)


def _files(root: Path) -> list[Path]:
    """List every file of the store, following links: a delivery may be stored on another disk."""
    every = [root / name for name in (store.REFUSED, retention.PINS)]
    for folder, _, names in os.walk(root / store.DELIVERIES, followlinks=True):
        every += sorted(Path(folder, name) for name in names)
    for path in every:
        if path.exists() and not path.is_file():
            raise RefusedError(
                [f"{path} is not a regular file, so the store cannot be backed up. Remove or replace it."]
            )
    return sorted(path for path in every if path.is_file())


def _write(archive: Path, root: Path, contents: Contents, *, is_packed: bool) -> None:
    with (
        gzip.open(archive, "wb", compresslevel=3) if is_packed else archive.open("wb") as out,
        tarfile.open(fileobj=out, mode="w") as tar,
    ):
        text = contents.model_dump_json(indent=1, by_alias=True).encode()
        entry = tarfile.TarInfo(CONTENTS)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        for name, recorded in contents.files.items():
            entry = tarfile.TarInfo(name)  # without owner and modification time
            entry.size = recorded.bytes
            with (root / name).open("rb") as file:
                tar.addfile(entry, file)


@dataclass(frozen=True)
class Restored:
    """The restored list, and the folder that the store's earlier content was moved to."""

    listed: DeliveryList
    moved_to: Path | None


def restore(
    root: Path, source: Path, *, replace: bool = False, waiting: Callable[[], None] = store_files.no_wait
) -> Restored:
    """Fill the store from a backup. Every file is checked against its digest before anything changes.

    Raises:
        UsageError: There is no such file, or the store holds deliveries and `replace` is false.
        RefusedError: The backup is damaged or incomplete.
    """
    if not source.is_file():
        raise UsageError(f"There is no backup at {source}.")
    with store_files.locked(root, waiting):
        holds = (root / store.DELIVERIES).exists() and any((root / store.DELIVERIES).iterdir())
        if holds and not replace:
            raise UsageError(f"The store {root} already holds deliveries. Use --replace to move them to a folder inside the store"
                           " and restore the backup in their place.")  # fmt: skip
        work = Path(tempfile.mkdtemp(prefix=store_files.WORK, dir=root))
        try:
            listed = _unpack(source, work)
            private_files.restrict(work)
            store_files.sync_all(work)
            aside = _move_aside(root) if holds or any((root / name).exists() for name in _OTHER_FILES) else None
            _move_in(root, work)
            store_files.write_list(root, listed)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Restored(listed, aside)


def _move_aside(root: Path) -> Path:
    """Move the store's content to a new folder inside it, so that a restore loses nothing."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    aside = Path(tempfile.mkdtemp(prefix=f"before-restore-{stamp}-", dir=root))
    if (root / store.CURRENT).is_file():
        shutil.copyfile(
            root / store.CURRENT, aside / store.CURRENT
        )  # a copy: the list itself stays until the new one replaces it
    for name in (store.DELIVERIES, *_OTHER_FILES):
        if (root / name).exists():
            (root / name).rename(aside / name)
    private_files.restrict(aside)
    return aside


def _move_in(root: Path, work: Path) -> None:
    if (root / store.DELIVERIES).exists():
        (root / store.DELIVERIES).rmdir()  # its content was moved away, so it is empty
    for path in sorted(work.iterdir()):
        path.rename(root / path.name)
    store_files.sync(root)


def _unpack(source: Path, work: Path) -> DeliveryList:
    """Write the backup's files to `work` and return its list. Raises RefusedError if the backup is damaged or incomplete."""
    try:
        with tarfile.open(source, "r:*") as tar:
            entries = iter(tar)
            contents = _contents(tar, next(entries, None), source)
            listed = store.parse_list(contents.delivery_list)
            (work / store.DELIVERIES).mkdir()
            missing = set(contents.files) - set(_copied(tar, entries, contents.files, work))
    except (tarfile.TarError, EOFError, zlib.error, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, tarfile.TarError | EOFError | zlib.error):
            raise RefusedError([f"{source.name} is cut off or damaged. Nothing was changed."]) from None
        raise RefusedError([f"{source.name} is not a backup of this dashboard. Nothing was changed."]) from None
    if missing:
        raise RefusedError([f"{source.name} is incomplete: {sorted(missing)[0]} is missing. Nothing was changed."])
    for name in listed.ids:
        if not manifest.is_published(store.delivery_folder(work, name)):
            raise RefusedError(
                [
                    f"{source.name} is incomplete: its list names the delivery {name}, but its files are missing. Nothing was changed."
                ]
            )
    return listed


def _contents(tar: tarfile.TarFile, entry: tarfile.TarInfo | None, source: Path) -> Contents:
    file = tar.extractfile(entry) if entry is not None and entry.name == CONTENTS else None
    if file is None:
        raise ValueError(f"{source} has no {CONTENTS}")
    return Contents.model_validate_json(file.read())


def _copied(
    tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo], files: dict[str, File], work: Path
) -> Iterator[str]:
    """Copy each listed entry and yield its name. Raises RefusedError for an entry that is not listed or differs from its digest."""
    for entry in entries:
        file = tar.extractfile(entry) if entry.isreg() and _is_safe(entry.name) else None
        if file is None or entry.name not in files:
            raise RefusedError(
                [f"The backup holds {entry.name[:80]!r}, which its list does not mention. Nothing was changed."]
            )
        target = work / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if _copy(file, target) != files[entry.name].sha256:
            raise RefusedError(
                [f"{entry.name} in the backup is damaged: its digest does not match. Nothing was changed."]
            )
        yield entry.name


def _copy(file: IO[bytes], target: Path) -> str:
    total = hashlib.sha256()
    with target.open("wb") as out:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
            out.write(chunk)
    return total.hexdigest()


def _is_safe(name: str) -> bool:
    """Return whether an entry's path is one that a store has, and lies inside it."""
    parts = PurePosixPath(name).parts
    is_file_of_store = parts in ((store.REFUSED,), (retention.PINS,))
    is_of_delivery = len(parts) > 2 and parts[0] == store.DELIVERIES and store.is_delivery_id(parts[1])
    return is_file_of_store or (is_of_delivery and ".." not in parts and not name.startswith("/"))
