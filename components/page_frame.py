"""The frame of every page: its first line is `page = open_page("…")`.

It sets the page up, reads the address bar into the scope, draws the navigation, the filters, the heading, the line that
says what is on screen and the banners, and hands back the `Page` through which everything else is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

import streamlit as st

from components import (
    banners,
    cached_queries,
    chart_view,
    file_facts,
    html_view,
    navigation,
    page_guard,
    periods,
    refused_report,
    roles,
    store_state,
    style,
    tables,
    url_state,
)
from components import filters as sidebar
from components.page import Page
from components.page_list import TITLE, PageEntry, entry
from components.refusals import Refusal
from components.text.format import day
from components.url_state import Choices, UrlState
from queries import Scope

EVERY_FILTER = ("initiative", "region", "sector", "group", "period", "as_of")


def open_page(
    page_id: str,
    *,
    filters: Sequence[str] = EVERY_FILTER,
    extras: url_state.Own | None = None,
    stale_after_days: int | None = None,
) -> Page:
    """Open a page. filters: those that apply to it (the others stay in the address). extras: its own parameters and the
    values each may take, or what reads it (components/page_parameters.py). stale_after_days: say so when the newest delivery is older than this today.

    Stops the script, calmly, for whoever may not be here and while nothing is published.
    """
    page = entry(page_id)
    html_view.reset()
    st.set_page_config(page_title=f"{page.name} · {TITLE}", page_icon="📊", layout="wide", initial_sidebar_state="auto")
    style.apply()
    navigation.follow()
    page_viewer: page_guard.PageViewer | None = None
    try:
        page_viewer = page_guard.enter(page)
        published = cached_queries.current()
        history = cached_queries.history() if published else []
        raw = {name: st.query_params.get_all(name) for name in list(st.query_params)}
        shown = next((d for d in raw.get("delivery", [])[-1:] if d in history), published)
        delivery = cached_queries.delivery_of(shown) if shown else None
        choices = cached_queries.choices(shown) if shown else Choices()
    except Exception as error:
        st.title(page.heading, anchor=False)
        banners.unreadable(store_state.fault_of(error), with_commands=page_viewer is not None and page_guard.may_repair(page_viewer))
        st.stop()
    demo = roles.demo_readers(tuple(region for region, _ in choices.regions)) if page_viewer.is_demo else {}
    found = url_state.parse(raw, choices, extras=extras, deliveries=history, readers=tuple(demo))
    viewer = demo[found.values.get("as", next(iter(demo)))] if page_viewer.is_demo else page_viewer.viewer
    side = (
        page.id,
        shown and cached_queries.stamp_of(shown),
        _said_by(found),
        viewer,
        *demo,
        page_viewer.account,
        sidebar.is_custom(),
    )
    with html_view.separate_view("side", st.sidebar, cache_key=side) as is_said:
        if not is_said:
            _side(
                page,
                found,
                choices if delivery else None,
                filters,
                viewer,
                demo,
                is_foreign=bool(delivery and delivery.layout),
            )
            page_guard.side(page_viewer)
    page_guard.watch(page_viewer)
    page_viewer = page_guard.admit(page_viewer, page, viewer)
    if delivery is None or published is None:
        _nothing_published(page, page_viewer)
    opened = Page(
        page,
        Scope(**{"delivery": delivery.id, "viewer": viewer, **found.scope_fields(filters)}),
        delivery,
        choices,
        found,
        cached_queries.stamp_of(delivery.id),
    )
    file_facts.describe_page(page.id, scope=opened.scope, as_of=opened.as_of, delivery=delivery)
    refusal = cached_queries.refusal()
    grounds = (*_grounds(opened, history), published, refusal)
    if html_view.start(grounds):
        st.stop()  # said before, on the same grounds
    _head(opened, filters, published, stale_after_days, refusal)
    return opened


def _nothing_published(page: PageEntry, page_viewer: page_guard.PageViewer) -> NoReturn:
    """The page before the first delivery: what to do, and what became of the one that was tried."""
    html_view.draw()
    st.title(page.heading, anchor=False)
    banners.nothing_published(with_commands=page_guard.may_repair(page_viewer))
    refusal = cached_queries.refusal()
    file_facts.describe_page(page.id, scope=Scope(viewer=page_viewer.viewer), as_of=None, delivery=None)
    html_view.start()
    if refusal and page.id == refused_report.PAGE:
        refused_report.draw(refusal, None)
    elif refusal:
        link = refused_report.link(refusal, page_viewer.viewer, page_id=page.id, parameters={})
        banners.not_accepted(refusal, None, link=link)
    html_view.end()
    st.stop()


def _grounds(page: Page, history: Sequence[str]) -> tuple[Any, ...]:
    """All that what a page says rests on: the deliveries, the reader's rights, the address, what this session has open, and
    what the browser said of itself. Whatever else a page looks at, it must call `sheet.once_only`."""
    deliveries, session = tuple(map(cached_queries.stamp_of, history)), (chart_view.open_tables(), tables.requested_file())
    browser = (theme(), cached_queries.origin())
    return page.entry.id, page.stamp, deliveries, page.scope, _said_by(page.url_state), session, browser, date.today()


def theme() -> str:
    """Return the reader's theme: "light" or "dark"."""
    try:
        theme_type = st.context.theme.type
    except Exception:  # a browser that has not reported it
        theme_type = None
    return "dark" if theme_type == "dark" else "light"


def _said_by(found: UrlState) -> tuple[Any, ...]:
    """An address, told apart from every other."""
    return tuple(sorted(found.values.items())), tuple(sorted(found.extras.items())), found.dropped


def _side(
    page: PageEntry,
    found: UrlState,
    choices: Choices | None,
    applying: Sequence[str],
    viewer: Any,
    demo: Mapping[str, Any],
    *,
    is_foreign: bool = False,
) -> None:
    place = "<b>Workforce</b> dashboard" if is_foreign else "<b>Connecticut</b> workforce dashboard"
    style.block(f'<p class="brand">{place}</p>')
    navigation.draw(page, url_state.build(found.values), lambda page_id: roles.may_open(viewer, page_id))
    if demo:
        sidebar.view_as(found, {name: roles.name_of(one) for name, one in demo.items()})
    if choices is not None and applying:
        sidebar.draw(found, choices, applying)


def _head(
    page: Page, applying: Sequence[str], published: str, stale_after_days: int | None, refusal: Refusal | None
) -> None:
    style.heading(1, page.entry.heading)
    style.block(f'<p class="scope-line">{_on_screen(page, applying)}</p>')
    if page.delivery.is_synthetic:
        banners.synthetic()
    banners.dropped(page.url_state.dropped)
    if refusal and page.delivery.id == published:
        link = refused_report.link(refusal, page.scope.viewer, page_id=page.entry.id, parameters=page.parameters())
        banners.not_accepted(refusal, page.delivery.delivered_on, link=link)
    if page.delivery.id != published:
        banners.older(page.delivery.id, _delivered_on(published))
    age = (date.today() - page.delivery.delivered_on).days
    if stale_after_days is not None and age > stale_after_days and not page.delivery.is_synthetic:
        banners.stale(page.delivery.delivered_on, age)


def _delivered_on(delivery_id: str) -> date | None:
    try:
        return cached_queries.delivery_of(delivery_id).delivered_on
    except Exception as error:  # another delivery is on this page, and its numbers hold
        store_state.fault_of(error)
        return None


def _on_screen(page: Page, applying: Sequence[str]) -> str:
    """What is on screen, as HTML: the date, then every filter in effect, then those kept for other pages."""
    values, words = page.url_state.values, [f"As of <b>{day(page.as_of)}</b>"]
    for name in (n for n in url_state.LISTS if n in applying):
        chosen = values.get(name)
        label = page.choices.label(name, chosen) if chosen else filters_every(name)
        words.append(f"<b>{style.escape(label)}</b>" if chosen else style.escape(label))
    if "period" in applying:
        period = periods.named(page.scope.since, page.scope.until)
        words.append(f"<b>{style.escape(period)}</b>" if period else "all time")
    kept = [n for n in url_state.LISTS if n in values and n not in applying]
    if {"from", "to"} & set(values) and "period" not in applying:
        kept.append("period")
    line = " · ".join(words)
    return line + (
        f"<br>The {' and '.join(kept)} you chose elsewhere {'do' if len(kept) > 1 else 'does'} not apply on this page."
        if kept
        else ""
    )


def filters_every(name: str) -> str:
    """What an open filter is called in running text: "all regions"."""
    label = sidebar.EVERY[name]
    return label[0].lower() + label[1:]
