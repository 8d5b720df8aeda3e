"""Test control charts against scipy's binomial and series worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from queries.statistics import Point, signals

series = st.lists(st.integers(0, 200).flatmap(lambda n: st.builds(Point, st.integers(0, n), st.just(n))), max_size=30)


def test_the_tail_is_that_of_three_standard_deviations():
    from queries.statistics.control import TAIL

    assert pytest.approx(norm.sf(3), abs=5e-7) == TAIL


@given(series)
def test_a_point_is_beyond_limits_exactly_where_its_tail_is_under_0_135_percent(points):
    chart = signals(points)
    assert len(chart.limits) == len(chart.signals) == len(points)
    trials = sum(p.trials for p in points)
    assume(trials)
    assert chart.center == sum(p.successes for p in points) / trials
    for point, limits, signal in zip(points, chart.limits, chart.signals, strict=True):
        if not point.trials:
            assert limits is None
            assert signal is None
            continue
        below, above = (
            binom.cdf(point.successes, point.trials, chart.center),
            binom.sf(point.successes - 1, point.trials, chart.center),
        )
        assert (signal == "beyond limits") == (below < 0.00135 or above <= 0.00135)
        assert (signal == "beyond limits") == (
            not limits[0] - 1e-12 <= point.successes / point.trials <= limits[1] + 1e-12
        )
        assert 0 <= limits[0] <= chart.center <= limits[1] <= 1 or point.trials < 3


@pytest.mark.parametrize("points", [[], [Point(0, 0)], [Point(0, 0)] * 4])
def test_a_chart_without_trials_has_no_center(points):
    chart = signals(points)
    assert chart.center is None
    assert chart.limits == chart.signals == [None] * len(points)


def test_a_single_extreme_quarter_is_flagged():
    calm = [Point(60, 100), Point(58, 100), Point(62, 100), Point(61, 100)]
    chart = signals([*calm, Point(30, 100), *calm])
    assert chart.signals == [None] * 4 + ["beyond limits"] + [None] * 4
    # 512 of 900; 100 trials: P(X ≤ 41) = 0.10% and P(X ≤ 42) = 0.19%, P(X ≥ 72) = 0.13% and P(X ≥ 71) = 0.26%
    assert chart.center == pytest.approx(512 / 900)
    assert chart.limits[4] == pytest.approx((0.42, 0.71))


def test_nine_in_a_row_signals_from_the_ninth_on():
    high, low = Point(53, 100), Point(47, 100)
    chart = signals([low] * 10 + [high] * 10)
    assert chart.signals == [None] * 8 + ["nine in a row"] * 2 + [None] * 8 + ["nine in a row"] * 2
    assert signals([low] * 8 + [high] * 8).signals == [None] * 16


def test_a_point_on_the_center_or_without_trials_ends_a_run():
    high, low = Point(53, 100), Point(47, 100)
    broken = [high] * 5 + [Point(50, 100)] + [high] * 5 + [low] * 5 + [Point(0, 0)] + [low] * 5
    assert signals(broken).signals == [None] * 22
    # small and large quarters: on the center exactly, because the comparison is in integers
    assert signals([Point(1, 3), Point(100, 300), Point(2, 6)]).signals == [None] * 3


def test_no_points_no_trials_and_constant_rates():
    assert signals([]).center is None
    assert signals([Point(0, 0)]).signals == [None]
    assert signals([Point(0, 50)] * 12).signals == [None] * 12
    assert signals([Point(50, 50)] * 12).signals == [None] * 12
