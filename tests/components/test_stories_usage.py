"""The audit log in words and tables: every event has its place."""

from __future__ import annotations

from components.text.narratives import usage as story
from data.audit_log import EVENTS

KINDS = (story.OF_DELIVERIES, story.OF_THE_STORE)


def events(*kinds: str, day: str = "2026-11-20") -> list[dict[str, str]]:
    return [
        {"event": kind, "at": f"{day}T10:00:00Z", "account": "ann@example.gov", "role": "analyst"} for kind in kinds
    ]


def test_each_event_is_counted_in_a_single_table():
    (readers,) = story.by_day(events(*EVENTS))
    tables = [readers, *(story.done_by_day(events(*EVENTS), kinds)[0] for kinds in KINDS)]
    assert {row.pop("Day") for row in tables} == {"2026-11-20"}
    assert readers.pop("Accounts") == 1
    assert sorted(event for row in tables for event in row) == sorted(EVENTS.values())
    assert all(row == dict.fromkeys(row, 1) for row in tables)
    assert max(map(len, tables)) <= 8, "as many columns as a page has room for"


def test_days_and_kinds_without_an_event_of_the_store_are_left_out():
    several = (
        events("published", "refused", "refused")
        + events("opened", day="2026-11-21")
        + events("removed", day="2026-11-22")
    )
    assert story.done_by_day(several, story.OF_DELIVERIES) == [
        {"Day": "2026-11-22", "Published": 0, "Refused a delivery": 0, "Removed a delivery": 1},
        {"Day": "2026-11-20", "Published": 1, "Refused a delivery": 2, "Removed a delivery": 0},
    ]
    assert story.done_by_day(several, story.OF_THE_STORE) == []


def test_an_event_reads_as_words():
    row = story.last_table(
        [{"event": "backed_up", "at": "2026-11-20T10:00:00Z", "account": "ann", "what": "store.tar"}]
    )[0]
    assert (row["Event"], row["What"], row["Role"]) == ("Backed up", "store.tar", "none")


def test_a_page_reads_by_its_present_name():
    pages = ("gap", "one_group", "/gap", "/one_group", "/", "headlines", "/tomorrow")
    rows = story.last_table([{"event": "opened", "page": page} for page in pages])
    assert [row["What"] for row in rows] == [*["One group"] * 4, "Overview", "Overview", "/tomorrow"]
