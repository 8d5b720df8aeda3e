"""Answer in advance what readers ask first.

When a new delivery is published, server/prewarm_worker.py asks the usual questions in a separate process of the lowest priority,
and this process imports the answers.

The usual questions are a standard list from the registry and whatever readers asked of the previous delivery since the server
started. Answers are computed once for all readers (queries/service.py), so none of them belongs to a particular reader; what a
reader may see is decided when they ask. A reader who is faster than the worker waits as long as without it.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Hashable
from pathlib import Path

from components import cached_queries
from data.store import store_path
from queries.database import Store, delivery, open_store
from queries.scope import Goal, Question, Scope

ROOT = Path(__file__).parent.parent
FILTERS = ("region", "initiative")  # one filter at a time, in the order in which readers choose them
ATTEMPTS = 3  # for each delivery, when the worker fails
MAX_QUESTIONS = 5_000  # of the previous delivery, the newest
EVERY = 5.0  # seconds between checks for a new delivery
log = logging.getLogger("dashboard")


class _Prewarm:
    """The state of this server's prewarm. One thread writes it; the rest of the server reads it."""

    def __init__(self) -> None:
        self.ready_for: Hashable = ""  # stamp of the delivery whose answers have been imported
        self.previous: Store | None = None  # the delivery that was prepared last
        self.process: subprocess.Popen[bytes] | None = None
        self.is_over = threading.Event()


_state = _Prewarm()


def start() -> None:
    """Start prewarming, in a thread that ends with the server."""
    threading.Thread(target=_watch, name="prewarm", daemon=True).start()


def stop() -> None:
    """Stop prewarming and kill the worker. If the server itself is killed, the worker ends at its next write to the pipe."""
    _state.is_over.set()
    if _state.process is not None:
        _state.process.kill()


def is_ready() -> bool:
    """Return whether the answers to the usual questions about the published delivery have been imported."""
    return bool(_state.ready_for) and _state.ready_for == _stamp()


def _watch() -> None:
    stamp: Hashable = ""
    attempts = 0
    while not _state.is_over.is_set():
        if stamp != (now := _stamp()):
            stamp, attempts = now, ATTEMPTS
        if stamp and attempts and not is_ready():
            attempts -= 1
            try:
                run_worker()
            except Exception:
                log.warning("the usual questions could not be answered in advance", exc_info=True)
        _state.is_over.wait(EVERY)


def run_worker() -> None:
    """Run the worker for the published delivery and import its answers batch by batch."""
    store = open_store(str(cached_queries.current()))
    questions = recent_questions(_state.previous, store) if _state.previous else []
    environment = {**os.environ, "DASHBOARD_STORE": str(store_path().resolve())}
    environment.pop("DASHBOARD_SECRETS", None)
    command = [sys.executable, "-m", "server.prewarm_worker", *FILTERS]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Ctrl+C in the server's terminal does not reach another process group. Not a new session: Linux schedules each session
        # as a group of its own, and within it the worker's low priority would mean nothing.
        process_group=0,
    ) as process:
        _state.process = process
        try:
            is_complete = _send(process, questions) and _import_answers(process, store)
        finally:
            process.kill()
    if is_complete:
        _state.ready_for, _state.previous = cached_queries.stamp_of(store.id), store
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def recent_questions(previous: Store, store: Store) -> list[tuple[Question, Scope]]:
    """Return the questions that the cache still holds answers to, as questions about another delivery, newest first.

    Dates move with the delivery's date, because pages compare with the same number of days or months before it.
    """
    delivered_on = delivery(previous).delivered_on
    days = delivery(store).delivered_on - delivered_on
    questions = []
    for key in reversed(previous.results()):
        match key:
            case (
                str() as measure_id,
                str() | None as by,
                Scope() as scope,
                str() | None as outcome,
                Goal() | None as goal,
            ):
                as_of = None if scope.as_of == delivered_on else scope.as_of
                dates = {"since": scope.since, "until": scope.until, "as_of": as_of}
                moved = {name: day + days if day else None for name, day in dates.items()}
                questions.append(
                    (Question(measure_id, by, outcome, goal), scope.but(delivery=store.id, viewer=None, **moved))
                )
    return questions[:MAX_QUESTIONS]


def _send(process: subprocess.Popen[bytes], questions: list[tuple[Question, Scope]]) -> bool:
    """Send the questions to the worker. Returns whether it received them."""
    assert process.stdin is not None
    try:
        pickle.dump(questions, process.stdin)
        process.stdin.close()
    except BrokenPipeError:
        return False
    return True


def _import_answers(process: subprocess.Popen[bytes], store: Store) -> bool:
    """Import the worker's answers into the store they belong to, even if another delivery is published meanwhile.

    Returns:
        Whether the worker finished.
    """
    assert process.stdout is not None
    while not _state.is_over.is_set() and cached_queries.current() == store.id:
        try:
            # safe to unpickle: this process started the worker, from its own code, and nothing else can write to the pipe
            file, answers = pickle.load(process.stdout)
        except EOFError:
            return process.wait() == 0
        store.take(file, answers)
    return False


def _stamp() -> Hashable:
    """Return the stamp of the published delivery, or "" if there is none or it cannot be read."""
    try:
        current = cached_queries.current()
    except Exception:
        return ""
    return cached_queries.stamp_of(current) if current else ""
