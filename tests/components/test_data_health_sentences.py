"""The delivery in words: the share of rows excluded, compared with the previous delivery, and the reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from components.text import reasons
from components.text.narratives import data_health as narrative
from tests.components.rows import DELIVERY
from tests.data.test_problems import reasons_of_the_code

BEFORE = replace(DELIVERY, id="2026-11-06", delivered_on=date(2026, 11, 6))


def checked(read: int, excluded: int) -> list[dict[str, object]]:
    return [{"table_name": "enrollments", "read": read, "quarantined": excluded}]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((1000, 3), (1000, 4), "higher in the previous delivery, of November 6, 2026 (0.4%)."),
        ((1000, 3), (2000, 4), "lower in the previous delivery, of November 6, 2026 (0.2%)."),
        ((1000, 3), (2000, 6), "the same in the previous delivery, of November 6, 2026 (0.3%)."),
        ((100_000, 300), (100_000, 301), "about the same in the previous delivery, of November 6, 2026 (0.3%)."),
    ],
)
def test_the_share_excluded_is_compared_with_the_previous_delivery(now, before, expected):
    assert narrative.compared(checked(*now), BEFORE, checked(*before)) == f"The share excluded was {expected}"


def test_a_delivery_without_rows_is_not_compared():
    assert narrative.compared(checked(0, 0), BEFORE, checked(5, 1)) == ""
    assert narrative.compared(checked(5, 1), BEFORE, checked(0, 0)) == ""


def test_every_reason_of_the_code_reads_as_words():
    for reason in reasons_of_the_code():
        words = reasons.in_words(reason)
        assert words[0].isupper() and words != reason, reason
        outside = words.partition(" (")[0]
        assert "_" not in outside, words
        column = reason.split()[0]
        assert "_" not in column or f"({column}" in words, words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("applied_on after the delivery", "The application date is after the date of the delivery (applied_on)"),
        ("negative hourly_wage_before", "The hourly wage before the program is negative (hourly_wage_before)"),
        ("enrolled before applied", "The enrollment date is before the application date (enrolled_on, applied_on)"),
        ("posted_on before 1990", "The posting date is before 1990 (posted_on)"),
        ("unknown town", "The town is not a known name (town)"),
        ("The column provider is missing.", "The column provider is missing."),
    ],
)
def test_a_reason_reads_as_words(reason, words):
    assert reasons.in_words(reason) == words
