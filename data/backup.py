"""The store in one file, and back: a tar with a list of its files and their digests as the first entry.

A backup holds residents' records: it is as private as the store. The activity log is not in it; it is kept elsewhere.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from data import manifest, private_files, repair, retention, store, store_files
from data.errors import Refused, WrongUse
from data.store import DeliveryList

CONTENTS = "backup.json"
_KIND = "Connecticut workforce dashboard: backup of a store"
_CHUNK = 1 << 20
_OTHERS = (store.REFUSED, retention.PINS)  # files of the store beside the deliveries and the list


def back_up(
    where: Path, target: Path, *, overwrite: bool = False, waiting: Callable[[], None] = store_files.no_wait
) -> list[str]:
    """Write the store's deliveries and its list into one file (`.tar`, or `.tar.gz` and `.tgz` packed).

    Returns sentences about deliveries that are not as they were published: they are in the backup as they are.

    Raises Refused where there is nothing to back up, StoreDamaged where the list cannot be read, WrongUse where the file
    exists and is not to be overwritten.
    """
    if not target.absolute().parent.is_dir():
        raise WrongUse(f"There is no folder {target.absolute().parent} to write the backup to.")
    if target.exists() and not target.is_file():
        raise WrongUse(f"{target} is not a regular file: name another one for the backup.")
    if target.absolute().is_relative_to(where.absolute()):
        raise WrongUse(f"{target} lies in the store itself: a backup belongs elsewhere.")
    if target.exists() and not overwrite:
        raise WrongUse(f"{target} exists already: --overwrite replaces it.")
    if not where.is_dir():
        raise Refused([f"There is no store at {where}, so there is nothing to back up."])
    with store_files.locked(where, waiting):
        faults = [sentence for why in repair.verify(where).values() for sentence in why]
        names = [str(path.relative_to(where)) for path in _files(where)]
        listed = _held(where, store.read_list(where), faults)
        contents = {
            "kind": _KIND,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "list": {"delivery": listed.current, "history": listed.history, "rolled_back": listed.rolled_back},
            "files": {n: {"bytes": (where / n).stat().st_size, "sha256": manifest.digest(where / n)} for n in names},
        }
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as work:
            made = Path(work) / "backup"
            _write(made, where, contents, is_packed=target.name.endswith(("gz", "tgz")))
            private_files.restrict(made)
            store_files.sync(made)
            made.replace(target)
            store_files.sync(target.absolute().parent)
    return faults


def _held(where: Path, listed: DeliveryList, faults: list[str]) -> DeliveryList:
    """The list without deliveries of which the store has no database and report any more; each is told in `faults`."""
    lost = {name for name in listed.ids if not manifest.is_published(store.delivery_folder(where, name))}
    faults += [f"{name} is in the store's list, but not in the store: the backup does not have it." for name in sorted(lost)]
    history = tuple(name for name in listed.history if name not in lost)
    rolled_back = tuple(name for name in listed.rolled_back if name not in lost)
    return DeliveryList(history[-1] if history else None, history, rolled_back)


def _files(where: Path) -> list[Path]:
    """Every file of the store, links followed: a delivery that lies on another disk is one of the store's."""
    every = [where / name for name in (store.REFUSED, retention.PINS)]
    for folder, _, names in os.walk(where / store.DELIVERIES, followlinks=True):
        every += sorted(Path(folder, name) for name in names)
    for path in every:
        if path.exists() and not path.is_file():
            raise Refused([f"{path} is not a regular file, so the store cannot be backed up whole: remove or replace it."])
    return sorted(path for path in every if path.is_file())


def _write(made: Path, where: Path, contents: dict[str, Any], *, is_packed: bool) -> None:
    with gzip.open(made, "wb", compresslevel=3) if is_packed else made.open("wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        text = json.dumps(contents, indent=1).encode()
        entry = tarfile.TarInfo(CONTENTS)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        for name in contents["files"]:
            entry = tarfile.TarInfo(name)  # no owner, no time of the machine it came from
            entry.size = contents["files"][name]["bytes"]
            with (where / name).open("rb") as file:
                tar.addfile(entry, file)


@dataclass(frozen=True)
class Restored:
    """The list that is now the store's, and where what the store held before was moved to."""

    listed: DeliveryList
    moved_to: Path | None


def restore(
    where: Path, source: Path, *, replace: bool = False, waiting: Callable[[], None] = store_files.no_wait
) -> Restored:
    """Fill the store from a backup, every file held against its digest before anything changes.

    Raises WrongUse where there is no such file, or the store holds deliveries and `replace` is not given; Refused where the
    backup is not whole.
    """
    if not source.is_file():
        raise WrongUse(f"There is no backup at {source}.")
    with store_files.locked(where, waiting):
        holds = (where / store.DELIVERIES).exists() and any((where / store.DELIVERIES).iterdir())
        if holds and not replace:
            raise WrongUse(f"The store {where} holds deliveries: --replace moves them to a folder inside it and restores the"
                           " backup in their place.")  # fmt: skip
        work = Path(tempfile.mkdtemp(prefix=store_files.WORK, dir=where))
        try:
            listed = _unpack(source, work)
            private_files.restrict(work)
            store_files.sync_all(work)
            aside = _move_aside(where) if holds or any((where / name).exists() for name in _OTHERS) else None
            _move_in(where, work)
            store_files.write_list(where, listed)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Restored(listed, aside)


def _move_aside(where: Path) -> Path:
    """Move what the store holds into a folder of its own, so that nothing is lost by a restore."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    aside = Path(tempfile.mkdtemp(prefix=f"before-restore-{stamp}-", dir=where))
    if (where / store.CURRENT).is_file():
        shutil.copyfile(where / store.CURRENT, aside / store.CURRENT)  # the list stays until another one takes its place
    for name in (store.DELIVERIES, *_OTHERS):
        if (where / name).exists():
            (where / name).rename(aside / name)
    private_files.restrict(aside)
    return aside


def _move_in(where: Path, work: Path) -> None:
    if (where / store.DELIVERIES).exists():
        (where / store.DELIVERIES).rmdir()  # empty: what it held was moved away
    for path in sorted(work.iterdir()):
        path.rename(where / path.name)
    store_files.sync(where)


def _unpack(source: Path, work: Path) -> DeliveryList:
    """Write the backup's files into `work` and return its list. Raises Refused where it is not whole."""
    try:
        with tarfile.open(source, "r:*") as tar:
            entries = iter(tar)
            contents = _contents(tar, next(entries, None), source)
            listed = store.parse_list(contents["list"])
            (work / store.DELIVERIES).mkdir()
            missing = set(contents["files"]) - set(_copied(tar, entries, contents["files"], work))
    except (tarfile.TarError, EOFError, zlib.error, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, tarfile.TarError | EOFError | zlib.error):
            raise Refused([f"{source.name} is not a whole backup: it is cut off or damaged. Nothing was changed."]) from None
        raise Refused([f"{source.name} is not a backup of this dashboard. Nothing was changed."]) from None
    if missing:
        raise Refused([f"{source.name} is cut off: it lacks {sorted(missing)[0]}. Nothing was changed."])
    for name in listed.ids:
        if not manifest.is_published(store.delivery_folder(work, name)):
            raise Refused([f"{source.name} lacks the delivery {name}, which its list names. Nothing was changed."])
    return listed


def _contents(tar: tarfile.TarFile, entry: tarfile.TarInfo | None, source: Path) -> dict[str, Any]:
    file = tar.extractfile(entry) if entry is not None and entry.name == CONTENTS else None
    contents = json.load(file) if file is not None else None
    if not isinstance(contents, dict) or contents.get("kind") != _KIND:
        raise ValueError(f"{source} has no {CONTENTS} of a backup")
    return contents


def _copied(
    tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo], files: dict[str, Any], work: Path
) -> Iterator[str]:
    """Copy each entry that the list names; yields its name. Raises Refused for one that differs from its digest."""
    for entry in entries:
        file = tar.extractfile(entry) if entry.isreg() and _is_safe(entry.name) else None
        if file is None or entry.name not in files:
            raise Refused([f"The backup holds {entry.name[:80]!r}, which its list does not name. Nothing was changed."])
        target = work / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if _copy(file, target) != files[entry.name]["sha256"]:
            raise Refused([f"{entry.name} in the backup differs from its digest. Nothing was changed."])
        yield entry.name


def _copy(file: IO[bytes], target: Path) -> str:
    total = hashlib.sha256()
    with target.open("wb") as out:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
            out.write(chunk)
    return total.hexdigest()


def _is_safe(name: str) -> bool:
    """Whether an entry belongs where a store has files, and nowhere else."""
    parts = PurePosixPath(name).parts
    is_file_of_store = parts in ((store.REFUSED,), (retention.PINS,))
    is_of_delivery = len(parts) > 2 and parts[0] == store.DELIVERIES and store.is_delivery_id(parts[1])
    return is_file_of_store or (is_of_delivery and ".." not in parts and not name.startswith("/"))
