"""The deliveries that wait in the inbox, with a button that checks each and the report of the last check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from components import cached_queries, delivery_checks, html_view, page_guard, refused_report, style
from components.delivery_checks import DeliveryCheck, InboxState
from components.refusals import Refusal
from components.text.narratives import inbox as narrative
from components.text.narratives import refused as refused_words
from components.url_state import shortened
from data import inbox
from data.inbox import WaitingDelivery
from data.masking import masked
from queries import Scope
from queries.access.viewer import Viewer

_COLUMNS = ("Delivery", "Check", "Result", "Holds", "Last changed (UTC)")
_COUNTS = ("table_name", "read", "accepted", "quarantined", "duplicates")
_REASONS = ("table_name", "reason", "rows")
_SECONDS = 1.0  # between two looks at whether a check has ended


def draw(layout: str | None) -> None:
    """Draw the inbox for an analyst, where the server has one. layout: what reads its deliveries, if they need one."""
    if not page_guard.may_check_deliveries():
        return
    delivery_checks.start_requested(layout)
    state = delivery_checks.state()
    if state is None:
        return
    style.heading(2, narrative.TITLE)
    html_view.paragraph(narrative.WORDS if state.deliveries else narrative.EMPTY, "section-words")
    if state.deliveries:
        _draw_list(state)
        html_view.paragraph(narrative.left_out(len(state.deliveries)), "section-words")
    if state.is_checking:
        _wait()
    elif state.last_ended:
        _draw_report(state.last_ended)


def _draw_list(state: InboxState) -> None:
    rows = [
        {
            "name": _shown(delivery),
            "cells": (_result(state, delivery), narrative.size(delivery), narrative.changed_on(delivery)),
            "event": html_view.on_event(f"check-{number}", partial(_request, delivery.name)),
        }
        for number, delivery in enumerate(state.deliveries)
    ]
    html_view.add(
        html_view.render(
            "inbox",
            title=narrative.TITLE,
            columns=_COLUMNS,
            rows=rows,
            status=_status(state),
            is_checking=state.is_checking,
        )
    )


def _request(name: str, _: object) -> None:
    delivery_checks.request(name)


def _shown(delivery: WaitingDelivery) -> str:
    return shortened(masked(delivery.name), 60)


def _result(state: InboxState, delivery: WaitingDelivery) -> str:
    check = next((check for check in state.checks if check.delivery.name == delivery.name), None)
    if check is None:
        is_published = _published_on(Path(delivery.name).stem)
        return narrative.DATE_PUBLISHED if is_published else narrative.NOT_CHECKED
    if check.ended_at is None:
        return narrative.CHECKING
    if check.delivery != delivery:
        return narrative.CHANGED
    return narrative.result(check.report, is_accepted=check.is_accepted) if check.report else narrative.FAILED


def _status(state: InboxState) -> str:
    """Return what is announced: the check that runs, else the one that ended last."""
    running = next((check for check in state.checks if check.ended_at is None), None)
    check = running or state.last_ended
    if check is None:
        return ""
    return narrative.status(
        _shown(check.delivery), is_checking=running is not None, outcome=_result(state, check.delivery)
    )


def _wait() -> None:
    """Run the page again when the check has ended."""
    with html_view.native_elements():

        @st.fragment(run_every=_SECONDS)
        def look() -> None:
            if not delivery_checks.is_checking():
                st.rerun()

        look()


def _draw_report(check: DeliveryCheck) -> None:
    """Draw the report of a check, and the command that goes on from there."""
    name, is_accepted = _shown(check.delivery), check.is_accepted if check.report else None
    style.heading(3, narrative.title(name, is_accepted=is_accepted))
    if check.report is None or check.ended_at is None:
        _draw_command(
            f"{check.failure} {narrative.CHECK_COMMAND}", inbox.command("check", check.path, layout=check.layout)
        )
        return
    html_view.paragraph(narrative.words(check.report, check.ended_at, is_accepted=check.is_accepted), "section-words")
    page_viewer = page_guard.current()
    if page_viewer is not None and page_viewer.viewer is not None:
        day = check.report.delivered_on
        same_date = _published_on(day.isoformat()) if day else ()
        same_content = next((name for name in same_date if _is_same(check.report, name, page_viewer.viewer)), None)
        text = narrative.published(check.report, same_date=same_date, same_content=same_content)
        html_view.paragraph(text, "section-words")
    if check.is_accepted:
        is_older = _is_older(check.report)
        command = inbox.command("publish", check.path, layout=check.layout, allow_older=is_older)
        _draw_command(narrative.OLDER_COMMAND if is_older else narrative.COMMAND, command)
    refused_report.draw_tables(check.report, prefix="inbox-", is_accepted=check.is_accepted)


def _is_older(report: Refusal) -> bool:
    """Return whether publishing refuses a delivery for its date: any delivery may replace the demo, unless it is one too."""
    current = cached_queries.current()
    if current is None or report.delivered_on is None or report.delivered_on.isoformat() >= current[:10]:
        return False
    return bool(report.is_synthetic) or not cached_queries.delivery_of(current).is_synthetic


def _draw_command(words: str, command: str) -> None:
    html_view.add(html_view.render("command", words=words, command=command))


def _published_on(day: str) -> tuple[str, ...]:
    """Return the published deliveries of a date (ISO), newest first."""
    return tuple(name for name in reversed(cached_queries.history()) if name[:10] == day)


def _is_same(report: Refusal, published: str, viewer: Viewer) -> bool:
    """Return whether a check counted what was counted when a delivery was published."""
    scope = Scope(viewer=viewer, delivery=published)
    tables, reasons = (cached_queries.listing(name, scope, published) for name in ("check_tables", "check_reasons"))
    return _values(tables, _COUNTS) == _values(refused_words.checked_rows(report), _COUNTS) and (
        _values(reasons, _REASONS) == _values(refused_words.reason_rows(report), _REASONS)
    )


def _values(rows: Iterable[Mapping[str, object]], names: Sequence[str]) -> set[tuple[object, ...]]:
    """Return these columns of the rows, but of no table without rows."""
    return {tuple(row[name] for name in names) for row in rows if row.get("read") != 0}
