"""A count by month or quarter as two fiscal years, this one and the last, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from components.text.format import known
from queries import Answer
from queries.periods import days_of, every, key_of, years_after
from queries.privacy.suppression import is_hidden

NOT_OVER = "not over yet"


@dataclass(frozen=True)
class YearValues:
    """One fiscal year's periods.

    Attributes:
        label: "Fiscal year 2027".
        keys: Its periods.
        values: Their values; None where one is hidden, or not there yet.
        notes: What hides them.
        is_over: Whether the year has ended.
    """

    label: str
    keys: Sequence[str]
    values: Sequence[float | None]
    notes: Sequence[str]
    is_over: bool = True

    @property
    def name(self) -> str:
        """Its name next to its values: "Fiscal year 2027 so far", "Fiscal year 2026" once it is over."""
        return self.label if self.is_over else f"{self.label} so far"

    def is_hidden(self, position: int) -> bool:
        """Return whether a value is hidden, and not only to come."""
        return self.values[position] is None and self.notes[position] not in ("", NOT_OVER)


def years_of(answer: Answer, day: date | None = None) -> tuple[YearValues, YearValues]:
    """Return the fiscal year of a day and the one before.

    Args:
        answer: A count by "month" or "quarter".
        day: The day; None for the answer's date.
    """
    last = day or answer.as_of
    return _year(answer, last), _year(answer, years_after(last, -1))


def _year(answer: Answer, day: date) -> YearValues:
    by, year = answer.by or "month", key_of(day, "fiscal_year")
    first, last = days_of(year, "fiscal_year")
    keys = every(first, last, by)
    rows = {row.key: row for row in answer.rows}
    values: list[float | None] = []
    notes: list[str] = []
    for key in keys:
        row, first_day = rows.get(key), days_of(key, by)[0]
        is_hidden_row = row is not None and is_hidden(row)
        notes.append(NOT_OVER if first_day > answer.as_of else str(row.note) if row and is_hidden_row else "")
        value = row.value if row is not None and known(row.value) else None
        values.append(0.0 if value is None and not notes[-1] else value)
    return YearValues(f"Fiscal year {year[2:]}", keys, values, notes, is_over=last <= answer.as_of)
