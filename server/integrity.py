"""Whether the delivery on screen is as it was published: its files are held against their digests in a thread that gives way.

It begins when the server starts, and again whenever a file of the delivery on screen has another state, because another delivery
was published, or one was restored, touched or damaged. Serving never waits for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from components import cached_queries
from data import manifest, store
from queries.instances import FileState, file_state

EVERY = 5.0  # seconds between looks at the state of the files
_LOWEST_PRIORITY = 19
log = logging.getLogger("dashboard")


class _Result(NamedTuple):
    """What was checked, and the sentences that say what differs."""

    files: tuple[FileState, ...] = ()
    faults: tuple[str, ...] = ()


_last = _Result()
_is_over = threading.Event()


def start() -> threading.Thread:
    """Begin, in a thread that ends with the server."""
    thread = threading.Thread(target=_watch, name="integrity", daemon=True)
    thread.start()
    return thread


def stop() -> None:
    """End it after the file that is being read."""
    _is_over.set()


def faults() -> tuple[str, ...]:
    """What is wrong with the files of the delivery on screen, as they are now; none where that is not known yet."""
    last = _last
    return last.faults if last.faults and last.files == _files() else ()


def check() -> None:
    """Hold the delivery on screen against its digests, unless that was done for its files as they are now. Log each fault."""
    global _last
    files = _files()
    if not files or files == _last.files:
        return
    faults_now = _faults_of(cached_queries.current())
    if files != _files():
        return  # replaced meanwhile: the next look checks what is there then
    _last = _Result(files, faults_now)
    for fault in faults_now:
        log.error("the delivery on screen is not as it was published: %s", fault)


def _faults_of(delivery_id: str | None) -> tuple[str, ...]:
    if delivery_id is None:
        return ()
    try:
        return tuple(manifest.file_faults(store.delivery_folder(store.store_path(), delivery_id)))
    except Exception:
        log.warning("%s could not be held against its digests", delivery_id, exc_info=True)
        return (f"{delivery_id}: its files could not be held against its digests.",)


def _files() -> tuple[FileState, ...]:
    """The state of every file of the delivery on screen; empty where there is none, or the store cannot be read, which
    readiness says by itself."""
    try:
        current = cached_queries.current()
        folder = None if current is None else store.delivery_folder(store.store_path(), current)
        return () if folder is None else tuple(_state(path) for path in sorted(folder.rglob("*")) if not path.is_dir())
    except (OSError, store.StoreDamagedError):
        return ()


def _state(path: Path) -> FileState:
    try:
        return file_state(path)
    except OSError:  # a link to nothing, or a file that is away for a moment
        return FileState(str(path), 0, 0, 0, 0)


def _watch() -> None:
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
    is_over = _is_over
    while not is_over.is_set():
        try:
            check()
        except Exception:
            log.warning("the delivery on screen could not be checked", exc_info=True)
        is_over.wait(EVERY)
