"""An answer as plain data, for JSON."""

from __future__ import annotations

from datetime import date

from queries.models import Answer, Row
from queries.periods import day_words
from queries.scope import Goal, Scope

ROW_COLUMNS = ("key", "group", "part", "value", "numerator", "denominator", "low", "high", "note")
_NOT_EXTRA = frozenset({*ROW_COLUMNS, "suppression"})


def filters_line(scope: Scope, outcome: str | None = None, goal: Goal | None = None) -> str:
    """Write what numbers are restricted to: "Filters: region Eastern, from 2026-07-01", "Filters: none"; and the goal of a plan."""
    filters = [f"{name} {value}" for name, value in scope.filters.items()]
    filters += [f"from {scope.since}"] if scope.since else []
    filters += [f"to {scope.until}"] if scope.until else []
    aim = f"goal: {goal.what} {goal.value:.4g} by {goal.due_on}" if goal is not None and goal.value is not None else ""
    parts = [f"Filters: {', '.join(filters) or 'none'}", f"outcome: {outcome}" if outcome else "", aim]
    return " · ".join(filter(None, parts))


def after_delivery(wanted: date | None, delivered_on: date) -> str:
    """Say that a date is after the delivery, as pages say; "" where it is not."""
    if wanted is None or wanted <= delivered_on:
        return ""
    day = day_words(delivered_on)
    return f"The date {day_words(wanted)} is after the delivery of {day}: the numbers are as of {day}."


def note_of(answer: Answer, wanted: date | None = None) -> str | None:
    """Return what else to know of an answer: its date, if another was asked for, and its note; None for nothing.

    Args:
        answer: The answer.
        wanted: The date that was asked for.
    """
    parts = (after_delivery(wanted, answer.delivery.delivered_on), _note_or_period(answer))
    return " ".join(filter(None, parts)) or None


def _note_or_period(answer: Answer) -> str | None:
    """Return the answer's note; without one, that its period has not begun or is not over, as pages say. Else a zero would read as a finding."""
    scope, day = answer.scope, day_words(answer.as_of)
    if answer.note:
        return answer.note
    if scope.since and scope.since > answer.as_of:
        return f"The period begins after {day}, so nothing in it can be counted yet."
    if scope.until and scope.until > answer.as_of:
        return f"The period is not over: the numbers are those up to {day}."
    return None


def as_data(answer: Answer, outcome: str | None = None, wanted: date | None = None) -> dict[str, object]:
    """Return an answer as plain data: its definition, what it is restricted to, and its rows, each with its date and delivery.

    Args:
        answer: The answer. Its filters may be the nearest that a protected reader can ask under.
        outcome: The outcome that the question names; None for the measure's default.
        wanted: The date that the question names.
    """
    stamp = {"as_of": answer.as_of.isoformat(), "delivery": answer.delivery.id}
    return {
        "measure": answer.measure.id,
        "label": answer.measure.label,
        "definition": answer.measure.definition,
        "unit": answer.measure.unit,
        "by": answer.by,
        "outcome": outcome,
        "filters": dict(answer.scope.filters),
        "since": answer.scope.since,
        "until": answer.scope.until,
        "status": answer.status,
        "note": note_of(answer, wanted),
        "is_synthetic": answer.delivery.is_synthetic,
        **stamp,
        "rows": [{**row_as_data(row), **stamp} for row in answer.rows],
    }


def row_as_data(row: Row) -> dict[str, object]:
    """Return a row as plain data: the fields of every row, and the others under "extra"."""
    extra = {name: value for name, value in vars(row).items() if name not in _NOT_EXTRA}
    return {**{name: getattr(row, name) for name in ROW_COLUMNS}, "extra": extra}
