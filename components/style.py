"""The one place with CSS and HTML. Data goes through `escape` into HTML and through `plain` into markdown."""

from __future__ import annotations

import html
import re
from pathlib import Path

import streamlit as st

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
    """Draw HTML made here. Callers pass data through `escape` first."""
    st.html(body)


@st.cache_resource(show_spinner=False)
def _stylesheet() -> str:
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
