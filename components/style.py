"""The stylesheet, and the helpers that put HTML on a page. Data goes through `escape` into HTML."""

from __future__ import annotations

import html
from functools import lru_cache
from pathlib import Path

import streamlit as st

from components import html_view

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
    """Put the stylesheet on the page. It takes no space."""
    st.html(f"<style>{_stylesheet()}</style>")


def block(body: str) -> None:
    """Add HTML to the page. Callers pass data through `escape` first."""
    html_view.add(body)


def heading(level: int, text: object) -> None:
    """Add a heading, as text."""
    html_view.heading(level, readable(text))


@lru_cache(maxsize=1)
def _stylesheet() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
