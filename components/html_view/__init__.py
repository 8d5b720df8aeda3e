"""HTML views: a page as one element in the browser. See README.md in this folder."""

from components.html_view.cache import Choice, EventHandler
from components.html_view.content import (
    add,
    container,
    details,
    heading,
    on_event,
    paragraph,
    placeholder,
    plot,
    section_name,
    send_file,
)
from components.html_view.templating import render
from components.html_view.view import (
    draw,
    draw_ahead,
    end,
    flush,
    native_elements,
    on_every_render,
    reset,
    separate_view,
    start,
)

__all__ = [
    "Choice", "EventHandler", "add", "container", "details", "draw", "draw_ahead", "end", "flush", "heading", "native_elements", "on_event",
    "on_every_render", "paragraph", "placeholder", "plot", "render", "reset", "section_name", "send_file", "separate_view", "start",
]  # fmt: skip
