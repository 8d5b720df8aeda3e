"""Write the store's files: one writer at a time, each file replaced atomically and on the disk before the next step.

Publishing, rolling back, repairing, restoring and pruning all use this module.
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
from data.errors import RefusedError

LIST_COPY = "current-copy.json"  # `repair` uses it if current.json is lost
WORK = "building-"  # the prefix of work folders; whoever holds the lock may remove them
UNFINISHED = "unfinished"  # what a cluster finished for an attempt that stopped (data/cluster/checkpoints.py)


def no_wait() -> None:
    """Print nothing while another command holds the store."""


@contextmanager
def locked(root: Path, waiting: Callable[[], None] = no_wait) -> Iterator[None]:
    """Hold the store for writing, creating it if needed. `waiting` is called once if another command holds it.

    Raises:
        RefusedError: The path cannot hold a store.
    """
    if root.exists() and not root.is_dir():
        raise RefusedError([f"The store {root} is not a folder. Set DASHBOARD_STORE to a folder."])
    if "?" in str(root.absolute()):
        raise RefusedError([f"The store's path, {root.absolute()}, has a question mark, which DuckDB reads as the end of the file"
                       " name. Set DASHBOARD_STORE to another folder."])  # fmt: skip
    with private_files.private_umask():
        private_files.make_folder(root)
        ignored = root / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")  # keeps residents' records out of Git
        if (root / ".lock").exists() and not (root / ".lock").is_file():
            raise RefusedError([f"{root / '.lock'} is not a regular file, so the store cannot be locked. Remove it."])
        with (root / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def start_list(root: Path) -> store.DeliveryList:
    """Return the store's list. In a new store it is written first, so that a list missing later is known to be lost.

    Raises:
        StoreDamagedError: As `store.read_list`.
    """
    listed = store.read_list(root)
    if not (root / store.CURRENT).exists():
        write_list(root, listed)
    return listed


def write_list(root: Path, listed: store.DeliveryList) -> None:
    """Replace the store's list. Its copy is written first, so that it is never older than the list."""
    content = {"delivery": listed.current, "history": listed.history, "rolled_back": listed.rolled_back}
    replace_json(root / LIST_COPY, content)
    replace_json(root / store.CURRENT, content)


def replace_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace a JSON file atomically."""
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
    """Flush a file, or a folder's entries, to the disk before the next step relies on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(folder: Path) -> None:
    """Flush a folder and everything in it to the disk."""
    for path in folder.iterdir():
        if path.is_dir():
            sync_all(path)
        else:
            sync(path)
    sync(folder)
