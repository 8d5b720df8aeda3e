"""Measures whose rows show the people of another measure: they are hidden wherever the pattern hides these people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from queries.calculators.registry import calculator_of
from queries.context import QueryContext
from queries.periods import days_of, key_of
from queries.privacy.family import base_of_link

_OF_ALL_TIME = frozenset({"pace"})  # types of measures that count all time, whatever the period of the question
_OF_RECOVERY_FUNDS = frozenset({"slfrf"})  # types of measures that count the initiatives paid from the recovery funds


def linked_to(context: QueryContext) -> tuple[QueryContext, ...]:
    """Return the questions about the people whom the rows of an answer show: what a cost is per, for example; none for most measures."""
    base = base_of_link(context.measure)
    if base is None:
        return ()
    by = context.by or calculator_of(context.measure).default_by
    people = context.other(context.outcome or base, by=by)
    if context.measure.type in _OF_ALL_TIME:
        return (replace(people, scope=people.scope.but(since=None, until=None)),)
    return tuple(_of_recovery_funds(people)) if context.measure.type in _OF_RECOVERY_FUNDS else (people,)


def linked_in_quarter(context: QueryContext) -> tuple[QueryContext, ...]:
    """Return the same questions about the quarter of the as-of date."""
    since, until = days_of(key_of(context.as_of, "quarter"), "quarter")
    return tuple(replace(each, scope=each.scope.but(since=since, until=until)) for each in linked_to(context))


def _of_recovery_funds(people: QueryContext) -> Iterator[QueryContext]:
    """Yield the question under each initiative whose people are counted: with one initiative, these are all of them."""
    for row in people.listing("initiatives"):
        if row["is_slfrf"]:
            yield replace(people, scope=people.scope.but(initiative=str(row["initiative"])))
