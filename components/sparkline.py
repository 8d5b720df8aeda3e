"""Sparklines: the last twelve full months of a measure as a small line next to its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from components import html_view
from components.text.format import format_value, known
from components.text.period_labels import no_line, period_label
from queries import Answer
from queries.periods import full_periods
from queries.privacy.suppression import is_hidden

WIDTH, HEIGHT = 120, 28  # of the drawing, in its own units
_MARGIN = 3
_MONTHS, _QUARTERS = 12, 8  # periods shown
_MIN_POINTS = 3  # fewer make no line


@dataclass(frozen=True)
class _Point:
    """One period on the line: its position, from the left and the top."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.1f},{self.y:.1f}"


def sparkline(answer: Answer, what: str) -> Markup:
    """Draw the last full months (or quarters) of an answer by month (or quarter).

    The current month is left out, because it is not over. A period that is hidden or not known is a gap in the line. A count's
    period without a row is zero.

    Args:
        answer: By "month" or "quarter".
        what: What is counted, for a screen reader: "Residents enrolled".

    Returns:
        An SVG image; an empty string where there is too little to draw.
    """
    by = answer.by or "month"
    keys = full_periods(answer.as_of, _QUARTERS if by == "quarter" else _MONTHS, by)
    values = _values(answer, keys)
    unit = answer.measure.unit
    start, end = (period_label(key) for key in (keys[0], keys[-1]))
    return draw_values(values, unit, f"{what} by {by}, {start} to {end}")


def trend_column(answers: Sequence[Answer | None], names: Sequence[str]) -> list[Markup]:
    """Return the cells of a column of sparklines: the line, or in words why there is none.

    Args:
        answers: By "month" or "quarter"; None where the row has none by nature.
        names: What each counts, for a screen reader.

    Returns:
        One cell a row; no cells where no row has a line, so that no column is empty.
    """
    lines = [sparkline(answer, name) if answer else Markup() for answer, name in zip(answers, names, strict=True)]
    if not any(lines):
        return []
    return [line or escape(_no_line(answer)) for line, answer in zip(lines, answers, strict=True)]


def _no_line(answer: Answer | None) -> str:
    if answer is None:
        return "does not apply"
    return answer.reason or no_line(answer.by or "month", is_hidden=any(map(is_hidden, answer.rows)))


def draw_values(values: Sequence[float | None], unit: str, words: str) -> Markup:
    """Draw values as a line; None is a gap. Return an empty string for too few.

    Args:
        values: The oldest first.
        unit: Of the values, as a measure has it.
        words: What they are, for a screen reader.
    """
    numbers = [value for value in values if value is not None]
    if len(numbers) < _MIN_POINTS:
        return Markup()
    # a count is drawn from zero, so that its height can be compared; a rate over its own range
    low = min(numbers) if unit == "share" else min(0.0, *numbers)
    lines = _lines(values, low=low, high=max(numbers))
    listed = ", ".join("not shown" if value is None else format_value(value, unit) for value in values)
    return html_view.render(
        "sparkline",
        width=WIDTH,
        height=HEIGHT,
        lines=[" ".join(map(str, line)) for line in lines if len(line) > 1],
        dots=[line[-1] for line in lines if line is lines[-1] or len(line) == 1],
        words=f"{words}: {listed}",
    )


def _values(answer: Answer, keys: Sequence[str]) -> list[float | None]:
    """Return the value of each period; None where it is hidden or not known, zero for a count of nobody."""
    rows = {row.key: row for row in answer.rows}
    counts = answer.status == "ok" and not answer.measure.denominator
    first = min(rows, default="9999")  # a measure that never happened has no line
    values: list[float | None] = []
    for key in keys:
        row = rows.get(key)
        if row is not None:
            values.append(row.value if known(row.value) else None)
        else:
            values.append(0.0 if counts and first <= key else None)
    return values


def _lines(values: Sequence[float | None], *, low: float, high: float) -> list[list[_Point]]:
    """Return the points of each unbroken stretch of the line."""
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    span = (high - low) or 1.0
    lines: list[list[_Point]] = [[]]
    for position, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        y = _MARGIN + (HEIGHT - 2 * _MARGIN) * (1 - (value - low) / span)
        lines[-1].append(_Point(_MARGIN + position * step, y))
    return [line for line in lines if line]
