"""Redirect the addresses that pages had before to those they have now, those of no page, and the bare front page to a reader's first page."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from components import auth_session, navigation, page_list
from components.url_state import NO_PAGE, inner_path, shortened, url
from server import cookies


def routes() -> list[Route]:
    """Return one route for each former address, under the prefix."""
    return [Route(url(path), _redirect, methods=["GET"]) for path in page_list.moved()]


def _redirect(request: Request) -> RedirectResponse:
    """Redirect to the page's present address, with the same filters."""
    path = page_list.moved()[inner_path(request.url.path) or "/"].path
    query = request.url.query
    return RedirectResponse(url(path) + (f"?{query}" if query else ""), 308)


def to_a_page(connection: HTTPConnection, path: str) -> RedirectResponse | None:
    """Return a redirect for an address that a person opens and no page has: to the page it means, else to the front page, which says so.

    Args:
        connection: The request.
        path: Its path, without the prefix.
    """
    is_opened = "text/html" in connection.headers.get("accept", "")
    if not is_opened or page_list.page_at(path.rstrip("/") or "/") is not None:
        return None
    query = dict(parse_qsl(connection.url.query))
    meant = page_list.page_like(path)
    if meant is not None:
        return RedirectResponse(url(meant.path, query), 307)
    return RedirectResponse(url("/", {**query, NO_PAGE: shortened(path.strip("/"))}), 307)


def to_first_page(connection: HTTPConnection, path: str) -> RedirectResponse | None:
    """Return a redirect to a signed-in reader's first page, for a request of the bare front page from outside the dashboard.

    A link inside the dashboard, and a reload, mean the front page itself.
    """
    if path != "/" or connection.url.query or not auth_session.is_provider_configured():
        return None
    is_reload = connection.headers.get("cache-control") in ("max-age=0", "no-cache")
    viewer = auth_session.session_of(cookies.claims(connection.cookies)).viewer
    if is_reload or viewer is None or connection.headers.get("sec-fetch-site") == "same-origin":
        return None
    address = navigation.first_address(viewer)
    return RedirectResponse(address, 307) if address != url("/") else None
