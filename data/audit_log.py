"""The record of use: who signed in, opened which page, downloaded, published or rolled back what, and what was denied.

One JSON object a line, appended and never changed, in `<process>.jsonl` under the folder DASHBOARD_LOG names (default
`log/`), rotated by size. Each serving process and the command line write files of their own, so no two ever share one.
The only personal datum is the account. Each line has a mark of the store it is about.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
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
    "published": "Published",
    "refused": "Refused a delivery",
    "rolled_back": "Rolled back",
    "repaired": "Repaired the store",
    "backed_up": "Backed up",
    "restored": "Restored a backup",
    "removed": "Removed a delivery",
    "denied": "Denied",
}
LARGEST = 5 * 1024 * 1024  # bytes: some 25,000 lines a file
KEPT = 200  # files a process: five million events, then the oldest go
_LONGEST = 200
_process = "command"
_is_silent = False

log = logging.getLogger("dashboard.record")


def folder() -> Path:
    """Where the record is kept: DASHBOARD_LOG, else `log/`. Outside the store: deliveries come and go, the record stays."""
    return Path(os.environ.get("DASHBOARD_LOG") or "log")


def written_by(process: str) -> None:
    """Name this process's file: a server names itself by its port, the command line is "command"."""
    global _process
    _process = process


def keep_silent() -> None:
    """Write nothing from here on: this process serves nobody."""
    global _is_silent
    _is_silent = True


def write(event: str, *, account: str, role: str = "", **details: object) -> None:
    """Append one event now. details: page, what, delivery, why: short texts, no names of residents, no filters.

    A record that cannot be written never stops a reader: its lines wait in memory, the log says so, and readiness fails until all
    of them are written.
    """
    if event not in EVENTS:
        raise ValueError(f"not an event of the record: {event}")
    if _is_silent:
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "event": event, "account": account[:_LONGEST], "role": role}
    line |= {name: str(value)[:_LONGEST] for name, value in details.items() if value not in (None, "")}
    _journal().write(json.dumps(line | {"store": store_mark()}))


def is_writable() -> bool:
    """Whether every event so far is written, and another could be now."""
    return _journal().is_writable()


def store_mark() -> str:
    """Eight characters that tell the store in use apart from others, without naming its path."""
    return _mark_of(str(store_path().resolve()))


@lru_cache(maxsize=8)
def _mark_of(path: str) -> str:
    return hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:8]


def read(most: int = 5000) -> list[dict[str, Any]]:
    """The last events of all processes, newest first, at most so many. A damaged line is passed over and logged."""
    found: list[dict[str, Any]] = []
    for lines in _files():
        taken = 0
        for line in lines:
            try:
                found.append({str(name): value for name, value in json.loads(line).items()})
            except (ValueError, AttributeError):
                log.warning("a damaged line in the record of use was passed over")  # it may name an account
                continue
            taken += 1
            if taken >= most:
                break
    return sorted(found, key=lambda event: str(event.get("at", "")), reverse=True)[:most]


def _files() -> Iterator[Iterator[str]]:
    """For every process, its lines from the newest to the oldest."""
    for path in sorted(folder().glob("*.jsonl")):
        yield _lines(path)


def _lines(newest: Path) -> Iterator[str]:
    older = sorted(newest.parent.glob(f"{newest.name}.*"), key=lambda path: int(path.suffix[1:] or 0))
    for path in (newest, *older):
        try:
            yield from reversed(path.read_text(encoding="utf-8", errors="replace").splitlines())
        except OSError:
            log.exception("the record of use cannot be read in %s", path)


def _journal() -> Journal:
    """This process's file in the folder of now."""
    return _journal_in(folder(), _process, LARGEST, KEPT)


@cache
def _journal_in(where: Path, process: str, largest: int, backups: int) -> Journal:
    journal = Journal(where / f"{process}.jsonl", largest=largest, backups=backups)
    atexit.register(journal.finish)
    return journal


def counts_by_day(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many events of each kind a day (UTC), newest first: one dict a day, with a count for every kind."""
    days: dict[str, dict[str, Any]] = {}
    for event in events:
        day = str(event.get("at", ""))[:10]
        counted = days.setdefault(day, {"day": day, "accounts": set(), **dict.fromkeys(EVENTS, 0)})
        counted["accounts"].add(event.get("account"))
        if event.get("event") in EVENTS:
            counted[event["event"]] += 1
    return [{**row, "accounts": len(row["accounts"])} for _, row in sorted(days.items(), reverse=True)]
