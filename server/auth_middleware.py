"""Require a sign-in for every page and every file, allow only listed hosts, and close the routes nobody needs.

Without a sign-in that is genuine, recent enough and has a role, no page script runs, no message channel opens and no file is
sent. This includes page files that are added later without a guard of their own. Without an identity provider the server is an
open demo, which shows only synthetic data or serves only this machine.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components import (
    auth_session,
    cached_queries,
    navigation,
    page_guard,
    revoked_sessions,
    roles,
    store_state,
    url_state,
)
from data import audit_log
from server import cookies, document, headers, redirects, sign_in

PUBLIC = ("/healthz", "/readyz", "/_stcore/health", "/_stcore/host-config", "/auth/login", "/favicon.png")
OUTSIDE = ("/healthz", "/readyz")  # requested on this machine, without the prefix
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file", "/_stcore/script-health-check", "/app/static")
NO_PAGES = ("/_stcore/", "/library/", "/media/", "/component/")  # parts of a page that is already open
METHODS = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("dashboard")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?")
GRACE_SECONDS = 60  # the channel stays open this long after a session ends, so that the page can say so
KEEP_SECONDS = 3600  # the cookie outlives its session by this long, so that the sign-in page can say so


class AuthMiddleware:
    """ASGI middleware around Streamlit. `hosts` are the names the dashboard answers to, without ports."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        is_secure = scope["scheme"] in ("https", "wss") or auth_session.origin().startswith("https://")
        longest = int(auth_session.session_hours() * 3600) + KEEP_SECONDS
        path = scope["path"] if scope["path"] in OUTSIDE else url_state.inner_path(scope["path"])
        send = headers.hardened(send, path=path or "/", is_secure=is_secure, longest=longest)
        is_answered = False

        async def record_answer(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            if _host(connection) not in self.hosts:
                await _answer(
                    PlainTextResponse("This is not an address of the dashboard.", 400), scope, receive, record_answer
                )
            elif path is None:
                await _answer(_outside_prefix(scope["path"]), scope, receive, record_answer)
            elif scope["type"] == "http":
                await self._http(connection, path, scope, receive, record_answer)
            else:
                await self._channel(connection, scope, receive, record_answer)
        except Exception as error:
            number = scope.get("incident") or cached_queries.incident("an answer", error)
            if not is_answered:
                await _answer(sign_in.broken(number), scope, receive, send)

    async def _http(self, connection: HTTPConnection, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response | None = None
        if scope["method"] not in METHODS:
            response = PlainTextResponse("This method is not allowed.", 405, {"allow": ", ".join(METHODS)})
        elif path.startswith(CLOSED):
            response = PlainTextResponse("Not found", 404)
        elif path in PUBLIC or path.startswith("/static/"):
            pass
        elif path == "/sign-in" and auth_session.is_provider_configured():
            response = sign_in.begin(scope["query_string"].decode("latin-1"))
        elif path == "/auth/logout":
            _end_session(connection)
        elif path == "/oauth2callback":
            send = _after_callback(connection, send)
        else:
            response = self._refusal(connection) or redirects.to_first_page(connection, path)
            if response is None and not path.startswith(NO_PAGES):
                response = redirects.to_a_page(connection, path)
            if response is None and not path.startswith(NO_PAGES):
                response = await run_in_threadpool(_unreadable_store, connection)
                scope, send = document.uncompressed(scope), document.with_script(send)
        if response is not None:
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        """Return None to let the request through, or the response to send instead."""
        if not auth_session.is_provider_configured():
            try:
                reason = page_guard.why_closed()
            except Exception:
                return None  # the store cannot be read: the page says so and shows no numbers
            return sign_in.refused("Closed", reason, status=503) if reason else None
        session = auth_session.session_of(cookies.claims(connection.cookies))
        if session.status == "ok":
            return None
        if session.status == "no_role":
            audit_log.write(
                "denied", account=session.account, page=url_state.inner_path(connection.url.path), why="no role"
            )
            return sign_in.no_role(session.account)
        return sign_in.page(_requested_address(connection), has_expired=session.status == "expired")

    async def _channel(self, connection: HTTPConnection, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the page's message channel to a signed-in reader until the session ends."""
        if self._refusal(connection) is not None:
            await _answer(PlainTextResponse("Sign in first.", 403), scope, receive, send)
            return
        receive = _binary_only(receive, send)
        if not auth_session.is_provider_configured():
            await self.app(scope, receive, send)
            return
        ends_at = auth_session.session_of(cookies.claims(connection.cookies)).ends_at + GRACE_SECONDS
        await self.app(scope, _until_session_ends(ends_at, receive, send), send)


def _unreadable_store(connection: HTTPConnection) -> Response | None:
    """Return the response that replaces a page while the store cannot be read, or None if it can."""
    fault = store_state.current_fault(connection.query_params.get("delivery"))
    if fault is None:
        return None
    if auth_session.is_provider_configured():
        with_commands = roles.may_repair(auth_session.session_of(cookies.claims(connection.cookies)).viewer)
    else:
        with_commands = auth_session.serves_loopback_only()
    return sign_in.unreadable(fault, _requested_address(connection), with_commands=with_commands)


def _outside_prefix(path: str) -> Response:
    """Return the response for a path outside the prefix: the root of the host leads to the front page, the rest is not found."""
    return RedirectResponse(url_state.url("/"), 307) if path == "/" else PlainTextResponse("Not found", 404)


def _requested_address(connection: HTTPConnection) -> str:
    return connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")


def _host(connection: HTTPConnection) -> str:
    """Return the host of the request without port or brackets, or "" if it is missing, repeated or malformed."""
    values = connection.headers.getlist("host")
    match = _HOST.fullmatch(values[0].strip().lower()) if len(values) == 1 else None
    return match["name"].strip("[]") if match else ""


def _binary_only(receive: Receive, send: Send) -> Receive:
    """Wrap `receive` to close the channel on a text message. Streamlit's pages send bytes, and its reader fails on text."""

    async def receive_checked() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and message.get("bytes") is None:
            log.warning("closed a message channel that sent text, which no page of the dashboard does")
            await send({"type": "websocket.close", "code": 1003})
            return {"type": "websocket.disconnect", "code": 1003}
        return message

    return receive_checked


def _until_session_ends(ends_at: float, receive: Receive, send: Send) -> Receive:
    """Wrap `receive` to close the channel at a time, in seconds since 1970."""

    async def receive_checked() -> Message:
        try:
            return await asyncio.wait_for(receive(), timeout=max(0.0, ends_at - time.time()))
        except TimeoutError:
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

    return receive_checked


def _end_session(connection: HTTPConnection) -> None:
    """Revoke this sign-in on every replica. Streamlit then clears the cookies and signs out at the provider."""
    claims = cookies.claims(connection.cookies)
    if claims:
        revoked_sessions.end(claims)
        audit_log.write("signed_out", account=auth_session.account_of(claims))


def _after_callback(connection: HTTPConnection, send: Send) -> Send:
    """Wrap the provider's callback: log the sign-in and redirect to the page the reader requested.

    Requests without a valid sign-in are only in nginx's log, so that strangers cannot fill the audit log.
    """

    async def send_callback(message: Message) -> None:
        if message["type"] == "http.response.start":
            response = Response()
            response.raw_headers = list(message["headers"])
            signed = cookies.claims(cookies.set_by(response.headers.getlist("set-cookie")))
            if signed:
                session = auth_session.session_of(signed)
                role = session.viewer.id if session.viewer else ""
                if session.status == "ok":
                    audit_log.write("signed_in", account=session.account, role=role)
                address = sign_in.return_address(connection.headers.get("cookie", ""))
                if session.viewer and address == url_state.url("/"):
                    address = navigation.first_address(session.viewer)
                response.headers["location"] = address
            response.delete_cookie(sign_in.RETURN_COOKIE, path=sign_in.callback_path(), httponly=True, samesite="lax")
            message = {**message, "headers": response.raw_headers}
        await send(message)

    return send_callback


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or refuse a channel before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await response(scope, receive, send)
