"""The audit log: who signed in, opened a page, downloaded, published or rolled back, and what was denied.

It has one JSON object per line, which is appended and never changed, in `<process>.jsonl` in the folder DASHBOARD_LOG
(default `log/`), rotated by size. Each server process and the command line write to separate files. The only personal data
are account names. Each line identifies the store that it is about.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from data.journal import Journal, journal_of
from data.store import store_path

EVENTS = {
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "opened": "Opened a page",
    "downloaded": "Downloaded",
    "sent": "Sent by e-mail",
    "queried": "Queried by machine",
    "checked": "Checked a delivery",
    "published": "Published",
    "refused": "Refused a delivery",
    "rolled_back": "Rolled back",
    "repaired": "Repaired the store",
    "backed_up": "Backed up",
    "restored": "Restored a backup",
    "removed": "Removed a delivery",
    "noted": "Changed a dated note",
    "denied": "Denied",
    "unusual": "Unusual questions",
}
MAX_FILE_BYTES = 5 * 1024 * 1024  # about 25,000 lines per file
MAX_FILES = 200  # per process: five million events, then the oldest are removed
MOST_READ = 5_000  # events that a reader gets at once
_LONGEST = 200

Event = dict[str, str]  # at, event, account, role, store, and the details

log = logging.getLogger("dashboard.audit_log")


@dataclass
class _Writer:
    """This process's name in the audit log."""

    process: str = "command"


_writer = _Writer()


def folder() -> Path:
    """Return the folder of the audit log: DASHBOARD_LOG, else `log/`. It is outside the store and outlives deliveries."""
    return Path(os.environ.get("DASHBOARD_LOG") or "log")


def written_by(process: str) -> None:
    """Set the name of this process's file. Servers use their port; the command line is "command"."""
    _writer.process = process


def operator_account() -> str:
    """Return the account that runs a command on this machine; "unknown" for a user id without a name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def process() -> str:
    """Return the name of this process's file."""
    return _writer.process


def write(event: str, *, account: str, role: str = "", **details: object) -> None:
    """Append an event.

    If it cannot be written, the user's action still succeeds: the line waits in memory, the process's log says so, and the
    readiness check fails until all lines are written.

    Args:
        event: One of EVENTS.
        account: Who did it.
        role: Their role.
        **details: page, what, delivery, why: short texts without residents' names or filters.
    """
    if event not in EVENTS:
        raise ValueError(f"not an event of the audit log: {event}")
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "event": event, "account": account[:_LONGEST], "role": role}
    line |= {name: str(value)[:_LONGEST] for name, value in details.items() if value not in (None, "")}
    _journal().write(json.dumps(line | {"store": store_mark()}))


def is_writable() -> bool:
    """Return whether every event so far is written and another one could be."""
    return _journal().is_writable()


def store_mark() -> str:
    """Return eight characters that identify the store in use without giving its path."""
    return _mark_of(str(store_path().resolve()))


@lru_cache(maxsize=8)
def _mark_of(path: str) -> str:
    return hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:8]


def read(most: int = MOST_READ, *, kinds: Collection[str] = (), account: str | None = None) -> list[Event]:
    """Return the last events of all processes, newest first. A damaged line is skipped and logged.

    Args:
        most: How many at most.
        kinds: Only events of these kinds; all if empty.
        account: Only events of this account.
    """
    events: list[Event] = []
    marks = [f'"{kind}"' for kind in kinds]
    for newest in sorted(folder().glob("*.jsonl")):
        taken = 0
        for line in _lines(newest):
            if marks and not any(mark in line for mark in marks):
                continue  # cheaper than to parse it
            event = parsed(line)
            if event is None:
                log.warning("skipped a damaged line")  # not quoted, because it may name an account
                continue
            if (kinds and event.get("event") not in kinds) or account not in (None, event.get("account")):
                continue
            events.append(event)
            taken += 1
            if taken >= most:
                break
    return sorted(events, key=lambda event: event.get("at", ""), reverse=True)[:most]


def parsed(line: str) -> Event | None:
    """Return the event in a line; None for a damaged line."""
    try:
        return {str(name): str(value) for name, value in json.loads(line).items()}
    except (ValueError, AttributeError, RecursionError):
        return None


def paths() -> list[Path]:
    """Return the files of the log: of each process the newest, then the older ones, newest first."""
    return [path for newest in sorted(folder().glob("*.jsonl")) for path in _rotated(newest)]


def _rotated(newest: Path) -> list[Path]:
    """Return a file and the older ones of the same process, newest first."""
    older = (path for path in newest.parent.glob(f"{newest.name}.*") if path.suffix[1:].isdigit())
    return [newest, *sorted(older, key=lambda path: int(path.suffix[1:]))]


def _lines(newest: Path) -> Iterator[str]:
    """Yield one process's lines, newest first."""
    for path in _rotated(newest):
        try:
            yield from reversed(path.read_text(encoding="utf-8", errors="replace").splitlines())
        except OSError:
            log.exception("cannot read %s", path)


def _journal() -> Journal:
    """Return this process's file in the current folder."""
    return journal_of(folder(), _writer.process, largest=MAX_FILE_BYTES, backups=MAX_FILES)
