"""Rendered pages: what a page sent to the browser is sent again to readers who would get the same.

A view is stored under a key given by the page (`components/page_frame.py`: the page, the scope with the viewer's rights but no account,
the address, the theme) together with all that the script read while it ran (`components/read_log.py`). It is served only while each of
those reads gives the same value. So a click on what somebody with the same rights has seen costs a look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from components.memoize import RENDERED
from components.read_log import Read

Choice = str | bool  # the value of a control, or True for a button
EventHandler = Callable[[Choice], object]
MAX_VARIANTS = 8  # views under one key: other open tables, another day
_OVERHEAD = 8_000  # bytes of a view's key, handlers and reads, a generous estimate


@dataclass(frozen=True)
class Part:
    """One element of a page. It refers to no session.

    Attributes:
        key: the element's key for Streamlit, unique on the page.
        data: what the browser gets (`component.pack`).
        handlers: what the controls on it do, by event name.
    """

    key: str
    data: bytes
    handlers: Mapping[str, EventHandler]


@dataclass(frozen=True)
class CachedView:
    """All parts of a view, the reads it depends on, and what is done each time it is rendered."""

    parts: tuple[Part, ...]
    reads: tuple[Read, ...] = ()
    on_every_render: tuple[Callable[[], None], ...] = ()

    @property
    def weight(self) -> int:
        """Size in bytes, estimated."""
        return _OVERHEAD + sum(len(part.data) for part in self.parts)


@dataclass(frozen=True)
class Variants:
    """The views under one key, newest first."""

    views: tuple[CachedView, ...] = ()

    @property
    def weight(self) -> int:
        """Size in bytes, estimated."""
        return sum(view.weight for view in self.views)


def find(key: Hashable) -> CachedView | None:
    """Return the view under this key whose reads all give the same values now, or None."""
    return next((view for view in _variants(key).views if all(read.holds() for read in view.reads)), None)


def store(key: Hashable, view: CachedView) -> None:
    """Store a view as the newest variant under its key."""
    RENDERED.put(("view", key), Variants((view, *_variants(key).views[: MAX_VARIANTS - 1])))


def _variants(key: Hashable) -> Variants:
    entry = RENDERED.get(("view", key))
    return entry if isinstance(entry, Variants) else Variants()
