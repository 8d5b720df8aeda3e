"""The sparkline next to a number: which periods it draws, its gaps, and what a screen reader says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from components.sparkline import sparkline, trend_column
from queries import Answer, Row
from queries.models import Suppression
from queries.periods import full_periods
from tests.components import rows

MONTHS = full_periods(date(2026, 11, 13), 12, "month")


def test_full_periods_leave_out_the_current_period():
    assert MONTHS[0] == "2025-11" and MONTHS[-1] == "2026-10"
    assert full_periods(date(2026, 10, 31), 2, "month") == ["2026-09", "2026-10"]
    assert full_periods(date(2026, 11, 13), 3, "quarter") == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert full_periods(date(2026, 6, 30), 1, "fiscal_year") == ["FY2026"]


def drawn(values: list[float | None], keys: list[str] = MONTHS) -> str:
    months = [Row(key=key, value=value) for key, value in zip(keys, values, strict=True)]
    return str(sparkline(replace(rows.answer(*months), by="month"), "Residents enrolled"))


def test_every_month_is_read_out_and_the_current_month_is_not_drawn():
    html = drawn([*range(10, 22), 999], [*MONTHS, "2026-11"])
    assert "Residents enrolled by month, Nov 2025 to Oct 2026: 10, 11, 12" in html and "999" not in html
    assert len(re.findall(r"<polyline", html)) == 1 and len(re.findall(r"<circle", html)) == 1


def test_the_line_has_a_gap_where_a_month_is_hidden():
    html = drawn([10, 11, 12, None, 14, 15, 16, 17, 18, 19, 20, 21])
    assert len(re.findall(r"<polyline", html)) == 2 and "12, not shown, 14" in html


def test_a_count_without_a_row_is_zero_after_the_first_period_only():
    html = drawn([5, 5, 5], [MONTHS[3], MONTHS[5], MONTHS[6]])
    assert "not shown, not shown, not shown, 5, 0, 5, 5, 0" in html


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_periods_draw_nothing(count):
    keys = MONTHS[len(MONTHS) - count :]
    assert drawn([4] * count, keys) == ""


def quarters(*values: float | None, hidden: bool = False) -> Answer:
    keys = full_periods(date(2026, 11, 13), 8, "quarter")
    given = [
        Row(key=key, value=value, suppression=Suppression.PRIVACY if hidden and value is None else None)
        for key, value in zip(keys, values, strict=False)
    ]
    return replace(rows.answer(*given, unit="share"), by="quarter")


def test_a_cell_without_a_line_says_why_and_a_column_without_any_line_is_none():
    drawn_line, hidden, few = quarters(1, 2, 3, 4), quarters(1, None, hidden=True), quarters(None, None, 1)
    refused = replace(rows.answer(status="not_supplied"), by="quarter")
    cells = trend_column([drawn_line, hidden, few, refused, None], ["A", "B", "C", "D", "E"])
    assert "<svg" in cells[0]
    assert cells[1:] == ["hidden for privacy", "fewer than three quarters", "not supplied", "does not apply"]
    assert trend_column([hidden, few, None], ["A", "B", "C"]) == []
