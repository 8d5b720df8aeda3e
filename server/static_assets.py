"""Serve the chart library (components/html_view/static/plotly), the connection watcher and the stylesheet.

They are compressed once, and browsers cache them until their version or content changes.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components import style
from components.html_view import component
from components.url_state import url
from server import document


@lru_cache(maxsize=4)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def script(request: Request) -> Response:
    """Serve the chart library."""
    return _cached(request, component.LIBRARY.read_bytes())


def connection_script(request: Request) -> Response:
    """Serve the connection watcher."""
    return _cached(request, document.script())


def stylesheet(request: Request) -> Response:
    """Serve the stylesheet."""
    return _cached(request, style.STYLESHEET, media_type="text/css")


def _cached(request: Request, content: bytes, *, media_type: str = "text/javascript") -> Response:
    """Return a file for browsers to keep, compressed if the browser accepts it."""
    headers = {"cache-control": "private, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = _compressed(content), "gzip"
    return Response(content, media_type=media_type, headers=headers)


ROUTES = [
    Route(component.ADDRESS, script, methods=["GET"]),
    Route(f"/{document.address()}", connection_script, methods=["GET"]),
    Route(style.ADDRESS, stylesheet, methods=["GET"]),
]


def routes() -> list[Route]:
    """Return the routes of the files, under the prefix."""
    return [Route(url(route.path), route.endpoint, methods=["GET"]) for route in ROUTES]
