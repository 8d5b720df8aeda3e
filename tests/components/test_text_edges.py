"""Check numbers and sentences at the edges where their wording changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from components import periods
from components.text import format, prose, verdicts
from components.text.narratives import funding, headlines, online, plan
from queries import Scope
from queries.calculators.counts import CountRow
from queries.calculators.pace import PaceRow
from queries.models import Suppression
from queries.verdicts import ABOVE, BELOW, RATE
from tests.components.rows import answer, measure


@pytest.mark.parametrize(
    ("value", "text"), [(999_000, "$999,000"), (2e6, "$2M"), (999e6, "$999M"), (1e9, "$1B"), (2.5e9, "$2.5B")]
)
def test_a_tick_of_dollars_is_short(value, text):
    assert format.axis(value, "dollars") == text


@pytest.mark.parametrize(
    ("rate", "text"), [(31.42, "31.4"), (9.97, "10.0"), (3.42, "3.4"), (0.05, "0.1"), (0.02, "under 0.1"), (0, "0")]
)
def test_a_rate_of_few_is_not_zero(rate, text):
    assert format.format_value(rate, "per 10,000 residents") == f"{text} per 10,000 residents"


@pytest.mark.parametrize(("value", "text"), [(-0.055, "−5.5%"), (-0.3, "−30%"), (-0.0001, "0.0%")])
def test_a_share_below_zero_has_a_true_minus_and_no_minus_zero(value, text):
    assert format.share(value) == text


@pytest.mark.parametrize("verdict", [BELOW, ABOVE])
@pytest.mark.parametrize("tipping", [-0.01, 1.01])
def test_nothing_those_undisclosed_are_would_change_the_verdict(verdict, tipping):
    row = SimpleNamespace(value=5, verdict=verdict, tipping=tipping, share=0.3)
    assert verdicts.undisclosed_could(row).startswith("Nothing")


@pytest.mark.parametrize("tipping", [0, 1])
def test_a_verdict_holds_unless_some_of_those_undisclosed_are_in_the_group(tipping):
    row = SimpleNamespace(value=5, verdict=BELOW, tipping=tipping, share=0.3)
    assert not verdicts.undisclosed_could(row).startswith("Nothing")


def test_a_difference_is_sure_up_to_the_error_rate():
    rows = [
        SimpleNamespace(key=key, p_adjusted=p) for key, p in (("at", RATE), ("above", RATE * 1.001), ("none", None))
    ]
    assert verdicts.sure(rows) == {"at"}


def test_a_single_learner_is_not_called_learners():
    single = answer(CountRow(key="Total", value=1, numerator=1))
    share = answer(CountRow(key="Total", value=0.0, numerator=0, denominator=1), unit="share")
    assert "Of 1 learner, nobody has gone on" in online.lead(learners=single, completed=single, going_on=share)


@pytest.mark.parametrize(("value", "text"), [(-62, "−62"), (-62.5, "−62.5"), (-0.01, "0")])
def test_a_count_below_zero_has_a_true_minus_and_no_minus_zero(value, text):
    assert format.people(value) == text


@pytest.mark.parametrize(("value", "text"), [(-500_000, "−$500,000"), (-2e6, "−$2M"), (-2.5e9, "−$2.5B")])
def test_a_tick_of_dollars_below_zero_has_its_minus_before_the_dollar(value, text):
    assert format.axis(value, "dollars") == text


def test_a_period_of_a_day_is_not_a_range():
    day = date(2026, 3, 31)
    assert periods.described(day, day) == "March 31, 2026"
    assert periods.in_words(day, day, date(2026, 11, 13)) == "on March 31, 2026"
    made = answer(CountRow(key="Total", value=1))
    single = replace(made, scope=Scope(since=day, until=day))
    assert prose.when(single) == "on March 31, 2026"
    today = replace(made, scope=Scope(since=made.as_of, until=date(2026, 12, 31)))
    assert prose.when(today) == "on November 13, 2026 so far"


def test_what_no_row_counts_is_zero_in_a_table_and_a_rate_of_nothing_is_not():
    nobody = answer(status="empty", note="Example: nothing recorded by November 13, 2026.")
    assert prose.cell(nobody, "Healthcare") == 0
    assert prose.cell(replace(nobody, measure=measure("dollars")), "Healthcare") == 0
    assert prose.cell(replace(nobody, measure=measure("share")), "Healthcare") == "nothing recorded yet"
    assert prose.cell(replace(nobody, hidden_below=10), "Healthcare") == "nothing recorded yet"


def test_an_outlook_of_a_single_resident_is_singular():
    row = PaceRow(
        key="Total", value=0.1, target=10, weekly=0.0, weeks=13, origins=7, projection=1.2, projection_low_80=1, projection_high_80=3,
        projection_low=1, projection_high=9, projected_on=date(2027, 5, 12),
    )  # fmt: skip
    assert "0 a week, 1 resident would be enrolled" in headlines.projection(answer(row))


def test_a_day_ahead_or_past_is_singular():
    deadlines = [{"deadline": name, "falls_on": date(2026, 11, at)} for name, at in (("past", 12), ("ahead", 14))]
    table = funding.deadline_table(deadlines, as_of=date(2026, 11, 13))
    assert [row["When"] for row in table] == ["passed 1 day ago", "in 1 day"]


@pytest.mark.parametrize(
    ("needed", "text"),
    [
        (1, "1 more resident among women"),
        (1.0, "1 more resident among women"),
        (93, "93 more women"),
        (0.4, "0.4 more women"),
    ],
)
def test_more_of_a_group_has_a_singular(needed, text):
    assert plan.more_of(needed, "women") == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (CountRow(key="Total", value=1108), "1,108 residents have enrolled in Eastern"),
        (CountRow(key="Total", value=1), "1 resident has enrolled in Eastern"),
        (CountRow(key="Total", value=0), "No residents have enrolled in Eastern"),
        (
            CountRow(key="Total", value=None, note="hidden for privacy", suppression=Suppression.PRIVACY),
            "How many residents have enrolled in Eastern is hidden for privacy",
        ),
    ],
)
def test_a_hidden_count_is_in_a_sentence_as_a_person_would_say_it(row, text):
    assert prose.people_who(answer(row), "enrolled", " in Eastern") == text
    lead = headlines.lead(enrolled=answer(row), pace=answer(PaceRow(key="Total", value=None)))
    assert "A number of" not in lead and "a number of" not in lead
    assert lead.startswith("How many residents have enrolled" if row.suppression else "In all, ")
