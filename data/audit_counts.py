"""Count the events of the audit log by day: of the whole log, as far as its files are stored.

A file is read line by line, and counted once for each state of it. Only the counts stay in memory: by day, account and kind of event.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from data import audit_log

Key = tuple[str, str, str]  # day, account, event
FileMark = tuple[
    int, int, int, int
]  # device, inode, size, time of the last change: rotation renames a file and changes none of them

log = logging.getLogger("dashboard.audit_log")


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """What happened on one day (UTC).

    Attributes:
        day: As an ISO date.
        accounts: How many accounts have an event.
        openers: How many accounts opened a page.
        events: How many events of each kind.
    """

    day: str
    accounts: int
    openers: int
    events: Counter[str]


class _Cache:
    """The counts of each file of the log that exists. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[FileMark, Counter[Key]] = {}

    def read(self, paths: Iterable[Path]) -> list[Counter[Key]]:
        """Return the counts of each file, reading those that changed."""
        with self._lock:
            counted: dict[FileMark, Counter[Key]] = {}
            for path in paths:
                try:
                    with path.open(encoding="utf-8", errors="replace") as lines:
                        mark = _mark(lines)
                        counted[mark] = self._counts.get(mark) or Counter(_keys(lines))
                except FileNotFoundError:
                    continue  # rotated in the meantime
                except OSError:
                    log.exception("cannot read %s", path)
            self._counts = counted
            return list(counted.values())


_cache = _Cache()


def by_day(account: str | None = None) -> list[DayCounts]:
    """Return the counts of each day in the log, newest first. account: count the events of this account only."""
    days: dict[str, Counter[tuple[str, str]]] = {}
    for counts in _cache.read(audit_log.paths()):
        for (day, who, event), number in counts.items():
            if account in (None, who):
                days.setdefault(day, Counter())[who, event] += number
    return [_day_counts(day, counts) for day, counts in sorted(days.items(), reverse=True)]


def _day_counts(day: str, counts: Counter[tuple[str, str]]) -> DayCounts:
    events: Counter[str] = Counter()
    for (_, event), number in counts.items():
        events[event] += number
    return DayCounts(
        day=day,
        accounts=len({who for who, _ in counts if who}),
        openers=len({who for who, event in counts if who and event == "opened"}),
        events=events,
    )


def _mark(file: TextIO) -> FileMark:
    state = os.fstat(file.fileno())
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _keys(lines: Iterable[str]) -> Iterator[Key]:
    """Yield the day, account and kind of each event. Lines that are damaged, or have no day or no kind, are left out."""
    for line in lines:
        event = audit_log.parsed(line)
        if event and len(day := event.get("at", "")[:10]) == len("2026-11-28") and "event" in event:
            yield day, event.get("account", ""), event["event"]
