"""Navigation between pages: six menus, links that carry the filters along, and the run of the page in which one is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import parse_qsl

import streamlit as st
from markupsafe import Markup

from components import controls, html_view, roles, style
from components.page_list import PAGES, PageEntry, entry
from components.url_state import url
from queries.access import rights
from queries.access.viewer import Viewer

_TARGET = "navigation-target"  # key in the session state


@dataclass(frozen=True, kw_only=True)
class _Menu:
    """A menu of the navigation: a link, or a name over the links of its pages, or both."""

    name: str
    link: Markup | None = None
    pages: tuple[Markup, ...] = ()


def draw(here: PageEntry, params: Mapping[str, str], viewer: Viewer) -> None:
    """Draw the menus, and the pages of the open one. params: the filters of the address bar."""
    listed = [
        page
        for page in PAGES
        if rights.may_open(viewer, page.id) and (page == here or viewer.region or not page.is_for_directors)
    ]
    menus = [_menu(list(pages), here, params) for _, pages in groupby(listed, lambda page: page.menu)]
    html_view.add(html_view.render("navigation", menus=menus))


def _menu(pages: Sequence[PageEntry], here: PageEntry, params: Mapping[str, str]) -> _Menu:
    """Return a menu. A closed one leads to its first page, and one with a single page has the page's name."""

    def to(page: PageEntry, name: str) -> Markup:
        return anchor(page.id, name, params, {"aria-current": "page"} if page == here else {})

    first, *others = pages
    name = first.menu if others else first.name
    if not others or here not in pages:
        return _Menu(name=name, link=to(first, name))
    if name == first.name:
        return _Menu(name=name, link=to(first, name), pages=tuple(to(page, page.name) for page in others))
    return _Menu(name=name, pages=tuple(to(page, page.name) for page in pages))


def anchor(page_id: str, label: str, params: Mapping[str, str], attributes: Mapping[str, str] | None = None) -> Markup:
    """Return a link to a page under these filters. attributes: of the element; by default those of a link in running text."""
    return link(url(entry(page_id).path, params), label, {"class": "way"} if attributes is None else attributes)


def link(href: str, label: str, attributes: Mapping[str, str] | None = None) -> Markup:
    """Return a link to an address inside the dashboard. attributes: of the element."""
    event = html_view.on_event("go", leave)
    return html_view.render("link", href=href, label=style.readable(label), attributes=attributes or {}, event=event)


def jump(target: str, label: str) -> Markup:
    """Return a link to something further down the page. target: its `data-name`, as in "chart-two-groups"."""
    attributes = {"class": "way", "data-command": "jump", "data-to": target}
    return html_view.render("link", href="#", label=label, attributes=attributes, event="")


def first_address(viewer: Viewer, params: Mapping[str, str] | None = None) -> str:
    """Return the address of the page that a viewer meets first, with their own region chosen. params: more parameters."""
    region = {"region": viewer.region} if viewer.region else {}
    return url(entry(roles.first_page(viewer)).path, {**region, **(params or {})})


def view_as(readers: Mapping[str, Viewer], chosen: str) -> None:
    """Draw the switch between the viewers of the open demo. Choosing one leads to the page which that viewer meets first.

    Args:
        readers: The viewers by id, the default first.
        chosen: The id of the one that the page is shown to.
    """
    default = next(iter(readers))

    def change(value: object) -> None:
        if value in readers:
            reader = str(value)
            leave(first_address(readers[reader], {} if reader == default else {"as": reader}))

    names = {reader: rights.name_of(viewer) for reader, viewer in readers.items()}
    html_view.add(
        controls.pick_list("view-as", "View as", names, chosen, change, help_text="Demo: see it as any reader does.")
    )


def leave(href: object) -> None:
    """Go to an address inside the dashboard when the page runs next. For handlers of events."""
    st.session_state[_TARGET] = href


def follow() -> None:
    """Go to the page whose link the reader has just followed, if it is one of this dashboard."""
    path, _, query = str(st.session_state.pop(_TARGET, "")).partition("?")
    page = next((page for page in PAGES if url(page.path) == path), None)
    if page is not None:
        st.switch_page(page.script, query_params=dict(parse_qsl(query)))
