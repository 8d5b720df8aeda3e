"""The audit log in words and tables: every event has its place."""

from __future__ import annotations

from collections import Counter

import pytest

from components.text.narratives import activity
from data.audit_counts import DayCounts
from data.audit_log import EVENTS

KINDS = (activity.OF_DELIVERIES, activity.OF_THE_STORE)


def row(day: str = "2026-11-20", **events: int) -> DayCounts:
    return DayCounts(day=day, accounts=2, openers=1, events=Counter(events))


def test_each_event_is_counted_in_a_single_table():
    days = [row(**dict.fromkeys(EVENTS, 1))]
    (readers,) = activity.by_day(days)
    tables = [readers, *(activity.done_by_day(days, kinds)[0] for kinds in KINDS)]
    assert {cells.pop("Day") for cells in tables} == {"2026-11-20"}
    assert readers.pop("Accounts") == 2
    assert sorted(event for cells in tables for event in cells) == sorted(EVENTS.values())
    assert all(cells == dict.fromkeys(cells, 1) for cells in tables)
    assert max(map(len, tables)) <= 8, "as many columns as a page has room for"


def test_every_event_is_behind_a_single_choice():
    chosen = [kind for choice in activity.KINDS for kind in activity.kinds_of(choice)]
    assert sorted(chosen) == sorted(EVENTS)
    assert activity.kinds_of("all") == ()


def test_days_and_kinds_without_an_event_of_the_store_are_left_out():
    several = [row("2026-11-22", removed=1), row("2026-11-21", opened=1), row(published=1, refused=2)]
    assert activity.done_by_day(several, activity.OF_DELIVERIES) == [
        {"Day": "2026-11-22", "Published": 0, "Refused a delivery": 0, "Removed a delivery": 1},
        {"Day": "2026-11-20", "Published": 1, "Refused a delivery": 2, "Removed a delivery": 0},
    ]
    assert activity.done_by_day(several, activity.OF_THE_STORE) == []


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ({"opened": 1_234, "denied": 1}, "1 account opened 1,234 pages; 1 request was denied."),
        ({"opened": 1}, "1 account opened 1 page."),
        ({"published": 1, "denied": 12}, "no account opened a page; 12 requests were denied."),
    ],
)
def test_the_lead_counts_the_last_day(events, expected):
    assert activity.lead([row(**events), row("2026-11-19", denied=5)]) == f"On November 20, 2026 (UTC), {expected}"


def test_unusual_questions_are_explained_where_there_are_any():
    assert activity.unusual([row(opened=1)]) == ""
    assert "more than 40 different pairs of filters within 60 minutes" in activity.unusual([row(), row(unusual=1)])


def what(event: str, **details: str) -> object:
    return activity.event_table([{"event": event, "at": "2026-11-20T10:00:00Z", **details}])[0]["What"]


def test_an_event_reads_as_words():
    (cells,) = activity.event_table(
        [{"event": "backed_up", "at": "2026-11-20T10:00:00Z", "account": "ann", "what": "store.tar"}]
    )
    assert (cells["Event"], cells["What"], cells["Role"]) == ("Backed up", "store.tar", "No role")


def test_measures_notes_deliveries_and_roles_have_their_names():
    assert what("denied", page="equity", what="intersections") == "Equity · Two groups at once"
    assert what("noted", page="data_quality", what="wrote 20261128-2766b28f") == "Data quality · wrote a note"
    assert what("queried", what="ask residents_enrolled by two_word") == "asked for Residents enrolled by two word"
    assert what("published", what="exports", delivery="2026-11-13") == "exports · delivery 2026-11-13"
    roles = [
        activity.event_table([{"role": role}])[0]["Role"] for role in ("director:Northwest", "operator", "analyst", "")
    ]
    assert roles == ["Board director, Northwest", "Operator", "Analyst", "No role"]


@pytest.mark.parametrize(("number", "expected"), [(5, "the last 5"), (4, "all 4 in the log")])
def test_the_list_says_what_it_holds(number, expected):
    assert f"Newest first: {expected}." in activity.latest_words([{}] * number, 5)


def test_a_page_reads_by_its_present_name():
    pages = ("gap", "one_group", "/gap", "/one_group", "/", "headlines", "/tomorrow")
    rows = [what("opened", page=page) for page in pages]
    assert rows == [*["One group"] * 4, "Overview", "Overview", "/tomorrow"]
