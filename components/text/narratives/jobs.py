"""Describe job openings and hiring commitments, and compare open positions with training."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import prose, reliability
from components.text.format import known, people, share
from components.text.period_labels import period_label
from queries.arithmetic import share_of, total_of
from queries.models import Answer

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
    "Openings": "openings", "Positions": "positions", "Filled": "positions", "Filled by program participants": "positions",
    "Fill rate": "share", "Median days to fill": "days",
}  # fmt: skip
SUPPLY = (
    "Open positions compared with enrollments in training plus completions of the last year. More open positions than both "
    "added up counts as a shortage of trained people; fewer than half of them counts as a possible surplus."
)


def lead(*, positions: Answer, still_open: Answer, filled: Answer, by_residents: Answer) -> str:
    """Answer the page's question: what employers offered, what is open, and who filled it."""
    if positions.status != "ok":
        return positions.note or "No opening has been posted yet."
    text = f"Employers have offered {people(positions.total.value)} positions {prose.when(positions)}"
    if known(filled.total.value) and known(by_residents.total.value):
        text += f"; {people(filled.total.value)} are filled, {people(by_residents.total.value)} of them by program participants"
    if known(still_open.total.value):
        text += f"; {people(still_open.total.value)} are still open"
    return f"{text}."


def days_context(answer: Answer) -> str:
    """Say how many openings the median is taken of."""
    return f"median of {people(answer.total.denominator)} fully filled openings" if known(answer.total.value) else ""


def _counts(demand: Answer, training: Answer, completed: Answer) -> list[tuple[str, float, prose.Cell, prose.Cell]]:
    """Return (key, open positions, in training, completed) for each row with open positions, most first."""

    def value(answer: Answer, key: str) -> prose.Cell:
        """Return a count, 0 without a row, the reason where the number is hidden."""
        row = answer.row(key)
        return 0.0 if row is None else prose.cell_of(row) or 0.0

    return [
        (row.key, row.value or 0.0, value(training, row.key), value(completed, row.key)) for row in prose.ranked(demand)
    ]


def standing(open_positions: float, trained: float) -> str:
    """Name a shortage, a possible surplus or neither, by the rule that the page states."""
    if open_positions > trained:
        return "shortage of trained people"
    return "possible surplus" if open_positions < trained / 2 else "near balance"


def supply_title(demand: Answer, training: Answer, completed: Answer, what: str) -> str:
    """State where most positions are open compared with enrollments in training and recent completions."""
    rows = [
        (open_positions / (near + done), key, open_positions, near + done)
        for key, open_positions, near, done in _counts(demand, training, completed)
        if known(near) and known(done) and near + done
    ]
    if not rows or training.status != "ok":
        return f"Open positions by {what}"
    _, key, open_positions, trained = max(rows)
    return (
        f"Most open positions compared with training: {key} ({people(open_positions)} open; "
        f"{people(trained)} enrollments in training or completed within a year)"
    )


def supply_table(demand: Answer, training: Answer, completed: Answer, what: str) -> list[dict[str, prose.Cell]]:
    """Return one table row a sector or region: open positions, enrollments in training, completions of a year, and the result."""
    is_supplied = training.status == completed.status == "ok"
    return [
        {
            prose.capital(what): key,
            "Open positions": open_positions,
            "In training": near if is_supplied else training.reason,
            "Completed in a year": done if is_supplied else completed.reason,
            "Result": prose.capital(standing(open_positions, near + done))
            if is_supplied and known(near) and known(done)
            else "not known",
        }
        for key, open_positions, near, done in _counts(demand, training, completed)
    ]


def by_source_table(answers: Sequence[Answer]) -> list[dict[str, prose.Cell]]:
    """Return one table row a source of openings. answers: the measures of BY_SOURCE, in order."""
    names = ("Openings", "Positions", "Filled", "Filled by program participants", "Fill rate", "Median days to fill")
    rows: list[dict[str, prose.Cell]] = []
    for row in answers[0].rows:
        cells: dict[str, prose.Cell] = {"Source": prose.capital(row.key)}
        cells |= {name: prose.cell(answer, row.key) for name, answer in zip(names, answers, strict=True)}
        fill_rate = answers[names.index("Fill rate")].row(row.key)
        rows.append({**cells, "Reliability": reliability.of_rows({"Fill rate": fill_rate})})
    return rows


def busiest(by_quarter: Answer) -> str:
    """State the finding over positions by quarter."""
    row = prose.largest(by_quarter)
    return f"Most positions were posted in {period_label(row.key)}: {people(row.value)}" if row else "No positions yet"


def employers_title(by_employer: Answer) -> str:
    """State the finding over employers."""
    row = prose.largest(by_employer)
    if row is None:
        return "No employer has posted yet"
    part = share_of(row.value, total_of(by_employer.rows))
    of_all = f" ({share(part)} of all)" if part is not None else ""
    return f"{row.key} offers the most positions: {people(row.value)}{of_all}"
