"""The way from page to page: links that carry the filters along, and the run in which one is followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import streamlit as st

from components import html_view, style
from components.page_list import PAGES, PageEntry, entry
from components.url_state import url

_GOING = "navigation-going"


def draw(here: PageEntry, params: Mapping[str, str], may_open: Callable[[str], bool]) -> None:
    """One link for each page this reader has. params: the filters of the address bar."""
    links = [
        anchor(page.id, page.name, params, "aria-current='page'" if page == here else "")
        for page in PAGES
        if may_open(page.id)
    ]
    style.block(f'<nav class="pages" aria-label="Pages">{"".join(links)}</nav>')


def anchor(page_id: str, label: str, params: Mapping[str, str], more: str = 'class="way"') -> str:
    """The HTML of a link to a page under these filters. more: attributes of its own."""
    href = style.escape(url(entry(page_id).path, params))
    return f'<a href="{href}" {html_view.on_event("go", _leave)} {more}>{style.escape(style.readable(label))}</a>'


def _leave(href: object) -> None:
    st.session_state[_GOING] = href


def follow() -> None:
    """Go where the reader has just asked to go: a link of this dashboard, or nowhere."""
    path, _, query = str(st.session_state.pop(_GOING, "")).partition("?")
    page = next((page for page in PAGES if url(page.path) == path), None)
    if page is not None:
        st.switch_page(page.script, query_params=dict(parse_qsl(query)))
