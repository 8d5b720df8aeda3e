"""How much a number changed: never a percentage of little, nothing, or less than nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.text import growth
from components.text.figure_words import figure_words
from queries import Row
from tests.components.rows import answer
from tests.components.test_tables_and_words import compared


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        (216, 598, "residents", "64%"),
        (15, 12, "residents", "3"),
        (3_766, 0, "residents", "3,766"),
        (300, 20, "residents", "280"),
        (200, 20, "residents", "900%"),
        (3_600_000, 5_000_000, "dollars", "28%"),
        (-65_824, 5_000_000, "dollars", "$5.1 million"),
        (0, -65_824, "dollars", "$65,824"),
        (45_500_000, 1_300_000, "dollars", "$44.2 million"),
        (9_000, 5_000, "dollars", "$4,000"),
        (0, 5_000_000, "dollars", "100%"),
    ],
)
def test_a_percentage_only_where_it_tells_something(now, before, unit, text):
    assert growth.size(now, before, unit) == text


@pytest.mark.parametrize(
    ("now", "before", "delta", "since"),
    [
        (-65_824, 5_000_000, "down $5.1 million", "from $5.0 million in the same days a year earlier"),
        (0, -65_824, "", "−$65,824 in the same days a year earlier, after corrections"),
        (-10_000, -65_824, "", "−$65,824 in the same days a year earlier, after corrections"),
        (70_000, 0, "", "none in the same days a year earlier"),
        (0, 0, "no change", "from $0 in the same days a year earlier"),
    ],
)
def test_dollars_taken_back_have_no_percentage(now, before, delta, since):
    sums = answer(Row(key="Total", value=now), unit="dollars")
    other = compared(replace(sums, rows=(Row(key="Total", value=before),)))
    figure = figure_words(sums, compared=other)
    assert (figure.delta, figure.since) == (delta, since)


def test_a_number_is_not_down_a_percentage_from_what_reads_the_same():
    now, before = (answer(Row(key="Total", value=value), unit="dollars") for value in (1_283_221.0, 1_334_565.0))
    words = figure_words(now, compared=compared(before))
    assert (words.value, words.delta) == ("$1.3 million", "down $51,344")
    assert words.since.startswith("from $1.3 million ")
