"""The words about what changed between two deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from components.text import changed
from queries import Delivery, Scope, measure
from queries.change import Change, Part, PartKind
from queries.models import AnswerStatus

BEFORE = Delivery(
    id="2026-11-06", delivered_on=date(2026, 11, 6), layout=None, is_synthetic=True, note=None,
    published_at=datetime(2026, 11, 6, 12),
)  # fmt: skip
NOW = replace(BEFORE, id="2026-11-13", delivered_on=date(2026, 11, 13))


def change(measure_id: str = "residents_enrolled", **parts: tuple[float, float]) -> Change:
    """Make a change from 12,000, with parts given as what they add and remove."""
    made = tuple(
        Part(kind=PartKind(kind), added=Decimal(str(added)), removed=Decimal(str(removed)))
        for kind, (added, removed) in parts.items()
    )
    return Change(
        measure=measure(measure_id), status=AnswerStatus.OK, note=None, scope=Scope(), before=BEFORE, now=NOW,
        before_as_of=BEFORE.delivered_on, as_of=NOW.delivered_on, previous=Decimal(12_000),
        current=12_000 + sum((part.change for part in made), Decimal()), parts=made,
    )  # fmt: skip


NOT_RELEASED = replace(change(new=(14, 0)), status=AnswerStatus.NOT_RELEASED, previous=None, current=None, parts=())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (change(new=(14, 0)), "+14. Earlier figures were not revised"),
        (change(new=(14, 0), removed=(0, 2), excluded=(0, 1)), "+14. Earlier figures were revised by −3"),
        (change(new=(14, 0), late=(5, 0), corrected=(1, 2)), "+14. Earlier figures were revised by 8 (net +4)"),
        (change(late=(1200, 0)), "0. Earlier figures were revised by +1,200"),
        (change("in_training", new=(130, 0), ended=(0, 363)), "+130; 363 ended. Earlier figures were not revised"),
        (
            change("expended", new=(2_500_000, 300_000), corrected=(0, 10.25)),
            "+$2.2 million. Earlier figures were revised by −$10.25",
        ),
    ],
)
def test_the_line_says_what_is_new_and_what_was_revised(given, expected):
    assert changed.line(given) == f"{given.measure.label}, new since the delivery of November 6, 2026: {expected}"
    assert len(changed.line(given).split()) <= 25


@pytest.mark.parametrize("given", [None, change(), NOT_RELEASED])
def test_nothing_is_written_where_there_is_no_change(given):
    assert changed.line(given) == ""


def test_a_revised_figure_says_from_what_to_what():
    day = date(2026, 11, 6)
    assert changed.revised("12,000", "11,998", day) == "Revised from 12,000 to 11,998 as of November 6, 2026"
    assert changed.revised_since("11,998", day) == "Since revised to 11,998, in the delivery of November 6, 2026"


def test_a_small_revision_of_dollars_shows():
    assert changed.exact(60_912_345.0, "dollars") == "$60,912,345"
    assert (changed.exact(0.789, "share"), changed.exact(1234, "residents")) == ("79%", "1,234")


def test_each_row_of_the_table_adds_up():
    given = change(new=(14, 0), late=(5, 0), corrected=(1, 2), removed=(0, 3), excluded=(0, 1), merged=(0, 1))
    (row,) = changed.table([given])
    first, *parts, last = (value for name, value in row.items() if name != "Measure")
    assert (first, last, first + sum(parts)) == (12_000, 12_013, 12_013)


def test_the_table_does_not_claim_what_cannot_be_known():
    (row,) = changed.table([replace(change("completions", new=(1, 0)), knows_excluded=False)])
    assert (row["Excluded"], row["Merged or split"]) == ("among the removed", "does not apply")
    (row,) = changed.table([NOT_RELEASED])
    assert set(row.values()) == {"Residents enrolled", "not shown, for privacy"}


def test_dollars_and_counts_have_their_units():
    assert set(changed.units([change("expended", new=(1, 0))]).values()) == {"dollars"}
    assert set(changed.units([change()]).values()) == {"rows"}
