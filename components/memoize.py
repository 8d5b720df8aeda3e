"""Make a chart or a text once for the same answers, which are cached and never changed (components/cached_queries.py)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

from components.render_cache import RENDERED

P = ParamSpec("P")
R = TypeVar("R")
_OVERHEAD = 10_000  # bytes of a chart and the rows it was made of, a generous estimate


@dataclass(frozen=True)
class _Result(Generic[R]):
    """What a function returned, and its arguments: an id stands for one object only while that object lives."""

    value: R
    arguments: object

    @property
    def weight(self) -> int:
        """Size in bytes, estimated."""
        return _OVERHEAD + (len(self.value) if isinstance(self.value, str) else 0)


def memoize(make: Callable[P, R]) -> Callable[P, R]:
    """Cache the results of a function by its arguments. Answers and rows are compared by identity."""

    @wraps(make)
    def cached(*args: P.args, **kwargs: P.kwargs) -> R:
        key = ("memoized", make, _key(args), _key(kwargs))
        entry = RENDERED.get(key)
        if isinstance(entry, _Result):
            value: R = entry.value
            return value
        value = make(*args, **kwargs)
        RENDERED.put(key, _Result(value, (args, kwargs)))
        return value

    return cached


def _key(value: object) -> Hashable:
    """Return a key that is equal for equal plain values and for collections of them; other objects by identity."""
    if value is None or isinstance(value, str | int | float | date):
        return type(value), value
    if isinstance(value, Mapping):
        return "mapping", tuple((name, _key(item)) for name, item in value.items())
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return "list", tuple(_key(item) for item in value)
    if isinstance(value, set | frozenset):
        return "set", frozenset(value)
    return "identity", id(value)
