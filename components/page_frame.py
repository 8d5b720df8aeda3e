"""Open a page: `page = open_page("…")` is the first line of every page script.

It checks the viewer, reads the address into the scope, draws the navigation, the filters, the heading, the line that says what is on
screen, and the banners. The page script does the rest through the `Page` that it returns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NoReturn

import streamlit as st

from components import (
    banners,
    cached_queries,
    file_facts,
    file_requests,
    html_view,
    inbox_view,
    navigation,
    page_contents,
    page_guard,
    periods,
    refused_report,
    release_limits,
    roles,
    scope_line,
    search,
    share,
    store_state,
    style,
    url_state,
)
from components import filters as sidebar
from components.choices import Choices
from components.page import Page
from components.page_guard import PageViewer
from components.page_list import TITLE, PageEntry, entry
from components.url_state import UrlState
from queries import Delivery, Scope
from queries.access.rights import is_home_region
from queries.access.viewer import Viewer
from queries.privacy.family import is_limited


@dataclass(frozen=True)
class _Published:
    """What the store holds, and which delivery the address chooses. Nothing while nothing is published."""

    current: str | None = None
    history: tuple[str, ...] = ()
    delivery: Delivery | None = None
    choices: Choices = field(default_factory=Choices)


def open_page(page_id: str, *, extras: url_state.PageParameters | None = None) -> Page:
    """Open a page.

    Stops the script, with a calm sentence, for a viewer who may not open it and while nothing is published. Stops it too if this page
    was rendered before for the same rights, address and data: it is then on screen already.

    Args:
        page_id: an id of components/page_list.py.
        extras: the page's own parameters, and the values each may have or what parses it (components/page_parameters.py).
    """
    page = entry(page_id)
    html_view.reset()
    st.set_page_config(page_title=f"{page.name} · {TITLE}", page_icon="📊", layout="wide", initial_sidebar_state="auto")
    style.apply()
    navigation.follow()
    params = {name: st.query_params.get_all(name) for name in list(st.query_params)}
    page_viewer, published = _enter(page, params)
    demo = roles.demo_readers(tuple(published.choices.labels("region"))) if page_viewer.is_demo else {}
    state = url_state.parse(params, published.choices, extras=extras, deliveries=published.history, readers=tuple(demo))
    viewer = _viewer(page_viewer, demo, state)
    state = _in_own_region(state, viewer, page, regions=published.choices.labels("region"))
    state, published = _within_family(state, published, viewer, page.filters)
    _draw_sidebar(page, state, published, page_viewer, viewer=viewer, demo=demo)
    page_guard.watch(page_viewer)
    page_viewer = page_guard.admit(page_viewer, page, viewer)
    if published.delivery is None or published.current is None:
        _draw_nothing_published(page, page_viewer)
    delivery = published.delivery
    scope = Scope(viewer=viewer).but(**{"delivery": delivery.id, **state.scope_fields(page.filters)})
    page_guard.note_question(page_viewer, scope)
    opened = Page(page, scope, delivery, published.choices, state)
    file_facts.describe_page(page.id, scope=opened.scope, as_of=opened.as_of, delivery=delivery)
    page_contents.start(is_wanted=file_requests.requested() is not None)
    is_outdated = delivery.id == published.current and banners.is_outdated(delivery)
    if html_view.start((page.id, opened.scope, state.cache_key, theme(), is_outdated)):
        st.stop()
    _draw_head(opened, published.current, is_outdated=is_outdated)
    return opened


def theme() -> str:
    """Return the reader's theme: "light" or "dark"."""
    try:
        theme_type = st.context.theme.type
    except Exception:  # a browser that has not reported it
        theme_type = None
    return "dark" if theme_type == "dark" else "light"


def _enter(page: PageEntry, params: Mapping[str, Sequence[str]]) -> tuple[PageViewer, _Published]:
    """Let the viewer in, and read what is published. Stops the script with a sentence where the store cannot be read."""
    page_viewer: PageViewer | None = None
    try:
        page_viewer = page_guard.enter(page)
        return page_viewer, _read_store(params.get("delivery", [])[-1:])
    except Exception as error:
        st.title(page.name, anchor=False)
        may_repair = page_viewer is not None and page_guard.may_repair(page_viewer)
        banners.unreadable(store_state.fault_of(error), with_commands=may_repair)
        st.stop()


def _read_store(requested: Sequence[str]) -> _Published:
    current = cached_queries.current()
    if current is None:
        return _Published()
    history = tuple(cached_queries.history())
    shown = next((delivery_id for delivery_id in requested if delivery_id in history), current)
    return _Published(current, history, cached_queries.delivery_of(shown), cached_queries.choices(shown))


def _within_family(
    state: UrlState, published: _Published, viewer: Viewer, applying: Sequence[str]
) -> tuple[UrlState, _Published]:
    """Return the filters that the viewer can ask about, and the delivery that they choose."""
    if published.current is None or not is_limited(Scope(viewer=viewer).but(**state.scope_fields(applying))):
        return state, published
    newest = _read_store(())
    if newest.current is None or newest.delivery is None:
        return state, published
    limited = release_limits.within_family(
        state,
        Scope(viewer=viewer),
        applying=applying,
        choices=published.choices,
        current=newest.current,
        delivered_on=newest.delivery.delivered_on,
    )
    return limited, published if limited.text("delivery") else newest


def _viewer(page_viewer: PageViewer, demo: Mapping[str, Viewer], state: UrlState) -> Viewer:
    """Return the viewer that is signed in, or in the open demo the one that the address chooses."""
    if page_viewer.is_demo:
        return demo[str(state.values.get("as", next(iter(demo))))]
    if page_viewer.viewer is None:
        raise PermissionError("a page was opened without a viewer")
    return page_viewer.viewer


def _in_own_region(state: UrlState, viewer: Viewer, page: PageEntry, *, regions: Collection[str]) -> UrlState:
    """Return the filters with a director's region on the page that is about it, unless the address has another.

    The account may write the region in small letters; the filter has the delivery's spelling.
    """
    home = next((region for region in regions if is_home_region(viewer, region)), None)
    if not page.is_for_directors or home is None or state.values.get("region"):
        return state
    return replace(state, values={**state.values, "region": home})


def _draw_sidebar(
    page: PageEntry,
    state: UrlState,
    published: _Published,
    page_viewer: PageViewer,
    *,
    viewer: Viewer,
    demo: Mapping[str, Viewer],
) -> None:
    """Draw the navigation and the filters. They are cached by themselves, for each account."""
    delivery = published.delivery
    stamp = cached_queries.stamp_of(delivery.id) if delivery else None
    searched = search.unresolved()
    key = ("sidebar", page.id, stamp, state.cache_key, viewer, *demo, page_viewer.account, searched)
    with html_view.separate_view("side", st.sidebar, cache_key=key) as is_cached:
        if is_cached:
            return
        is_foreign = bool(delivery and delivery.layout)
        place, title = ("Workforce", "dashboard") if is_foreign else ("Connecticut", "workforce dashboard")
        html_view.add(html_view.render("brand", state=place, title=title))
        params = url_state.build(state.values)
        if delivery is not None:
            search.draw(search.targets_of(viewer, published.choices, delivery.id), searched, params=params)
        navigation.draw(page, params, viewer)
        if demo:
            navigation.view_as(demo, viewer.id)
        if delivery is not None and page.filters:
            scope = Scope(viewer=viewer).but(**state.scope_fields(page.filters))
            as_of = scope.as_of or delivery.delivered_on
            recent = periods.recent(as_of, closed_only=is_limited(scope)) if page.has_news else None
            sidebar.draw(state, published.choices, page.filters, scope=scope, recent=recent)
        page_guard.draw_account(page_viewer)


def _draw_head(page: Page, current: str, *, is_outdated: bool) -> None:
    """Draw the heading, the line that says what is on screen, and the banners."""
    share.draw_menu(page.shared)
    scope_line.draw(page)
    if page.delivery.is_synthetic:
        banners.synthetic()
    if is_outdated:
        banners.outdated(page.delivery)
    banners.dropped(page.url_state.dropped, page.entry.name)
    left = cached_queries.withdrawn()
    if left and page.delivery.id == current:
        banners.withdrawn(left, page.delivery.delivered_on)
    refusal = cached_queries.refusal()
    if refusal and page.delivery.id == current:
        link = refused_report.link(refusal, page.scope.viewer, page_id=page.entry.id, parameters=page.parameters())
        banners.not_accepted(refusal, page.delivery.delivered_on, link=link)
    if page.delivery.id != current:
        banners.older(page.delivery.delivered_on, _delivered_on(current))


def _delivered_on(delivery_id: str) -> date | None:
    try:
        return cached_queries.delivery_of(delivery_id).delivered_on
    except Exception as error:  # another delivery is on this page, and its numbers hold
        store_state.fault_of(error)
        return None


def _draw_nothing_published(page: PageEntry, page_viewer: PageViewer) -> NoReturn:
    """Draw what to do, and why the delivery that was tried was not accepted. Stops the script."""
    html_view.draw()
    st.title(page.name, anchor=False)
    html_view.add(html_view.render("welcome", with_commands=page_guard.may_repair(page_viewer)))
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
