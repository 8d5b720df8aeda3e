"""Dated notes from notes.csv: what happened, tied to a measure, a value of a filter, or a date only.

The file is in the store's folder; DASHBOARD_NOTES names another place. Its columns are date, text, measure, filter, value and author.
A row with a mistake is never shown. `python -m queries notes` lists the notes and the mistakes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from data.masking import masked
from data.regular import read_text
from data.store import store_path
from queries.dimensions import FILTERS, PERIODS
from queries.instances import FileState, file_state
from queries.listings import listing
from queries.models import Answer, AnswerStatus
from queries.registry import measures

FILE = "notes.csv"
COLUMNS = ("date", "text", "measure", "filter", "value", "author")
LONGEST = 160  # letters of a text
MOST_BYTES = 1_000_000
MOST_SHOWN = 3  # with one answer, the latest first


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


@dataclass(frozen=True)
class NotesFile:
    """The notes of a file, the latest first, and a sentence for each row that cannot be used."""

    notes: tuple[DatedNote, ...] = ()
    faults: tuple[str, ...] = ()


def notes_path() -> Path:
    """Return the path of the file. It may not exist."""
    return Path(os.environ.get("DASHBOARD_NOTES") or store_path() / FILE)


def notes_state() -> FileState | None:
    """Return the state of the file, which changes whenever it does; None without one."""
    try:
        return file_state(notes_path())
    except OSError:
        return None


def read_notes() -> NotesFile:
    """Return the content of the file; nothing without one."""
    state = notes_state()
    return _read(state) if state else NotesFile()


def notes_for(*answers: Answer) -> list[DatedNote]:
    """Return the latest notes that concern any of some answers, at most MOST_SHOWN."""
    return [note for note in read_notes().notes if any(map(note.concerns, answers))][:MOST_SHOWN]


def unknown_values(notes: NotesFile) -> list[str]:
    """Return a sentence for each note whose value the delivery on screen does not have, so that it is never shown."""
    known = {
        name: {str(row[dimension.reference_key]).casefold() for row in listing(dimension.reference)}
        for name, dimension in FILTERS.items()
        if any(note.filter == name for note in notes.notes)
    }
    return [
        f"{note.day}: this delivery has no {FILTERS[note.filter].words} “{note.value}”."
        for note in notes.notes
        if note.filter and note.value.casefold() not in known[note.filter]
    ]


def as_lines() -> str:
    """Return every note, and what is wrong with the file, as lines for the command line."""
    content = read_notes()
    lines = [
        "  ".join(
            filter(None, (note.day.isoformat(), note.measure, note.value, note.text, f"({note.author or 'no author'})"))
        )
        for note in content.notes
    ]
    return "\n".join([*lines, *content.faults, *unknown_values(content)]) or f"There are no notes in {notes_path()}."


@lru_cache(maxsize=4)
def _read(state: FileState) -> NotesFile:
    path = Path(state.path)
    try:
        if path.stat().st_size > MOST_BYTES:
            return NotesFile(faults=(f"{FILE} is larger than a megabyte.",))
        rows = list(_rows(read_text(path, FILE)))
    except Exception as error:  # a page is shown without notes, whatever is wrong with the file
        return NotesFile(faults=(f"{FILE} cannot be read: {masked(str(error))}",))
    notes = [item for item in rows if isinstance(item, DatedNote)]
    notes.sort(key=lambda note: note.day, reverse=True)
    return NotesFile(tuple(notes), tuple(item for item in rows if isinstance(item, str)))


def _rows(text: str) -> Iterator[DatedNote | str]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    headers = [(header or "").strip().lower() for header in reader.fieldnames or ()]
    if not {"date", "text"} <= set(headers) <= set(COLUMNS):
        raise ValueError(f"its first line must name columns out of: {', '.join(COLUMNS)}")
    reader.fieldnames = headers
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        fault = _fault(cells) or ("it has more cells than the first line" if None in row else "")
        if fault:
            yield f"Line {reader.line_num} of {FILE} is not shown: {fault}."
        else:
            yield DatedNote(day=date.fromisoformat(cells.pop("date")), **cells)


def _fault(cells: Mapping[str, str]) -> str:
    """Return what is wrong with a row, or ""."""
    try:
        date.fromisoformat(cells["date"])
    except ValueError:
        return "its date is not written as 2026-03-03"
    if not cells["text"] or len(cells["text"]) > LONGEST or not cells["text"].isprintable():
        return f"its text must be one line of 1 to {LONGEST} letters"
    if any(masked(cell) != cell for cell in (cells["text"], cells["value"])):
        return "its text looks as if it held a Social Security number or an e-mail address"
    if cells["measure"] and cells["measure"] not in measures():
        return "there is no such measure; python -m queries measures lists them"
    if cells["filter"] and cells["filter"] not in FILTERS:
        return f"its filter must be one of {', '.join(FILTERS)}"
    if bool(cells["filter"]) != bool(cells["value"]):
        return "a filter and its value go together"
    return ""
