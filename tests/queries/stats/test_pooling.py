"""Pooling and shrinkage against statsmodels and two published examples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from queries.statistics import shrink
from queries.statistics.pooling import _toward_the_mean

# vaccinated cases and others, unvaccinated cases and others: Colditz et al. (1994), as in van Houwelingen et al. (2002)
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761), (180, 1361, 372, 1079),
    (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197),
    (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip


def test_the_bcg_vaccine_trials():
    # log risk ratios by DerSimonian and Laird: -0.7141 (-1.0644 to -0.3638), tau² 0.3088, as metafor and Stata's metan give
    ratios = [math.log(a / (a + b) / (c / (c + d))) for a, b, c, d in BCG]
    errors = [math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG]
    found = shrink(ratios, errors)
    assert (found.mean, found.tau2) == pytest.approx((-0.7141, 0.3088), abs=5e-5)
    assert found.mean - 1.96 * found.mean_error == pytest.approx(-1.0644, abs=1e-4)
    # each lies between its own estimate and the mean, the noisiest nearest to it
    pulls = [(v - y) / (found.mean - y) for v, y in zip(found.values, ratios, strict=True)]
    assert all(0 < pull < 1 for pull in pulls) and pulls.index(max(pulls)) == errors.index(max(errors))


def test_the_teacher_expectancy_studies():
    # Raudenbush and Bryk (1985), figure 2: empirical-Bayes estimates and intervals, as metafor reproduces them
    effects = [
        0.03,
        0.12,
        -0.14,
        1.18,
        0.26,
        -0.06,
        -0.02,
        -0.32,
        0.27,
        0.80,
        0.54,
        0.18,
        -0.02,
        0.23,
        -0.18,
        -0.06,
        0.30,
        0.07,
        -0.07,
    ]
    variances = [
        0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630, 0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279,
        0.0193, 0.0088, 0.0303,
    ]  # fmt: skip
    values = [
        0.054,
        0.101,
        -0.006,
        0.214,
        0.105,
        -0.008,
        0.017,
        -0.029,
        0.16,
        0.249,
        0.162,
        0.11,
        0.065,
        0.11,
        -0.029,
        0.026,
        0.191,
        0.074,
        0.025,
    ]
    lows = [
        -0.132, -0.103, -0.223, -0.053, -0.162, -0.174, -0.148, -0.269, -0.054, 0, -0.097, -0.13, -0.192, -0.146, -0.241, -0.191,
        -0.008, -0.081, -0.195,
    ]  # fmt: skip
    found = _toward_the_mean(effects, variances, 0.0188)  # theirs is a maximum-likelihood tau²: 0.019
    assert found.mean == pytest.approx(0.084, abs=1e-3) and found.values == pytest.approx(values, abs=1e-3)
    found_lows = [v - 1.96 * e for v, e in zip(found.values, found.errors, strict=True)]
    assert found_lows == pytest.approx(lows, abs=2e-3)


measured = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 2)), min_size=2, max_size=30)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # statsmodels goes on with a negative tau²
@given(measured)
def test_the_pooled_mean_as_statsmodels_has_it(drawn):
    estimates, errors = map(list, zip(*drawn, strict=True))
    found = shrink(estimates, errors)
    theirs = combine_effects(np.array(estimates), np.array(errors) ** 2, method_re="dl")
    assert found.tau2 == pytest.approx(max(0.0, theirs.tau2), abs=1e-9)
    if theirs.tau2 >= 0:
        assert found.mean == pytest.approx(theirs.mean_effect_re, abs=1e-9)
        assert found.mean_error == pytest.approx(theirs.sd_eff_w_re, abs=1e-9)
    assert all(error <= own + 1e-12 for error, own in zip(found.errors, errors, strict=True))


def test_without_true_differences_all_lie_at_the_mean():
    found = shrink([0.1, 0.1, 0.1001], [0.2, 0.3, 0.4])
    assert found.tau2 == 0 and found.values == pytest.approx([found.mean] * 3)
    # four or more tell how alike they are: each error is that of the mean, and a little for the estimate's own distance
    several = shrink([0.1, 0.1, 0.1001, 0.1], [0.2, 0.3, 0.4, 0.3])
    assert several.tau2 == 0 and several.errors == pytest.approx([several.mean_error] * 4, rel=1e-4)


def test_morris_addition_written_out():
    estimates, errors = [0.5, -0.4, 0.1, 0.9, -0.2], [0.3, 0.2, 0.4, 0.5, 0.25]
    found = shrink(estimates, errors)
    weights = [1 / (e**2 + found.tau2) for e in errors]
    pull = errors[3] ** 2 * weights[3]
    typical = sum(w * e**2 for w, e in zip(weights, errors, strict=True)) / sum(weights)
    known = (1 - pull) * errors[3] ** 2 + pull**2 / sum(weights)
    learned = 2 / (5 - 3) * pull**2 * (typical + found.tau2) / (errors[3] ** 2 + found.tau2) * (0.9 - found.mean) ** 2
    assert found.tau2 > 0 and found.errors[3] == pytest.approx(min(errors[3], math.sqrt(known + learned)))


def test_one_estimate_stands_none_is_none_and_an_error_of_nothing_is_refused():
    alone = shrink([0.3], [0.1])
    assert alone.values == pytest.approx([0.3]) and alone.errors == pytest.approx([0.1]) and alone.tau2 == 0
    assert shrink([], []) is None
    with pytest.raises(ValueError):
        shrink([0.3, 0.2], [0.1, 0.0])


@pytest.mark.parametrize(("number", "spread"), [(3, 0.3), (6, 0.0), (6, 0.3), (20, 0.1), (20, 0.3), (20, 0.6)])
def test_the_errors_hold_in_a_simulation(number, spread):
    # providers whose true log ratios vary by the spread: values lie within 1.96 errors about 95 times in 100, nearer than raw
    rng = np.random.default_rng(5)
    held, drawn_off, raw_off = [], [], []
    for _ in range(600):
        errors = rng.uniform(0.1, 0.6, number)
        truth = rng.normal(-0.1, spread, number)
        estimates = rng.normal(truth, errors)
        found = shrink(list(estimates), list(errors))
        held.append(np.mean(abs(found.values - truth) < 1.96 * np.array(found.errors)))
        drawn_off.append(np.mean((found.values - truth) ** 2))
        raw_off.append(np.mean((estimates - truth) ** 2))
    assert np.mean(held) > 0.90 and np.mean(drawn_off) < np.mean(raw_off)
