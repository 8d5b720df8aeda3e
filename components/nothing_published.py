"""The page before the first delivery is published."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from components import banners, cached_queries, file_facts, html_view, inbox_view, page_guard, refused_report
from components.page_guard import PageViewer
from components.page_list import PageEntry
from queries import Scope


def draw(page: PageEntry, page_viewer: PageViewer) -> NoReturn:
    """Draw what to do, and why the delivery that was tried was not accepted. Stops the script."""
    html_view.draw()
    st.title(page.name, anchor=False)
    banners.nothing_published(with_commands=page_guard.may_repair(page_viewer))
    refusal = cached_queries.refusal()
    file_facts.describe_page(page.id, scope=Scope(viewer=page_viewer.viewer), as_of=None, delivery=None)
    html_view.start()
    if page.id == refused_report.PAGE:
        inbox_view.draw(None)
    if refusal and page.id == refused_report.PAGE:
        refused_report.draw(refusal, None)
    elif refusal:
        link = refused_report.link(refusal, page_viewer.viewer, page_id=page.id, parameters={})
        banners.not_accepted(refusal, None, link=link)
    html_view.end()
    st.stop()
