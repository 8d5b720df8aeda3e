"""Puts the server together: Streamlit's App inside the gate, the health routes, and what happens when a page breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from components import banners, cached_queries, html_view, store_state
from components import page_guard as frame_gate
from data.store import StoreDamagedError
from server import health, sign_in, static_assets
from server.auth_middleware import Gate

SCRIPT = Path(__file__).parent.parent / "dashboard.py"


class Dashboard(st.App):
    """Streamlit's App with the gate around all of it, its own error answers included."""

    def __init__(self, *, hosts: Sequence[str]) -> None:
        super().__init__(
            SCRIPT,
            routes=[*health.ROUTES, *static_assets.routes()],
            on_script_error=_broken_page,
            exception_handlers={Exception: _broken_answer},
        )
        self._gate = Gate(super().__call__, hosts=hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry: everything passes the gate."""
        await self._gate(scope, receive, send)


def build(*, hosts: Sequence[str]) -> Dashboard:
    """The server for these host names."""
    frame_gate.behind_server()
    return Dashboard(hosts=hosts)


def _broken_page(error: Exception) -> bool:
    """A page raised: the reader gets a sentence and a number, the log gets the trace."""
    html_view.draw()
    html_view.reset()  # what the page has not finished is not drawn any more, and neither would this be
    if isinstance(error, StoreDamagedError):
        banners.unreadable(store_state.fault_of(error))
        return True
    banners.empty_state(
        "This page could not be finished",
        f"Something unforeseen went wrong. Incident {cached_queries.incident('a page', error)} in the log says what.",
        "Reload the page; if it stays, tell the analyst the number above.",
    )
    return True


async def _broken_answer(asked: Request, error: Exception) -> Response:
    asked.scope["incident"] = number = cached_queries.incident("an answer", error)  # for the gate, which meets the error again
    return sign_in.broken(number)
