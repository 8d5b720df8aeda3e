"""Random questions, and whether two stores answer them alike: with rollups and without, with residents' rows and without, from two engines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from queries import Answer, Question, ask, listing, measures
from queries.calculators.registry import calculator_of
from queries.dimensions import FILTERS, MODELS
from queries.models import AnswerStatus, Row
from queries.registry import Measure
from queries.scope import OUTCOMES, SIDES, Scope
from queries.service import breakdowns_of

ScopedQuestion = tuple[Question, Scope]
_DAYS_BACK = (1, 7, 14, 90, 365, 366, 400)


def every_question(scope: Scope = Scope()) -> Iterator[ScopedQuestion]:
    """Yield every measure by every breakdown."""
    for entry in measures().values():
        yield from ((Question(entry.id, by), scope) for by in breakdowns_of(entry))


def random_questions(store: Path, *, seed: int, count: int) -> Iterator[ScopedQuestion]:
    """Yield random measures by random breakdowns, under random filters and periods and on random dates.

    Args:
        store: The store whose newest delivery has the values of filters.
        seed: Of the choices.
        count: How many to yield.
    """
    draw = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(store))
        values = {
            name: [str(row[dimension.reference_key]) for row in listing(dimension.reference)]
            for name, dimension in FILTERS.items()
        }
        delivered_on = ask(Question("residents_enrolled")).as_of
    entries = list(measures().values())
    for _ in range(count):
        entry = draw.choice(entries)
        outcome = draw.choice(OUTCOMES) if calculator_of(entry).takes_outcome and draw.random() < 0.5 else None
        question = Question(entry.id, draw.choice(breakdowns_of(entry)), outcome)
        yield question, Scope(**_fields(draw, entry, values, delivered_on))


def _fields(draw: random.Random, entry: Measure, values: dict[str, list[str]], delivered_on: date) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: draw.choice(values[name]) for name in MODELS[entry.model].filters if values[name] and draw.random() < 0.25
    }
    if "group" in fields:
        fields["group_side"] = draw.choice(SIDES)
    if draw.random() < 0.3:
        fields["as_of"] = delivered_on - timedelta(days=draw.choice(_DAYS_BACK))
    if draw.random() < 0.4:
        fields["since"] = _day(draw, delivered_on)
        fields["until"] = draw.choice([None, max(fields["since"], _day(draw, delivered_on) - timedelta(days=1))])
    return fields


def _day(draw: random.Random, delivered_on: date) -> date:
    """Return the first day of a month, or any day; half of them of the last 15 months."""
    day = delivered_on - timedelta(days=draw.randrange(draw.choice([450, 1500])))
    return day.replace(day=1) if draw.random() < 0.5 else day


def assert_same_answers(left: Path, right: Path, questions: Iterable[ScopedQuestion]) -> Counter[str]:
    """Ask both stores, and fail where their answers differ, but for answers that need residents' rows in the second.

    Returns:
        How often which status was the second's.
    """
    listed = list(questions)
    answers = _answers(left, listed)
    statuses = Counter[str]()
    for each, expected, answer in zip(listed, answers, _answers(right, listed), strict=True):
        statuses[answer.status.value] += 1
        if answer.status is AnswerStatus.NEEDS_ROWS:
            assert not answer.delivery.has_rows, each
            assert not answer.rows, each
            assert "published without residents’ rows" in str(answer.note), each
        else:
            assert _same(answer, expected), each
    return statuses


def _answers(store: Path, questions: Sequence[ScopedQuestion]) -> list[Answer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(store))
        return [ask(question, scope) for question, scope in questions]


def _same(answer: Answer, expected: Answer) -> bool:
    head, expected_head = ((each.status, each.note, each.as_of, each.scope, each.goal) for each in (answer, expected))
    # most rows are equal as they are: rounding them all takes as long as asking some questions
    return head == expected_head and (answer.rows == expected.rows or rounded(answer.rows) == rounded(expected.rows))


def rounded(rows: Sequence[Row]) -> list[Any]:
    """Answer rows with their numbers to ten digits: sums of floats depend on their order in the last ones."""

    def short(value: Any) -> Any:
        return float(f"{value:.10g}") if isinstance(value, float) else value

    return [
        {
            name: {k: short(v) for k, v in value.items()} if isinstance(value, dict) else short(value)
            for name, value in vars(row).items()
        }
        for row in rows
    ]
