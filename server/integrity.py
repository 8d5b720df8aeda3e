"""Verify the files of the published delivery against their digests, in a thread of the lowest priority.

The check runs when the server starts, and again whenever a file of the delivery changes: when another delivery is published, or
a file is restored, touched or damaged. Serving never waits for it.
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
from queries.instances import FileState, state_or_none

EVERY = 5.0  # seconds between checks for changed files
_LOWEST_PRIORITY = 19
log = logging.getLogger("dashboard")


class _Result(NamedTuple):
    """The files that were checked, and a sentence for each difference."""

    files: tuple[FileState, ...] = ()
    faults: tuple[str, ...] = ()


_is_over = threading.Event()


class _Checked:
    """The result of the last check. One thread writes it; the rest of the server reads it."""

    result = _Result()


def start() -> threading.Thread:
    """Start checking, in a thread that ends with the server."""
    thread = threading.Thread(target=_watch, name="integrity", daemon=True)
    thread.start()
    return thread


def stop() -> None:
    """Stop after the file that is being read."""
    _is_over.set()


def faults() -> tuple[str, ...]:
    """Return what differs in the files of the published delivery as they are now. Empty while that is not known."""
    last = _Checked.result
    return last.faults if last.faults and last.files == _files() else ()


def check() -> None:
    """Verify the published delivery unless its files have not changed since the last check. Log each difference."""
    files = _files()
    if not files or files == _Checked.result.files:
        return
    differences = _differences(cached_queries.current())
    if files != _files():
        return  # replaced meanwhile: the next check reads the new files
    _Checked.result = _Result(files, differences)
    for difference in differences:
        log.error("the published delivery has changed since it was published: %s", difference)


def _differences(delivery_id: str | None) -> tuple[str, ...]:
    if delivery_id is None:
        return ()
    try:
        return tuple(manifest.file_faults(store.delivery_folder(store.store_path(), delivery_id)))
    except Exception:
        log.warning("%s could not be verified against its digests", delivery_id, exc_info=True)
        return (f"{delivery_id}: its files could not be held against its digests.",)


def _files() -> tuple[FileState, ...]:
    """Return the state of every file of the published delivery.

    Empty if there is none or the store cannot be read, which the health check reports separately.
    """
    try:
        current = cached_queries.current()
        folder = None if current is None else store.delivery_folder(store.store_path(), current)
        return () if folder is None else tuple(_state(path) for path in sorted(folder.rglob("*")) if not path.is_dir())
    except (OSError, store.StoreDamagedError):
        return ()


def _state(path: Path) -> FileState:
    """Return the state of a file; zeros for a broken link, or a file that is being replaced."""
    return state_or_none(path) or FileState(str(path), 0, 0, 0, 0)


def _watch() -> None:
    if sys.platform == "linux":  # on other systems a thread has no separate priority
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
    is_over = _is_over
    while not is_over.is_set():
        try:
            check()
        except Exception:
            log.warning("the published delivery could not be checked", exc_info=True)
        is_over.wait(EVERY)
