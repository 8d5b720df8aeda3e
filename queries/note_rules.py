"""A dated note, and what one must not hold. Notes come from notes.csv and from the page (queries/dated_notes.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.masking import masked
from queries.dimensions import FILTERS, PERIODS
from queries.models import Answer, AnswerStatus
from queries.registry import measures

COLUMNS = ("date", "text", "measure", "filter", "value", "author")
LONGEST = 160  # letters of a text
_TELEPHONE = re.compile(r"(?<!\d)\(?\d{3}\)?[\s.-]{0,2}\d{3}[\s.-]\d{4}(?!\d)")
_BIRTH = re.compile(r"\b(born|dob|date of birth|birthday)\b", re.IGNORECASE)
_FEW = "[1-9]|one|two|three|four|five|six|seven|eight|nine"
_PEOPLE = (
    "resident|person|people|participant|trainee|student|learner|enrollee|applicant|graduate|worker|woman|women|man|men|veteran|"
    "immigrant|refugee"
)
_SMALL_NUMBER = re.compile(rf"(?<![\w.,])({_FEW})\s+(?:[\w-]+\s+)?({_PEOPLE})s?\b", re.IGNORECASE)
NO_CONTACT = "its text looks as if it held a Social Security number, an e-mail address or a telephone number"
NO_BIRTH = "its text looks as if it held a date of birth"
NO_SMALL_NUMBER = "its text looks as if it counted fewer than ten people: “{}”"


@dataclass(frozen=True, kw_only=True)
class DatedNote:
    """One note.

    Attributes:
        day: When it happened.
        text: What happened, in a sentence.
        measure: The measure that it concerns; "" for all.
        filter: The dimension that it concerns; "" for none.
        value: The value of that dimension, as the reference table spells it.
        author: Who wrote it. Not shown to readers.
    """

    day: date
    text: str
    measure: str = ""
    filter: str = ""
    value: str = ""
    author: str = ""

    @classmethod
    def of_cells(cls, cells: Mapping[str, str]) -> DatedNote:
        """Return the note of a row without a mistake. cells: one for each of COLUMNS."""
        return cls(day=date.fromisoformat(cells["date"]), **{name: cells[name] for name in COLUMNS if name != "date"})

    def concerns(self, answer: Answer) -> bool:
        """Return whether the note belongs under an answer's chart.

        It does if it happened within the answer's period and concerns its measure, and if its value is the answer's filter or a row
        that the reader sees. A note tied to a date only belongs to answers by period.
        """
        scope = answer.scope
        if answer.status is not AnswerStatus.OK or self.measure not in ("", answer.measure.id):
            return False
        if not (scope.since or date.min) <= self.day <= min(scope.until or date.max, answer.as_of):
            return False
        if not self.filter:
            return bool(self.measure) or answer.by in PERIODS
        if self.filter in scope.filters:
            return scope.filters[self.filter].casefold() == self.value.casefold()
        if answer.by != self.filter:
            return False
        return any(row.key.casefold() == self.value.casefold() and row.suppression is None for row in answer.rows)


def fault_of(cells: Mapping[str, str]) -> str:
    """Return what is wrong with a note, as it follows "not shown:"; "" where nothing is. cells: one for each of COLUMNS."""
    try:
        date.fromisoformat(cells["date"])
    except ValueError:
        return "its date is not written as 2026-03-03"
    if not cells["text"] or len(cells["text"]) > LONGEST or not cells["text"].isprintable():
        return f"its text must be one line of 1 to {LONGEST} letters"
    if fault := _personal(cells):
        return fault
    if cells["measure"] and cells["measure"] not in measures():
        return "there is no such measure; python -m queries measures lists them"
    if cells["filter"] and cells["filter"] not in FILTERS:
        return f"its filter must be one of {', '.join(FILTERS)}"
    if bool(cells["filter"]) != bool(cells["value"]):
        return "a filter and its value go together"
    return ""


def _personal(cells: Mapping[str, str]) -> str:
    """Return what looks like personal data in a note, or ""."""
    text = cells["text"]
    if any(masked(cell) != cell for cell in (text, cells["value"])) or _TELEPHONE.search(text):
        return NO_CONTACT
    if _BIRTH.search(text):
        return NO_BIRTH
    if match := _SMALL_NUMBER.search(text):
        return NO_SMALL_NUMBER.format(match[0])
    return ""
