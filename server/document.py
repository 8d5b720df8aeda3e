"""Adds the dashboard's own script to Streamlit's page: the only way to say something while no message has arrived yet."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

_HEAD = b"<head>"
# Headers of a request under which a page would not come in one piece, or not at all.
_LEFT_OUT = (b"accept-encoding", b"range", b"if-range", b"if-none-match", b"if-modified-since")


@lru_cache(maxsize=1)
def script() -> bytes:
    """The script that watches the connection."""
    return Path(__file__).with_name("connection.js").read_bytes()


@lru_cache(maxsize=1)
def address() -> str:
    """The script's address under the dashboard, named by its content: browsers may keep it."""
    return f"library/connection-{hashlib.sha256(script()).hexdigest()[:12]}.js"


def plain(scope: Scope) -> Scope:
    """The request for a page, such that its HTML comes uncompressed and whole."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() not in _LEFT_OUT]}


def with_script(send: Send) -> Send:
    """Wrap an ASGI `send` so that an HTML page that goes through it loads the script first of all. Anything else is left as it is."""
    start: Message = {}
    parts: list[bytes] = []

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_page(message):
            start = message
        elif message["type"] != "http.response.body" or not start:
            await send(message)
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                body = b"".join(parts).replace(_HEAD, _HEAD + f'<script src="./{address()}"></script>'.encode(), 1)
                headers = MutableHeaders(raw=list(start["headers"]))
                if "content-length" in headers and parts != [b""]:
                    headers["content-length"] = str(len(body))
                await send({**start, "headers": headers.raw})
                await send({"type": "http.response.body", "body": body})

    return sending


def _is_page(message: Message) -> bool:
    kind = MutableHeaders(raw=list(message.get("headers", []))).get("content-type", "")
    return message["status"] == 200 and kind.startswith("text/html")
