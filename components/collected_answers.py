"""Collect the questions that a page asks while a run of it answers a reader's request for a file."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar

from queries import Answer, Question, Scope

Answers = Mapping[tuple[Question, Scope], Answer]
_answers: ContextVar[dict[tuple[Question, Scope], Answer] | None] = ContextVar("collected-answers", default=None)


def start(*, is_wanted: bool) -> None:
    """Start to collect, where this run answers a request; else forget what an earlier run collected."""
    _answers.set({} if is_wanted else None)


def add(question: Question, answer: Answer) -> None:
    """Note a question and its answer."""
    answers = _answers.get()
    if answers is not None:
        answers[question, answer.scope] = answer


def collected() -> Answers:
    """Return the answers so far by question and scope; none in a run that answers no request."""
    return _answers.get() or {}
