"""Test rates, ratios and shortfalls against scipy and published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from queries.statistics import rate_ratio, residents_to_reach, wilson
from tests.queries.statistics.mover import ratio_interval


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


@pytest.mark.parametrize("confidence", [0.95, 0.99])
@pytest.mark.parametrize(
    "counts", [(40, 100, 60, 100), (29, 30, 270, 300), (30, 30, 270, 300), (64, 64, 143, 143), (1, 30, 30, 300)]
)
def test_a_ratio_has_the_interval_of_its_definition(counts, confidence):
    first, second = counts[:2], counts[2:]
    ratio = rate_ratio(*counts, confidence=confidence)
    assert ratio.value == pytest.approx(first[0] / first[1] / (second[0] / second[1]))
    expected = ratio_interval(first, second, confidence=confidence)
    assert (ratio.low, ratio.high) == pytest.approx(expected, abs=1e-6)
    assert ratio.low < ratio.value < ratio.high  # also where everyone on both sides has the outcome


@pytest.mark.parametrize(
    ("n", "rate", "other_n", "other_rate"), [(30, 0.97, 300, 0.9), (40, 0.99, 400, 0.98), (30, 0.7, 300, 0.8)]
)
def test_the_interval_of_a_ratio_holds_it_as_often_as_stated(n, rate, other_n, other_rate):
    """2,000 draws. The log interval of Katz et al. (1978) held it in 86%, 89% and 93%."""
    rng = np.random.default_rng(5)
    drawn = zip(rng.binomial(n, rate, 2000).tolist(), rng.binomial(other_n, other_rate, 2000).tolist(), strict=True)
    ratios = [rate_ratio(successes, n, others, other_n) for successes, others in drawn]
    assert 0.94 <= np.mean([ratio.low <= rate / other_rate <= ratio.high for ratio in ratios]) <= 0.98


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
