"""Sheets kept whole: what a page said is drawn again as it was for whoever is to be told the same.

A page's words, charts and acts follow from what its key holds (components/page_frame.py), the reader's rights among it and no
account. So a click on what somebody of the same rights has seen costs a look-up, not a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from queries.cache import Bounded

EventHandler = Callable[[Any], None]
MOST_BYTES = 64_000_000  # of all sheets: some hundred pages
KEY_AND_ACTS = 8_000  # bytes that a sheet takes beside what it sends, on the safe side


@dataclass(frozen=True)
class Part:
    """One element of a page: its key, what the browser gets, and what its controls do. None of it knows a session."""

    key: str
    sent: bytes
    acts: Mapping[str, EventHandler]


@dataclass(frozen=True)
class CachedView:
    """A whole sheet, and what is done each time it is drawn."""

    parts: tuple[Part, ...]
    on_every_render: tuple[Callable[[], None], ...] = ()

    @property
    def weight(self) -> int:
        """Bytes."""
        return KEY_AND_ACTS + sum(len(part.sent) for part in self.parts)


VIEWS: Bounded[CachedView] = Bounded(MOST_BYTES, lambda sheet: sheet.weight)
