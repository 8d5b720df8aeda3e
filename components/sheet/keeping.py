"""Sheets kept whole: what a page said is drawn again as it was for whoever is to be told the same.

A page's words, charts and acts follow from what its key holds (components/frame.py), the reader's rights among it and no
account. So a click on what somebody of the same rights has seen costs a look-up, not a page.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

Act = Callable[[Any], None]
MOST_BYTES = 64_000_000  # of all sheets: some hundred pages
_kept: dict[Hashable, Kept] = {}  # the oldest first
_size = 0
_changing = threading.Lock()


@dataclass(frozen=True)
class Part:
    """One element of a page: its key, what the browser gets, and what its controls do. None of it knows a session."""

    key: str
    sent: bytes
    acts: Mapping[str, Act]


@dataclass(frozen=True)
class Kept:
    """A whole sheet, and what is done each time it is drawn."""

    parts: tuple[Part, ...]
    each_time: tuple[Callable[[], None], ...] = ()

    @property
    def weight(self) -> int:
        return sum(len(part.sent) for part in self.parts)


def found(key: Hashable) -> Kept | None:
    """The sheet kept under this key, None where there is none."""
    return _kept.get(key)


def keep(key: Hashable, sheet: Kept) -> None:
    """Keep a sheet; the oldest are let go where they are too many."""
    global _size
    with _changing:
        before = _kept.pop(key, None)
        _kept[key] = sheet
        _size += sheet.weight - (before.weight if before else 0)
        while _size > MOST_BYTES:
            _size -= _kept.pop(next(iter(_kept))).weight


def clear() -> None:
    """Let all go."""
    global _size
    with _changing:
        _kept.clear()
        _size = 0
