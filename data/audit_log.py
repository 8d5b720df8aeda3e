"""The audit log: who signed in, opened a page, downloaded, published or rolled back, and what was denied.

It has one JSON object per line, which is appended and never changed, in `<process>.jsonl` in the folder DASHBOARD_LOG
(default `log/`), rotated by size. Each server process and the command line write to separate files. The only personal data
are account names. Each line identifies the store that it is about.
"""

from __future__ import annotations

import atexit
import getpass
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from data.journal import Journal
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


def read(most: int = 5000) -> list[Event]:
    """Return the last `most` events of all processes, newest first. A damaged line is skipped and logged."""
    events: list[Event] = []
    for lines in _files():
        taken = 0
        for line in lines:
            try:
                events.append({str(name): str(value) for name, value in json.loads(line).items()})
            except (ValueError, AttributeError):
                log.warning("skipped a damaged line")  # not quoted, because it may name an account
                continue
            taken += 1
            if taken >= most:
                break
    return sorted(events, key=lambda event: event.get("at", ""), reverse=True)[:most]


def _files() -> Iterator[Iterator[str]]:
    """Yield each process's lines, newest first."""
    for path in sorted(folder().glob("*.jsonl")):
        yield _lines(path)


def _lines(newest: Path) -> Iterator[str]:
    older = sorted(newest.parent.glob(f"{newest.name}.*"), key=lambda path: int(path.suffix[1:] or 0))
    for path in (newest, *older):
        try:
            yield from reversed(path.read_text(encoding="utf-8", errors="replace").splitlines())
        except OSError:
            log.exception("cannot read %s", path)


def _journal() -> Journal:
    """Return this process's file in the current folder."""
    return _journal_in(folder(), _writer.process, MAX_FILE_BYTES, MAX_FILES)


@cache
def _journal_in(where: Path, process: str, largest: int, backups: int) -> Journal:
    journal = Journal(where / f"{process}.jsonl", largest=largest, backups=backups)
    atexit.register(journal.finish)
    return journal


def counts_by_day(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Count the events of each kind by day (UTC), newest first: one dict per day, with a count for every kind."""
    days: dict[str, dict[str, Any]] = {}
    for event in events:
        day = str(event.get("at", ""))[:10]
        counted = days.setdefault(day, {"day": day, "accounts": set(), **dict.fromkeys(EVENTS, 0)})
        counted["accounts"].add(event.get("account"))
        if event.get("event") in EVENTS:
            counted[event["event"]] += 1
    return [{**row, "accounts": len(row["accounts"])} for _, row in sorted(days.items(), reverse=True)]
