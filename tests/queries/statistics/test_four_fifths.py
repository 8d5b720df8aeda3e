"""The four-fifths screen: by hand, against scipy, and by simulation of its interval for the highest rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import proportions_ztest

from benchmarks import gaps
from queries.statistics.four_fifths import OTHERS, screen
from queries.statistics.significance import Side, deviations
from tests.queries.statistics.mover import ratio_interval

ENOUGH = 30


def side(successes: int, trials: int) -> Side:
    return Side.of_people(successes, trials)


def test_with_two_categories_it_is_the_ratio_of_their_rates():
    # 51.7% of women and 79.6% of men: the ratio is 0.65
    result = screen(side(517, 1000), [(OTHERS, side(796, 1000))], min_trials=ENOUGH)
    assert (result.highest, round(result.ratio, 2)) == (OTHERS, 0.65)
    assert (result.low, result.high) == pytest.approx(ratio_interval((517, 1000), (796, 1000)), abs=1e-6)


def test_the_worked_example_of_the_guidelines():
    # Questions and answers on the Uniform Guidelines (44 FR 11996, 1979), question 12: 48 of 80 whites and 12 of 40 Blacks
    # are hired, 60% and 30%: the ratio is one half, below four-fifths
    result = screen(side(12, 40), [("white", side(48, 80))], min_trials=ENOUGH)
    assert (result.highest, result.ratio) == ("white", pytest.approx(0.5))
    assert result.high < 1


def test_the_highest_of_several_categories_is_compared_and_small_ones_are_not():
    peers = [("a", side(70, 100)), ("b", side(45, 50)), ("small", side(10, 10)), ("none", side(0, 80))]
    result = screen(side(60, 100), peers, min_trials=ENOUGH)
    assert (result.highest, result.ratio) == ("b", pytest.approx(0.6 / 0.9))
    expected = ratio_interval((60, 100), (45, 50), confidence=1 - 0.05 / 2)
    assert (result.low, result.high) == pytest.approx(expected, abs=1e-6)
    assert screen(side(5, 10), peers, min_trials=ENOUGH) is None
    assert screen(side(50, 100), peers[2:], min_trials=ENOUGH) is None


def test_the_highest_itself_is_above_1():
    assert screen(side(90, 100), [("a", side(60, 100))], min_trials=ENOUGH).ratio == pytest.approx(1.5)


def test_a_zero_has_a_valid_upper_end():
    result = screen(side(0, 60), [("a", side(30, 60))], min_trials=ENOUGH)
    assert (result.ratio, result.low) == (0, 0)
    assert 0.05 < result.high < 0.3


@pytest.mark.parametrize("rates", [(0.65, 0.8), (0.7, 0.7, 0.7, 0.7), (0.6, 0.75, 0.75, 0.74), (0.5, 0.9, 0.6, 0.55)])
def test_the_interval_holds_the_ratio_to_the_highest_at_least_as_often_as_stated(rates):
    """2,000 histories; a plain interval against the highest rate counted misses more often where rates are alike."""
    rng = np.random.default_rng(3)
    valid, plain = np.array([gaps.screens(rng, rates) for _ in range(2000)]).mean(axis=0)
    assert valid >= 0.94
    assert valid >= plain


@pytest.mark.parametrize(("first", "second"), [((517, 1000), (796, 1000)), ((30, 60), (10, 40)), ((9, 10), (1, 30))])
def test_standard_deviations_are_the_pooled_z_of_statsmodels(first, second):
    z, _ = proportions_ztest([first[0], second[0]], [first[1], second[1]])
    assert deviations(side(*first), side(*second)) == pytest.approx(z)


def test_standard_deviations_need_both_outcomes_and_both_sides():
    assert deviations(side(5, 5), side(7, 7)) is None
    assert deviations(side(0, 0), side(7, 9)) is None


def test_the_p_value_is_fishers_against_each_higher_rate_by_bonferroni():
    peers = [("a", side(70, 100)), ("b", side(45, 50)), ("c", side(20, 80))]
    result = screen(side(60, 100), peers, min_trials=ENOUGH)
    assert result.p == pytest.approx(3 * fisher_exact([[60, 40], [45, 5]]).pvalue)
    assert screen(side(90, 100), [("a", side(60, 100))], min_trials=ENOUGH).p == 1
