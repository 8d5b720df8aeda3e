"""Add the dashboard's script, stylesheet and title to Streamlit's page.

Only a script can tell the reader that no message has arrived. The scripts that every page needs are named, so that browsers fetch them
with the first ones. Without these links a browser learns of each script only from the one before: Streamlit's part for our component
once the page's first message has come in, then our script, then what that imports.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from components import style
from components.html_view import component
from components.page_list import TITLE

_STATIC = Path(streamlit.__file__).parent / "static"
_SCRIPTS = _STATIC / "static" / "js"
_PARTS = ("BidiComponent",)  # of Streamlit's scripts: its custom component
_IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.@-]+\.js)"')
_HEAD = b"<head>"
_HEAD_END = b"</head>"
_BODY_END = b"</body>"
_TITLE = b"<title>Streamlit</title>"  # until the first message arrives; a screen reader says it as the name of the page
# With these request headers the page would arrive compressed, in part, or not at all.
_LEFT_OUT = (b"accept-encoding", b"range", b"if-range", b"if-none-match", b"if-modified-since")


def links() -> str:
    """Return the links for the head of a page that is being served, with addresses relative to it as Streamlit's are."""
    component.register()  # a script that a browser does not get when it asks first is missing until the page is loaded again
    return _links()


def stylesheet() -> str:
    """Return the link to the stylesheet, for the end of the body: a rule there outranks Streamlit's of the same specificity."""
    return f'<link rel="stylesheet" href=".{style.ADDRESS}">'


@lru_cache(maxsize=1)
def _links() -> str:
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    scripts = [f"./static/js/{name}" for name in _with_imports(_PARTS)]
    modules = [script for script in scripts if script not in page] + [f".{address}" for address in component.MODULES]
    early_style = f'<link rel="preload" as="style" href=".{style.ADDRESS}">'
    return early_style + "".join(f'<link rel="modulepreload" href="{module}">' for module in modules)


def _with_imports(parts: tuple[str, ...]) -> list[str]:
    """Return the files of some parts of Streamlit's scripts and of all that they import."""
    waiting = [path.name for part in parts for path in _SCRIPTS.glob(f"{part}.*.js")]
    names: list[str] = []
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.append(name)
            waiting += _IMPORT.findall((_SCRIPTS / name).read_text(encoding="utf-8"))
    return sorted(names)


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
                body = body.replace(_HEAD_END, links().encode() + _HEAD_END, 1)
                body = body.replace(_BODY_END, stylesheet().encode() + _BODY_END, 1)
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
