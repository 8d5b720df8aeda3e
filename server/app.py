"""Build the server: Streamlit's App behind the auth middleware, the health routes, and the pages shown after an error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from components import banners, cached_queries, html_view, serving, store_state
from data.store import StoreDamagedError
from server import health, redirects, sign_in, static_assets
from server.auth_middleware import AuthMiddleware

SCRIPT = Path(__file__).parent.parent / "dashboard.py"


class Dashboard(st.App):
    """Streamlit's App with the auth middleware around all of it, including its error pages."""

    def __init__(self, *, hosts: Sequence[str]) -> None:
        super().__init__(
            SCRIPT,
            routes=[*health.ROUTES, *static_assets.routes(), *redirects.routes()],
            on_script_error=_broken_page,
            exception_handlers={Exception: _broken_answer},
        )
        self._middleware = AuthMiddleware(super().__call__, hosts=hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection. Everything passes the auth middleware."""
        await self._middleware(scope, receive, send)


def build(*, hosts: Sequence[str]) -> Dashboard:
    """Return the server for these host names."""
    serving.note_server()
    return Dashboard(hosts=hosts)


def _broken_page(error: Exception) -> bool:
    """Show the reader a sentence and an incident number after a page raised an exception. The log has the traceback."""
    html_view.draw()
    html_view.reset()  # drop the unfinished part of the page: this message would not be drawn inside it
    if isinstance(error, StoreDamagedError):
        banners.unreadable(store_state.fault_of(error))
        return True
    banners.empty_state(
        "This page could not be finished",
        f"An unexpected error occurred. The log explains it under incident {cached_queries.incident('a page', error)}.",
        "Reload the page. If the error persists, give the analyst the number above.",
    )
    return True


async def _broken_answer(request: Request, error: Exception) -> Response:
    request.scope["incident"] = number = cached_queries.incident(
        "an answer", error
    )  # for the middleware, which sees the error again
    return sign_in.broken(number)
