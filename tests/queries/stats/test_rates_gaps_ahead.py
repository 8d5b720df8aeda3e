"""The statistics against scipy or worked, published examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from queries.statistics import Cell, decompose, project, rate_ratio, residents_to_reach, wilson


def test_wilson_as_newcombe_works_it_out():
    # Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3: 81/263 and 15/148
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) is None


@given(st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_wilson_as_scipy_has_it(drawn):
    interval = binomtest(*drawn).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(*drawn) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_ratio_with_the_log_interval_written_out():
    # Katz et al. (1978): exp(log(rr) ± z sqrt(1/a − 1/n1 + 1/c − 1/n2))
    ratio = rate_ratio(40, 100, 60, 100)
    spread = 1.959963984540054 * math.sqrt(1 / 40 - 1 / 100 + 1 / 60 - 1 / 100)
    expected = (40 / 60 * math.exp(-spread), 40 / 60 * math.exp(spread))
    assert ratio.value == pytest.approx(2 / 3) and (ratio.low, ratio.high) == pytest.approx(expected)


def test_ratio_without_a_comparison_is_none_and_without_hits_has_no_interval():
    assert rate_ratio(1, 2, 0, 5) is None and rate_ratio(0, 0, 1, 5) is None
    assert rate_ratio(0, 50, 20, 50).low is None


@given(group=st.integers(0, 3000), others=st.integers(0, 3000), percent=st.integers(0, 9999))
def test_residents_to_reach_is_the_least_whole_number(group, others, percent):
    target, everyone = percent / 10_000, group + others
    more = residents_to_reach(group, everyone, target)
    assert (group + more) * 10_000 >= percent * (everyone + more)
    if more:
        assert (group + more - 1) * 10_000 < percent * (everyone + more - 1)


def test_residents_to_reach_by_hand():
    assert residents_to_reach(10, 100, 0.2) == 13  # 23/113 = 20.35%, 22/112 = 19.6%
    assert residents_to_reach(30, 100, 0.3) == 0
    assert residents_to_reach(10, 100, 1.0) is None


cells = st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=8)


@given(cells)
def test_the_decomposition_adds_up_exactly(drawn):
    made = [Cell(str(i), min(a, b), b, min(c, d), d) for i, (a, b, c, d) in enumerate(drawn)]
    parts = decompose(made)
    known_in, known_out = sum(c.known_in for c in made), sum(c.known_out for c in made)
    if not known_in or not known_out:
        assert parts is None
        return
    gap = sum(c.successes_in for c in made) / known_in - sum(c.successes_out for c in made) / known_out
    assert sum(part.between + part.within for part in parts) == pytest.approx(gap, abs=1e-12)


def test_mix_alone_is_called_between_and_treatment_alone_within():
    # the same rates in both sectors, but the group sits where rates are low
    mix = decompose([Cell("low", 40, 80, 10, 20), Cell("high", 18, 20, 72, 80)])
    assert sum(p.within for p in mix) == pytest.approx(0) and sum(p.between for p in mix) == pytest.approx(-0.24)
    # the same mix, but lower rates for the group in both
    treatment = decompose([Cell("a", 20, 50, 30, 50), Cell("b", 25, 50, 40, 50)])
    assert sum(p.between for p in treatment) == pytest.approx(0) and sum(p.within for p in treatment) == pytest.approx(
        -0.25
    )


def test_the_decomposition_as_kitagawa_defines_it():
    # Kitagawa (1955): mix = Σ (share difference) × mean rate; rate = Σ (rate difference) × mean share
    drawn = [Cell("a", 30, 100, 10, 50), Cell("b", 20, 40, 90, 150)]
    shares = [(100 / 140, 50 / 200), (40 / 140, 150 / 200)]
    rates = [(0.3, 0.2), (0.5, 0.6)]
    mix = sum((s[0] - s[1]) * (r[0] + r[1]) / 2 for s, r in zip(shares, rates, strict=True))
    rate = sum((r[0] - r[1]) * (s[0] + s[1]) / 2 for s, r in zip(shares, rates, strict=True))
    parts = decompose(drawn)
    assert sum(p.between for p in parts) == pytest.approx(mix) and sum(p.within for p in parts) == pytest.approx(rate)


def test_projection_written_out():
    # mean 10, s² = 20/3 over 4 weeks; t(0.975, 3) = 3.1824; 8 weeks ahead: s sqrt(8 + 64/4)
    ahead = project(now=100, weekly_counts=[8, 8, 12, 12], weeks_left=8)
    spread = math.sqrt(16 / 3)
    assert ahead.value == pytest.approx(180) and ahead.weekly == 10
    assert ahead.high == pytest.approx(180 + 3.182446305 * spread * math.sqrt(8 + 16))
    assert ahead.low == pytest.approx(180 - 3.182446305 * spread * math.sqrt(24))
    assert project(now=5, weekly_counts=[1, 2, 3], weeks_left=4) is None
