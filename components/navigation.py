"""The navigation: links to every page that carry the filters along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

import streamlit as st
from streamlit.errors import StreamlitAPIException

from components.page_list import PAGES, entry


def draw(params: Mapping[str, str], may_open: Callable[[str], bool] = lambda page_id: True) -> None:
    """One link for each page this reader has, in the current container. params: the filters of the address bar."""
    for page in PAGES:
        if may_open(page.id):
            link(page.id, page.name, params)


@cache
def _page(script: str) -> Any:
    """The page behind a script, looked up on disk once: a path is looked up for every link of every run."""
    return st.Page(script, default=script == entry("headlines").script)


def link(
    page_id: str, label: str, params: Mapping[str, str], *, width: Literal["stretch", "content"] = "stretch"
) -> None:
    """A link to a page under these filters. A page without a script (one run alone in a test) is named, not linked."""
    try:
        st.page_link(_page(entry(page_id).script), label=label, query_params=dict(params), width=width)
    except (StreamlitAPIException, KeyError):
        st.caption(label)
