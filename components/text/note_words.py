"""A dated note as a line."""

from __future__ import annotations

from components.text.format import day
from queries.note_rules import DatedNote


def note_line(note: DatedNote) -> str:
    """Return a note as it stands under a chart: "Note, March 3, 2026, Hartford Academy: It closed."."""
    subject = f", {note.value}" if note.value else ""
    return f"Note, {day(note.day)}{subject}: {note.text}"
