"""The one place with CSS and HTML. Data goes through `escape` into HTML."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from components import html_view


def escape(text: object) -> str:
    """Text made safe inside HTML."""
    return html.escape(str(text), quote=True)


def readable(text: object, most: int = 600) -> str:
    """Text fit to be read whatever data is in it: one line, no word over 40 letters, at most `most` letters."""
    words = [word if len(word) <= 40 else word[:39] + "…" for word in str(text)[: most * 8].split()]
    whole = " ".join(words)
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"


def apply() -> None:
    """Put the stylesheet on the page. It takes no space."""
    st.html(f"<style>{_stylesheet()}</style>")


def block(body: str) -> None:
    """Add HTML made here to the sheet. Callers pass data through `escape` first."""
    html_view.add(body)


def heading(level: int, text: object) -> None:
    """A heading, as text."""
    block(f"<h{level}>{escape(readable(text))}</h{level}>")


@st.cache_resource(show_spinner=False)
def _stylesheet() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
