"""A cache with a limit on the total weight of its values, safe for threads, over `cachetools.LRUCache`.

The dashboard has two of them. *Answers* (`queries/database.py`) holds query rows and answers, keyed by the state of the delivery's
file and the question. *Rendered pages* (`components/html_view/cache.py`) holds what a page sent to the browser.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


def _weight_of(entry: tuple[object, int]) -> int:
    return entry[1]


class BoundedCache(Generic[T]):
    """Values by key. The least recently used values are dropped when the total weight exceeds the limit.

    Args:
        most: limit on the total weight.
        weigh: weight of a value; 1 for each by default.
        largest: a heavier value is not stored, because it would push out many others. No limit of its own by default.
    """

    def __init__(self, most: int, weigh: Callable[[T], int] = lambda _: 1, largest: int | None = None) -> None:
        self.most, self._weigh, self._largest = most, weigh, most if largest is None else largest
        self._values: LRUCache[Hashable, tuple[T, int]] = LRUCache(most, getsizeof=_weight_of)  # with its weight
        self._running: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    @property
    def weight(self) -> int:
        """Total weight of the stored values."""
        return int(self._values.currsize)

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the value stored under a key; compute and store it if there is none.

        A thread that asks for what another is computing waits for it, and computes it only if the other fails.
        """
        while True:
            with self._lock:
                if key in self._values:
                    return self._values[key][0]
                other = self._running.get(key)
                if other is None:
                    mine = self._running[key] = Future()
                    break
            with suppress(Exception):
                return other.result()
        try:
            value = compute()
            self.put(key, value)
            mine.set_result(value)
            return value
        finally:
            mine.cancel()  # does nothing after a result; else wakes the threads that wait for one
            with self._lock:
                del self._running[key]

    def get(self, key: Hashable) -> T | None:
        """Return the value stored under a key, or None."""
        with self._lock:
            entry = self._values.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: T) -> None:
        """Store a value in place of the one under this key, unless it is too heavy."""
        weight = self._weigh(value)
        with self._lock:
            self._values.pop(key, None)
            if weight <= self._largest:
                self._values[key] = value, weight

    def items(self) -> list[tuple[Any, T]]:
        """Return all keys and values in the order in which they were stored."""
        with self._lock:
            return [(key, value) for key, (value, _) in self._values.items()]

    def clear(self) -> None:
        """Remove all values."""
        with self._lock:
            self._values.clear()
