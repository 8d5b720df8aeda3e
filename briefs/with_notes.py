"""The dated notes that concern a document's answers, at its end."""

from __future__ import annotations

from dataclasses import replace

from briefs.blocks import Sentences, SentenceStyle
from briefs.model import Document
from components.text.note_words import note_line
from queries.dated_notes import label_of, notes_for


def with_notes(document: Document) -> Document:
    """Return the document with the latest notes that concern its answers; as it is where there are none."""
    notes = notes_for(*(item.answer for item in document.answers))
    if not notes:
        return document
    block = Sentences(
        items=tuple(note_line(note, label_of(note)) for note in notes), style=SentenceStyle.LIST, title="Notes"
    )
    return replace(document, blocks=(*document.blocks, block))
