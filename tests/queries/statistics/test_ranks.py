"""Test ranks against statsmodels, an example worked by hand, and a simulation."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from queries.statistics.ranks import rank_range
from queries.statistics.significance import Side

counts = st.integers(1, 120).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def test_distant_rates_have_a_rank_and_close_rates_have_a_range():
    sides = [Side.of_people(*pair) for pair in ((900, 1000), (520, 1000), (500, 1000), (100, 1000))]
    assert [rank_range(sides, at) for at in range(4)] == [(1, 1), (2, 3), (2, 3), (4, 4)]


def test_a_rate_without_trials_can_have_any_rank():
    sides = [Side.of_people(90, 100), Side.of_people(10, 100), Side.of_people(0, 0)]
    assert rank_range(sides, 2) == (1, 3) and rank_range(sides, 0) == (1, 2)


@settings(max_examples=25)
@given(st.lists(counts, min_size=2, max_size=5))
def test_the_others_are_those_that_holms_procedure_rejects(drawn):
    sides = [Side.of_people(*pair) for pair in drawn]
    (successes, trials), *others = drawn
    ps = [fisher_exact([[successes, trials - successes], [s, n - s]]).pvalue for s, n in others]
    rejected = multipletests(ps, alpha=0.05, method="holm")[0]
    rates = [s / n for s, n in others]
    higher = sum(is_rejected and rate > successes / trials for is_rejected, rate in zip(rejected, rates, strict=True))
    lower = sum(is_rejected and rate < successes / trials for is_rejected, rate in zip(rejected, rates, strict=True))
    assert rank_range(sides, 0) == (1 + higher, len(sides) - lower)


def test_the_true_rank_is_outside_of_the_range_in_at_most_five_of_a_hundred_deliveries():
    rng, rates = np.random.default_rng(7), np.array([0.70, 0.74, 0.76, 0.76, 0.80])
    wrong = 0
    for _ in range(200):
        sides = [Side.of_people(int(successes), 800) for successes in rng.binomial(800, rates)]
        best, worst = rank_range(sides, 1)
        wrong += not best <= 4 <= worst  # 0.74 is the fourth highest
    assert wrong <= 0.05 * 200


def test_the_range_allows_for_residents_with_several_exits():
    """Half of the residents have two exits that always end alike: 900 exits tell as much as 600 residents."""
    rng, rates, effect = np.random.default_rng(8), np.array([0.70, 0.74, 0.76, 0.76, 0.80]), 5 / 3
    wrong = wrong_without = 0
    for _ in range(300):
        successes = rng.binomial(300, rates) + 2 * rng.binomial(300, rates)
        for factor in (1, effect):
            sides = [Side.of_people(int(count), 900, effect=factor) for count in successes]
            best, worst = rank_range(sides, 1)
            is_wrong = not best <= 4 <= worst  # 0.74 is the fourth highest
            wrong, wrong_without = wrong + (is_wrong and factor > 1), wrong_without + (is_wrong and factor == 1)
    assert wrong <= 0.05 * 300
    assert wrong < wrong_without
