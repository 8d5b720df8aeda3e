"""Test shrinkage toward components against statsmodels."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects

from queries.statistics.shrinkage import shrink_toward_components

PAIRS = list(itertools.combinations(range(7), 2))
COMPONENTS = [[float(component in pair) for component in range(7)] for pair in PAIRS]


def simulate(seed: int, spread: float):
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.02, 0.25, len(PAIRS))
    effects = rng.normal(0, 0.1, 7)
    truth = np.array(COMPONENTS) @ effects + rng.normal(0, spread, len(PAIRS))
    return truth, list(truth + rng.normal(0, errors)), list(errors)


def test_a_single_common_component_gives_the_random_effects_mean_of_statsmodels():
    _, estimates, errors = simulate(3, 0.1)
    tau2, shrunk = shrink_toward_components(estimates, errors, [[1.0]] * len(estimates))
    theirs = combine_effects(np.array(estimates), np.array(errors) ** 2, method_re="dl")
    assert tau2 == pytest.approx(max(theirs.tau2, 0), rel=1e-9)
    assert shrunk[0].expected == pytest.approx(theirs.mean_effect_re, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_expected_values_are_weighted_least_squares(seed):
    _, estimates, errors = simulate(seed, 0.1)
    tau2, shrunk = shrink_toward_components(estimates, errors, COMPONENTS)
    fit = sm.WLS(estimates, np.array(COMPONENTS), weights=1 / (tau2 + np.array(errors) ** 2)).fit()
    assert [result.expected for result in shrunk] == pytest.approx(list(fit.fittedvalues), rel=1e-8)
    for result, estimate, error in zip(shrunk, estimates, errors, strict=True):
        pull = error**2 / (tau2 + error**2)
        assert result.value == pytest.approx(pull * result.expected + (1 - pull) * estimate)
        assert 0 < result.error <= error + 1e-12


def test_shrinkage_reduces_the_error_and_intervals_cover_the_truth():
    error_ratios, covered, total = [], 0, 0
    for seed in range(200):
        truth, estimates, errors = simulate(seed, 0.03)
        _, shrunk = shrink_toward_components(estimates, errors, COMPONENTS)
        values = np.array([result.value for result in shrunk])
        error_ratios.append(np.mean((values - truth) ** 2) / np.mean((np.array(estimates) - truth) ** 2))
        covered += int(sum(abs(values - truth) <= 1.96 * np.array([result.error for result in shrunk])))
        total += len(shrunk)
    assert np.mean(error_ratios) < 0.7
    assert covered / total >= 0.95


def test_few_estimates_share_a_common_mean_and_no_estimate_gives_none():
    _, shrunk = shrink_toward_components([0.2, 0.4], [0.1, 0.1], [[1, 1, 0], [0, 1, 1]])
    assert shrunk[0].expected == shrunk[1].expected == pytest.approx(0.3)
    assert shrink_toward_components([], [], []) is None
    with pytest.raises(ValueError, match="above zero"):
        shrink_toward_components([0.1], [0.0], [[1.0]])
