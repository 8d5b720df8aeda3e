"""Set security headers on every response, and restrict cookies.

The content policy allows what Streamlit's pages need and nothing more. Scripts: its bundles and the single inline script of its
index.html, by hash; no 'unsafe-inline' and no 'unsafe-eval'. Styles: 'unsafe-inline', because Streamlit and Plotly write style
elements while they draw.
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

XSRF_COOKIE = "_streamlit_xsrf"  # a token, not an identity; the page's script must be able to read it
CACHEABLE = ("/static/", "/library/")  # scripts and styles with a version in their name
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_TRANSPORT = "max-age=31536000; includeSubDomains"


@lru_cache(maxsize=1)
def inline_scripts() -> tuple[str, ...]:
    """Return the hashes of the inline scripts in Streamlit's index.html, in the notation of the content policy."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (hashlib.sha256(body.encode()).digest() for body in _INLINE.findall(page))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@lru_cache(maxsize=1)
def content_policy() -> str:
    """Return the Content-Security-Policy of the dashboard."""
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


def security_headers(*, is_secure: bool) -> dict[str, str]:
    """Return the headers of every response."""
    headers = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return headers | ({"strict-transport-security": _TRANSPORT} if is_secure else {})


def hardened(send: Send, *, path: str, is_secure: bool, longest: int) -> Send:
    """Wrap an ASGI `send` to add the headers. `longest` is how many seconds a sign-in cookie may live."""

    async def send_hardened(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
            headers = MutableHeaders(raw=list(message.get("headers", [])))
            for name, value in security_headers(is_secure=is_secure).items():
                headers[name] = value
            if not path.startswith(CACHEABLE):
                headers["cache-control"] = "no-store"
            cookies = headers.getlist("set-cookie")
            if cookies:
                del headers["set-cookie"]
                for cookie in secured(cookies, is_secure=is_secure, longest=longest):
                    headers.append("set-cookie", cookie)
            message = {**message, "headers": headers.raw}
        await send(message)

    return send_hardened


def secured(cookies: Iterable[str], *, is_secure: bool, longest: int) -> list[str]:
    """Return Set-Cookie lines with HttpOnly (except for the XSRF token), SameSite, Secure over TLS, and a limited lifetime.

    Streamlit sets no Secure attribute and a lifetime of 30 days for its sign-in cookie.
    """
    return [_secured(cookie, is_secure=is_secure, longest=longest) for cookie in cookies]


def _secured(cookie: str, *, is_secure: bool, longest: int) -> str:
    first, *rest = [part.strip() for part in cookie.split(";")]
    attributes = [part for part in rest if part.lower() not in ("secure", "httponly")]
    names = {part.split("=", 1)[0].lower() for part in attributes}
    for position, part in enumerate(attributes):
        name, _, value = part.partition("=")
        if name.lower() == "max-age" and value.lstrip("-").isdigit() and int(value) > longest:
            attributes[position] = f"Max-Age={longest}"
    if "samesite" not in names:
        attributes.append("SameSite=Lax")
    if not first.startswith(f"{XSRF_COOKIE}="):
        attributes.append("HttpOnly")
    if is_secure:
        attributes.append("Secure")
    return "; ".join([first, *attributes])
