"""Test control charts against scipy's binomial and Fisher tests, series worked by hand, and a simulation of false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact

from queries.statistics import Side, signals
from queries.statistics.control import BEYOND_LIMITS, LASTING_CHANGE, MIN_TRIALS, lowest_likely

series = st.lists(
    st.integers(0, 200).flatmap(lambda n: st.builds(Side.of_people, st.integers(0, n), st.just(n))), max_size=30
)


def people(*counts: tuple[int, int]) -> list[Side]:
    return [Side.of_people(*count) for count in counts]


@given(series, st.integers(1, 40))
def test_a_point_is_beyond_limits_exactly_where_its_tail_is_under_its_share_of_five_percent(points, charts):
    chart = signals(points, charts=charts)
    assert len(chart.limits) == len(chart.signals) == len(points)
    trials = sum(p.trials for p in points)
    assume(trials)
    assert chart.center == sum(p.successes for p in points) / trials
    tail = 0.05 / charts / (2 * len(points) - 1) / 2
    for point, limits, signal in zip(points, chart.limits, chart.signals, strict=True):
        if point.trials < MIN_TRIALS:
            assert limits is None
            assert signal != BEYOND_LIMITS
            continue
        below, above = (
            binom.cdf(point.successes, point.trials, chart.center),
            binom.sf(point.successes - 1, point.trials, chart.center),
        )
        if signal != LASTING_CHANGE:
            assert (signal == BEYOND_LIMITS) == (below < tail or above <= tail)
        assert limits[0] <= chart.center <= limits[1]


@settings(max_examples=400)
@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=12), st.data(), st.floats(1e-9, 0.1))
def test_the_lowest_likely_counts_are_the_quantiles_of_scipy(trials, data, tail):
    successes = data.draw(st.integers(0, sum(trials)))
    for rate in (successes / sum(trials), 1 - successes / sum(trials)):
        assert lowest_likely(np.array(trials), rate, tail) == binom.ppf(tail, trials, rate).tolist()


@given(series)
def test_a_lasting_change_is_clear_by_fishers_test_and_is_the_only_kind_at_its_place(points):
    flags = signals(points, charts=1).signals
    assert flags.count(LASTING_CHANGE) <= 1
    if LASTING_CHANGE in flags:
        at = flags.index(LASTING_CHANGE)
        table = [
            [sum(p.successes for p in part), sum(p.trials - p.successes for p in part)]
            for part in (points[:at], points[at:])
        ]
        assert min(sum(row) for row in table) >= MIN_TRIALS
        assert fisher_exact(table).pvalue <= 0.05 / (2 * len(points) - 1) * (1 + 1e-6)


@pytest.mark.parametrize("points", [[], people((0, 0)), people((0, 0)) * 4])
def test_a_chart_without_trials_has_no_center(points):
    chart = signals(points, charts=35)
    assert chart.center is None
    assert chart.limits == chart.signals == [None] * len(points)


def test_a_single_extreme_quarter_is_flagged():
    calm = people((60, 100), (58, 100), (62, 100), (61, 100))
    chart = signals([*calm, Side.of_people(30, 100), *calm], charts=1)
    assert chart.signals == [None] * 4 + [BEYOND_LIMITS] + [None] * 4
    assert chart.center == pytest.approx(512 / 900)
    assert signals([*calm, Side.of_people(45, 100), *calm], charts=35).signals == [None] * 9


def test_a_new_level_is_flagged_where_it_begins():
    chart = signals(people(*[(60, 100)] * 8, *[(42, 100)] * 6), charts=35)
    assert chart.signals == [None] * 8 + [LASTING_CHANGE] + [None] * 5
    assert signals(people(*[(50, 100)] * 8, *[(47, 100)] * 6), charts=35).signals == [None] * 14


def test_small_periods_and_small_sides_are_not_flagged():
    assert signals(people((0, 29), *[(80, 100)] * 8), charts=1).signals[0] is None
    assert signals(people((0, 9), *[(80, 100)] * 8), charts=1).signals == [None] * 9
    assert signals(people((0, 30), *[(80, 100)] * 8), charts=1).signals[0] == BEYOND_LIMITS
    assert signals(people((14, 14), (14, 14)), charts=1).signals == [None] * 2


def test_residents_with_several_exits_count_as_fewer():
    steady, low = Side.of_people(60, 100), Side.of_people(28, 100)
    clustered = Side(28, 100, 28 * 4, 28 * 4, 100 * 4)
    assert signals([*[steady] * 6, low], charts=1).signals[-1] is not None
    assert signals([*[steady] * 6, clustered], charts=1).signals == [None] * 7


def test_constant_rates():
    assert signals(people((0, 50)) * 12, charts=1).signals == [None] * 12
    assert signals(people((50, 50)) * 12, charts=1).signals == [None] * 12


def test_at_most_5_percent_of_pages_without_any_change_show_a_signal():
    """The full simulation, with overlapping groups, is in benchmarks/verdicts.py."""
    rng = np.random.default_rng(17)
    flagged = 0
    pages, charts = 60, 35
    for _ in range(pages):
        sizes = rng.poisson(rng.uniform(10, 150, size=(charts, 1)), size=(charts, 16))
        successes = rng.binomial(sizes, rng.uniform(0.2, 0.9, size=(charts, 1)))
        flagged += any(
            any(signals(people(*zip(hits.tolist(), trials.tolist(), strict=True)), charts=charts).signals)
            for hits, trials in zip(successes, sizes, strict=True)
        )
    # 3 of 60 are 5%; with a true chance of 5%, 8 or more happen once in 100
    assert flagged < 8
