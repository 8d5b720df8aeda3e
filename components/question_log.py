"""The questions that a page asks while a run of it answers a reader's request for a file, each with its answer."""

from __future__ import annotations

from contextvars import ContextVar

from queries import Answer, Question, Scope

Answers = dict[tuple[Question, Scope], Answer]
_answers: ContextVar[Answers | None] = ContextVar("question-log", default=None)


def start(*, is_wanted: bool) -> None:
    """Start to collect, where this run answers a request; else forget what an earlier run collected."""
    _answers.set({} if is_wanted else None)


def add(question: Question, answer: Answer) -> None:
    """Note a question and its answer. Threads of a run share the log."""
    answers = _answers.get()
    if answers is not None:
        answers[question, answer.scope] = answer


def answers() -> Answers:
    """Return what was asked so far; empty in a run that answers no request."""
    return _answers.get() or {}
