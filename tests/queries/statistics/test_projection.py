"""Test projections against the formula written out in pandas, and by a backtest of demo histories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from benchmarks import projections
from queries.statistics.projection import BASE_WEEKS, MAX_WEEKS, horizon, project


def by_pandas(weekly: list[float], weeks: int, level: float) -> tuple[float, float, float]:
    """The projection and a range, from rolling sums."""
    series = pd.Series(weekly, dtype=float)
    projected = series.rolling(BASE_WEEKS).mean() * weeks
    outcome = series[::-1].rolling(weeks).sum()[::-1].shift(-1)
    both = pd.DataFrame({"projected": projected, "outcome": outcome}).dropna()[-130:]
    errors = np.log(both["outcome"] + 0.5) - np.log(both["projected"] + 0.5)
    noise = 1 + weeks / BASE_WEEKS
    changes = max((errors**2 - noise / (both["projected"] + 0.5)).mean(), 0)
    value, times = projected.iloc[-1], min(len(series) - BASE_WEEKS, 129 + weeks) / weeks
    spread = np.sqrt((changes + noise / (value + 0.5)) * (1 + 1 / times)) * t.ppf(0.5 + level / 2, 2 * times)
    return value, (value + 0.5) * np.exp(-spread) - 0.5, (value + 0.5) * np.exp(spread) - 0.5


@given(st.lists(st.integers(0, 300), min_size=26, max_size=200), st.integers(1, MAX_WEEKS))
def test_a_projection_is_the_formula_over_every_earlier_week(weekly, weeks):
    projection = project(weekly, weeks=weeks)
    if len(weekly) < BASE_WEEKS + 2 * weeks:
        assert projection is None
        return
    assert projection.origins == min(len(weekly) - BASE_WEEKS - weeks + 1, 130)
    for level, bounds in ((0.8, projection.range80), (0.95, projection.range95)):
        value, low, high = by_pandas(weekly, weeks, level)
        assert projection.value == pytest.approx(value)
        assert bounds == pytest.approx((max(low, 0), high))
    assert projection.range95[0] <= projection.range80[0] <= projection.value <= projection.range80[1]
    assert projection.weekly == pytest.approx(np.mean(weekly[-BASE_WEEKS:]))


def test_a_steady_program_has_the_noise_of_counting_and_a_changing_program_more():
    steady, uneven = [40] * 80, [20, 60] * 40
    growing = [20 + week for week in range(80)]
    narrow, wide = (project(weekly, weeks=13).range95 for weekly in (steady, growing))
    assert project(uneven, weeks=13).range95 == pytest.approx(narrow, rel=0.1)
    assert narrow[0] < 520 < narrow[1]
    assert wide[1] / wide[0] > narrow[1] / narrow[0]
    assert project([4] * 80, weeks=13).range95[0] / 52 < narrow[0] / 520, "a smaller program has more noise"


@pytest.mark.parametrize(
    ("history", "wanted", "weeks"),
    [(13, 26, 0), (20, 26, 0), (21, 26, 4), (39, 26, 13), (65, 26, 26), (500, 90, 26), (65, 7.4, 7), (65, 2.9, 2), (65, 0.5, 0)],
)  # fmt: skip
def test_how_far_a_history_reaches(history, wanted, weeks):
    assert horizon(history=history, wanted=wanted) == weeks


def test_dollars_may_fall_below_zero_in_a_week():
    weekly = [1000.0, -200.0, 3000.0, 0.0] * 20
    projection = project(weekly, weeks=8, is_count=False)
    assert projection.value == pytest.approx(sum(weekly[-13:]) * 8 / 13)
    assert 0 <= projection.range95[0] <= projection.value <= projection.range95[1]


def test_ranges_hold_what_came_in_demo_histories():
    """The table of docs/statistics.md has three seeds: `python -m benchmarks.projections`."""
    result = projections.run()
    for (kind, weeks), held in result.items():
        if kind.startswith("dollars"):  # their ranges are wider than stated over a few weeks
            assert held.in_95 / held.origins >= 0.9, (kind, weeks)
            continue
        assert held.origins > 30
        assert 0.70 <= held.in_80 / held.origins <= 0.90
        assert 0.90 <= held.in_95 / held.origins <= 0.99
