"""Describe the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from components.page_list import PAGES
from components.text import prose
from components.text.format import day, people
from data.audit_counts import DayCounts
from data.audit_log import EVENTS
from queries.access import rights
from queries.privacy.alarm import alarm_limits
from queries.registry import measures

WHERE = "The log is stored in files on the server, and lines are only ever added. docs/security.md says what it holds and for how long."
OF_READERS = ("signed_in", "signed_out", "opened", "downloaded", "sent", "queried", "denied", "unusual")
OF_DELIVERIES = ("checked", "published", "refused", "rolled_back", "removed")
OF_THE_STORE = tuple(event for event in EVENTS if event not in OF_READERS + OF_DELIVERIES)
DAYS = (
    "Every event in the log is counted. Days are in Coordinated Universal Time (UTC). An account is counted once a day."
)
DENIED = "Requests for something outside the reader’s view, among the latest events."
NOBODY = "No event of this kind is in the log."
KINDS = {
    "all": "All",
    "opened": "Pages opened",
    "downloaded": "Downloads",
    "signed_in": "Sign-ins",
    "denied": "Denied",
    "deliveries": "Deliveries",
    "others": "Others",
}
_PAGES = {
    key: page.name for page in PAGES for name in (page.id, *page.formerly) for key in (name, f"/{name}", page.path)
}
_REASONS = {
    "no role": "no role here",
    "page": "no access to the page",
    "not part of this view": "not part of their view",
    "closed": "the dashboard was closed",
}
_OF_KIND = {
    "opened": ("opened",),
    "downloaded": ("downloaded", "sent"),
    "signed_in": ("signed_in", "signed_out"),
    "denied": ("denied", "unusual"),
    "deliveries": OF_DELIVERIES,
    "others": ("queried", *OF_THE_STORE),
}
_NOTES = {"wrote": "wrote a note", "removed": "removed a note"}
_TOOLS = {"ask": "asked for", "explain": "asked for an explanation of", "changed": "asked for changes in"}
Event = Mapping[str, str]


def kinds_of(choice: str) -> tuple[str, ...]:
    """Return the kinds of events behind a choice of KINDS; none for all of them."""
    return _OF_KIND.get(choice, ())


def lead(days: Sequence[DayCounts]) -> str:
    """Answer the page's question: who used the dashboard last, and whether anybody was denied access."""
    if not days:
        return "The log is empty."
    last = days[0]
    opened, denied = last.events["opened"], last.events["denied"]
    who = prose.plural(last.openers, "account") if opened else "no account"
    text = f"On {day(date.fromisoformat(last.day))} (UTC), {who} opened {prose.plural(opened, 'page') if opened else 'a page'}"
    return f"{text}; {prose.plural(denied, 'request was', 'requests were')} denied." if denied else f"{text}."


def unusual(days: Sequence[DayCounts]) -> str:
    """Say when unusual questions are logged; "" where the log has none."""
    if not any(row.events["unusual"] for row in days):
        return ""
    limits = alarm_limits()
    return (
        f"Unusual questions: a reader with protected numbers asked with more than {limits.combinations} different pairs of filters "
        f"within {limits.minutes} minutes. A period counts as a filter. The alarm locks nothing."
    )


def by_day_title(days: Sequence[DayCounts]) -> str:
    """Say how many days the log covers."""
    return f"{prose.plural(len(days), 'day')} of use"


def by_day(days: Sequence[DayCounts]) -> list[dict[str, prose.Cell]]:
    """Return what readers did: one table row a day, newest first."""
    return [
        {"Day": row.day, "Accounts": row.accounts, **{EVENTS[event]: row.events[event] for event in OF_READERS}}
        for row in days
    ]


def done_by_day(days: Sequence[DayCounts], kinds: Sequence[str]) -> list[dict[str, prose.Cell]]:
    """Return what was done to deliveries or to the store: one table row a day with such an event, newest first.

    Kinds of events that happened on none of the days are left out.
    """
    active = [row for row in days if any(row.events[event] for event in kinds)]
    done = [event for event in kinds if any(row.events[event] for row in active)]
    return [{"Day": row.day, **{EVENTS[event]: row.events[event] for event in done}} for row in active]


def latest_words(events: Sequence[Event], most: int) -> str:
    """Say which events are listed. most: how many are read at most."""
    which = f"the last {people(most)}" if len(events) >= most else f"all {people(len(events))} in the log"
    return f"Newest first: {which}. The only personal information is the account; filters are not recorded."


def event_table(events: Sequence[Event]) -> list[dict[str, prose.Cell]]:
    """Return one table row an event."""
    return [_cells(event) for event in events]


def denied_table(events: Sequence[Event]) -> list[dict[str, prose.Cell]]:
    """Return what was denied, one a row."""
    return event_table([event for event in events if event.get("event") == "denied"])


def _cells(event: Event) -> dict[str, prose.Cell]:
    kind, page, reason, delivery = (event.get(name, "") for name in ("event", "page", "why", "delivery"))
    details = [
        _PAGES.get(page, page),
        _subject(kind, event.get("what", "")),
        f"delivery {delivery}" if delivery else "",
        _REASONS.get(reason, reason),
    ]
    return {
        "At (UTC)": event.get("at", "")[:19].replace("T", " "),
        "Account": event.get("account") or "not signed in",
        "Role": _role(event.get("role", "")),
        "Event": EVENTS.get(kind, kind),
        "What": " · ".join(part for part in details if part) or "the dashboard",
    }


def _role(role: str) -> str:
    """Return a role in the log as readers know it: "director:Northwest" is "Board director, Northwest"."""
    role_id, _, region = role.partition(":")
    entry = rights.roles().get(role_id)
    label = entry.label if entry else prose.capital(role_id) or "No role"
    return f"{label}, {region}" if region else label


def _subject(kind: str, what: str) -> str:
    """Return what an event is about in words. Measures have their label; a note is not identified."""
    first, _, others = what.partition(" ")
    if kind == "noted":
        return _NOTES.get(first, what)
    if kind == "queried" and others:
        measure, *by = others.split(" by ")
        return f"{_TOOLS.get(first, first)} {' by '.join([_label(measure), *(name.replace('_', ' ') for name in by)])}"
    return _label(what) if kind == "denied" else what


def _label(measure_id: str) -> str:
    entry = measures().get(measure_id)
    return entry.label if entry else measure_id
