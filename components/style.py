"""The one place with CSS and HTML. Data goes through `escape` into HTML and through `plain` into markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import streamlit as st

_gathered: ContextVar[list[str] | None] = ContextVar("gathered", default=None)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!~$|<>:^=&])")


def escape(text: object) -> str:
    """Text made safe inside HTML."""
    return html.escape(str(text), quote=True)


def readable(text: object, most: int = 600) -> str:
    """Text fit to be read whatever data is in it: one line, no word over 40 letters, at most `most` letters."""
    words = [word if len(word) <= 40 else word[:39] + "…" for word in str(text)[: most * 8].split()]
    whole = " ".join(words)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def plain(text: object) -> str:
    """Text made safe inside Streamlit markdown: no formatting, links, math, icons or HTML out of data."""
    return _MARKDOWN.sub(r"\\\1", readable(text))


def apply() -> None:
    """Put the stylesheet on the page. It takes no space."""
    st.html(f"<style>{_stylesheet()}</style>")


def block(body: str) -> None:
    """Draw HTML made here, or add it to the block being gathered. Callers pass data through `escape` first."""
    gathered = _gathered.get()
    if gathered is None:
        st.html(body)
    else:
        gathered.append(body)


@contextmanager
def together() -> Iterator[None]:
    """Draw every block made inside as one: each element of a page costs a browser a millisecond of every click, and a
    heading of Streamlit's own more than three."""
    parts: list[str] = []
    token = _gathered.set(parts)
    try:
        yield
    finally:
        _gathered.reset(token)
        if parts:
            block(f'<div class="together">{"".join(parts)}</div>')


def heading(level: int, text: object) -> None:
    """A heading, as text."""
    block(f"<h{level}>{escape(readable(text))}</h{level}>")


@st.cache_resource(show_spinner=False)
def _stylesheet() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
