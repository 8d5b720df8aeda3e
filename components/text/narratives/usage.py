"""Describe the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from components.page_list import PAGES
from components.text import prose
from components.text.format import day, people
from data.audit_log import EVENTS, counts_by_day

WHERE = "The log is stored in files on the server, and lines are only ever added. docs/security.md says what it holds and for how long."
SHOWN = 200
OF_READERS = ("signed_in", "signed_out", "opened", "downloaded", "sent", "queried", "denied", "unusual")
OF_DELIVERIES = ("checked", "published", "refused", "rolled_back", "removed")
OF_THE_STORE = tuple(event for event in EVENTS if event not in OF_READERS + OF_DELIVERIES)
_PAGES = {
    key: page.name for page in PAGES for name in (page.id, *page.formerly) for key in (name, f"/{name}", page.path)
}
_REASONS = {
    "no role": "no role here",
    "page": "no access to the page",
    "not part of this view": "not part of their view",
    "closed": "the dashboard was closed",
}
Event = Mapping[str, object]


def lead(events: Sequence[Event]) -> str:
    """Answer the page's question: who used the dashboard last, and whether anybody was denied access."""
    if not events:
        return "The log is empty."
    days = counts_by_day(events)
    last = days[0]
    denied = sum(row["denied"] for row in days)
    text = f"On {day(date.fromisoformat(last['day']))}, {prose.plural(last['accounts'], 'account')} opened {prose.plural(last['opened'], 'page')}"
    return text + (f"; {people(denied)} of the last {people(len(events))} events were denials." if denied else ".")


def by_day_title(events: Sequence[Event]) -> str:
    """Say how many days the log on screen covers."""
    return f"{prose.plural(len(counts_by_day(events)), 'day')} of use"


def by_day(events: Sequence[Event]) -> list[dict[str, prose.Cell]]:
    """Return what readers did: one table row a day, newest first."""
    return [
        {"Day": row["day"], "Accounts": row["accounts"], **{EVENTS[event]: row[event] for event in OF_READERS}}
        for row in counts_by_day(events)
    ]


def done_by_day(events: Sequence[Event], kinds: Sequence[str]) -> list[dict[str, prose.Cell]]:
    """Return what was done to deliveries or to the store: one table row a day with such an event, newest first.

    Kinds of events that happened on none of the days are left out.
    """
    days = [row for row in counts_by_day(events) if any(row[event] for event in kinds)]
    done = [event for event in kinds if any(row[event] for row in days)]
    return [{"Day": row["day"], **{EVENTS[event]: row[event] for event in done}} for row in days]


def last_table(events: Sequence[Event]) -> list[dict[str, prose.Cell]]:
    """Return the last events, newest first, one a row."""
    return [_cells(event) for event in events[:SHOWN]]


def denied_table(events: Sequence[Event]) -> list[dict[str, prose.Cell]]:
    """Return what was denied, newest first, one a row."""
    return [_cells(event) for event in events if event.get("event") == "denied"][:SHOWN]


def _cells(event: Event) -> dict[str, prose.Cell]:
    page, reason = str(event.get("page", "")), str(event.get("why", ""))
    details = [
        _PAGES.get(page, page),
        str(event.get("what", "")),
        str(event.get("delivery", "")),
        _REASONS.get(reason, reason),
    ]
    return {
        "At (UTC)": str(event.get("at", ""))[:19].replace("T", " "),
        "Account": str(event.get("account") or "not signed in"),
        "Role": str(event.get("role", "")) or "none",
        "Event": EVENTS.get(str(event.get("event")), str(event.get("event"))),
        "What": " · ".join(part for part in details if part) or "the dashboard",
    }
