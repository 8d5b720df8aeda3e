"""One line of the register: what left, and every question behind it with a digest of its answer, as JSON and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum

from briefs.numbers import AskedAnswer
from queries.access.viewer import Viewer
from queries.models import Answer
from queries.scope import Goal, Question, Scope

_DATES = ("since", "until", "as_of", "due_on")
_LETTERS = 16  # of a digest


@dataclass(frozen=True)
class RecordedQuestion:
    """A question with the scope it was answered under, and the digest of its answer."""

    question: Question
    scope: Scope
    digest: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A file that left.

    Attributes:
        id: Its id in the register: "20261128-1f3a9c04".
        at: When, in UTC.
        file: The name of the file.
        delivery: The delivery that its numbers come from.
        as_of: The day they hold for.
        account: Who it was made for.
        role: Their role.
        version: The version of the code.
        digest: The digest of all its numbers.
        questions: Every question behind it.
    """

    id: str
    at: str
    file: str
    delivery: str
    as_of: str
    account: str
    role: str
    version: str
    digest: str
    questions: tuple[RecordedQuestion, ...]


def recorded(answers: Sequence[AskedAnswer]) -> tuple[RecordedQuestion, ...]:
    """Return the questions with the digests of their answers, in an order that does not depend on when they were asked.

    Questions outside those that a protected reader can ask have no numbers (`Answer.is_nearest`), and are left out.
    """
    items = [
        RecordedQuestion(item.question, item.answer.scope, digest_of(item.answer))
        for item in answers
        if not item.answer.is_nearest
    ]
    by_text = {json.dumps(_question_data(item), sort_keys=True): item for item in items}
    return tuple(by_text[text] for text in sorted(by_text))


def digest_of(answer: Answer) -> str:
    """Return a digest of an answer's numbers: its status, and every field of every row. Nine digits of a number count."""
    rows = [{name: _stable(value) for name, value in vars(row).items()} for row in answer.rows]
    return _digest({"status": answer.status.value, "rows": rows})


def digest_of_all(questions: Sequence[RecordedQuestion]) -> str:
    """Return the digest of all numbers of a file."""
    return _digest([item.digest for item in questions])


def to_line(publication: Publication) -> str:
    """Return a publication as a line of JSON."""
    data = {item.name: getattr(publication, item.name) for item in fields(publication) if item.name != "questions"}
    return json.dumps({**data, "questions": [_question_data(item) for item in publication.questions]})


def from_line(line: str) -> Publication:
    """Return the publication of a line.

    Raises:
        ValueError: The line is damaged or from another version.
    """
    try:
        data = json.loads(line)
        questions = tuple(map(_question_from, data.pop("questions")))
        return Publication(questions=questions, **{name: str(value) for name, value in data.items()})
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a line of the register: {error}") from error


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_LETTERS]


def _stable(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return f"{float(value) + 0.0:.9g}"
    if isinstance(value, Sequence):
        return [_stable(item) for item in value]
    return str(value)


def _question_data(item: RecordedQuestion) -> dict[str, object]:
    question, scope = item.question, item.scope
    goal = _without_empty(asdict(question.goal)) if question.goal else None
    scope_data = {each.name: getattr(scope, each.name) for each in fields(scope) if each.name != "viewer"}
    return _without_empty(
        {
            "measure": question.measure,
            "by": question.by,
            "outcome": question.outcome,
            "goal": goal,
            "scope": _without_empty(scope_data),
            "viewer": _without_empty(asdict(scope.viewer)) if scope.viewer else None,
            "digest": item.digest,
        }
    )


def _without_empty(data: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in data.items()
        if value is not None
    }


def _question_from(data: Mapping[str, object]) -> RecordedQuestion:
    viewer, goal, scope = (data.get(name) for name in ("viewer", "goal", "scope"))
    scope_data = _with_dates(scope) | {"viewer": Viewer(**viewer) if isinstance(viewer, dict) else None}
    question = Question(
        str(data["measure"]),
        _text(data.get("by")),
        _text(data.get("outcome")),
        Goal(**_with_dates(goal)) if isinstance(goal, dict) else None,  # type: ignore[arg-type]  # checked by Goal itself
    )
    return RecordedQuestion(question, Scope(**scope_data), str(data["digest"]))  # type: ignore[arg-type]


def _with_dates(data: object) -> dict[str, object]:
    if not isinstance(data, dict):
        return {}
    return {name: date.fromisoformat(value) if name in _DATES else value for name, value in data.items()}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
