"""Openings and hiring commitments in words, and supply against demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.text import prose
from components.text.format import known, people, share
from components.text.period_labels import named

BY_SOURCE = (
    "openings",
    "positions",
    "positions_filled",
    "positions_filled_by_participants",
    "fill_rate",
    "days_to_fill",
)
UNITS = {
    "Open positions": "positions", "In training": "enrollments", "Completed in a year": "enrollments",
    "Openings": "openings", "Positions": "positions", "Filled": "positions", "Filled by residents trained": "positions",
    "Fill rate": "share", "Median days to fill": "days",
}  # fmt: skip
SUPPLY = (
    "Positions still open beside enrollments in training and the completions of the last year: more open positions than both "
    "together is a shortage of people trained, fewer than half of them a possible glut."
)


def lead(*, positions: Any, still_open: Any, filled: Any, by_residents: Any) -> str:
    """The page's answer: what employers offered, what is open, who filled it."""
    if positions.status != "ok":
        return positions.note or "No opening has been posted yet."
    text = f"Employers have offered {people(positions.total.value)} positions {prose.when(positions)}"
    if known(filled.total.value) and known(by_residents.total.value):
        text += f"; {people(filled.total.value)} are filled, {people(by_residents.total.value)} by residents trained"
    if known(still_open.total.value):
        text += f"; {people(still_open.total.value)} are still open"
    return text + "."


def days_context(answer: Any) -> str:
    """What the median rests on."""
    return f"median of {people(answer.total.denominator)} openings filled whole" if known(answer.total.value) else ""


def _counts(demand: Any, training: Any, completed: Any) -> list[tuple[str, float, Any, Any]]:
    def value(answer: Any, key: str) -> Any:
        """How many; nobody where there is no row; the reason where the number is held back."""
        row = answer.row(key)
        return 0.0 if row is None else prose.told(row) or 0.0

    return [
        (row.key, row.value, value(training, row.key), value(completed, row.key)) for row in prose.ranked(demand)
    ]


def standing(open_positions: float, people_near: float) -> str:
    """Shortage, glut or neither, by the rule the page states."""
    if open_positions > people_near:
        return "shortage of people trained"
    if open_positions < people_near / 2:
        return "possible glut"
    return "near balance"


def tightest(demand: Any, training: Any, completed: Any, what: str) -> str:
    """The finding: where most positions are open for each resident near a job."""
    rows = [
        (open_ / (near + done), key, open_, near + done)
        for key, open_, near, done in _counts(demand, training, completed)
        if known(near) and known(done) and near + done
    ]
    if not rows or training.status != "ok":
        return f"Open positions by {what}"
    _, key, open_, near = max(rows)
    return f"{key} is tightest: {people(open_)} positions open, {people(near)} enrollments in training or completed within a year"


def supply_table(demand: Any, training: Any, completed: Any, what: str) -> list[dict[str, Any]]:
    """One row a sector or region: open positions, residents in training, completions of a year, and the standing."""
    supplied = training.status == completed.status == "ok"
    return [
        {
            prose.capital(what): key,
            "Open positions": open_,
            "In training": near if supplied else training.reason,
            "Completed in a year": done if supplied else completed.reason,
            "Standing": prose.capital(standing(open_, near + done))
            if supplied and known(near) and known(done)
            else "not known",
        }
        for key, open_, near, done in _counts(demand, training, completed)
    ]


def by_source_table(answers: Sequence[Any]) -> list[dict[str, Any]]:
    """One row a source of openings, with the measures of BY_SOURCE."""
    names = ("Openings", "Positions", "Filled", "Filled by residents trained", "Fill rate", "Median days to fill")
    return [
        {"Source": prose.capital(row.key)}
        | {name: prose.cell(answer, row.key) for name, answer in zip(names, answers, strict=True)}
        for row in answers[0].rows
    ]


def busiest(by_quarter: Any) -> str:
    """The finding over positions by quarter."""
    row = prose.best(by_quarter)
    return f"Most positions were posted in {named(row.key)}: {people(row.value)}" if row else "No positions yet"


def first(by_employer: Any) -> str:
    """The finding over employers."""
    row = prose.best(by_employer)
    if row is None:
        return "No employer has posted yet"
    whole = sum(one.value for one in by_employer.rows)
    return f"{row.key} offers the most positions: {people(row.value)} ({share(row.value / whole)})"
