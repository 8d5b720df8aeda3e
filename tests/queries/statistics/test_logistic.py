"""Logistic regression and marginal standardization: against statsmodels, by hand, and by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from benchmarks import gaps
from queries.statistics.logistic import Design, Factor, fit_logistic, fitted_rates, marginal_gap


def exits(rng: np.random.Generator, size: int, *, effect: float = -0.5) -> pd.DataFrame:
    """Exits whose outcome depends on sector and group, where the group is more often in some sectors."""
    sector = rng.integers(0, 5, size)
    group = (rng.random(size) < np.array([0.1, 0.2, 0.5, 0.7, 0.8])[sector]).astype(int)
    logit = np.array([1.5, 1.0, 0.4, 0.0, -0.4])[sector] + effect * group
    return pd.DataFrame({"sector": sector, "group": group, "hit": rng.random(size) < 1 / (1 + np.exp(-logit))})


def cells(frame: pd.DataFrame) -> tuple[Design, np.ndarray, np.ndarray]:
    grouped = frame.groupby(["sector", "group"])["hit"].agg(["sum", "size"]).reset_index()
    factors = (
        Factor("sector", grouped["sector"].to_numpy(), 5),
        Factor("group", grouped["group"].to_numpy(), 2),
    )
    return Design(factors, len(grouped)), grouped["sum"].to_numpy(float), grouped["size"].to_numpy(float)


@pytest.mark.parametrize("seed", range(5))
def test_coefficients_covariance_and_rates_are_those_of_statsmodels(seed):
    frame = exits(np.random.default_rng(seed), 600)
    design, successes, trials = cells(frame)
    fit = fit_logistic(design, successes, trials)
    dummies = pd.get_dummies(frame[["sector", "group"]].astype(str), drop_first=True, dtype=float)
    reference = sm.Logit(frame["hit"].astype(float), sm.add_constant(dummies)).fit(disp=0)
    assert fit.coefficients == pytest.approx(reference.params.to_numpy(), abs=1e-4)
    assert fit.covariance == pytest.approx(reference.cov_params().to_numpy(), rel=1e-3, abs=1e-6)
    # the fitted rates of each cell: those of its exits
    expected = frame.assign(rate=reference.predict()).groupby(["sector", "group"])["rate"].mean().to_numpy()
    assert fitted_rates(fit, design) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_standardized_gap_is_the_average_marginal_effect_of_statsmodels(seed):
    frame = exits(np.random.default_rng(seed), 800)
    design, successes, trials = cells(frame)
    gap = marginal_gap(fit_logistic(design, successes, trials), design, trials, name="group")
    dummies = pd.get_dummies(frame["sector"].astype(str), drop_first=True, dtype=float)
    matrix = sm.add_constant(dummies.assign(group=frame["group"]))
    effects = sm.Logit(frame["hit"].astype(float), matrix).fit(disp=0).get_margeff(dummy=True).summary_frame()
    assert gap.value == pytest.approx(effects.loc["group", "dy/dx"], abs=1e-4)
    assert gap.error == pytest.approx(effects.loc["group", "Std. Err."], rel=2e-3)
    assert gap.rate_in - gap.rate_out == gap.value


def test_without_other_factors_the_gap_is_the_difference_of_the_two_rates():
    design = Design((Factor("group", np.array([0, 1]), 2),), 2)
    fit = fit_logistic(design, np.array([40.0, 10.0]), np.array([50.0, 40.0]))
    gap = marginal_gap(fit, design, np.array([50.0, 40.0]), name="group")
    assert (gap.rate_out, gap.rate_in) == pytest.approx((0.8, 0.25), abs=1e-5)
    assert gap.error == pytest.approx((0.8 * 0.2 / 50 + 0.25 * 0.75 / 40) ** 0.5, rel=1e-3)


def test_places_where_everybody_succeeds_do_not_break_the_fit():
    codes = np.array([0, 0, 1, 1, 2, 2])
    design = Design((Factor("place", codes, 4), Factor("group", np.array([0, 1] * 3), 2)), 6)
    fit = fit_logistic(design, np.array([20.0, 10, 30, 12, 0, 0]), np.array([30.0, 20, 30, 12, 8, 5]))
    rates = fitted_rates(fit, design)
    assert rates[2:4] == pytest.approx([1, 1], abs=1e-3)
    assert rates[4:] == pytest.approx([0, 0], abs=1e-3)
    gap = marginal_gap(fit, design, np.array([30.0, 20, 30, 12, 8, 5]), name="group")
    assert 0 < gap.error < 0.2


def test_nothing_is_fitted_where_all_or_none_succeed():
    design = Design((Factor("group", np.array([0, 1]), 2),), 2)
    assert fit_logistic(design, np.zeros(2), np.ones(2)) is None
    assert fit_logistic(design, np.ones(2), np.ones(2)) is None
    assert fit_logistic(design, np.zeros(2), np.zeros(2)) is None


@pytest.mark.parametrize("effect", [0.0, -0.6])
def test_intervals_hold_the_true_gap_as_often_as_stated(effect):
    """400 histories of 900 exits; the gap as counted is far off, because the group is in other sectors."""
    rng = np.random.default_rng(17)
    adjusted, raw = np.array([gaps.gaps(rng, effect) for _ in range(400)]).mean(axis=0)
    assert 0.92 <= adjusted <= 0.98
    assert raw < 0.1
