"""Security headers on every answer, and cookies that only travel as they should.

The content policy names what Streamlit's own pages need and nothing more. Scripts: its bundles and the one inline line
of its index.html, by hash; no 'unsafe-inline', no 'unsafe-eval'. Styles: 'unsafe-inline', because Streamlit and Plotly
write style elements while they draw.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

XSRF_COOKIE = "_streamlit_xsrf"  # the page's own script must read this one: it is a token, not an identity
KEPT = ("/static/", "/library/")  # scripts and styles that say their version in their name: browsers may keep them
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TRANSPORT = "max-age=31536000; includeSubDomains"


@lru_cache(maxsize=1)
def inline_scripts() -> tuple[str, ...]:
    """The hashes of the inline scripts in Streamlit's index.html, as the content policy writes them."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(body.encode()).digest() for body in _INLINE.findall(page))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@lru_cache(maxsize=1)
def content_policy() -> str:
    """The Content-Security-Policy of the dashboard."""
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", *inline_scripts())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def fixed(*, is_secure: bool) -> dict[str, str]:
    """The headers that every answer carries."""
    found = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return found | ({"strict-transport-security": _TRANSPORT} if is_secure else {})


def hardened(send: Send, *, path: str, is_secure: bool, longest: int) -> Send:
    """Wrap an ASGI `send` so that whatever is answered carries the headers. longest: seconds a sign-in cookie may live."""

    async def sending(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            for name, value in fixed(is_secure=is_secure).items():
                headers[name] = value
            if not path.startswith(KEPT):
                headers["cache-control"] = "no-store"
            cookies = headers.getlist("set-cookie")
            if cookies:
                del headers["set-cookie"]
                for cookie in secured(cookies, is_secure=is_secure, longest=longest):
                    headers.append("set-cookie", cookie)
            message = {**message, "headers": headers.raw}
        await send(message)

    return sending


def secured(cookies: Iterable[str], *, is_secure: bool, longest: int) -> list[str]:
    """Set-Cookie lines as they may leave: HttpOnly (but for the XSRF token), SameSite, Secure over TLS, and none that
    outlives a session. Streamlit sets no Secure and keeps its sign-in cookie for 30 days."""
    return [_secured(cookie, is_secure=is_secure, longest=longest) for cookie in cookies]


def _secured(cookie: str, *, is_secure: bool, longest: int) -> str:
    first, *rest = [part.strip() for part in cookie.split(";")]
    kept = [part for part in rest if part.lower() not in ("secure", "httponly")]
    said = {part.split("=", 1)[0].lower() for part in kept}
    for position, part in enumerate(kept):
        name, _, value = part.partition("=")
        if name.lower() == "max-age" and value.lstrip("-").isdigit() and int(value) > longest:
            kept[position] = f"Max-Age={longest}"
    if "samesite" not in said:
        kept.append("SameSite=Lax")
    if not first.startswith(f"{XSRF_COOKIE}="):
        kept.append("HttpOnly")
    if is_secure:
        kept.append("Secure")
    return "; ".join([first, *kept])
