"""Serve the dashboard's own scripts: the chart library (components/html_view/library) and the connection watcher.

They are compressed once, and browsers cache them until their version or content changes.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.html_view import component
from components.url_state import url
from server import document


@lru_cache(maxsize=4)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def script(request: Request) -> Response:
    """Serve the chart library."""
    return _as_script(request, component.LIBRARY.read_bytes())


def connection_script(request: Request) -> Response:
    """Serve the connection watcher."""
    return _as_script(request, document.script())


def _as_script(request: Request, content: bytes) -> Response:
    """Return a script, compressed if the browser accepts it."""
    headers = {"cache-control": "private, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["content-encoding"] = _compressed(content), "gzip"
    return Response(content, media_type="text/javascript", headers=headers)


ROUTES = [
    Route(component.ADDRESS, script, methods=["GET"]),
    Route(f"/{document.address()}", connection_script, methods=["GET"]),
]


def routes() -> list[Route]:
    """Return the routes of the scripts, under the prefix."""
    return [Route(url(route.path), route.endpoint, methods=["GET"]) for route in ROUTES]
