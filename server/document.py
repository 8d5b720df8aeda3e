"""Add the dashboard's script, stylesheet and title to Streamlit's page.

Only a script can tell the reader that no message has arrived.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from components.page_list import TITLE
from server import preload

_HEAD = b"<head>"
_HEAD_END = b"</head>"
_BODY_END = b"</body>"
_TITLE = b"<title>Streamlit</title>"  # until the first message arrives; a screen reader says it as the name of the page
# With these request headers the page would arrive compressed, in part, or not at all.
_LEFT_OUT = (b"accept-encoding", b"range", b"if-range", b"if-none-match", b"if-modified-since")


@lru_cache(maxsize=1)
def script() -> bytes:
    """Return the script that watches the connection."""
    return Path(__file__).with_name("connection.js").read_bytes()


@lru_cache(maxsize=1)
def address() -> str:
    """Return the script's address under the dashboard. It contains a hash of the content, so browsers may cache it."""
    return f"library/connection-{hashlib.sha256(script()).hexdigest()[:12]}.js"


def uncompressed(scope: Scope) -> Scope:
    """Return the request for a page without the headers that would compress or shorten the HTML."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() not in _LEFT_OUT]}


def with_script(send: Send) -> Send:
    """Wrap an ASGI `send` so that an HTML page loads the script first, and the stylesheet, under our title. Others do not change."""
    start: Message = {}
    parts: list[bytes] = []

    async def send_page(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_html(message):
            start = message
        elif message["type"] != "http.response.body" or not start:
            await send(message)
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                body = b"".join(parts).replace(_HEAD, _HEAD + f'<script src="./{address()}"></script>'.encode(), 1)
                body = body.replace(_HEAD_END, preload.links().encode() + _HEAD_END, 1)
                body = body.replace(_BODY_END, preload.stylesheet().encode() + _BODY_END, 1)
                body = body.replace(_TITLE, f"<title>{TITLE}</title>".encode(), 1)
                headers = MutableHeaders(raw=list(start["headers"]))
                if "content-length" in headers and parts != [b""]:
                    headers["content-length"] = str(len(body))
                await send({**start, "headers": headers.raw})
                await send({"type": "http.response.body", "body": body})

    return send_page


def _is_html(message: Message) -> bool:
    content_type = MutableHeaders(raw=list(message.get("headers", []))).get("content-type", "")
    return message["status"] == 200 and content_type.startswith("text/html")
