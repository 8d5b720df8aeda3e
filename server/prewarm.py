"""What readers ask first is worked out before they ask: whenever another delivery is on screen, server/prewarm_worker.py opens every page
in a process of its own, and what it worked out is taken into this one.

Answers are counted once for all readers (queries/service.py), so that none of this is for anybody in particular; what a reader may
see of an answer is decided when they ask. A reader who is quicker than the rehearsal waits as long as without it.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path

from components import cached_queries
from data.store import store_path
from queries.database import Store, open_store

ROOT = Path(__file__).parent.parent
FILTERS = ("region", "sector", "group", "initiative")  # one at a time, in the order in which readers choose them
TRIES = 3  # of one delivery, where it breaks
EVERY = 5.0  # seconds between looks whether another delivery is on screen
log = logging.getLogger("dashboard")
_ready_for = ""  # the stamp of the delivery whose answers were taken in
_is_over = threading.Event()
_process: subprocess.Popen[bytes] | None = None


def start() -> None:
    """Begin, in a thread that ends with the server."""
    threading.Thread(target=_watch, name="ahead", daemon=True).start()


def stop() -> None:
    """End it, and the rehearsal with it. A server that is killed ends it too, at its next word: nobody listens any more."""
    _is_over.set()
    if _process is not None:
        _process.kill()


def is_ready() -> bool:
    """Whether what readers ask first of the delivery on screen is at hand."""
    return bool(_ready_for) and _ready_for == _stamp()


def _watch() -> None:
    stamp, tries = "", 0
    while not _is_over.is_set():
        if stamp != (now := _stamp()):
            stamp, tries = now, TRIES
        if stamp and tries and not is_ready():
            tries -= 1
            try:
                rehearse()
            except Exception:
                log.warning("pages could not be opened ahead", exc_info=True)
        _is_over.wait(EVERY)


def rehearse() -> None:
    """Have every page of the delivery on screen opened, and take in what that worked out, page by page."""
    global _ready_for, _process
    store = open_store(str(cached_queries.current()))
    told = {**os.environ, "DASHBOARD_STORE": str(store_path().resolve())}
    told.pop("DASHBOARD_SECRETS", None)
    command = [sys.executable, "-m", "server.prewarm_worker", *FILTERS]
    with subprocess.Popen(
        command, cwd=ROOT, env=told, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True
    ) as _process:
        try:
            is_whole = _take(_process, store)
        finally:
            _process.kill()
    if is_whole:
        _ready_for = cached_queries.stamp_of(store.id)
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def _take(process: subprocess.Popen[bytes], store: Store) -> bool:
    """Take in what the process hands over, into the store it is of, whatever is on screen by then; whether it came to its end."""
    assert process.stdout is not None
    while not _is_over.is_set() and cached_queries.current() == store.id:
        try:
            # from a process that this one started, of its own code: nobody else can write into its output
            of, found = pickle.load(process.stdout)
        except EOFError:
            return process.wait() == 0
        store.take(of, found)
    return False


def _stamp() -> str:
    """Of the delivery on screen; "" where there is none, or it cannot be read."""
    try:
        current = cached_queries.current()
    except Exception:
        return ""
    return cached_queries.stamp_of(current) if current else ""
