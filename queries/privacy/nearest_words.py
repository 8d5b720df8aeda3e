"""Say which question a protected reader cannot ask, and what is nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queries.dimensions import DIMENSIONS
from queries.periods import day_words, days_of, key_of
from queries.scope import Scope

PEOPLE = "counts or rates of people"
ON_SCREEN = "in the delivery on screen"
AS_OF_DELIVERY = "as of the delivery’s date"


def refused_question(
    scope: Scope, changes: Sequence[str], *, breakdowns: Sequence[str] = (), what: str = PEOPLE
) -> str:
    """Name a question in a sentence: "counts or rates of people by region for Healthcare in fiscal year 2027".

    Args:
        scope: The reader's filters.
        changes: What is different in the nearest question.
        breakdowns: What the numbers are broken down by.
        what: What they are of.
    """
    by = f" by {_join([in_words(name) for name in breakdowns])}" if breakdowns else ""
    filters = [
        "the group chosen" if name == "group" else str(getattr(scope, name))
        for name, dimension in DIMENSIONS.items()
        if dimension.filters and getattr(scope, name) and name not in breakdowns
    ]
    chosen = f" for {_join(filters)}" if filters else ""
    as_of = f" as of {day_words(scope.as_of)}" if AS_OF_DELIVERY in changes and scope.as_of else ""
    other = " in another delivery" if ON_SCREEN in changes else ""
    return f"{what}{by}{chosen}{_period(scope.since, scope.until)}{as_of}{other}"


def refusal(question: str, changes: Sequence[str]) -> str:
    """Say that a protected reader does not see a question's numbers, and what is different in the nearest one."""
    return f"To protect residents’ privacy, your role sees no {question}. It can see them {_join(changes)}."


def in_words(name: str | None) -> str:
    """Name a dimension or a unit of time in the middle of a sentence."""
    dimension = DIMENSIONS.get(name or "")
    return (dimension.words or dimension.id) if dimension else str(name).replace("_", " ")


def _period(since: date | None, until: date | None) -> str:
    if since and until and days_of(key_of(since, "fiscal_year"), "fiscal_year") == (since, until):
        return f" in fiscal year {until.year}"
    if since and since == until:
        return f" on {day_words(since)}"
    start = f" from {day_words(since)}" if since else ""
    end = f" {'to' if since else 'until'} {day_words(until)}" if until else ""
    return start + end


def _join(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))
