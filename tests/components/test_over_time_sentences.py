"""Sentences about groups over time and about targets, from rows made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from components.text.narratives import definitions
from components.text.narratives import over_time as narrative
from queries.calculators.outcome_over_time import OutcomePeriodRow
from tests.components.rows import answer

MATURE: dict[str, Any] = {
    "is_mature": True, "why_not": None, "signal": None, "center": 0.44, "limit_low": 0.3, "limit_high": 0.6,
    "target": None, "target_set_on": None,
}  # fmt: skip


def row(key: str, value: float | None = 0.43, *, part: str | None = None, **extra: Any) -> OutcomePeriodRow:
    successes = None if value is None else round(value * 500)
    return OutcomePeriodRow(
        key=key, group="woman", part=part, value=value, numerator=successes, denominator=500 if successes is not None else 0,
        low=value and value - 0.04, high=value and value + 0.04, **{**MATURE, **extra},
    )  # fmt: skip


WAITING = {
    "is_mature": False,
    "why_not": "the quarter is not over",
    "center": None,
    "limit_low": None,
    "limit_high": None,
}
YEAR = [row(f"2025-Q{n}") for n in (1, 2, 3)]


def test_no_change_comes_with_what_would_have_been_a_change():
    rows = [*YEAR, row("2025-Q4", 0.1, **WAITING)]
    assert narrative.title(rows, "Women") == "Women: no clear change in 3 quarters"
    assert narrative.words(rows, "Women") == (
        "Women: 43% of residents who enrolled in Jul–Sep 2025 and answered. That is 215 of 500 (95% interval 39% to 47%). "
        "No clear change in 3 quarters (a quarter of this size would stand out under 30% or over 60%). "
        "Not complete yet: Oct–Dec 2025 (the quarter is not over)."
    )


def test_a_change_names_its_rule_and_how_often_chance_marks_a_page():
    rows = [row("2025-Q1"), row("2025-Q2", 0.7, signal="beyond limits"), row("2025-Q3")]
    assert narrative.title(rows, "Women") == "Women: clearly higher in Apr–Jun 2025"
    assert (
        "A clear change in Apr–Jun 2025 (higher: one quarter beyond its limits). Without any change, at most 5% of pages "
        "would mark one anywhere."
    ) in narrative.words(rows, "Women")
    level = [*YEAR, row("2026-Q1", 0.46, signal="lasting change"), row("2026-Q2", 0.3)]
    assert narrative.title(level, "Women") == "Women: clearly lower from Jan–Mar 2026 on"
    assert "Jan–Mar 2026 (lower: from this quarter on, compared with before)" in narrative.words(level, "Women")


def test_a_group_too_small_to_stand_out_says_so():
    assert "(a quarter of this size is too small to stand out)" in narrative.words(
        [row(r.key, limit_low=0.0, limit_high=1.0) for r in YEAR], "Women"
    )


def test_too_few_and_nothing_complete():
    assert narrative.title(YEAR[:1], "Women") == "Women: one quarter is too few to see a change"
    assert narrative.words(YEAR[:1], "Women").endswith(". One quarter is too few to see a change.")
    nothing = [row("2025-Q4", None, **WAITING)]
    assert narrative.title(nothing, "Women") == "Women: too early to see a change"
    assert narrative.words(nothing, "Women").startswith(
        "Women: no period is complete yet. Not complete yet: Oct–Dec 2025"
    )
    assert narrative.title([], "Women")
    assert narrative.words([], "Women") == "Women: no period is complete yet."


def test_the_target_has_its_history_and_is_compared_with_the_last_complete_period():
    first, second = (
        {"target": 0.45, "target_set_on": date(2022, 9, 1)},
        {"target": 0.48, "target_set_on": date(2025, 6, 1)},
    )
    rows = [row("2025-Q1", **first), row("2025-Q2", **second), row("2025-Q3", **second)]
    assert (
        "The target was 45% from September 1, 2022 and 48% from June 1, 2025; Jul–Sep 2025 was 5.0 points below it."
        in (narrative.words(rows, "Women"))
    )
    near = [*rows[:2], row("2025-Q3", 0.46, **second)]
    assert "2.0 points below it, which could be chance." in narrative.words(near, "Women")
    assert "Jul–Sep 2025 met it." in narrative.words([*rows[:2], row("2025-Q3", 0.48, **second)], "Women")
    assert narrative.steps(rows) == [(date(2025, 1, 1), 0.45), (date(2025, 4, 1), 0.48), (date(2025, 7, 1), 0.48)]


def test_outcomes_include_the_others():
    rows = [row(f"2025-Q{n}", 0.8, part="completion_rate", others=0.75) for n in (1, 2)]
    assert (
        "80% of those who exited in Apr–Jun 2025 had completed. That is 400 of 500 (95% interval 76% to 84%); others 75%."
        in (narrative.words(rows, "Women"))
    )
    lines = narrative.lines(rows, "Women")
    assert list(lines) == ["Women", "Others"]
    assert [r.value for r in lines["Others"]] == [0.75, 0.75]
    assert all(r.low is None and r.signal is None for r in lines["Others"])
    assert list(narrative.lines(YEAR, "Women")) == ["Women"]
    mixed = answer(*rows, *YEAR, OutcomePeriodRow(key="veteran", group="veteran", value=None, note="not supplied"))
    assert narrative.rows_of(mixed, "woman", "completion_rate") == rows
    assert narrative.rows_of(mixed, "veteran") == []


def test_every_kind_of_period_and_outcome_has_its_words():
    for keys, word in (
        (("2025-01", "2025-02"), "months"),
        (("FY2025", "FY2026"), "fiscal years"),
        (("2024", "2025"), "years"),
    ):
        for part in narrative.SHARES:
            rows = [row(key, part=part) for key in keys]
            assert f"in 2 {word}" in narrative.title(rows, "Women")
            assert "None" not in narrative.words(rows, "Women")


def target(value: float, set_on: date, **more: Any) -> dict[str, Any]:
    return {
        "measure": "participation_share", "initiative": "CareerConneCT", "region": None, "sector": None, "group_id": "woman",
        "set_on": set_on, "starts_on": None, "due_on": None, "value": value, "set_by": "Office", "reason": "Why", "source": "Where",
    } | more  # fmt: skip


def test_revisions_of_a_target_are_in_order_with_the_days_each_was_in_force():
    rows = [
        target(0.45, date(2022, 9, 1)),
        target(0.48, date(2024, 1, 15)),
        target(6000, date(2022, 8, 15), measure="residents_enrolled", group_id=None, due_on=date(2026, 12, 31)),
        target(0.12, date(2024, 6, 3), region="Northwest", initiative=None),
    ]
    table = definitions.target_table(rows, {"woman": "Women"})
    assert [line["Target"] for line in table] == ["45%", "48%", "6,000", "12%"]
    assert [line["In force until"] for line in table] == [date(2024, 1, 14), *["still in force"] * 3]
    assert [line["For"] for line in table] == [
        "Women in CareerConneCT", "Women in CareerConneCT", "All residents in CareerConneCT", "Women in Northwest",
    ]  # fmt: skip
    assert [line["Due on"] for line in table] == ["no date", "no date", date(2026, 12, 31), "no date"]


@pytest.mark.parametrize(
    ("part", "says"),
    [("placement_rate", True), ("credential_rate", True), ("employment_rate_q2", False), (None, False)],
)
def test_an_outcome_without_a_last_day_says_that_earlier_periods_had_more_time(part, says):
    words = narrative.words([row(f"2025-Q{n}", part=part) for n in (1, 2, 3)], "Women")
    assert ("have had more time" in words) == says
