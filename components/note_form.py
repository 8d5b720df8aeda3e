"""The form for a dated note, and the notes that were written with it. For readers who may write notes (queries/access/policy.toml)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from components import banners, controls, html_view, page_guard, read_log
from components.choices import Choices
from components.html_view import Choice
from components.page import Page
from components.page_guard import PageViewer
from components.text.format import day
from components.text.note_words import note_line
from queries import measures
from queries.access.rights import subjects
from queries.dated_notes import label_of
from queries.dimensions import FILTERS
from queries.note_rules import LONGEST
from queries.written_notes import NoteError, WrittenNote, remove, state, write, written

SECTION = "Dated notes"
WORDS = (
    "What happened outside of the data, such as a provider that closed. A note stands under the charts it concerns and in documents. "
    "Every reader of a chart sees it: name no person, and give no count of fewer than ten people."
)
WRITE, REMOVE = "note-write", "note-remove"
MOST_LISTED = 50
INCOMPLETE = "The note was not saved: the form is not complete."
UNKNOWN = (
    "The note was not saved: this delivery has nothing called “{}”. Choose from the list, or leave “Only about” empty."
)
_OUTCOME = "note-outcome"  # session state


@dataclass(frozen=True)
class Outcome:
    """What became of the reader's last action, in a sentence that is shown once, and how many notes this session saved."""

    sentence: str = ""
    saved: int = 0


def draw(page: Page) -> None:
    """Draw the section; nothing for a reader who may not write notes."""
    if not read_log.read("may write notes", lambda: page_guard.may_write(page_guard.current())):
        return
    page.section(SECTION, WORDS)
    outcome = read_log.read(_OUTCOME, _outcome)
    if outcome.sentence:
        read_log.disable_cache()
        st.session_state[_OUTCOME] = replace(outcome, sentence="")
        banners.banner([outcome.sentence], "notice announced")
    event = html_view.on_event(WRITE, partial(_write, page.choices))
    html_view.add(
        html_view.render(
            "note_form",
            event=event,
            key=f"note-form-{outcome.saved}",
            day=page.as_of.isoformat(),
            help=f"At most {LONGEST} letters.",
            longest=LONGEST,
            measures={entry.id: entry.label for entry in measures().values()},
            subjects=list(_subjects(page.choices)),
        )
    )
    read_log.read("written notes", state)
    notes = written()
    if notes:
        html_view.add(html_view.render("note_list", items=[_item(each) for each in notes[:MOST_LISTED]]))
    if len(notes) > MOST_LISTED:
        page.note(f"Showing {MOST_LISTED} of {len(notes):,} notes, the latest written first.")


def _item(saved: WrittenNote) -> dict[str, object]:
    entry = measures().get(saved.note.measure)
    about = f"{entry.label}. " if entry else ""
    return {
        "line": note_line(saved.note, label_of(saved.note)),
        "about": f"{about}Written by {saved.note.author}, {day(saved.at.date())}.",
        "button": controls.button(f"{REMOVE}-{saved.id}", "Remove", partial(_remove, saved.id)),
    }


def _outcome() -> Outcome:
    outcome = st.session_state.get(_OUTCOME)
    return outcome if isinstance(outcome, Outcome) else Outcome()


def _write(choices: Choices, choice: Choice) -> None:
    """Save the note that the browser sent as JSON. Anything may come from there."""

    def save(page_viewer: PageViewer) -> str:
        saved = write(_cells(str(choice), choices), account=page_viewer.account, role=page_viewer.role)
        page_guard.log_action("noted", f"wrote {saved.id}")
        st.session_state[_OUTCOME] = Outcome(saved=_outcome().saved + 1)
        return f"Saved. It stands under the charts it concerns. {note_line(saved.note, label_of(saved.note))}"

    _act(save)


def _remove(note_id: str, _: Choice) -> None:
    def take_away(page_viewer: PageViewer) -> str:
        removed = remove(note_id, account=page_viewer.account, role=page_viewer.role)
        page_guard.log_action("noted", f"removed {note_id}")
        return f"Removed. {note_line(removed.note, label_of(removed.note))}"

    _act(take_away)


def _act(action: Callable[[PageViewer], str]) -> None:
    """Do what the reader asked for, if they may, and remember the sentence about it for the next run."""
    page_viewer = page_guard.current()
    if page_viewer is None or not page_guard.may_write(page_viewer):
        sentence = str(subjects()["notes"]["otherwise"])
    else:
        try:
            sentence = action(page_viewer)
        except NoteError as error:
            sentence = str(error)
    st.session_state[_OUTCOME] = replace(_outcome(), sentence=sentence)


def _cells(text: str, choices: Choices) -> dict[str, str]:
    """Return the cells of the form, as notes.csv has them.

    Raises:
        NoteError: It is not what the form sends, or it is about nothing in the delivery.
    """
    try:
        data = json.loads(text)
        cells = {name: str(data[name]) for name in ("date", "text", "measure")}
        about = str(data["about"]).strip()
    except (ValueError, KeyError, TypeError):
        raise NoteError(INCOMPLETE) from None
    if not about:
        return cells
    known = {subject.casefold(): pair for subject, pair in _subjects(choices).items()}
    if about.casefold() not in known:
        raise NoteError(UNKNOWN.format(about[:60]))
    name, value = known[about.casefold()]
    return cells | {"filter": name, "value": value}


def _subjects(choices: Choices) -> dict[str, tuple[str, str]]:
    """Return what a note can be about, as the form offers it ("Region: Eastern"), with its filter and value."""
    return {
        f"{FILTERS[name].label}: {label}": (name, value)
        for name in FILTERS
        for value, label in choices.labels(name).items()
    }
