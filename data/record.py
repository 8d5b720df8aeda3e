"""The record of use: who signed in, opened which page, downloaded, published or rolled back what, and what was denied.

One JSON object a line, appended and never changed, in `<process>.jsonl` under the folder DASHBOARD_LOG names (default
`log/`), rotated by size. Each serving process and the command line write files of their own, so no two ever share one.
The only personal datum is the account.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

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

    A record that cannot be written never stops a reader; the log says so, and readiness fails until it can be.
    """
    if event not in EVENTS:
        raise ValueError(f"not an event of the record: {event}")
    if _is_silent:
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"at": at, "event": event, "account": account[:_LONGEST], "role": role}
    line |= {name: str(value)[:_LONGEST] for name, value in details.items() if value not in (None, "")}
    try:
        _writer(folder(), _process).emit(_as_log_line(json.dumps(line)))
    except OSError:
        log.exception("the record of use cannot be written in %s", folder())


def is_writable() -> bool:
    """Whether an event could be written now."""
    try:
        _writer(folder(), _process)
    except OSError:
        return False
    return os.access(folder(), os.W_OK)


def read(most: int = 5000) -> list[dict[str, Any]]:
    """The last events of all processes, newest first, at most so many. A damaged line is passed over and logged."""
    found: list[dict[str, Any]] = []
    for lines in _files():
        taken = 0
        for line in lines:
            try:
                found.append({str(name): value for name, value in json.loads(line).items()})
            except (ValueError, AttributeError):
                log.warning("a damaged line in the record of use: %s", line[:80])
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


class _Appending(RotatingFileHandler):
    """A rotating file that only its owner may read, and that raises instead of printing what goes wrong."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def handleError(self, record: logging.LogRecord) -> None:
        raise


@lru_cache(maxsize=8)
def _writer(where: Path, process: str) -> _Appending:
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _Appending(where / f"{process}.jsonl", maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")


def _as_log_line(text: str) -> logging.LogRecord:
    return logging.LogRecord("record", logging.INFO, "", 0, text, None, None)


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
