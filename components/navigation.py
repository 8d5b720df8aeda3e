"""Navigation between pages: links that carry the filters along, and the run of the page in which one is followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import streamlit as st
from markupsafe import Markup

from components import html_view, style
from components.page_list import PAGES, PageEntry, entry
from components.url_state import url

_TARGET = "navigation-target"  # key in the session state


def draw(here: PageEntry, params: Mapping[str, str], may_open: Callable[[str], bool]) -> None:
    """Draw a link to each page that this viewer may open. params: the filters of the address bar."""
    links = [
        anchor(page.id, page.name, params, {"aria-current": "page"} if page == here else {})
        for page in PAGES
        if may_open(page.id)
    ]
    html_view.add(html_view.render("navigation", links=links))


def anchor(page_id: str, label: str, params: Mapping[str, str], attributes: Mapping[str, str] | None = None) -> Markup:
    """Return a link to a page under these filters. attributes: of the element; by default those of a link in running text."""
    attributes = {"class": "way"} if attributes is None else attributes
    href, event = url(entry(page_id).path, params), html_view.on_event("go", _leave)
    return html_view.render("link", href=href, label=style.readable(label), attributes=attributes, event=event)


def _leave(href: object) -> None:
    st.session_state[_TARGET] = href


def follow() -> None:
    """Go to the page whose link the reader has just followed, if it is one of this dashboard."""
    path, _, query = str(st.session_state.pop(_TARGET, "")).partition("?")
    page = next((page for page in PAGES if url(page.path) == path), None)
    if page is not None:
        st.switch_page(page.script, query_params=dict(parse_qsl(query)))
