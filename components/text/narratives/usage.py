"""The record of use in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from components.page_list import PAGES
from components.text import prose
from components.text.format import day, people
from data.audit_log import EVENTS, counts_by_day

WHERE = "The record is kept in files on the server, only ever added to. docs/security.md says what is in it and for how long."
SHOWN = 200
OF_READERS = ("signed_in", "signed_out", "opened", "downloaded", "denied")
OF_THE_STORE = tuple(event for event in EVENTS if event not in OF_READERS)
_PAGES = {page.id: page.name for page in PAGES} | {page.path: page.name for page in PAGES}
_WHYS = {
    "no role": "no role here",
    "page": "not one of their pages",
    "not part of this view": "not part of their view",
    "closed": "the dashboard was closed",
}


def lead(events: Sequence[dict[str, Any]]) -> str:
    """The page's answer: who used it lately, and was anybody denied?"""
    if not events:
        return "Nothing has been written down yet."
    days = counts_by_day(events)
    last = days[0]
    denied = sum(row["denied"] for row in days)
    text = f"On {day(date.fromisoformat(last['day']))}, {prose.plural(last['accounts'], 'account')} opened {prose.plural(last['opened'], 'page')}"
    return text + (f"; {people(denied)} of the last {people(len(events))} events were denials." if denied else ".")


def by_day_title(events: Sequence[dict[str, Any]]) -> str:
    """How many days the record on screen spans."""
    return f"{prose.plural(len(counts_by_day(events)), 'day')} of use"


def by_day(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What readers did: one row a day, newest first."""
    return [
        {"Day": row["day"], "Accounts": row["accounts"], **{EVENTS[event]: row[event] for event in OF_READERS}}
        for row in counts_by_day(events)
    ]


def store_by_day(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was done to the store: one row a day on which anything was, newest first; only what was done on one of them."""
    days = [row for row in counts_by_day(events) if any(row[event] for event in OF_THE_STORE)]
    done = [event for event in OF_THE_STORE if any(row[event] for row in days)]
    return [{"Day": row["day"], **{EVENTS[event]: row[event] for event in done}} for row in days]


def last_table(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last events, newest first, one a row."""
    return [_row(event) for event in events[:SHOWN]]


def denied(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was denied, newest first, one a row."""
    return [_row(event) for event in events if event.get("event") == "denied"][:SHOWN]


def _row(event: dict[str, Any]) -> dict[str, Any]:
    page, why = str(event.get("page", "")), str(event.get("why", ""))
    what = [_PAGES.get(page, page), str(event.get("what", "")), str(event.get("delivery", "")), _WHYS.get(why, why)]
    return {
        "At (UTC)": str(event.get("at", ""))[:19].replace("T", " "),
        "Account": str(event.get("account") or "not signed in"),
        "Role": str(event.get("role", "")) or "none",
        "Event": EVENTS.get(str(event.get("event")), str(event.get("event"))),
        "What": " · ".join(part for part in what if part) or "the dashboard",
    }
