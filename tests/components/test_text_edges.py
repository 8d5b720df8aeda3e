"""Check numbers and sentences at the edges where their wording changes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from components.text import format, verdicts
from queries.verdicts import ABOVE, BELOW, RATE


@pytest.mark.parametrize(
    ("value", "text"), [(999_000, "$999,000"), (2e6, "$2M"), (999e6, "$999M"), (1e9, "$1B"), (2.5e9, "$2.5B")]
)
def test_a_tick_of_dollars_is_short(value, text):
    assert format.axis(value, "dollars") == text


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
