"""The sheet: what a page says, draws and asks, gathered as HTML and figures and handed to the browser as one element.

Streamlit renders each of its elements again at every click, a millisecond or more of the browser's for each; one sheet holds a
whole page. Whatever a reader does on it comes back as `[name, value]` and goes to the act of that name. Names stand in the
HTML: `data-say="filter-region"` on a control, a button, a link or a fold.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from hashlib import blake2s
from html import escape
from time import perf_counter
from typing import Any

import streamlit as st

from plotly.graph_objects import Figure
from components.html_view import component
from components.html_view.cache import VIEWS, CachedView, EventHandler, Part

__all__ = [
    "EventHandler", "add", "container", "details", "disable_cache", "draw", "end", "flush", "on_event", "on_every_render", "placeholder", "plot", "reset",
    "send_file", "separate_view", "start",
]  # fmt: skip


class _View:
    """What was gathered since the last cut. places: the lists that HTML goes to, the innermost last. parts: what was
    finished, to be kept as `cache_key`, unless that is None."""

    def __init__(self, key: str, place: Any = None, cache_key: Hashable = None) -> None:
        self.key, self.place, self.cache_key = key, place, cache_key
        self.parts: list[Part] = []
        self.on_every_render: list[Callable[[], None]] = []
        self.clear()

    def clear(self) -> None:
        self.html: list[Any] = []
        self.places: list[list[Any]] = [self.html]
        self.figures: dict[str, Figure] = {}
        self.acts: dict[str, EventHandler] = {}
        self.bodies: dict[str, str] = {}
        self.file: dict[str, str] | None = None

    def finish(self) -> None:
        """Put it with what is to be drawn, and go on with the next."""
        if self.html:
            key = f"{self.key}-{len(self.parts)}" if self.parts else self.key
            html = "".join(_flat(self.html))
            sent = component.packed(html=html, figures=self.figures, bodies=self.bodies, file=self.file)
            self.parts.append(Part(key, sent, self.acts))
            _waiting.get().append((self.place, self.parts[-1]))
        self.clear()

    def end(self) -> None:
        """Nothing more comes: keep the whole, where it may be kept."""
        self.finish()
        if self.cache_key is not None:
            VIEWS.put(self.cache_key, CachedView(tuple(self.parts), tuple(self.on_every_render)))


QUICK = 0.05  # seconds: what a run says within them is drawn in one go, in one frame of the browser's
_open: ContextVar[_View | None] = ContextVar("sheet", default=None)
_waiting: ContextVar[list[tuple[Any, Part]]] = ContextVar("waiting")
_began: ContextVar[float] = ContextVar("began", default=0.0)


def reset() -> None:
    """A run begins. What an earlier one gathered that never came to its end is let go: a reader's runs share a thread."""
    _open.set(None)
    _waiting.set([])
    _began.set(perf_counter())


def start(cache_key: Hashable = None) -> bool:
    """Gather from here on what the page says. kept_as: all that it rests on; where it was said before on the same grounds,
    it is drawn as it was, and this is True: nothing need be said again."""
    if _waiting.get(None) is None:
        reset()
    if _again(None, cache_key):
        draw()
        return True
    _open.set(_View("sheet", cache_key=cache_key))
    return False


def disable_cache() -> None:
    """What is said now holds for this run alone: the sheet is not kept."""
    sheet = _open.get()
    if sheet is not None:
        sheet.cache_key = None


def flush() -> None:
    """Draw what has been gathered so far, for readers to have while the rest is worked out."""
    sheet = _open.get()
    if sheet is not None and len(sheet.places) == 1:  # not from within something begun
        sheet.finish()
        if perf_counter() - _began.get() > QUICK:
            draw()


def on_every_render(do: Callable[[], None]) -> None:
    """Do this now, and again whenever the sheet is drawn as it was kept."""
    do()
    sheet = _open.get()
    if sheet is not None:
        sheet.on_every_render.append(do)


def end() -> None:
    """Draw what has been gathered; nothing more is said on this page."""
    sheet = _open.get()
    if sheet is not None:
        sheet.end()
    _open.set(None)
    draw()


def draw() -> None:
    """Draw what was finished so far."""
    waiting = _waiting.get([])
    parts = tuple(waiting)
    waiting.clear()  # first: drawing may end the run
    for place, part in parts:
        with place or nullcontext():
            component.draw(key=part.key, sent=part.sent, acts=part.acts)


@contextmanager
def separate_view(key: str, place: Any = None, cache_key: Hashable = None) -> Iterator[bool]:
    """A sheet of its own; gives whether it was said before, as `start` does. key: unique on the page. place: Streamlit's
    container to draw it in."""
    if _again(place, cache_key):
        yield True
        return
    sheet = _View(key, place, cache_key)
    token = _open.set(sheet)
    try:
        yield False
        sheet.end()
    finally:
        _open.reset(token)


def _again(place: Any, cache_key: Hashable) -> bool:
    """Put a kept sheet with what is to be drawn, if there is one."""
    kept = VIEWS.get(cache_key) if cache_key is not None else None
    if kept is None:
        return False
    for do in kept.on_every_render:
        do()
    _waiting.get().extend((place, part) for part in kept.parts)
    return True


def add(html: str) -> None:
    """Add HTML made here; data in it has gone through `style.escape`. Where no sheet is open it is drawn at once."""
    sheet = _open.get()
    if sheet is None:
        st.html(html)
    else:
        sheet.places[-1].append(html)


@contextmanager
def container(before: str, after: str) -> Iterator[None]:
    """Everything added inside stands between these two: `with within('<div class="columns">', "</div>"): …`."""
    inner: list[Any] = [before]
    _current().places[-1].append(inner)
    try:
        with _into(inner):
            yield
    finally:
        inner.append(after)


def placeholder() -> AbstractContextManager[None]:
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


def _current() -> _View:
    sheet = _open.get()
    assert sheet is not None, "something is gathered where no sheet is open"
    return sheet


def plot(figure: Figure, *, words: str, name: str, on_pick: EventHandler | None = None) -> str:
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


def on_event(name: str, do: EventHandler) -> str:
    """The attribute that calls `do` with what a reader chose, or True for a button: `<button {act("filter-clear", clear)}>`."""
    _current().acts[name] = do
    return f'data-say="{escape(name)}"'


def details(body: str) -> str:
    """The attribute of a fold that says this HTML when it is opened: `<details {fold(body)}>`. Named by what it says: where that
    changes, an open fold says the new."""
    name = blake2s(body.encode(), digest_size=8).hexdigest()
    _current().bodies[name] = body
    return f'data-body="{name}"'


def send_file(name: str, text: str) -> None:
    """Give the reader a file with this run."""
    disable_cache()
    _current().file = {"name": name, "text": text}


def _flat(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, list):
            yield from _flat(part)
        else:
            yield part
