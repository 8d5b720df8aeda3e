"""Sentences about what may come: scenarios for enrollment, and where the pace of spending leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from components import metric_cards
from components.text.narratives import burn_down, headlines, news
from queries import Scope, registry
from queries.calculators.burn import BurnRow
from queries.calculators.counts import CountRow
from queries.calculators.pace import PaceRow
from tests.components.rows import answer

PACE = PaceRow(
    key="Total", value=0.9, numerator=8000, denominator=8900, target=10_000, due_on=date(2028, 12, 31), weeks=13,
    weekly=30.0, weekly_needed=18.04, projected_on=date(2027, 5, 14), projection=8780.4, projection_low_80=8600.0,
    projection_high_80=8990.0, projection_low=8450.0, projection_high=9300.0, origins=99,
)  # fmt: skip
BURN = BurnRow(key="Total", value=900_000, available=9_000_000, left=2_000_000, left_of="obligated", daily=10_000)


def of(row, **scope):
    return replace(answer(row), scope=Scope(initiative="CareerConneCT", **scope))


def test_a_projection_is_a_range_of_scenarios():
    assert headlines.projection(of(PACE, region="Eastern")) == (
        "Outlook for May 14, 2027: at the rate of the last 13 weeks, 30 a week, 8,780 residents would be enrolled in "
        "CareerConneCT in Eastern. The rate can change. Judging by 99 earlier projections, expect between 8,600 and 8,990 "
        "about four times in five. Expect between 8,450 and 9,300 about 19 times in 20. In tests on demo enrollment, the "
        "actual number fell in the first range 71% to 86% of the time, and in the second 91% to 98%. To reach the target of 10,000 by December 31, 2028, "
        "18 a week are needed from now on."
    )
    assert headlines.projection(of(replace(PACE, weekly_needed=0.0))).endswith(headlines.RANGES_HELD)
    assert headlines.projection(of(PaceRow(key="Total", value=0.9))) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"runs_out_on": date(2027, 1, 5)}, "the obligated dollars would run out on January 5, 2027."),
        (
            {"lasts_until": date(2027, 5, 14)},
            "the obligated dollars would last beyond May 14, 2027. $2.0 million is left.",
        ),
        (
            {
                "expend_by": date(2026, 12, 31),
                "will_lapse": 1_500_000,
                "will_lapse_low": 1.2e6,
                "will_lapse_high": 1.7e6,
            },
            "$1.5 million of the obligated dollars would lapse on December 31, 2026. The range is $1.2 million to $1.7 million, "
            "if spending varies as it has.",
        ),
        (
            {"expend_by": date(2026, 12, 31), "will_lapse": 1_500_000},
            "$1.5 million of the obligated dollars would lapse on December 31, 2026.",
        ),
    ],
)
def test_where_the_pace_of_spending_leads(changes, sentence):
    pace = "CareerConneCT spent $900,000 in the last 90 days. At that pace, "
    assert burn_down.outlook(of(replace(BURN, **changes))) == pace + sentence


def test_after_the_day_to_spend_by_nothing_would_lapse_on_it():
    late = of(replace(BURN, expend_by=date(2026, 10, 1)))
    assert burn_down.outlook(late) == (
        "CareerConneCT: $2.0 million is left; the day to spend it by, October 1, 2026, has passed."
    )
    assert burn_down.title(late) == "CareerConneCT: $2.0 million left on November 13, 2026"
    assert news.must_be_spent(late).endswith("dollars are left; the day to spend them by, October 1, 2026, has passed.")


def test_dollars_taken_back_set_no_pace():
    back = of(replace(BURN, value=-8_218.4, daily=-91.3))
    assert burn_down.outlook(back) == (
        "CareerConneCT: in the last 90 days, corrections exceed the dollars spent by $8,218; $2.0 million is left."
    )


def test_more_spent_than_there_was_has_a_sentence():
    over = of(replace(BURN, left=-1_200.0))
    assert burn_down.outlook(over) == "CareerConneCT spent $1,200 more than its obligated dollars."
    assert burn_down.outlook(of(replace(BURN, left=0.0))) == "All the money of CareerConneCT has been spent."


def test_no_outlook_for_the_first_weeks_of_spending():
    assert burn_down.outlook(of(BURN)) == ""


def test_after_its_due_date_a_target_has_no_schedule():
    late = of(replace(PACE, due_on=date(2026, 6, 30), value=0.8))
    assert headlines.against_target(late) == "2,000 short of its target of 10,000, which was due June 30, 2026"
    assert headlines.against_target(of(PACE)) == "10% behind schedule toward its target of 10,000 by December 31, 2028"


def test_a_card_counts_what_is_not_known_yet():
    row = CountRow(key="Total", value=0.5, numerator=5, denominator=10, low=0.25, high=0.75, unknown=37)
    rate = answer(row, unit="share")
    assert metric_cards.figure(rate).context == "5 of 10 residents · 95% interval 25% to 75% · 37 not known yet"
    assert metric_cards.figure(rate, context="of exits").context == "of exits · 37 not known yet"
    known = answer(replace(row, unknown=0), unit="share")
    assert metric_cards.figure(known).context == "5 of 10 residents · 95% interval 25% to 75%"


def test_a_share_names_what_it_is_a_share_of():
    rate = replace(answer(unit="share").measure, denominator="Distinct residents with an exit at least 180 days old")
    row = CountRow(key="Total", value=0.5, numerator=5, denominator=10)
    rate_of_ten = replace(answer(row, unit="share"), measure=rate)
    assert metric_cards.figure(rate_of_ten).context == "5 of 10 residents with an exit at least 180 days old"
    rate_of_single = replace(answer(replace(row, numerator=1, denominator=1), unit="share"), measure=rate)
    assert metric_cards.figure(rate_of_single).context == "1 of 1 resident with an exit at least 180 days old"


def test_every_share_says_what_it_is_a_share_of():
    shares = [measure for measure in map(registry.measure, registry.measures()) if measure.unit == "share"]
    assert shares and all(measure.denominator for measure in shares)
