"""The one place where components use `queries/` and `data/`: questions, reference lists, the delivery on screen.

Answers are cached across sessions by question, scope and the state of the delivery's file, never by time, so that a new delivery is on
screen at the next click. Every error becomes an answer that says so, with a number to look up in the log. What is read here is recorded
(`components/read_log.py`), so that a page cached before a change is not shown after it.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import scipy.special  # noqa: F401 - loaded before there are threads: two that load it at the same time break it
import streamlit as st

import queries
from components import question_log, read_log, refusals
from components.choices import Choices
from components.refusals import Refusal
from components.scoped_answers import choices_from, without_nearest
from data import store
from queries import Answer, Change, Delivery, Question, Scope, database
from queries.access.rights import REFERENCE
from queries.changed import are_alike, previous_delivery
from queries.changed import changed as compare
from queries.database import open_store
from queries.instances import SMALL, FileState, retried, state_or_none
from queries.rows_left_out import RowsNeeded

log = logging.getLogger("dashboard")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(:\d{1,5})?")
_MAX_URL = 2_000
MOST_COMPARED = 500_000  # rows of a table whose deliveries are compared while a page waits
FAILED = "This number could not be computed just now; the rest of the page still holds. If it stays, quote incident {}."
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ask")
T = TypeVar("T")


def incident(what: str, error: BaseException | None = None) -> str:
    """Log an exception under a short id, and return the id.

    The page that runs is not cached: next time all may be well.

    Args:
        what: what went wrong, for the log.
        error: the exception; the one being handled if None.
    """
    read_log.disable_cache()
    number = secrets.token_hex(3)
    log.error("incident %s: %s", number, what, exc_info=error or True)
    return number


def origin() -> str:
    """Return scheme and host of the address in the reader's browser; "" if there is none or it is not an address."""
    return read_log.read("origin", _read_origin)


def _read_origin() -> str:
    try:
        parts = urlsplit(str(st.context.url or "")[:_MAX_URL])
    except ValueError:
        return ""
    address = f"{parts.scheme}://{parts.netloc}"
    return address if _ORIGIN.fullmatch(address) else ""


def current() -> str | None:
    """Return the id of the published delivery, or None when nothing is published. Read from the store on every run."""
    return read_log.read("current", lambda: store.current_id(store.store_path()))


def history() -> list[str]:
    """Return the ids of all published deliveries, oldest first."""
    return list(read_log.read("history", lambda: tuple(store.history(store.store_path()))))


def withdrawn() -> str | None:
    """Return the delivery that a rollback took off the screen, None where there is none. Read from the store on every run."""
    return read_log.read("withdrawn", lambda: store.withdrawn(store.store_path()))


def refusal() -> Refusal | None:
    """Return the last attempt to publish if it was not accepted. Read again whenever the store's note of it changes."""
    return read_log.read("refusal", _read_refusal)


def _read_refusal() -> Refusal | None:
    file = state_or_none(store.store_path() / store.REFUSED)
    return None if file is None else _parse_refusal(file)


@lru_cache(maxsize=4)
def _parse_refusal(file: FileState) -> Refusal:
    content = store.read_json(Path(file.path))
    return refusals.unreadable(file) if content is None else refusals.read(content, file)


def stamp_of(delivery_id: str) -> Hashable:
    """Return what tells two states of a delivery apart, even if a store was wiped and filled again under the same id."""
    return read_log.read(("stamp", delivery_id), partial(_read_stamp, delivery_id))


def _read_stamp(delivery_id: str) -> Hashable:
    path = store.database(store.store_path(), delivery_id)
    return state_or_none(path) or str(path)


def cached(delivery_id: str, key: Hashable, compute: Callable[[], T]) -> T:
    """Return something about a delivery from the cache of answers; compute it if it is not there for this state of the delivery.

    The key differs from those of the store's rows (`queries.database.Store`): those are for no viewer in particular and may be
    passed between processes, these are not.
    """
    value: T = database.ANSWERS.get_or_compute((("page", stamp_of(delivery_id)), key), compute)
    return value


def ask(question: Question, scope: Scope, delivery: Delivery, as_of: date) -> Answer:
    """Answer a question, from the cache if it was asked of this delivery under this scope before. Never raises.

    The viewer is part of the scope, and so of the cache key. A page may not ask without a viewer; the command line may.

    Args:
        question: what is asked.
        scope: filters, viewer and delivery.
        delivery: the delivery on screen, for an answer that could not be made.
        as_of: the date on screen, likewise.
    """
    answer, is_logged = _answer(question, scope, delivery, as_of)
    if is_logged:
        question_log.add(question, answer)
    return answer


def _answer(question: Question, scope: Scope, delivery: Delivery, as_of: date) -> tuple[Answer, bool]:
    """Return an answer, and whether the question could be asked."""
    try:
        if scope.viewer is None:
            raise PermissionError("a page asked without a viewer")
        key = ("answer", question, scope)
        answer = cached(scope.delivery or delivery.id, key, lambda: queries.ask(question, scope))
        return without_nearest(answer), True
    except queries.AskError as error:
        note = str(error)
    except Exception:
        note = FAILED.format(incident(f"{question!r} under {scope!r}"))
    return Answer.failed(question, scope, delivery, as_of, note), False


def ask_ahead(questions: Sequence[tuple[Question, Scope]], delivery: Delivery, as_of: date) -> None:
    """Put the answers to these questions into the cache, two at a time: DuckDB works on one while Python works on another.

    Where no other thread is free, this one answers all of them. Questions of small deliveries wait until they are asked: Python counts
    nearly all of their answers, so that two threads would only wait for each other.
    """
    # recorded once, before the threads read them
    stamps = [stamp_of(delivery_id) for delivery_id in {scope.delivery or delivery.id for _, scope in questions}]
    if all(isinstance(stamp, FileState) and stamp.size < SMALL for stamp in stamps):
        return
    rest = iter(questions)

    def work() -> None:
        for question, scope in rest:  # two threads take from one iterator
            _answer(question, scope, delivery, as_of)

    helper = _POOL.submit(copy_context().run, work)
    work()
    if not helper.cancel():  # it has begun, and may be at work on the last question
        helper.result()


def listing(name: str, scope: Scope, delivery_id: str) -> list[dict[str, Any]]:
    """Return the rows of queries/sql/reference/<name>.sql, from the cache; none where only residents' rows, left out, have them.

    Do not change them.

    Raises:
        NotAllowed: it is not part of the viewer's view.
        PermissionError: there is no viewer, and it is not a reference table.
    """
    if scope.viewer is None and name not in REFERENCE:
        raise PermissionError(f"a page asked for {name} without a viewer")
    try:
        return cached(delivery_id, ("listing", name, scope), lambda: queries.listing(name, scope))
    except RowsNeeded:
        return []


def delivery_of(delivery_id: str) -> Delivery:
    """Return the delivery with this id."""
    return cached(delivery_id, "delivery", lambda: retried(lambda: database.delivery(open_store(delivery_id))))


def previous(delivery: Delivery) -> Delivery | None:
    """Return the delivery of the same kind that was published before this one; None where there is none."""
    ids = tuple(history())
    return cached(delivery.id, ("previous", ids), lambda: retried(lambda: previous_delivery(delivery.id, ids)))


def newest(delivery: Delivery) -> Delivery | None:
    """Return the delivery that is on screen for readers who choose none; None if it is of another kind than this one."""
    current_id = current()
    shown = delivery_of(current_id) if current_id else None
    return shown if shown and are_alike(shown, delivery) else None


def changed(measure_id: str, scope: Scope, delivery: Delivery) -> Change | None:
    """Return why a total differs from the one in the previous delivery; None if there is no previous one. Never raises.

    Args:
        measure_id: a count or a sum.
        scope: filters and viewer.
        delivery: the delivery on screen.
    """
    before = previous(delivery)
    if before is None:
        return None
    scope = scope.but(delivery=delivery.id)
    try:
        if scope.viewer is None:
            raise PermissionError("a page asked without a viewer")
        key = ("changed", measure_id, scope, before.id, stamp_of(before.id))
        return cached(delivery.id, key, lambda: compare(measure_id, before.id, scope, most_rows=MOST_COMPARED))
    except queries.AskError as error:
        note = str(error)
    except Exception:
        note = FAILED.format(incident(f"the change of {measure_id} under {scope!r}"))
    return Change.failed(queries.measure(measure_id), scope, before=before, now=delivery, note=note)


def choices(delivery_id: str) -> Choices:
    """Return what can be chosen in this delivery."""
    scope = Scope(delivery=delivery_id)

    def compute() -> Choices:
        return choices_from(lambda name: listing(name, scope, delivery_id), delivery_of(delivery_id).delivered_on)

    return cached(delivery_id, "choices", compute)
