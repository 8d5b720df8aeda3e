"""Flags of rates that rest on few residents: a group's share rests on its members too."""

from __future__ import annotations

import pytest

from components.text import reliability
from components.text.reliability import FEW, NO_FLAG, NOT_SHOWN, WIDE
from queries import Row
from queries.calculators.group_shares import ParticipationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Suppression


@pytest.mark.parametrize(
    ("members", "answered", "flag"),
    [(1, 1_000, FEW), (29, 1_000, FEW), (30, 1_000, NO_FLAG), (15, 20, FEW), (None, 1_000, ""), (0, 0, "")],
)
def test_a_share_of_a_small_group_is_flagged(members, answered, flag):
    assert reliability.of_share(members, answered) == flag
    assert reliability.of_row(ParticipationRow(key="a", value=0.5, numerator=members, denominator=answered)) == flag


def test_a_rate_of_few_events_among_many_is_not():
    assert reliability.of_row(Row(key="a", value=0.001, numerator=1, denominator=1_000)) == NO_FLAG
    assert reliability.of_row(Row(key="a", value=0.5, numerator=16, denominator=32)) == WIDE


def test_a_hidden_rate_is_not_shown_instead_of_left_blank():
    hidden = {"value": None, "suppression": Suppression.PRIVACY, "note": "hidden for privacy"}
    assert reliability.of_row(Row(key="a", **hidden)) == NOT_SHOWN
    assert reliability.of_row(ParticipationRow(key="a", **hidden)) == NOT_SHOWN
    assert reliability.of_sides(OutcomeRow(key="a", **hidden)) == NOT_SHOWN
    assert reliability.of_difference(Row(key="a", **hidden)) == NOT_SHOWN
    good = Row(key="a", value=0.5, numerator=500, denominator=1_000)
    assert reliability.of_rows({"Completion rate": Row(key="a", **hidden)}) == NOT_SHOWN
    assert reliability.of_rows({"Completion rate": Row(key="a", **hidden), "Job rate": good}) == NO_FLAG
    assert reliability.of_rows({"Completion rate": Row(key="a", value=None, note="nobody to count yet")}) == ""
