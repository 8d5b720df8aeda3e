"""A store of what was worked out, that lets go of the oldest where it would hold too much. Safe for threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_NOTHING: Any = object()


class Bounded(Generic[T]):
    """Values by key. weigh: what a value counts toward `most`; without it each counts one. largest: what weighs more is not kept,
    lest it drive out a hundred others.
    """

    def __init__(self, most: int, weigh: Callable[[T], int] = lambda _: 1, largest: int | None = None) -> None:
        self.most, self._weigh, self._largest = most, weigh, most if largest is None else largest
        self._found: dict[Hashable, T] = {}
        self._changing = threading.Lock()
        self.weight = 0

    def once(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What was put under this key before, else what `work_out` finds now."""
        found = self._found.get(key, _NOTHING)
        if found is _NOTHING:
            found = work_out()
            self.put(key, found)
        return found

    def get(self, key: Hashable) -> T | None:
        """What is under this key, None where nothing is."""
        return self._found.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Put a value under a key, in place of the one that was there, as the newest."""
        weight = self._weigh(value)
        with self._changing:
            before = self._found.pop(key, _NOTHING)
            self.weight -= 0 if before is _NOTHING else self._weigh(before)
            if weight > self._largest:
                return
            self.weight += weight
            self._found[key] = value
            while self.weight > self.most:
                self.weight -= self._weigh(self._found.pop(next(iter(self._found))))

    def items(self) -> list[tuple[Any, T]]:
        """All of it, the oldest first."""
        with self._changing:
            return list(self._found.items())

    def clear(self) -> None:
        """Let all go."""
        with self._changing:
            self._found.clear()
            self.weight = 0
