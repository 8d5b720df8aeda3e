"""The one place where components touch `queries/` and `data/`: asking, reference lists, which delivery is on screen.

Answers are kept across sessions by (question, scope, delivery), never by time, so that a new delivery is on screen at
the next interaction. Whatever goes wrong underneath becomes a calm answer with a number to look up in the log.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

import queries
from components import html_view, refusals
from components.refusals import Refusal
from components.url_state import Choices
from data import store
from queries.access.rights import REFERENCE
from queries.cache import Bounded
from queries.database import cells, open_store
from queries.database import delivery as describe
from queries.instances import FileState, file_state, retried

log = logging.getLogger("dashboard")
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]{2,45}\]|[A-Za-z0-9_.-]{1,253})(:\d{1,5})?")
_LONGEST = 2_000
MOST_KEPT = 1_000_000  # values in answers and listings, of all deliveries and readers


def incident(what: str, error: BaseException | None = None) -> str:
    """Log an exception, the one being handled if none is given, under a short id and return the id. Next time all may be well:
    what is said now is not kept."""
    html_view.disable_cache()
    number = secrets.token_hex(3)
    log.error("incident %s: %s", number, what, exc_info=error or True)
    return number


def origin() -> str:
    """Scheme and host of the address the reader sees, as their browser says it; "" where there is none (a page run alone in a
    test), or it is no such thing."""
    try:
        parts = urlsplit(str(st.context.url or "")[:_LONGEST])
    except ValueError:
        return ""
    found = f"{parts.scheme}://{parts.netloc}"
    return found if _ORIGIN.fullmatch(found) else ""


def current() -> str | None:
    """The id of the published delivery, or None when nothing is published. Read anew on every run."""
    return store.current_id(store.store_path())


def history() -> list[str]:
    """Ids of every delivery published, oldest first."""
    return list(store.history(store.store_path()))


def refusal() -> Refusal | None:
    """The last attempt, if it was not accepted. Read again whenever the store's note of it changes."""
    try:
        return _refusal(file_state(store.store_path() / store.REFUSED))
    except OSError:
        return None


@lru_cache(maxsize=4)
def _refusal(file: FileState) -> Refusal:
    content = store.read_json(Path(file.path))
    return refusals.unreadable(file) if content is None else refusals.read(content, file)


def stamp_of(delivery_id: str) -> str:
    """What tells two deliveries apart even if a store was wiped and filled again under the same id, or a file of it replaced."""
    path = store.database(store.store_path(), delivery_id)
    try:
        return "@".join(map(str, file_state(path)))
    except OSError:
        return str(path)


@st.cache_resource(show_spinner=False)
def _kept() -> Bounded[Any]:
    """Answers and listings. Not Streamlit's own cache, which takes 0.3 ms to find one: a page asks for 40."""
    return Bounded(MOST_KEPT, lambda found: cells(found.rows if isinstance(found, queries.Answer) else found))


def _keep(key: Any, make: Callable[[], Any]) -> Any:
    return _kept().once(key, make)


def ask(question: Any, scope: Any, delivery: Any, as_of: date, stamp: str = "") -> Any:
    """The answer to a question, from the cache if it was ever asked of this delivery under this scope. stamp: of the
    delivery (`stamp_of`), where the caller has looked already.

    The reader is part of the scope, and so of the key. Nothing is asked for nobody: that is for the command line alone.
    """
    try:
        if scope.viewer is None:
            raise PermissionError("a page asked without a reader")
        key = (stamp or stamp_of(delivery.id), question, scope)
        return _keep(key, lambda: queries.ask(question, scope))
    except queries.AskError as error:
        note = str(error)
    except Exception:
        note = (
            "This number could not be worked out just now; the rest of the page still holds. "
            f"If it stays, quote incident {incident(f'{question!r} under {scope!r}')}."
        )
    return queries.Answer.failed(question, scope, delivery, as_of, note)


def listing(name: str, scope: Any, delivery_id: str, stamp: str = "") -> list[dict[str, Any]]:
    """The rows of queries/sql/reference/<name>.sql as plain dicts, from the cache; do not change what you get.

    Raises NotAllowed where it is not part of the reader's view; without a reader there are reference tables only.
    """
    if scope.viewer is None and name not in REFERENCE:
        raise PermissionError(f"a page asked for {name} without a reader")
    return _keep((stamp or stamp_of(delivery_id), name, scope), lambda: queries.listing(name, scope))


@st.cache_resource(max_entries=200, show_spinner=False)
def _delivery(stamp: str, _delivery_id: str) -> Any:
    return retried(lambda: describe(open_store(_delivery_id)))


def delivery_of(delivery_id: str) -> Any:
    """The delivery with this id: id, delivered_on, layout, is_synthetic, note, published_at."""
    return _delivery(stamp_of(delivery_id), delivery_id)


def choices(delivery_id: str) -> Choices:
    """What can be chosen in this delivery."""

    stamp, everything = stamp_of(delivery_id), queries.Scope(delivery=delivery_id)

    def reference(name: str) -> list[dict[str, Any]]:
        return listing(name, everything, delivery_id, stamp)

    latest = delivery_of(delivery_id).delivered_on
    initiatives = reference("initiatives")
    began = [row["began_on"] for row in initiatives if row.get("began_on")]
    return Choices(
        initiatives=tuple((r["initiative"], r.get("label") or r["initiative"]) for r in initiatives),
        regions=tuple((r["region"], r["region"]) for r in reference("regions")),
        sectors=tuple((r["sector"], r["sector"]) for r in reference("sectors")),
        groups=tuple((r["group_id"], r.get("label") or r["group_id"]) for r in reference("groups")),
        earliest=min([*began, latest - timedelta(days=365)]),
        latest=latest,
    )


def measure(measure_id: str) -> Any:
    """The registry entry of a measure."""
    return queries.measure(measure_id)
