"""How the store's files are written: one writer at a time, each file replaced at once, on the disk before the next step.

Publishing, rolling back, repairing, restoring and pruning all go through here.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data import private_files, store
from data.errors import Refused

LIST_COPY = "current-copy.json"  # what `repair` goes by where current.json is lost
WORK = "building-"  # the start of the name of a folder in which something is made; whoever holds the lock may clear them


def no_wait() -> None:
    """Called when another writer holds the store; says nothing."""


@contextmanager
def locked(where: Path, waiting: Callable[[], None] = no_wait) -> Iterator[None]:
    """Hold the store for writing, made first where there is none. `waiting` is called once if somebody else holds it.

    Raises Refused where the path cannot hold a store.
    """
    if where.exists() and not where.is_dir():
        raise Refused([f"The store {where} is not a folder: DASHBOARD_STORE names another."])
    if "?" in str(where.absolute()):
        raise Refused([f"The store's path, {where.absolute()}, has a question mark in it, which DuckDB reads as the end of a"
                       " file's name: DASHBOARD_STORE names another."])  # fmt: skip
    with private_files.private_umask():
        private_files.make_folder(where)
        ignored = where / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")  # residents' records never get into a repository by accident
        if (where / ".lock").exists() and not (where / ".lock").is_file():
            raise Refused([f"{where / '.lock'} is not a regular file, so the store cannot be held: remove it."])
        with (where / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def start_list(where: Path) -> store.DeliveryList:
    """The store's list, written first where the store is new: from then on a missing list is a lost one.

    Raises StoreDamaged as `store.read_list` does.
    """
    listed = store.read_list(where)
    if not (where / store.CURRENT).exists():
        write_list(where, listed)
    return listed


def write_list(where: Path, listed: store.DeliveryList) -> None:
    """Make this the store's list. Its copy comes first, so that it is never older than the list."""
    content = {"delivery": listed.current, "history": listed.history, "rolled_back": listed.rolled_back}
    replace_json(where / LIST_COPY, content)
    replace_json(where / store.CURRENT, content)


def replace_json(path: Path, content: Mapping[str, Any]) -> None:
    """Put a JSON file in the place of another, at once."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        private_files.restrict(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Ask the disk to keep a file, or the names in a folder, before the next step relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(folder: Path) -> None:
    """Ask the disk to keep a folder and all that is in it."""
    for path in folder.iterdir():
        if path.is_dir():
            sync_all(path)
        else:
            sync(path)
    sync(folder)
