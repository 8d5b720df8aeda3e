"""Whether our own server is in front of the pages: with its sign-in and headers, Plotly's script, and the stylesheet in the document."""

from __future__ import annotations

from threading import Event

_server = Event()


def note_server() -> None:
    """Note that our own server is in front of the pages. Called once by the server."""
    _server.set()


def is_behind_server() -> bool:
    """Whether our own server is in front of the pages, and not `streamlit run` alone."""
    return _server.is_set()
