"""Redirect the addresses that pages had before to those they have now. Links in old e-mails and bookmarks still work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from components import page_list
from components.url_state import inner_path, url


def routes() -> list[Route]:
    """Return one route for each former address, under the prefix."""
    return [Route(url(path), _redirect, methods=["GET"]) for path in page_list.moved()]


def _redirect(request: Request) -> RedirectResponse:
    """Redirect to the page's present address, with the same filters."""
    path = page_list.moved()[inner_path(request.url.path) or "/"].path
    query = request.url.query
    return RedirectResponse(url(path) + (f"?{query}" if query else ""), 308)
