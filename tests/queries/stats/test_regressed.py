"""Estimates drawn toward their parts, against statsmodels."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects

from queries.statistics.shrinkage import draw_toward_parts

PAIRS = list(itertools.combinations(range(7), 2))
PARTS = [[float(part in pair) for part in range(7)] for pair in PAIRS]


def made(seed: int, spread: float):
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.02, 0.25, len(PAIRS))
    effects = rng.normal(0, 0.1, 7)
    truth = np.array(PARTS) @ effects + rng.normal(0, spread, len(PAIRS))
    return truth, list(truth + rng.normal(0, errors)), list(errors)


def test_one_common_part_is_the_random_effects_mean_of_statsmodels():
    _, estimates, errors = made(3, 0.1)
    tau2, drawn = draw_toward_parts(estimates, errors, [[1.0]] * len(estimates))
    theirs = combine_effects(np.array(estimates), np.array(errors) ** 2, method_re="dl")
    assert tau2 == pytest.approx(max(theirs.tau2, 0), rel=1e-9)
    assert drawn[0].expected == pytest.approx(theirs.mean_effect_re, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_expected_is_weighted_least_squares(seed):
    _, estimates, errors = made(seed, 0.1)
    tau2, drawn = draw_toward_parts(estimates, errors, PARTS)
    fit = sm.WLS(estimates, np.array(PARTS), weights=1 / (tau2 + np.array(errors) ** 2)).fit()
    assert [one.expected for one in drawn] == pytest.approx(list(fit.fittedvalues), rel=1e-8)
    for one, estimate, error in zip(drawn, estimates, errors, strict=True):
        pull = error**2 / (tau2 + error**2)
        assert one.value == pytest.approx(pull * one.expected + (1 - pull) * estimate)
        assert 0 < one.error <= error + 1e-12


def test_drawing_in_brings_estimates_nearer_to_the_truth_and_intervals_hold():
    nearer, held, tried = [], 0, 0
    for seed in range(200):
        truth, estimates, errors = made(seed, 0.03)
        _, drawn = draw_toward_parts(estimates, errors, PARTS)
        values = np.array([one.value for one in drawn])
        nearer.append(np.mean((values - truth) ** 2) / np.mean((np.array(estimates) - truth) ** 2))
        held += int(sum(abs(values - truth) <= 1.96 * np.array([one.error for one in drawn])))
        tried += len(drawn)
    assert np.mean(nearer) < 0.7
    assert held / tried >= 0.95


def test_few_estimates_share_one_mean_and_none_gives_none():
    _, drawn = draw_toward_parts([0.2, 0.4], [0.1, 0.1], [[1, 1, 0], [0, 1, 1]])
    assert drawn[0].expected == drawn[1].expected == pytest.approx(0.3)
    assert draw_toward_parts([], [], []) is None
    with pytest.raises(ValueError, match="above zero"):
        draw_toward_parts([0.1], [0.0], [[1.0]])
