"""The cache of what is rendered: whole pages (`html_view/cache.py`), and the charts and texts in them (`memoize`).

Keys hold what an entry was made of, and no account or session:

- A page: the page, the scope with the viewer's rights, the address, the theme. Its entry also has what the script read.
- A chart or text: the function and its arguments. An answer counts by identity, and is itself cached by question, scope, viewer and the
  state of the delivery's file (`components/cached_queries.py`).

The other cache holds answers (`queries/database.py`). Both are bounded by size, and drop what was not used for longest.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Generic, ParamSpec, Protocol, TypeVar

from queries.cache import BoundedCache

P = ParamSpec("P")
R = TypeVar("R")
MAX_BYTES = 64_000_000  # some hundred pages with their charts
_OVERHEAD = 10_000  # bytes of a chart and the rows it was made of, a generous estimate


class Rendered(Protocol):
    """An entry of the cache."""

    @property
    def weight(self) -> int:
        """Size in bytes, estimated."""


RENDERED: BoundedCache[Rendered] = BoundedCache(MAX_BYTES, lambda entry: entry.weight)


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
