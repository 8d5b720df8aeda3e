"""The words about what changed between two deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from components.text import changed, reasons
from queries import Delivery, Scope, measure
from queries.change import MEANINGS, Cause, Change, Part, PartKind, behind
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
        (change(new=(14, 0)), "+14. Earlier figures of this measure were not revised"),
        (
            change(new=(14, 0), removed=(0, 2), excluded=(0, 1)),
            "+14. Earlier figures of this measure were revised by −3",
        ),
        (
            change(new=(14, 0), late=(5, 0), corrected=(1, 2)),
            "+14. Earlier figures of this measure were revised by 8 (net +4)",
        ),
        (change(late=(1200, 0)), "0. Earlier figures of this measure were revised by +1,200"),
        (
            change("in_training", new=(130, 0), ended=(0, 363)),
            "+130; 363 ended. Earlier figures of this measure were not revised",
        ),
        (
            change("expended", new=(2_500_000, 300_000), corrected=(0, 10.25)),
            "+$2.2 million. Earlier figures of this measure were revised by −$10.25",
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
    (row,) = changed.rows([given])
    first, *parts, last = (value for name, value in row.items() if name != "Measure")
    assert (first, last, first + sum(parts)) == (12_000, 12_013, 12_013)


def test_dollars_add_up_before_rounding():
    assert "Dollars add up before rounding. New: " in changed.words([change("expended")])
    assert "rounding" not in changed.words([change()])


def test_the_table_does_not_claim_what_cannot_be_known():
    (row,) = changed.rows([replace(change("completions", new=(1, 0)), knows_excluded=False)])
    assert (row["Excluded"], row["Merged or split"]) == ("among the removed", "does not apply")
    (row,) = changed.rows([NOT_RELEASED])
    assert set(row.values()) == {"Residents enrolled", "hidden for privacy"}


@pytest.mark.parametrize(
    ("measure_id", "unit"), [("expended", "dollars"), ("residents_enrolled", "residents"), ("completions", "rows")]
)
def test_each_row_has_its_unit(measure_id, unit):
    assert changed.table([change(measure_id, new=(1, 0))]).row_units == [unit]


def test_the_words_distinguish_two_deliveries_of_a_day():
    assert changed.words([change()]).startswith("Each row starts with the total of the delivery of November 6, 2026,")
    again = replace(change(), before=replace(BEFORE, delivered_on=NOW.delivered_on))
    assert changed.words([again]).startswith(
        "Each row starts with the total of the earlier delivery of November 13, 2026,"
    )
    assert "Previous delivery (November 6, 2026)" in changed.rows([change()])[0], "the file names it, too"


def causes(kind: PartKind, *counts: tuple[str | None, int, int], units: int) -> tuple[Cause, ...]:
    return tuple(
        Cause(kind=kind, name=name, added=added, removed=removed, units=units) for name, added, removed in counts
    )


@pytest.mark.parametrize(
    ("measure_id", "given", "expected"),
    [
        (
            "completions",
            causes(PartKind.LATE, ("Elm Street", 9, 0), ("Blue Heron", 3, 0), units=12),
            "Most common provider: Elm Street. 9 of 12 rows.",
        ),
        (
            "residents_enrolled",
            causes(PartKind.LATE, ("Elm Street", 1, 0), units=1),
            "Most common provider: Elm Street. 1 of 1 resident.",
        ),
        (
            "expended",
            causes(PartKind.LATE, ("A", 2, 0), ("B", 1, 1), ("C", 1, 0), units=5),
            "Most common recipients: A and B. 2 each of 5 rows.",
        ),
        (
            "completions",
            causes(PartKind.NEW, ("A", 1, 0), ("B", 1, 0), ("C", 1, 0), units=3),
            "No provider stands out: none has more than 1 of 3 rows.",
        ),
        (
            "completions",
            causes(
                PartKind.CORRECTED, ("exited_on", 0, 4), ("outcome", 0, 4), ("wage", 0, 4), ("hours", 1, 0), units=4
            ),
            "3 corrected columns in all 4 rows: exited_on; outcome; wage.",
        ),
        (
            "residents_enrolled",
            causes(PartKind.CORRECTED, ("enrolled_on", 0, 1), ("town", 0, 1), ("region", 0, 1), units=1),
            "3 corrected columns in 1 resident: enrolled_on; town; region.",
        ),
        (
            "completions",
            causes(PartKind.NEW, (None, 4, 0), ("B", 1, 0), units=5),
            "Most common provider: no provider recorded. 4 of 5 rows.",
        ),
        (
            "completions",
            causes(PartKind.CORRECTED, ("exited_on", 2, 1), ("outcome", 1, 0), units=3),
            "Most common corrected column: exited_on. 3 of 3 rows.",
        ),
        (
            "completions",
            causes(PartKind.EXCLUDED, ("unknown sector", 2, 5), ("exited before started", 0, 3), units=9),
            "Most common rule: The sector is not a known name (sector). 7 of 9 rows: 5 excluded now, 2 accepted again.",
        ),
        ("learners", causes(PartKind.NEW, (None, 4, 0), units=4), ""),
        ("completions", (), ""),
    ],
)
def test_a_part_names_what_stands_behind_it_where_the_data_has_it(measure_id, given, expected):
    kind = given[0].kind if given else PartKind.NEW
    made = replace(change(measure_id, **{kind.value: (3, 0)}), causes=given)
    assert behind(made, kind, in_words=reasons.in_words) == expected
    (row,) = changed.why_table([made])
    assert row["What stands behind it"] == (expected or "The data does not say.")
    assert row["What it means"] == MEANINGS[kind]


def test_every_kind_of_part_has_a_short_meaning():
    assert set(MEANINGS) == set(PartKind)
    assert all(text.endswith(".") and len(text.split()) <= 25 for text in MEANINGS.values())
    assert not [text for text in MEANINGS.values() if "previous" in text], "it can be any earlier delivery"
