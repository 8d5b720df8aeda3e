"""Open a page: `page = open_page("…")` is the first line of every page script.

It checks the viewer, reads the address into the scope, draws the navigation, the filters, the heading, the line that says what is on
screen, and the banners. The page script does the rest through the `Page` that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import streamlit as st

from components import (
    banners,
    cached_queries,
    file_facts,
    html_view,
    navigation,
    nothing_published,
    page_guard,
    periods,
    read_log,
    refused_report,
    release_limits,
    roles,
    store_state,
    style,
    url_state,
)
from components import filters as sidebar
from components.page import Page
from components.page_guard import PageViewer
from components.page_list import PERIOD, TITLE, PageEntry, entry
from components.text import prose
from components.text.format import day
from components.url_state import Choices, UrlState
from queries import Delivery, Scope
from queries.access.viewer import Viewer
from queries.dimensions import FILTERS
from queries.privacy.family import is_limited


@dataclass(frozen=True)
class _Published:
    """What the store holds, and which delivery the address chooses. Nothing while nothing is published."""

    current: str | None = None
    history: tuple[str, ...] = ()
    delivery: Delivery | None = None
    choices: Choices = field(default_factory=Choices)


def open_page(
    page_id: str,
    *,
    extras: url_state.PageParameters | None = None,
    stale_after_days: int | None = None,
) -> Page:
    """Open a page.

    Stops the script, with a calm sentence, for a viewer who may not open it and while nothing is published. Stops it too if this page
    was rendered before for the same rights, address and data: it is then on screen already.

    Args:
        page_id: an id of components/page_list.py.
        extras: the page's own parameters, and the values each may have or what parses it (components/page_parameters.py).
        stale_after_days: show a notice when the newest delivery is older than this.
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
    state, published = _within_family(state, published, viewer, page.filters)
    _draw_sidebar(page, state, published, page_viewer, viewer=viewer, demo=demo)
    page_guard.watch(page_viewer)
    page_viewer = page_guard.admit(page_viewer, page, viewer)
    if published.delivery is None or published.current is None:
        nothing_published.draw(page, page_viewer)
    delivery = published.delivery
    scope = Scope(viewer=viewer).but(**{"delivery": delivery.id, **state.scope_fields(page.filters)})
    page_guard.note_question(page_viewer, scope)
    opened = Page(page, scope, delivery, published.choices, state)
    file_facts.describe_page(page.id, scope=opened.scope, as_of=opened.as_of, delivery=delivery)
    if html_view.start((page.id, opened.scope, state.cache_key, theme())):
        st.stop()
    _draw_head(opened, published.current, stale_after_days)
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
        st.title(page.heading, anchor=False)
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
    key = ("sidebar", page.id, stamp, state.cache_key, viewer, *demo, page_viewer.account)
    with html_view.separate_view("side", st.sidebar, cache_key=key) as is_cached:
        if is_cached:
            return
        is_foreign = bool(delivery and delivery.layout)
        place, title = ("Workforce", "dashboard") if is_foreign else ("Connecticut", "workforce dashboard")
        html_view.add(html_view.render("brand", state=place, title=title))
        navigation.draw(page, url_state.build(state.values), lambda page_id: roles.may_open(viewer, page_id))
        if demo:
            sidebar.view_as(state, {name: roles.name_of(each) for name, each in demo.items()})
        if delivery is not None and page.filters:
            is_narrow = is_limited(Scope(viewer=viewer).but(**state.scope_fields(page.filters)))
            sidebar.draw(state, published.choices, page.filters, is_limited=is_narrow)
        page_guard.draw_account(page_viewer)


def _draw_head(page: Page, current: str, stale_after_days: int | None) -> None:
    """Draw the heading, the line that says what is on screen, and the banners."""
    style.heading(1, page.entry.heading)
    html_view.add(html_view.render("scope_line", parts=_scope_parts(page), not_applied=_not_applied(page)))
    if page.delivery.is_synthetic:
        banners.synthetic()
    banners.dropped(page.url_state.dropped)
    refusal = cached_queries.refusal()
    if refusal and page.delivery.id == current:
        link = refused_report.link(refusal, page.scope.viewer, page_id=page.entry.id, parameters=page.parameters())
        banners.not_accepted(refusal, page.delivery.delivered_on, link=link)
    if page.delivery.id != current:
        banners.older(page.delivery.id, _delivered_on(current))
    if stale_after_days is not None and not page.delivery.is_synthetic:
        age = (read_log.today() - page.delivery.delivered_on).days
        if age > stale_after_days:
            banners.stale(page.delivery.delivered_on, age)


def _delivered_on(delivery_id: str) -> date | None:
    try:
        return cached_queries.delivery_of(delivery_id).delivered_on
    except Exception as error:  # another delivery is on this page, and its numbers hold
        store_state.fault_of(error)
        return None


@dataclass(frozen=True)
class _ScopePart:
    """A part of the line that says what is on screen. Chosen ones are bold."""

    text: str
    is_chosen: bool
    before: str = ""


def _scope_parts(page: Page) -> list[_ScopePart]:
    """Return what is on screen: the date, then every filter of this page."""
    parts = [_ScopePart(day(page.as_of), is_chosen=True, before="As of ")]
    for name, dimension in ((name, FILTERS[name]) for name in page.entry.filters if name in FILTERS):
        chosen = page.url_state.values.get(name)
        if chosen:
            parts.append(_ScopePart(page.choices.label(name, str(chosen)), is_chosen=True))
        else:
            parts.append(_ScopePart(prose.lower_first(dimension.all), is_chosen=False))
    if PERIOD in page.entry.filters:
        period = periods.described(page.scope.since, page.scope.until)
        parts.append(_ScopePart(period or "all time", is_chosen=bool(period)))
    return parts


def _not_applied(page: Page) -> str:
    """Return a sentence about the filters that were chosen on other pages and do not apply here; "" if there are none."""
    values = page.url_state.values
    names = [FILTERS[name].words for name in FILTERS if name in values and name not in page.entry.filters]
    if {"from", "to"} & set(values) and PERIOD not in page.entry.filters:
        names.append("period")
    verb = "do" if len(names) > 1 else "does"
    elsewhere = f"The {' and '.join(names)} you chose elsewhere {verb} not apply on this page." if names else ""
    limits = release_limits.SENTENCE if is_limited(page.scope) else ""
    return " ".join(filter(None, (elsewhere, limits)))
