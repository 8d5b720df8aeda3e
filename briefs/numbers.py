"""The numbers of a document: each knows the question, the scope and the row that it comes from.

So it can be stored, checked against the answer, and asked again from the same delivery. Spreadsheets and slides show its value in a format,
and store the value that the format takes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.text.format import COUNTS, format_value, known, people
from queries.models import Answer, Row
from queries.scope import Question, Scope

DECIMALS = 4  # of every number in a file
_FORMATS = {
    "share": "0.0%",
    "ratio": "0.00",
    "days": "#,##0.0",
    "dollars": '"$"#,##0;−"$"#,##0',
    "dollars an hour": '"$"#,##0.00',
    "points": '+0.0" points";−0.0" points";0.0" points"',
}
COUNT, RATE, DATE = "#,##0", "#,##0.0", "mmmm d, yyyy"
MONEY_AXIS = '[>=1000000]"$"0.0,,"M";[<=-1000000]"−$"0.0,,"M";"$"#,##0'


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a number comes from: the question, the scope it was answered under, and the row.

    Attributes:
        question: What was asked.
        scope: The filters in force, with the date, the delivery and the reader.
        key: The key of the row; "Total" without a breakdown.
        group: The group of the row, for measures of groups.
        part: The second key of the row, such as an outcome.
        is_numerator: Whether the number is what a rate counts, in place of the rate: people with a job, not their share.
        is_running_sum: Whether the number adds up all rows to this one, in the order of their periods.
    """

    question: Question
    scope: Scope
    key: str = "Total"
    group: str | None = None
    part: str | None = None
    is_numerator: bool = False
    is_running_sum: bool = False


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of an answer.

    Attributes:
        text: The number as readers see it; where there is none, the reason.
        value: The exact value; None where there is none or it is hidden from the reader.
        unit: The unit of the measure: "residents", "share", "dollars", …
        source: The question, scope and row.
    """

    text: str
    value: float | None
    unit: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class AskedAnswer:
    """An answer and the question it answers."""

    question: Question
    answer: Answer

    def number(self, row: Row, *, text: str | None = None) -> Number:
        """Return the number of one row. text: other words for it."""
        unit = self.answer.measure.unit
        value = row.value if known(row.value) else None
        scope = self.answer.scope
        source = Source(question=self.question, scope=scope, key=row.key, group=row.group, part=row.part)
        written = format_value(value, unit) if value is not None else (row.note or self.answer.note or "not known")
        return Number(text=text or written, value=value, unit=unit, source=source)


def people_of(answer: Answer) -> Number:
    """Return how many people the total of a rate counts: with a job, of those who finished."""
    number = number_of(answer)
    count = answer.total.numerator if number.value is not None else None
    source = replace(number.source, is_numerator=True)
    if not known(count):
        return replace(number, value=None, unit="people", source=source)
    return Number(text=people(count), value=count, unit="people", source=source)


def number_of(answer: Answer, row: Row | None = None, *, text: str | None = None, outcome: str | None = None) -> Number:
    """Return a number of an answer: of this row, or its total.

    Args:
        answer: The answer.
        row: One of its rows.
        text: Other words for the number.
        outcome: The outcome that was asked for, where the question had one; the answer does not say it.
    """
    question = Question(answer.measure.id, answer.by, outcome)
    return AskedAnswer(question=question, answer=answer).number(row or answer.total, text=text)


def number_format(unit: str) -> str:
    """Return the number format of a measure's unit."""
    if unit in _FORMATS:
        return _FORMATS[unit]
    return COUNT if unit in COUNTS or not unit else RATE


def stored(value: float, unit: str) -> float:
    """Return the number to store: four decimals, and a difference of shares in points (0.042 as 4.2)."""
    return round(float(value) * (100 if unit == "points" else 1), DECIMALS) + 0.0  # adding zero makes -0.0 zero


def stored_or_none(value: object, unit: str) -> float | None:
    """Return the number to store; None for what is not a number."""
    return stored(value, unit) if known(value) and not isinstance(value, bool) else None
