"""What is made of answers alone is made once: charts, and how a number is made. Answers are kept (components/cached_queries.py) and never
changed, so that the same answer makes the same chart for whoever may see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from queries.cache import Bounded

MOST_KEPT = 1_000
# what was made, beside what it was made of: an id stands for one thing while that lives
_made: Bounded[tuple[Any, Any]] = Bounded(MOST_KEPT)
P = ParamSpec("P")
R = TypeVar("R")


def kept(make: Callable[P, R]) -> Callable[P, R]:
    """Make anything once for the same answers (or rows of them), and other values."""

    @wraps(make)
    def found(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (make, _key(args), _key(kwargs))
        result: R = _made.once(key, lambda: (make(*args, **kwargs), (args, kwargs)))[0]
        return result

    return found


def _key(value: Any) -> Any:
    """Equal for what reads the same: values as they are, collections by what is in them, everything else by itself."""
    if value is None or isinstance(value, str | int | float | date):
        return type(value), value
    if isinstance(value, Mapping):
        return "mapping", tuple((name, _key(one)) for name, one in value.items())
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return "list", tuple(_key(one) for one in value)
    if isinstance(value, set | frozenset):
        return "set", frozenset(value)
    return "itself", id(value)
