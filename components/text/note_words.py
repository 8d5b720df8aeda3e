"""A dated note as a line."""

from __future__ import annotations

from components.text.format import day
from queries.note_rules import DatedNote


def note_line(note: DatedNote, label: str) -> str:
    """Return a note as it stands under a chart: "Note, March 3, 2026, Hartford Academy: It closed.".

    Args:
        note: The note.
        label: What it is about, as readers know it (`queries.dated_notes.label_of`).
    """
    subject = f", {label}" if label else ""
    return f"Note, {day(note.day)}{subject}: {note.text}"
