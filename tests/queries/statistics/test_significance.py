"""Test significance against scipy, statsmodels and examples worked by hand."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2_contingency, fisher_exact, hypergeom
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.multitest import multipletests

from queries.statistics import (
    Moments,
    Side,
    design_effect,
    discoveries,
    interval_ratio,
    p_share,
    p_two_rates,
    rate_ratio,
)
from queries.statistics.significance import p_of_difference
from tests.queries.statistics.mover import ratio_interval

residents = st.lists(st.integers(1, 6).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))), min_size=1)


def side(drawn: list[tuple[int, int]]) -> Side:
    successes, trials = np.array(drawn).T
    sums = (successes.sum(), trials.sum(), (successes**2).sum(), (successes * trials).sum(), (trials**2).sum())
    return Side(*(int(total) for total in sums))


@given(residents)
def test_the_design_effect_is_the_cluster_robust_variance_over_the_binomial(drawn):
    made = side(drawn)
    assume(len(drawn) > 1 and 0 < made.rate < 1)
    outcomes = [float(trial < successes) for successes, trials in drawn for trial in range(trials)]
    clusters = [at for at, (_, trials) in enumerate(drawn) for _ in range(trials)]
    # statsmodels' sandwich, residents as clusters, without small-sample factors
    fit = OLS(outcomes, np.ones(len(outcomes))).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    robust = float(fit.cov_params()[0, 0])
    binomial = made.rate * (1 - made.rate) / made.trials
    assert made.effect == pytest.approx(max(1.0, robust / binomial))


@pytest.mark.parametrize("drawn", [[(0, 3)], [(3, 3)], [(0, 2), (0, 5)], [(2, 2), (5, 5)]])
def test_a_rate_of_none_or_all_has_no_design_effect(drawn):
    assert side(drawn).effect == 1


@given(st.integers(0, 10**8), st.integers(1, 10**8))
def test_a_single_trial_each_has_a_design_effect_of_exactly_1(successes, misses):
    made = Side.of_people(successes, successes + misses)
    assert made.effect == 1.0  # exactly
    assert (made.effective_successes, made.effective_trials) == (made.successes, made.trials)


def test_a_design_effect_by_hand():
    # three residents: 3 of 3, 0 of 3, 1 of 2; p = 1/2: Σ (h − m/2)² = 2.25 + 2.25 + 0 = 4.5; 8 × 1/4 = 2
    assert design_effect(successes=4, trials=8, squares=Moments(hh=10, hm=11, mm=22)) == pytest.approx(2.25)
    # every resident always the same outcome, three trials each: as many independent trials as residents
    same = side([(3, 3)] * 40 + [(0, 3)] * 60)
    assert same.effect == pytest.approx(3)
    assert (same.effective_successes, same.effective_trials) == (40, 100)
    # half and half in each resident is less than binomial: never below 1
    assert side([(1, 2)] * 50).effect == 1
    assert Side(0, 0, 0, 0, 0).effect == 1
    assert Side(0, 0, 0, 0, 0).effective_successes == 0


def test_numpy_counts_do_not_overflow():
    big = np.int64(9_000_000)
    assert Side(np.int64(5_000_000), big, np.int64(5_000_000), np.int64(5_000_000), big).effect == 1.0


@given(residents)
def test_effective_counts_keep_the_rate(drawn):
    made = side(drawn)
    assert 0 <= made.effective_successes <= made.effective_trials <= made.trials
    assert abs(made.effective_successes - made.rate * made.effective_trials) <= 0.5 + 1e-9


def test_two_rates_match_fishers_tea_example():
    # Fisher's tea: 3 of 4 and 1 of 4, two-sided 34/70
    assert p_two_rates(Side.of_people(3, 4), Side.of_people(1, 4)) == pytest.approx(34 / 70)
    assert p_two_rates(Side.of_people(0, 0), Side.of_people(1, 4)) is None
    assert p_two_rates(Side.of_people(5, 5), Side.of_people(7, 7)) == 1


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_two_rates_match_the_sum_over_every_table(n1, n2, data):
    a, b = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    chances = hypergeom(n1 + n2, a + b, n1).pmf(np.arange(n1 + 1))
    counted = chances[chances <= chances[a] * (1 + 1e-7)].sum()
    assert p_two_rates(Side.of_people(a, n1), Side.of_people(b, n2)) == pytest.approx(counted, rel=1e-6)


@given(st.integers(1, 4000), st.integers(1, 4000), st.floats(0, 1), st.floats(0, 1))
def test_two_rates_match_scipy(n1, n2, rate, other_rate):
    a, b = round(n1 * rate), round(n2 * other_rate)
    expected = fisher_exact([[a, n1 - a], [b, n2 - b]]).pvalue
    assert p_two_rates(Side.of_people(a, n1), Side.of_people(b, n2)) == pytest.approx(expected, rel=1e-6, abs=1e-90)


@pytest.mark.parametrize(("n1", "n2"), [(2_000_000, 3_000), (10_000_000, 40), (10_000_000, 10_000_000)])
@pytest.mark.parametrize("rate", [0.000_05, 0.6, 0.999])
def test_two_rates_of_very_unequal_or_very_large_sides_match_scipy(n1, n2, rate):
    for away in (-1, 0, 2):
        a = round(n1 * rate)
        b = min(max(round(n2 * rate + away * math.sqrt(n2 * rate * (1 - rate) + 1)), 0), n2)
        expected = fisher_exact([[a, n1 - a], [b, n2 - b]]).pvalue
        assert p_two_rates(Side.of_people(a, n1), Side.of_people(b, n2)) == pytest.approx(expected, rel=1e-4)


def test_an_impossible_difference_has_a_p_value_near_zero():
    assert p_two_rates(Side.of_people(10**6, 10**7), Side.of_people(9 * 10**6, 10**7)) == 0
    assert 0 < p_two_rates(Side.of_people(0, 100), Side.of_people(100, 100)) < 1e-55


@pytest.mark.parametrize("lead", [0, 500, 2000, 4000, 8000])
def test_two_rates_of_ten_million_a_side_are_quick_and_agree_with_the_score_test(lead):
    n, successes = 10_000_000, 6_000_000
    began = time.perf_counter()
    exact = p_two_rates(Side.of_people(successes, n), Side.of_people(successes + lead, n))
    assert time.perf_counter() - began < 1
    score = chi2_contingency(
        [[successes, n - successes], [successes + lead, n - successes - lead]], correction=False
    ).pvalue
    assert exact == pytest.approx(score, rel=0.02)


def test_repeated_exits_carry_less_information():
    once, thrice = Side.of_people(60, 100), side([(3, 3)] * 60 + [(0, 3)] * 40)
    other = Side.of_people(45, 100)
    assert p_two_rates(thrice, other) == pytest.approx(p_two_rates(once, other))
    assert p_two_rates(thrice, other) > fisher_exact([[180, 120], [45, 55]]).pvalue


@given(st.integers(1, 200), st.floats(0.01, 0.99), st.data())
def test_a_share_matches_the_sum_of_binomial_probabilities(trials, share, data):
    successes = data.draw(st.integers(0, trials))
    chances = binom(trials, share).pmf(np.arange(trials + 1))
    assert p_share(successes, trials, share) == pytest.approx(
        chances[chances <= chances[successes] * (1 + 1e-7)].sum(), rel=1e-5
    )


@given(st.integers(1, 20_000), st.floats(0, 1), st.floats(0.001, 0.999))
def test_a_share_matches_scipy(trials, rate, share):
    successes = round(trials * rate)
    assert p_share(successes, trials, share) == pytest.approx(
        binomtest(successes, trials, share).pvalue, rel=1e-5, abs=1e-90
    )


@pytest.mark.parametrize("share", [0.000_02, 0.2, 0.9995])
def test_a_share_of_a_very_large_side_matches_scipy(share):
    for away in (-3, -1, 0, 2, 5):
        successes = round(10**7 * share + away * math.sqrt(10**7 * share * (1 - share)))
        assert p_share(successes, 10**7, share) == pytest.approx(binomtest(successes, 10**7, share).pvalue, rel=1e-4)


def test_a_share_of_all_or_nothing():
    assert (p_share(0, 9, 0.0), p_share(1, 9, 0.0), p_share(9, 9, 1.0), p_share(8, 9, 1.0)) == (1, 0, 1, 0)


def test_a_share_of_ten_million_is_quick_and_a_share_of_nobody_is_none():
    began = time.perf_counter()
    p = p_share(6_003_000, 10_000_000, 0.6)
    assert time.perf_counter() - began < 1
    z = 3_000 / math.sqrt(10_000_000 * 0.6 * 0.4)
    assert p == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.01)
    assert p_share(0, 0, 0.5) is None


def test_discoveries_match_the_table_of_benjamini_and_hochberg():
    # their table of 15 p-values (1995): four are called at 5%
    ps = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert sum(p <= 0.05 for p in discoveries(ps)) == 4


@given(st.lists(st.one_of(st.none(), st.floats(0, 1))))
def test_discoveries_leave_out_the_unknown_and_agree_with_statsmodels(ps):
    adjusted = discoveries(ps)
    known = [p for p in ps if p is not None]
    assert [p is None for p in adjusted] == [p is None for p in ps]
    if known:
        expected = multipletests(known, alpha=0.05, method="fdr_bh")[1]
        assert [p for p in adjusted if p is not None] == pytest.approx(list(expected))


def test_the_ratio_is_that_of_the_true_counts_with_a_wider_interval():
    other = Side.of_people(500, 1000)
    once = interval_ratio(Side.of_people(400, 1000), other)
    assert once == rate_ratio(400, 1000, 500, 1000)
    twice = interval_ratio(side([(2, 2)] * 200 + [(0, 2)] * 300), other)
    assert twice.value == pytest.approx(0.8)
    assert twice.low < once.low
    assert twice.high > once.high
    # 500 residents carry as much information as 500 trials
    assert (twice.low, twice.high) == pytest.approx(ratio_interval((200, 500), (500, 1000)), abs=1e-6)


def test_a_ratio_without_successes_has_no_interval_and_without_a_comparison_is_none():
    assert interval_ratio(Side.of_people(0, 50), Side.of_people(20, 50)).low is None
    assert interval_ratio(Side.of_people(5, 50), Side.of_people(0, 50)) is None
    assert interval_ratio(Side.of_people(0, 0), Side.of_people(1, 50)) is None


@pytest.mark.parametrize(("difference", "margin"), [(0.1, 0.05), (-0.02, 0.08), (0.0, 0.3)])
def test_the_p_value_of_a_normal_interval_is_scipys(difference, margin):
    from scipy.stats import norm

    assert p_of_difference(difference, margin) == pytest.approx(
        2 * norm.sf(abs(difference) / (margin / norm.ppf(0.975)))
    )


def test_without_a_margin_only_a_zero_difference_is_chance():
    assert p_of_difference(0.2, 0.0) == 0.0
    assert p_of_difference(0.0, 0.0) == 1.0
