"""Record what a page reads while it runs, so that its HTML is served again only while every read gives the same value.

A function that reads something a page can show goes through `read`: the clock, the session, the published deliveries, the browser's
address. A read that cannot be repeated cheaply calls `disable_cache` itself. Page authors call neither.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Read:
    """One value that a page read, and how to read it again.

    Reads are shared by all sessions: `again` must refer to no session's objects.
    """

    name: Hashable
    value: Hashable
    again: Callable[[], Hashable]

    def holds(self) -> bool:
        """Return whether the value is still the same; False where it can no longer be read."""
        recorded = current().reads.get(self.name)  # of the page that runs now
        try:
            return (recorded.value if recorded else self.again()) == self.value
        except Exception:
            return False


@dataclass
class ReadLog:
    """The reads of one view, by name, and whether its HTML may be cached."""

    reads: dict[Hashable, Read] = field(default_factory=dict)
    is_cacheable: bool = True


_log: ContextVar[ReadLog | None] = ContextVar("read_log", default=None)


def start() -> None:
    """Start a new log: a page begins to run."""
    _log.set(ReadLog())


def current() -> ReadLog:
    """Return the log of what is running. Outside of a page: an empty one that nothing records to."""
    return _log.get() or ReadLog()


@contextmanager
def separate() -> Iterator[ReadLog]:
    """Record the reads of a part of the page that is cached by itself."""
    log = ReadLog()
    token = _log.set(log)
    try:
        yield log
    finally:
        _log.reset(token)


def read(name: Hashable, again: Callable[[], T]) -> T:
    """Read a value and record it. Within one run every read of a name gives the first value.

    Args:
        name: tells this read apart from every other, such as ("stamp", delivery_id).
        again: reads the value; also called later, in any session, to see whether it changed.
    """
    log = _log.get()
    if log is None:
        return again()
    if name not in log.reads:
        log.reads[name] = Read(name, again(), again)
    value: T = log.reads[name].value  # type: ignore[assignment]  # a name stands for one type of value
    return value


def disable_cache() -> None:
    """Keep what is running now from being cached: it shows something that may differ next time."""
    current().is_cacheable = False
