"""The sheet: what a page says, draws and asks, gathered as HTML and figures and handed to the browser as one element.

Streamlit renders each of its elements again at every click, a millisecond or more of the browser's for each; one sheet holds a
whole page. Whatever a reader does on it comes back as `[name, value]` and goes to the act of that name. Names stand in the
HTML: `data-say="filter-region"` on a control, a button, a link or a fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from html import escape
from time import perf_counter
from typing import Any

import streamlit as st

from components.graph import Figure
from components.sheet import mount

__all__ = ["act", "add", "apart", "begin", "cut", "draw", "end", "hand_over", "plot", "spot", "start", "within"]

Act = Callable[[Any], None]


class _Sheet:
    """What was gathered since the last cut. places: the lists that HTML goes to, the innermost last."""

    def __init__(self, key: str, place: Any = None) -> None:
        self.key, self.cuts, self.place = key, 0, place
        self.clear()

    def clear(self) -> None:
        self.html: list[Any] = []
        self.places: list[list[Any]] = [self.html]
        self.figures: dict[str, Figure] = {}
        self.acts: dict[str, Act] = {}
        self.file: dict[str, str] | None = None

    def finish(self) -> None:
        """Put it with what is to be drawn, and go on with the next."""
        if self.html:
            key = f"{self.key}-{self.cuts}" if self.cuts else self.key
            html, place = "".join(_flat(self.html)), self.place or nullcontext()
            told = {"html": html, "figures": self.figures, "acts": self.acts, "key": key, "file": self.file}
            _waiting.get().append((place, told))
            self.cuts += 1
        self.clear()


QUICK = 0.05  # seconds: what a run says within them is drawn in one go, in one frame of the browser's
_open: ContextVar[_Sheet | None] = ContextVar("sheet", default=None)
_waiting: ContextVar[list[tuple[Any, dict[str, Any]]]] = ContextVar("waiting")
_began: ContextVar[float] = ContextVar("began", default=0.0)


def start() -> None:
    """A run begins. What an earlier one gathered that never came to its end is let go: a reader's runs share a thread."""
    _open.set(None)
    _waiting.set([])
    _began.set(perf_counter())


def begin() -> None:
    """Gather from here on what the page says."""
    if _waiting.get(None) is None:
        start()
    _open.set(_Sheet("sheet"))


def cut() -> None:
    """Draw what has been gathered so far, for readers to have while the rest is worked out."""
    sheet = _open.get()
    if sheet is not None and len(sheet.places) == 1:  # not from within something begun
        sheet.finish()
        if perf_counter() - _began.get() > QUICK:
            draw()


def end() -> None:
    """Draw what has been gathered; nothing more is said on this page."""
    sheet = _open.get()
    if sheet is not None:
        sheet.finish()
    _open.set(None)
    draw()


def draw() -> None:
    """Draw what was finished so far."""
    waiting = _waiting.get([])
    for place, told in waiting:
        with place:
            mount.draw(**told)
    waiting.clear()


@contextmanager
def apart(key: str, place: Any = None) -> Iterator[None]:
    """A sheet of its own. key: unique on the page. place: Streamlit's container to draw it in."""
    sheet = _Sheet(key, place)
    token = _open.set(sheet)
    try:
        yield
        sheet.finish()
    finally:
        _open.reset(token)


def add(html: str) -> None:
    """Add HTML made here; data in it has gone through `style.escape`. Where no sheet is open it is drawn at once."""
    sheet = _open.get()
    if sheet is None:
        st.html(html)
    else:
        sheet.places[-1].append(html)


@contextmanager
def within(before: str, after: str) -> Iterator[None]:
    """Everything added inside stands between these two: `with within('<div class="columns">', "</div>"): …`."""
    inner: list[Any] = [before]
    _current().places[-1].append(inner)
    try:
        with _into(inner):
            yield
    finally:
        inner.append(after)


def spot() -> AbstractContextManager[None]:
    """Keep a place here for what is said later: `with spot: …`."""
    place: list[Any] = []
    _current().places[-1].append(place)
    return _into(place)


@contextmanager
def _into(place: list[Any]) -> Iterator[None]:
    """Everything added inside goes to this place."""
    sheet = _current()
    depth = len(sheet.places)
    sheet.places.append(place)
    try:
        yield
    finally:
        del sheet.places[depth:]


def _current() -> _Sheet:
    sheet = _open.get()
    assert sheet is not None, "something is gathered where no sheet is open"
    return sheet


def plot(figure: Figure, *, words: str, name: str, on_pick: Act | None = None) -> str:
    """The HTML of a chart's place, as high as its figure says; without a height, as high as its style makes it. The chart
    is kept from run to run. words: escaped, the text alternative. on_pick: called with the customdata of a point that is clicked."""
    sheet = _current()
    sheet.figures[name] = figure
    if on_pick is not None:
        sheet.acts[f"pick:{name}"] = on_pick
    height = figure.layout.height
    style = f' style="height:{int(height)}px"' if height else ""
    said = escape(name)
    return f'<div class="plot" role="img" data-name="plot-{said}" data-plot="{said}" aria-label="{words}"{style}></div>'


def act(name: str, do: Act) -> str:
    """The attribute that calls `do` with what a reader chose, or True for a button: `<button {act("filter-clear", clear)}>`."""
    _current().acts[name] = do
    return f'data-say="{escape(name)}"'


def hand_over(name: str, text: str) -> None:
    """Give the reader a file with this run."""
    _current().file = {"name": name, "text": text}


def _flat(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, list):
            yield from _flat(part)
        else:
            yield part
