"""Describe job openings and hiring commitments, and compare open positions with training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from components.periods import in_words, kind_of
from components.text import prose, ranking, reliability
from components.text.format import day, known, people, share
from components.text.scope_words import chosen, filters
from queries.arithmetic import share_of, total_of
from queries.models import Answer, AnswerStatus

CARDS = ("openings", "positions", "open_positions", "fill_rate", "participant_share", "days_to_fill")
BY_SOURCE = (
    "openings",
    "positions",
    "positions_filled",
    "positions_filled_by_participants",
    "fill_rate",
    "days_to_fill",
)
UNITS = {
    "Open positions": "positions", "In training": "enrollments",
    "Openings": "openings", "Positions": "positions", "Filled": "positions", "Filled by program participants": "positions",
    "Fill rate": "share", "Median days to fill": "days",
}  # fmt: skip
SUPPLY = (
    "Open positions compared with enrollments in training plus completions {year}. More open positions than both "
    "added up counts as a shortage of trained people; fewer than half of them counts as a possible surplus."
)


def lead(*, positions: Answer, still_open: Answer, filled: Answer, by_residents: Answer) -> str:
    """Answer the page's question: what employers offered, what is open, and who filled it."""
    if positions.status != "ok":
        return positions.note or "No opening has been posted yet."
    offered = prose.plural(positions.total.value, "position")
    text = f"Employers have offered {offered}{chosen(positions.scope)} {prose.when(positions)}"
    if known(filled.total.value) and filled.total.value:
        text += f". {people(filled.total.value)} {prose.noun(filled.total.value, 'is')} filled"
        if known(by_residents.total.value) and by_residents.total.value:
            text += f", {people(by_residents.total.value)} of them by program participants"
    if known(still_open.total.value) and still_open.total.value:
        text += f". {people(still_open.total.value)} {prose.noun(still_open.total.value, 'is')} still open"
    return f"{text}.{_never_filled(positions, still_open, filled)}"


def _never_filled(positions: Answer, still_open: Answer, filled: Answer) -> str:
    """Say where the rest is of the positions offered, which are neither filled nor open; "" where there is none."""
    counts = [answer.total.value for answer in (positions, still_open, filled)]
    if not all(known(count) for count in counts):
        return ""
    offered, opened, taken = (count or 0.0 for count in counts)
    rest = offered - opened - taken
    return f" {people(rest)} closed without being filled." if rest > 0 else ""


def supply_words(since: date, until: date, as_of: date, *, has_period: bool) -> str:
    """Say what open positions are compared with, and the rule.

    Args:
        since: First day of the year whose completions count.
        until: Its last day.
        as_of: The as-of date.
        has_period: Whether the reader chose a period, which this section does not follow.
    """
    every = f" All positions open on {day(as_of)} count, whatever the period chosen." if has_period else ""
    return SUPPLY.format(year=completions_year(since, until, as_of)) + every


def completions_year(since: date | None, until: date | None, as_of: date) -> str:
    """Name the year whose completions count: "in fiscal year 2026", "in the last year"."""
    is_fiscal = kind_of(since, until) == "fiscal_year"
    return in_words(since, until, as_of) if is_fiscal else "in the last year"


def days_context(answer: Answer) -> str:
    """Say how many openings the median is taken of."""
    filled = prose.plural(answer.total.denominator, "fully filled opening")
    return f"median of {filled}" if known(answer.total.value) else ""


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
    rows.sort(reverse=True)
    is_partial = len(rows) < len(prose.ranked(demand)) or bool(prose.hidden_rows(demand))
    is_first = len(rows) > 1 and rows[0][0] > rows[1][0]
    if not is_first or is_partial or not (_is_counted(training) and _is_counted(completed)):
        breakdown = "" if getattr(demand.scope, what) else f" by {what}"
        return f"Open positions{breakdown}{filters(demand)}"
    _, key, open_positions, trained = rows[0]
    year = completions_year(completed.scope.since, completed.scope.until, completed.as_of)
    return (
        f"Most open positions compared with training{filters(demand)}: {key} ({people(open_positions)} open; "
        f"{prose.plural(trained, 'enrollment')} in training or completed {year})"
    )


def supply_table(demand: Answer, training: Answer, completed: Answer, what: str) -> list[dict[str, prose.Cell]]:
    """Return one table row a sector or region: open positions, enrollments in training, completions of a year, and the result."""
    are_counted = _is_counted(training), _is_counted(completed)
    return [
        {
            prose.capital(what): key,
            "Open positions": open_positions,
            "In training": near if are_counted[0] else training.reason,
            _completed(completed): done if are_counted[1] else completed.reason,
            "Result": _result(
                open_positions,
                near if are_counted[0] else training.reason,
                done if are_counted[1] else completed.reason,
            ),
        }
        for key, open_positions, near, done in _counts(demand, training, completed)
    ]


def _result(open_positions: float, *trained: prose.Cell) -> str:
    """Name the result of a row, or why there is none: the reason of the first number that it lacks."""
    numbers = [value for value in trained if known(value)]
    if len(numbers) == len(trained):
        return prose.capital(standing(open_positions, sum(numbers)))
    return str(next(value for value in trained if not known(value)))


def _is_counted(answer: Answer) -> bool:
    """Return whether a row that an answer does not have counts nobody. Before any exit, nobody has completed."""
    return answer.status in (AnswerStatus.OK, AnswerStatus.EMPTY)


def supply_units(completed: Answer) -> dict[str, str]:
    """Return the units of the table of open positions and training. completed: completions of the year that it counts."""
    return {**UNITS, _completed(completed): "completions"}


def _completed(completed: Answer) -> str:
    """Return the heading of the completions, which names their year."""
    return f"Completed {completions_year(completed.scope.since, completed.scope.until, completed.as_of)}"


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


def employers_title(by_employer: Answer) -> str:
    """State the finding over employers."""
    title = ranking.most(by_employer, "employer", of=f"positions{filters(by_employer)}")
    first = ranking.leaders(by_employer)
    part = share_of(first[0].value, total_of(by_employer.rows)) if len(first) == 1 else None
    return f"{title} ({share(part)} of all)" if part is not None and len(by_employer.rows) > 1 else title
