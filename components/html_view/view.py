"""Collect the HTML, charts and event handlers of a page, and hand them to the browser as one element.

Streamlit renders each of its elements again at every click, which costs the browser a millisecond or more each. A view holds
everything between two native elements of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from components import read_log
from components.html_view import cache, component
from components.html_view.cache import CachedView, Part
from components.html_view.content import View, open_view
from components.read_log import ReadLog

_queue: ContextVar[list[tuple[DeltaGenerator | None, Part]]] = ContextVar("queue")


def reset() -> None:
    """Begin a run of a page. Drops what an interrupted run left behind: a reader's runs share a thread."""
    open_view.set(None)
    _queue.set([])
    read_log.start()


def start(cache_key: Hashable = None) -> bool:
    """Start collecting HTML for this page.

    Args:
        cache_key: what the page shows, apart from what it reads through `read_log`. None: the page is not cached.

    Returns:
        True if the page was cached; it has been drawn and its script has nothing left to do.
    """
    if _queue.get(None) is None:
        reset()
    if _draw_cached(None, cache_key):
        draw()
        return True
    open_view.set(View("view", cache_key=cache_key))
    return False


def flush() -> None:
    """Draw what has been collected so far, so that readers have it while the rest is computed."""
    view = open_view.get()
    if view is not None and len(view.open_nodes) == 1:  # not from inside of a container
        _finish(view)
        draw()


def draw_ahead(figures: Mapping[str, Figure]) -> None:
    """Draw what is queued, the sidebar, and with it charts of this page by name, before the HTML that they belong in is made.

    A browser that shows the page already draws them while the server computes the rest.
    """
    queue = _queue.get()
    if queue and open_view.get() is not None:
        place, part = queue[-1]
        queue[-1] = (place, component.with_ahead(part, figures))
        draw()


def _finish(view: View) -> None:
    """Queue what was collected for drawing."""
    part = view.finish()
    if part is not None:
        _queue.get().append((view.place, part))


def _end(view: View, log: ReadLog) -> None:
    """Queue the last part, and cache the view unless something that it read forbids it."""
    _finish(view)
    if view.cache_key is not None and log.is_cacheable:
        reads = tuple(log.reads.values())
        cache.store(view.cache_key, CachedView(tuple(view.parts), reads, tuple(view.on_every_render)))


@contextmanager
def native_elements() -> Iterator[None]:
    """Let Streamlit's own elements stand here, between what was added before and what is added after.

    The page is not cached: a native element is drawn only by running the script.
    """
    read_log.disable_cache()
    view = open_view.get()
    if view is not None:
        if len(view.open_nodes) > 1:
            raise ValueError("native elements cannot stand inside of a container of HTML")
        _finish(view)
        draw()
    yield


def on_every_render(callback: Callable[[], None]) -> None:
    """Call this now, and again whenever the view is drawn from the cache. It must refer to no session's objects."""
    callback()
    view = open_view.get()
    if view is not None:
        view.on_every_render.append(callback)


def end() -> None:
    """Draw what has been collected. The page has no more HTML."""
    view = open_view.get()
    if view is not None:
        _end(view, read_log.current())
    open_view.set(None)
    draw()


def draw() -> None:
    """Draw the parts that were finished so far."""
    queue = _queue.get([])
    parts = tuple(queue)
    queue.clear()  # first: drawing a part may end the run
    for place, part in parts:
        with place or nullcontext():
            component.draw(part)


@contextmanager
def separate_view(key: str, place: DeltaGenerator | None = None, cache_key: Hashable = None) -> Iterator[bool]:
    """Collect what is added inside into a view that is cached by itself.

    Args:
        key: unique on the page.
        place: the Streamlit container to draw it in.
        cache_key: as for `start`.

    Yields:
        True if the view was cached; nothing needs to be added.
    """
    if _draw_cached(place, cache_key):
        yield True
        return
    view = View(key, place, cache_key)
    token = open_view.set(view)
    try:
        with read_log.separate() as log:
            yield False
            _end(view, log)
    finally:
        open_view.reset(token)


def _draw_cached(place: DeltaGenerator | None, cache_key: Hashable) -> bool:
    """Queue a cached view for drawing; False if there is none."""
    cached = cache.find(cache_key) if cache_key is not None else None
    if cached is None:
        return False
    for callback in cached.on_every_render:
        callback()
    _queue.get().extend((place, part) for part in cached.parts)
    return True
