"""Say how residents enrolled in a period go with those of them who enrolled for the first time: pages lead with one or the other."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile

from components.text import prose
from components.text.format import known, people
from queries.models import Answer


def of_enrolled(enrolled: Answer, first: Answer) -> str:
    """Say next to residents enrolled in a period how many of them are new: "183 of them for the first time"; "" for all time.

    Args:
        enrolled: Residents enrolled.
        first: Residents enrolled for the first time, in the same scope.
    """
    count, new = enrolled.total.value, first.total.value
    if not enrolled.scope.since or not known(count) or not count:
        return ""
    if not known(new):
        return "includes those who had enrolled before"
    if new >= count:
        return "for the first time"
    return f"{people(new) if new else 'none'} of them for the first time"


def new_of(first: Answer, enrolled: Answer) -> str:
    """Say what follows a number of residents new in a period: "new of 216 enrolled", or "new" where it is the same."""
    new, count = first.total.value, enrolled.total.value
    is_part = known(new) and known(count) and count > new
    return f"new of {people(count)} enrolled" if is_part else "new"


def with_earlier(first: Answer, enrolled: Answer) -> str:
    """Say next to residents new in a period how many enrolled: "216 with those who had enrolled before"; "" where it is the same."""
    new, count = first.total.value, enrolled.total.value
    if not first.scope.since or not known(new) or not known(count) or count <= new:
        return ""
    return f"{people(count)} with those who had enrolled before"


def sentence(enrolled: Answer, first: Answer, who: str) -> str:
    """Say both in a sentence: "Of the 36 residents enrolled in the period, 30 enrolled for the first time."; "" for all time."""
    count, new = enrolled.total.value, first.total.value
    if not enrolled.scope.since or not known(count) or not known(new) or not 0 < new < count:
        return ""
    those = prose.lower_first(prose.total_of(enrolled, who))
    return f"Of the {those} enrolled in the period, {people(new)} enrolled for the first time."


def since_first(by_period: Answer) -> Answer:
    """Return an answer by period without the periods before its first: a protected reader gets them as zeros."""
    rows = tuple(dropwhile(lambda row: row.value == 0, by_period.rows))
    return replace(by_period, rows=rows or by_period.rows)
