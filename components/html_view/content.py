"""What a page adds to its view: HTML, charts, event handlers, a file."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from hashlib import blake2s
from typing import TypeAlias

import streamlit as st
from markupsafe import Markup
from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from components import read_log
from components.html_view import component
from components.html_view.cache import EventHandler, Part
from components.html_view.templating import render

Node: TypeAlias = "str | list[Node]"  # HTML, or a place that HTML is added to later


class View:
    """HTML collected so far. Each call of `finish` turns what was collected since the last one into a part.

    Attributes:
        key: the key of the first part.
        place: the Streamlit container to draw it in; None for the page.
        cache_key: the key under which it is cached; None for not at all.
        parts: the finished parts.
        has_section: whether a second-level heading has been added.
        section: the last heading, which names the tables and files below it for screen readers.
    """

    def __init__(self, key: str, place: DeltaGenerator | None = None, cache_key: Hashable = None) -> None:
        self.key, self.place, self.cache_key = key, place, cache_key
        self.parts: list[Part] = []
        self.on_every_render: list[Callable[[], None]] = []
        self.section = ""
        self.has_section = False
        self._clear()

    def _clear(self) -> None:
        self.nodes: list[Node] = []
        self.open_nodes: list[list[Node]] = [self.nodes]  # the innermost last
        self.figures: dict[str, Figure] = {}
        self.handlers: dict[str, EventHandler] = {}
        self.details: dict[str, str] = {}
        self.file: dict[str, str] | None = None

    def finish(self) -> Part | None:
        """Return what was collected since the last call as a part, None if there is nothing, and start the next one."""
        part = None
        if self.nodes or self.file:
            key = f"{self.key}-{len(self.parts)}" if self.parts else self.key
            html = "".join(_flat(self.nodes))
            data = component.pack(html=html, figures=self.figures, details=self.details, file=self.file)
            part = Part(key, data, self.handlers)
            self.parts.append(part)
        self._clear()
        return part


open_view: ContextVar[View | None] = ContextVar("open_view", default=None)


def add(html: str) -> None:
    """Add HTML, as from `render`; data in it must be escaped already. It is drawn at once where no view is open."""
    view = open_view.get()
    if view is None:
        st.html(html)
    else:
        view.open_nodes[-1].append(str(html))


def paragraph(text: str, css_class: str = "") -> None:
    """Add a paragraph; nothing for an empty text."""
    if text:
        add(render("paragraph", text=text, css_class=css_class))


def heading(level: int, text: str) -> None:
    """Add a heading. It names what is added below it (`section_name`).

    A third-level heading before the first second-level one is announced as one of the second level: no level is skipped.
    """
    view = open_view.get()
    announced = level
    if view is not None:
        view.section = text
        view.has_section = view.has_section or level == 2
        announced = level if view.has_section else min(level, 2)
    add(render("heading", level=level, announced=announced, text=text))


def section_name() -> str:
    """Return the text of the last heading; "" before the first."""
    view = open_view.get()
    return view.section if view is not None else ""


@contextmanager
def container(before: str, after: str) -> Iterator[None]:
    """Put everything that is added inside between two pieces of HTML."""
    inner: list[Node] = [str(before)]
    _current().open_nodes[-1].append(inner)
    try:
        with _inside(inner):
            yield
    finally:
        inner.append(str(after))


def placeholder() -> AbstractContextManager[None]:
    """Reserve a place here for HTML that is added later, inside of the context manager that this returns."""
    node: list[Node] = []
    _current().open_nodes[-1].append(node)
    return _inside(node)


@contextmanager
def _inside(node: list[Node]) -> Iterator[None]:
    view = _current()
    depth = len(view.open_nodes)
    view.open_nodes.append(node)
    try:
        yield
    finally:
        del view.open_nodes[depth:]


def _current() -> View:
    view = open_view.get()
    if view is None:
        raise RuntimeError("call html_view.start first: no view is open")
    return view


def plot(figure: Figure, *, words: str, name: str, on_pick: EventHandler | None = None) -> Markup:
    """Return the HTML of a chart's place. The browser keeps the chart while its figure stays the same.

    Args:
        figure: the chart, with a height in its layout.
        words: the text alternative.
        name: unique on the page.
        on_pick: called with the customdata of a mark that the reader clicks.
    """
    view = _current()
    view.figures[name] = figure
    if on_pick is not None:
        view.handlers[f"pick:{name}"] = on_pick
    return render("plot", name=name, alt=words, height=figure.layout.height, is_pickable=on_pick is not None)


def on_event(name: str, handler: EventHandler) -> Markup:
    """Return the HTML attribute that calls `handler` with what the reader chose, or True for a button."""
    _current().handlers[name] = handler
    return Markup('data-event="{}"').format(name)


def details(body: str) -> Markup:
    """Return the attribute of a `<details>` that shows this HTML when opened, or of a `<datalist>` whose field gets the focus.

    It is named by its content, so that an open one shows the new content after a change.
    """
    name = blake2s(body.encode(), digest_size=8).hexdigest()
    _current().details[name] = body
    return Markup('data-details="{}"').format(name)


def send_file(name: str, content: str | bytes) -> None:
    """Give the reader a file with this run.

    Args:
        name: the name of the file; its ending says the type.
        content: the text of a CSV file, or the bytes of any other file.
    """
    read_log.disable_cache()
    if isinstance(content, bytes):
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        _current().file = {"name": name, "base64": b64encode(content).decode(), "type": media_type}
    else:
        _current().file = {"name": name, "text": content}


def _flat(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, list):
            yield from _flat(node)
        else:
            yield node
