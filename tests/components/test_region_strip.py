"""The regions next to each other: which of them have a row."""

from __future__ import annotations

from components.region_strip import listed
from queries import Row
from queries.models import Suppression
from tests.components.rows import answer


def test_a_hidden_region_has_a_row_and_unrecorded_regions_have_none():
    hidden = {"value": None, "note": "hidden for privacy", "suppression": Suppression.PRIVACY}
    rates = answer(
        Row(key="Eastern", value=1.5, numerator=3, denominator=20_000),
        Row(key="Northwest", **hidden),
        Row(key="Southwest", value=2.5, numerator=5, denominator=20_000),
        Row(key="Not recorded", **hidden),
        unit="per 10,000 residents",
    )
    assert [row.key for row in listed(rates)] == ["Southwest", "Eastern", "Northwest"]
