"""Collect the questions that a page asks while a run of it answers a reader's request for a file."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from queries import Answer, Question, Scope

Asked = Mapping[tuple[Question, Scope], Answer]
_asked: ContextVar[dict[tuple[Question, Scope], Answer] | None] = ContextVar("asked-questions", default=None)


def start(*, is_wanted: bool) -> None:
    """Start to collect, where this run answers a request; else forget what an earlier run collected."""
    _asked.set({} if is_wanted else None)


def add(question: Question, answer: Answer) -> None:
    """Note a question and its answer."""
    asked = _asked.get()
    if asked is not None:
        asked[question, answer.scope] = answer


def collected() -> Asked:
    """Return the answers so far by question and scope; none in a run that answers no request."""
    return _asked.get() or {}
