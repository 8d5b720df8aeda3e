"""The first door: hosts by list, closed routes, nobody past it who is not signed in, whatever page is asked for.

No page script runs, no message channel opens and no file leaves for somebody without a sign-in that is genuine, young
enough and has a role. A page file that somebody adds tomorrow and forgets to guard is behind this door too. With no
provider configured it is the open demo, which only ever shows synthetic data or serves this machine.
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

from components import auth_session, cached_queries, revoked_sessions, roles, store_state, url_state
from components import page_guard as frame_gate
from data import audit_log
from server import cookies, document, headers, sign_in

OPEN = ("/healthz", "/readyz", "/_stcore/health", "/_stcore/host-config", "/auth/login", "/favicon.png")
OUTSIDE = ("/healthz", "/readyz")  # asked for on the machine itself, whatever the prefix
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file", "/_stcore/script-health-check", "/app/static")
NO_PAGES = ("/_stcore/", "/library/", "/media/", "/component/")  # parts of a page that is open already
METHODS = ("GET", "HEAD", "OPTIONS")
log = logging.getLogger("dashboard")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?")
GRACE = 60  # seconds after its end in which a session's channel stays, so that the page can say that it ended
KEEP = 3600  # seconds a cookie outlives its session, so that the sign-in page can say that it ended


class Gate:
    """ASGI around the whole of Streamlit. hosts: names the dashboard answers to, without ports."""

    def __init__(self, inside: ASGIApp, *, hosts: Sequence[str]) -> None:
        self.inside = inside
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.inside(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        is_secure = scope["scheme"] in ("https", "wss") or auth_session.origin().startswith("https://")
        longest = int(auth_session.session_hours() * 3600) + KEEP
        path = scope["path"] if scope["path"] in OUTSIDE else url_state.inner_path(scope["path"])
        send = headers.hardened(send, path=path or "/", is_secure=is_secure, longest=longest)
        is_answered = False

        async def noting(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            if _host(asked) not in self.hosts:
                await _answer(PlainTextResponse("This is not an address of the dashboard.", 400), scope, receive, noting)
            elif path is None:
                await _answer(_outside(scope["path"]), scope, receive, noting)
            elif scope["type"] == "http":
                await self._http(asked, path, scope, receive, noting)
            else:
                await self._channel(asked, scope, receive, noting)
        except Exception as error:
            number = scope.get("incident") or cached_queries.incident("an answer", error)
            if not is_answered:
                await _answer(sign_in.broken(number), scope, receive, send)

    async def _http(self, asked: HTTPConnection, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response | None = None
        if scope["method"] not in METHODS:
            response = PlainTextResponse("Nothing is taken in here.", 405, {"allow": ", ".join(METHODS)})
        elif path.startswith(CLOSED):
            response = PlainTextResponse("Not found", 404)
        elif path in OPEN or path.startswith("/static/"):
            pass
        elif path == "/sign-in" and auth_session.is_provider_configured():
            response = sign_in.begin(scope["query_string"].decode("latin-1"))
        elif path == "/auth/logout":
            _note_sign_out(asked)
        elif path == "/oauth2callback":
            send = _arriving(asked, send)
        else:
            response = self._let_in(asked)
            if response is None and not path.startswith(NO_PAGES):
                response = await run_in_threadpool(_unreadable, asked)
                scope, send = document.plain(scope), document.with_script(send)
        if response is not None:
            await response(scope, receive, send)
        else:
            await self.inside(scope, receive, send)

    def _let_in(self, asked: HTTPConnection) -> Response | None:
        """None to let the request through, else what is answered in its place."""
        if not auth_session.is_provider_configured():
            try:
                why = frame_gate.why_closed()
            except Exception:
                return None  # the store cannot be read: no numbers are shown, and the page says so
            return sign_in.refused("Closed", why, status=503) if why else None
        visit = auth_session.session_of(cookies.claims(asked.cookies))
        if visit.status == "ok":
            return None
        if visit.status == "no_role":
            audit_log.write("denied", account=visit.account, page=url_state.inner_path(asked.url.path), why="no role")
            return sign_in.no_role(visit.account)
        return sign_in.page(_address(asked), has_expired=visit.status == "expired")

    async def _channel(self, asked: HTTPConnection, scope: Scope, receive: Receive, send: Send) -> None:
        """The page's message channel: opened for whoever is let in, closed when the session ends."""
        if self._let_in(asked) is not None:
            await _answer(PlainTextResponse("Sign in first.", 403), scope, receive, send)
            return
        receive = _binary(receive, send)
        if not auth_session.is_provider_configured():
            await self.inside(scope, receive, send)
            return
        ends_at = auth_session.session_of(cookies.claims(asked.cookies)).ends_at + GRACE
        await self.inside(scope, _until(ends_at, receive, send), send)


def _unreadable(asked: HTTPConnection) -> Response | None:
    """What is answered in the place of a page while the store cannot be read, else None."""
    fault = store_state.current_fault(asked.query_params.get("delivery"))
    if fault is None:
        return None
    if auth_session.is_provider_configured():
        with_commands = roles.may_repair(auth_session.session_of(cookies.claims(asked.cookies)).viewer)
    else:
        with_commands = auth_session.serves_loopback_only()
    return sign_in.unreadable(fault, _address(asked), with_commands=with_commands)


def _outside(path: str) -> Response:
    """For a path that is not under the prefix: the front page for the root of the host, nothing for the rest."""
    return RedirectResponse(url_state.url("/"), 307) if path == "/" else PlainTextResponse("Not found", 404)


def _address(asked: HTTPConnection) -> str:
    return asked.url.path + (f"?{asked.url.query}" if asked.url.query else "")


def _host(asked: HTTPConnection) -> str:
    """The name the request was sent to, without port or brackets; "" if it names none, several, or something else."""
    named = asked.headers.getlist("host")
    found = _HOST.fullmatch(named[0].strip().lower()) if len(named) == 1 else None
    return found["name"].strip("[]") if found else ""


def _binary(receive: Receive, send: Send) -> Receive:
    """`receive` that hangs up on a text: Streamlit's pages send bytes, and a text would break what reads them."""

    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and message.get("bytes") is None:
            log.warning("a message channel was closed: it sent a text, which no page of the dashboard does")
            await send({"type": "websocket.close", "code": 1003})
            return {"type": "websocket.disconnect", "code": 1003}
        return message

    return receiving


def _until(ends_at: float, receive: Receive, send: Send) -> Receive:
    """`receive` that hangs up at a time (seconds since 1970)."""

    async def receiving() -> Message:
        try:
            return await asyncio.wait_for(receive(), timeout=max(0.0, ends_at - time.time()))
        except TimeoutError:
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

    return receiving


def _note_sign_out(asked: HTTPConnection) -> None:
    """Note that this sign-in has ended, on every replica; Streamlit then clears the cookies and tells the provider."""
    claims = cookies.claims(asked.cookies)
    if claims:
        revoked_sessions.end(claims)
        audit_log.write("signed_out", account=auth_session.account_of(claims))


def _arriving(asked: HTTPConnection, send: Send) -> Send:
    """Wrap the provider's callback: write down who came, and send them to the page they asked for. Who comes without a
    sign-in is nobody in particular and is left to nginx's log: the record shall not be filled by strangers."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            response = Response()
            response.raw_headers = list(message["headers"])
            signed = cookies.claims(cookies.set_by(response.headers.getlist("set-cookie")))
            if signed:
                visit = auth_session.session_of(signed)
                role = roles.id_of(visit.viewer) if visit.viewer else ""
                if visit.status == "ok":
                    audit_log.write("signed_in", account=visit.account, role=role)
                response.headers["location"] = sign_in.way_back(asked.headers.get("cookie", ""))
            response.delete_cookie(sign_in.WAY_BACK, path=sign_in.callback_path(), httponly=True, samesite="lax")
            message = {**message, "headers": response.raw_headers}
        await send(message)

    return sending


async def _answer(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or refuse a channel before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await response(scope, receive, send)
