"""Make a chart or a text once for the same answers. Answers are cached and never changed (components/cached_queries.py)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from queries.cache import Bounded

MAX_RESULTS = 1_000
# Results, with the arguments they were made of: an id stands for one object only while that object lives.
_results: Bounded[tuple[object, object]] = Bounded(MAX_RESULTS)
P = ParamSpec("P")
R = TypeVar("R")


def theme() -> str:
    """Return the reader's theme: "light" or "dark"."""
    try:
        theme_type = st.context.theme.type
    except Exception:
        theme_type = None
    return "dark" if theme_type == "dark" else "light"


def memoize(make: Callable[P, R]) -> Callable[P, R]:
    """Cache the results of a function by its arguments and the theme. Answers and rows are compared by identity."""

    @wraps(make)
    def cached(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (make, theme(), _key(args), _key(kwargs))
        result: R = _results.once(key, lambda: (make(*args, **kwargs), (args, kwargs)))[0]  # type: ignore[assignment]
        return result

    return cached


kept = memoize  # until the charts use the new name


def _key(value: object) -> Hashable:
    """Return a key that is equal for plain values that are equal and collections of them; other objects by identity."""
    if value is None or isinstance(value, str | int | float | date):
        return type(value), value
    if isinstance(value, Mapping):
        return "mapping", tuple((name, _key(item)) for name, item in value.items())
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return "list", tuple(_key(item) for item in value)
    if isinstance(value, set | frozenset):
        return "set", frozenset(value)
    return "identity", id(value)
