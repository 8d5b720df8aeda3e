"""Dated notes: what happened, tied to a measure, a value of a filter, or a date only. They are in notes.csv or written on a page.

notes.csv is in the store's folder; DASHBOARD_NOTES names another place. Its columns are date, text, measure, filter, value and
author. A row with a mistake is never shown. `python -m queries notes` lists the notes and the mistakes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data.masking import masked
from data.regular import read_text
from data.store import store_path
from queries import written_notes
from queries.dimensions import FILTERS
from queries.instances import FileState, state_or_none
from queries.listings import listing
from queries.models import Answer
from queries.note_rules import COLUMNS, DatedNote, fault_of

FILE = "notes.csv"
MOST_BYTES = 1_000_000
MOST_SHOWN = 3  # with one answer, the latest first


@dataclass(frozen=True)
class NotesFile:
    """The notes of a file, the latest first, and a sentence for each row that cannot be used."""

    notes: tuple[DatedNote, ...] = ()
    faults: tuple[str, ...] = ()


def notes_path() -> Path:
    """Return the path of the file. It may not exist."""
    return Path(os.environ.get("DASHBOARD_NOTES") or store_path() / FILE)


def notes_state() -> tuple[FileState | None, FileState | None]:
    """Return the states of notes.csv and of the notes written on a page, which change whenever these do; None without one."""
    return state_or_none(notes_path()), written_notes.state()


def read_notes() -> NotesFile:
    """Return all notes, the latest first, and what is wrong with notes.csv."""
    state = state_or_none(notes_path())
    content = _read(state) if state else NotesFile()
    notes = [*content.notes, *(each.note for each in written_notes.written())]
    return NotesFile(tuple(sorted(notes, key=lambda note: note.day, reverse=True)), content.faults)


def notes_for(*answers: Answer) -> list[DatedNote]:
    """Return the latest notes that concern any of some answers, at most MOST_SHOWN."""
    return [note for note in read_notes().notes if any(map(note.concerns, answers))][:MOST_SHOWN]


def label_of(note: DatedNote) -> str:
    """Return what a note is about as readers know it: "Women", and not the id of the group; "" where it is about no value."""
    dimension = FILTERS.get(note.filter)
    if dimension is None or not dimension.option_label:
        return note.value
    rows = (row for row in listing(dimension.reference) if str(row[dimension.reference_key]) == note.value)
    return next((str(row[dimension.option_label]) for row in rows), note.value)


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
    return (
        "\n".join([*lines, *content.faults, *unknown_values(content)])
        or f"There are no notes in {notes_path()}, and none was written on a page."
    )


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
    return NotesFile(tuple(notes), tuple(item for item in rows if isinstance(item, str)))


def _rows(text: str) -> Iterator[DatedNote | str]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    headers = [(header or "").strip().lower() for header in reader.fieldnames or ()]
    if not {"date", "text"} <= set(headers) <= set(COLUMNS):
        raise ValueError(f"its first line must name columns out of: {', '.join(COLUMNS)}")
    reader.fieldnames = headers
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        fault = fault_of(cells) or ("it has more cells than the first line" if None in row else "")
        if fault:
            yield f"Line {reader.line_num} of {FILE} is not shown: {fault}."
        else:
            yield DatedNote.of_cells(cells)
