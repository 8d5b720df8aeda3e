"""The dated notes that stand under a chart on a page (queries/dated_notes.py)."""

from __future__ import annotations

from components import html_view, read_log
from components.text.note_words import note_line
from queries import Answer
from queries.dated_notes import label_of, notes_for, notes_state


def draw(answer: Answer | None) -> None:
    """Draw the notes that concern an answer. The page is made again when the file changes."""
    read_log.read("notes", notes_state)
    for note in notes_for(answer) if answer is not None else ():
        html_view.add(html_view.render("paragraph", text=note_line(note, label_of(note)), css_class="quiet"))
