"""Check numbers and sentences at the edges where their wording changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from components.text import format, verdicts
from components.text.narratives import online
from queries.calculators.counts import CountRow
from queries.verdicts import ABOVE, BELOW, RATE
from tests.components.rows import answer


@pytest.mark.parametrize(
    ("value", "text"), [(999_000, "$999,000"), (2e6, "$2M"), (999e6, "$999M"), (1e9, "$1B"), (2.5e9, "$2.5B")]
)
def test_a_tick_of_dollars_is_short(value, text):
    assert format.axis(value, "dollars") == text


@pytest.mark.parametrize(("rate", "text"), [(31.42, "31"), (3.42, "3.4"), (0.05, "0.1"), (0.02, "under 0.1"), (0, "0")])
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
