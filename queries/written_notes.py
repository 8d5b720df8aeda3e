"""Dated notes that were written on a page: one line for each note, and one for each that was removed, never changed.

They are in `notes/notes.jsonl` in the folder of the audit log, outside of the store: a server may not write there. Each line says who
wrote it and when.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from data import audit_log
from data.journal import append_line, can_append
from queries.dimensions import FILTERS
from queries.instances import FileState, state_or_none
from queries.listings import listing
from queries.note_rules import COLUMNS, DatedNote, fault_of
from queries.scope import AskError

FOLDER, FILE = "notes", "notes.jsonl"
MOST_BYTES = 2_000_000  # about eight thousand notes
_NOT_SAVED = "The note was not saved: {}."
log = logging.getLogger("dashboard.notes")


class NoteError(AskError):
    """A note that cannot be saved or removed; the message is a sentence for its author."""


@dataclass(frozen=True, kw_only=True)
class WrittenNote:
    """A note of the page.

    Attributes:
        id: Its id: "20261128-1f3a9c04".
        at: When it was written, in UTC.
        role: The role of its author.
        note: The note. Its author is the account.
    """

    id: str
    at: datetime
    role: str
    note: DatedNote


def path() -> Path:
    """Return the path of the file. It may not exist."""
    return audit_log.folder() / FOLDER / FILE


def state() -> FileState | None:
    """Return the state of the file, which changes whenever it does; None without one."""
    return state_or_none(path())


def is_writable() -> bool:
    """Return whether a note could be saved."""
    return can_append(path())


def written() -> tuple[WrittenNote, ...]:
    """Return the notes that were written and not removed, the latest written first."""
    current = state()
    return _read(current) if current else ()


def write(cells: Mapping[str, str], *, account: str, role: str) -> WrittenNote:
    """Save a note.

    Args:
        cells: date, text, measure, filter and value, as in notes.csv.
        account: Who wrote it.
        role: Their role: "analyst".

    Raises:
        NoteError: The note has a mistake or may hold personal data, or it cannot be written.
    """
    row = {name: cells.get(name, "").strip() for name in COLUMNS} | {"author": account}
    if fault := fault_of(row) or _unknown(row):
        raise NoteError(_NOT_SAVED.format(fault))
    note = DatedNote.of_cells(row)
    if any(note == each.note for each in written()):
        raise NoteError(_NOT_SAVED.format("the same note is there already"))
    now = datetime.now(UTC)
    saved = WrittenNote(id=f"{now:%Y%m%d}-{secrets.token_hex(4)}", at=now, role=role, note=note)
    _append({"id": saved.id, "at": now.isoformat(timespec="seconds"), "role": role, **row})
    return saved


def remove(note_id: str, *, account: str, role: str) -> WrittenNote:
    """Take a note away: a line says who did and when. The note itself stays in the file.

    Raises:
        NoteError: There is no such note, or the line cannot be written.
    """
    known = next((each for each in written() if each.id == note_id), None)
    if known is None:
        raise NoteError("This note is no longer there.")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    _append({"removes": note_id, "at": at, "role": role, "author": account})
    return known


def _append(data: Mapping[str, str]) -> None:
    current = state()
    if current and current.size > MOST_BYTES:
        raise NoteError(_NOT_SAVED.format("there are too many notes; the operator can move the file of notes away"))
    try:
        append_line(path(), json.dumps(data))
    except OSError as error:
        log.exception("cannot write %s", path())
        why = error.strerror or type(error).__name__
        raise NoteError(f"Nothing was saved: the file of notes cannot be written ({why}).") from error


def _unknown(row: Mapping[str, str]) -> str:
    """Say that the delivery on screen does not have the value; "" where it has."""
    if not row["filter"]:
        return ""
    dimension = FILTERS[row["filter"]]
    values = {str(each[dimension.reference_key]).casefold() for each in listing(dimension.reference)}
    return "" if row["value"].casefold() in values else f"this delivery has no {dimension.words} “{row['value'][:40]}”"


@lru_cache(maxsize=2)
def _read(current: FileState) -> tuple[WrittenNote, ...]:
    notes: dict[str, WrittenNote] = {}
    try:
        lines = Path(current.path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        log.exception("cannot read the notes")
        lines = []
    for line in lines:
        try:
            data = json.loads(line)
            if "removes" in data:
                notes.pop(str(data["removes"]), None)
            else:
                saved = _from_data({str(name): str(value) for name, value in data.items()})
                notes[saved.id] = saved
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("skipped a damaged line of %s", FILE)  # not quoted: it may name an account
    return tuple(reversed(notes.values()))


def _from_data(data: Mapping[str, str]) -> WrittenNote:
    """Return the note of a line.

    Raises:
        ValueError: It has a mistake: somebody changed the file.
    """
    row = {name: data[name] for name in COLUMNS}
    if fault_of(row):
        raise ValueError("a note with a mistake")
    return WrittenNote(
        id=data["id"], at=datetime.fromisoformat(data["at"]), role=data["role"], note=DatedNote.of_cells(row)
    )
