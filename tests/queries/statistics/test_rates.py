"""Test rates, ratios and shortfalls against scipy and published examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from queries.statistics import rate_ratio, residents_to_reach, wilson


def test_wilson_matches_newcombes_examples():
    # Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3: 81/263 and 15/148
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) is None


@given(st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_matches_scipy(drawn):
    interval = binomtest(*drawn).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(*drawn) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_ratio_with_the_log_interval_written_out():
    # Katz et al. (1978): exp(log(rr) ± z sqrt(1/a − 1/n1 + 1/c − 1/n2))
    ratio = rate_ratio(40, 100, 60, 100)
    spread = 1.959963984540054 * math.sqrt(1 / 40 - 1 / 100 + 1 / 60 - 1 / 100)
    expected = (40 / 60 * math.exp(-spread), 40 / 60 * math.exp(spread))
    assert ratio.value == pytest.approx(2 / 3)
    assert (ratio.low, ratio.high) == pytest.approx(expected)


def test_ratio_without_a_comparison_is_none_and_without_successes_has_no_interval():
    assert rate_ratio(1, 2, 0, 5) is None
    assert rate_ratio(0, 0, 1, 5) is None
    assert rate_ratio(0, 50, 20, 50).low is None


@given(group=st.integers(0, 3000), others=st.integers(0, 3000), percent=st.integers(0, 9999))
def test_residents_to_reach_is_the_smallest_integer(group, others, percent):
    target, everyone = percent / 10_000, group + others
    more = residents_to_reach(group, everyone, target)
    assert (group + more) * 10_000 >= percent * (everyone + more)
    if more:
        assert (group + more - 1) * 10_000 < percent * (everyone + more - 1)


def test_residents_to_reach_by_hand():
    assert residents_to_reach(10, 100, 0.2) == 13  # 23/113 = 20.35%, 22/112 = 19.6%
    assert residents_to_reach(30, 100, 0.3) == 0
    assert residents_to_reach(10, 100, 1.0) is None
