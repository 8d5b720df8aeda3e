"""Test standardization against a published example, statsmodels and simulated coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import WLS

from queries.statistics import Stratum, standardized

strata = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)).map(
        lambda n: Stratum(min(n[:2]), max(n[:2]), min(n[2:]), max(n[2:]))
    ),
    max_size=12,
)


def test_the_tolbutamide_trial():
    # Rothman, Greenland and Lash (2008), table 15-1: risk difference 0.035, 90% interval -0.018 to 0.088 (by Greenland and
    # Robins' variance); metafor reports 0.0349, -0.0176 to 0.0874
    result = standardized([Stratum(8, 106, 5, 120), Stratum(22, 98, 16, 85)])
    assert result.difference == pytest.approx(0.0349, abs=5e-5)
    error = (result.high - result.low) / 2 / 1.959963984540054
    assert result.difference - 1.6448536 * error == pytest.approx(-0.018, abs=1e-3)
    assert result.difference + 1.6448536 * error == pytest.approx(0.088, abs=1e-3)
    assert (result.matched_with, result.matched_without, result.unmatched_with) == (204, 205, 0)


def test_the_variance_written_out():
    # Sato (1989), his P and Q, for the two strata above, by hand
    (a, n1, b, n0), (c, m1, d, m0) = (8, 106, 5, 120), (22, 98, 16, 85)
    weight = n1 * n0 / 226 + m1 * m0 / 183
    difference = (a * n0 / 226 - b * n1 / 226 + c * m0 / 183 - d * m1 / 183) / weight
    p = (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / 226**2 + (
        m1**2 * d - m0**2 * c + m1 * m0 * (m0 - m1) / 2
    ) / 183**2
    q = (a * (n0 - b) + b * (n1 - a)) / 452 + (c * (m0 - d) + d * (m1 - c)) / 366
    result = standardized([Stratum(a, n1, b, n0), Stratum(c, m1, d, m0)])
    margin = 1.959963984540054 * math.sqrt((difference * p + q) / weight**2)
    assert (result.low, result.high) == pytest.approx((difference - margin, difference + margin))


@given(strata)
def test_the_estimate_is_a_weighted_regression_on_the_strata(drawn):
    result = standardized(drawn)
    matched = [stratum for stratum in drawn if stratum.with_ and stratum.without]
    assume(matched)
    assert result.rate_with - result.rate_without == pytest.approx(result.difference, abs=1e-12)
    assert 0 <= result.rate_with <= 1
    assert 0 <= result.rate_without <= 1
    differences = [
        stratum.successes_with / stratum.with_ - stratum.successes_without / stratum.without for stratum in matched
    ]
    weights = [stratum.with_ * stratum.without / (stratum.with_ + stratum.without) for stratum in matched]
    fit = WLS(differences, np.ones(len(matched)), weights=weights).fit()
    assert result.difference == pytest.approx(float(fit.params[0]), abs=1e-9)
    # the same as the slope of the outcome on the service, with a constant for each stratum (Frisch and Waugh 1933)
    design, outcomes, people = [], [], []
    for at, stratum in enumerate(matched):
        for received, successes, number in (
            (1, stratum.successes_with, stratum.with_),
            (0, stratum.successes_without, stratum.without),
        ):
            for outcome, count in ((1, successes), (0, number - successes)):
                design.append([received, *(float(at == column) for column in range(len(matched)))])
                outcomes.append(outcome)
                people.append(count)
    keep = [at for at, count in enumerate(people) if count]
    slope = WLS(np.array(outcomes)[keep], np.array(design)[keep], weights=np.array(people)[keep]).fit().params[0]
    assert result.difference == pytest.approx(float(slope), abs=1e-8)


@given(strata)
def test_swapping_with_and_without_turns_the_sign(drawn):
    result = standardized(drawn)
    swapped = standardized([Stratum(s.successes_without, s.without, s.successes_with, s.with_) for s in drawn])
    assume(result is not None)
    assert swapped.difference == pytest.approx(-result.difference, abs=1e-12)
    assert (result.low is None) == (swapped.low is None)
    if result.low is not None:
        assert (-swapped.high, -swapped.low) == pytest.approx((result.low, result.high), abs=1e-9)


@pytest.mark.parametrize("drawn", [[], [Stratum(1, 2, 0, 0)], [Stratum(1, 2, 0, 0), Stratum(0, 0, 3, 4)]])
def test_strata_with_a_single_side_give_no_estimate(drawn):
    assert standardized(drawn) is None


@pytest.mark.parametrize(
    ("sizes", "truth", "varies"),
    [
        ([(40, 60), (80, 20), (15, 90)], 0.1, 0.0),  # few large strata
        ([(2, 3)] * 120, 0.1, 0.0),  # many small strata
        ([(1, 4)] * 150, -0.15, 0.0),  # each resident matched to four
        ([(2, 3)] * 120, 0.05, 0.1),  # the difference itself varies from stratum to stratum
    ],
)
def test_the_interval_holds_the_truth_about_95_times_in_100(sizes, truth, varies):
    rng = np.random.default_rng(8)
    n1, n0 = np.array(sizes).T
    base = rng.uniform(0.3, 0.7, len(sizes))
    lift = truth + varies * np.where(np.arange(len(sizes)) % 2, 1, -1)
    weight = n1 * n0 / (n1 + n0)
    target = float((weight * lift).sum() / weight.sum())
    covered = 0
    for _ in range(2000):
        a, b = rng.binomial(n1, base + lift), rng.binomial(n0, base)
        result = standardized([Stratum(*map(int, row)) for row in zip(a, n1, b, n0, strict=True)])
        covered += result.low <= target <= result.high
    assert 0.935 < covered / 2000 < 0.975


def test_a_service_given_to_residents_who_complete_anyway_makes_no_difference():
    # raw: 85 of 100 with it and 55 of 100 without complete; among similar residents, 90% and 40% on both sides
    result = standardized([Stratum(81, 90, 27, 30), Stratum(4, 10, 28, 70)])
    assert result.difference == pytest.approx(0, abs=1e-12)
    assert result.low < 0 < result.high
    assert result.rate_with == pytest.approx(result.rate_without)


def test_people_without_a_match_are_counted_and_left_out():
    result = standardized([Stratum(5, 10, 3, 10), Stratum(7, 7, 0, 0), Stratum(0, 0, 2, 9)])
    assert result.difference == pytest.approx(0.2)
    assert (result.matched_with, result.matched_without, result.unmatched_with) == (10, 10, 7)
    assert standardized([Stratum(7, 7, 0, 0), Stratum(0, 0, 2, 9)]) is None
    assert standardized([]) is None


def test_no_interval_where_nothing_shows_the_noise():
    result = standardized([Stratum(10, 10, 12, 12)])
    assert result.difference == 0
    assert result.low is None
    assert result.high is None
