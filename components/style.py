"""The stylesheet, and the helpers that put HTML on a page. Data goes through `escape` into HTML.

Our server names the stylesheet in the page that it serves (server/document.py). As an element it would be sent, hashed and rendered
again at every click.
"""

from __future__ import annotations

import html
from hashlib import sha256
from pathlib import Path

import streamlit as st

from components import html_view, serving

STYLESHEET = Path(__file__).with_name("style.css").read_bytes()
ADDRESS = f"/library/style-{sha256(STYLESHEET).hexdigest()[:12]}.css"  # where our server has it, cached by browsers
_MAX_WORD = 40  # letters


def escape(text: object) -> str:
    """Escape text for HTML."""
    return html.escape(str(text), quote=True)


def readable(text: object, max_length: int = 600) -> str:
    """Put text that holds data on one line, without a word over 40 letters, of at most `max_length` letters."""
    words = [
        word if len(word) <= _MAX_WORD else word[: _MAX_WORD - 1] + "…" for word in str(text)[: max_length * 8].split()
    ]
    line = " ".join(words)
    return line if len(line) <= max_length else line[: max_length - 1].rstrip() + "…"


def apply() -> None:
    """Put the stylesheet on the page, unless it is there already. It takes no space."""
    if not serving.is_behind_server():
        st.html(f"<style>{STYLESHEET.decode()}</style>")


def heading(level: int, text: object) -> None:
    """Add a heading, as text."""
    html_view.heading(level, readable(text))
