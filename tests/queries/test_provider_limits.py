"""Funnel limits for providers: against pandas and scipy, and by simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import binom

from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.calculators.provider_limits import Position, ProviderRow, limits
from queries.privacy.suppression import is_hidden
from tests.queries import independent
from tests.queries.test_every_breakdown import delivered  # noqa: F401  (a fixture)


@pytest.mark.parametrize("region", [None, "Eastern"])
def test_rates_and_limits_equal_pandas_and_scipy(delivered, use_store, region):  # noqa: F811
    store, frame, _, last = delivered
    use_store(store)
    view = independent.as_of_view(frame, last)
    view = view[independent.exited(view) & view["exited_on"].notna()]
    view = view[view["region"] == region] if region else view
    overall = (view["outcome"] == "completed").mean()
    counts = view[view["provider"].notna()].groupby("provider")["outcome"]
    expected = {provider: (len(part), int((part == "completed").sum())) for provider, part in counts}
    rows = ask(Question("provider_limits"), Scope(region=region)).rows_of(ProviderRow)
    assert [row.key for row in rows] == sorted(expected)
    assert rows or region
    for row in rows:
        trials, successes = expected[row.key]
        assert (row.numerator, row.denominator, row.value) == (successes, trials, successes / trials)
        assert row.overall == pytest.approx(overall, abs=1e-12)
        for low, high, tail in ((row.low_95, row.high_95, 0.025), (row.low_998, row.high_998, 0.001)):
            fewest, most = round(low * trials), round(high * trials)
            assert binom.cdf(fewest - 1, trials, overall) < tail <= binom.cdf(fewest, trials, overall) + 1e-12
            assert binom.sf(most, trials, overall) <= tail + 1e-12
            assert most == 0 or binom.sf(most - 1, trials, overall) > tail - 1e-12
        outside = [not row.low_95 <= row.value <= row.high_95, not row.low_998 <= row.value <= row.high_998]
        assert row.position == (Position.WITHIN, Position.OUTSIDE_95, Position.OUTSIDE_998)[sum(outside)]


@pytest.mark.parametrize(("trials", "rate"), [(12, 0.7), (40, 0.5), (150, 0.82), (900, 0.06)])
def test_equal_providers_are_outside_no_more_often_than_stated(trials, rate):
    draws = np.random.default_rng(7).binomial(trials, rate, 200_000) / trials
    for tail in (0.025, 0.001):
        low, high = limits(trials, rate, tail)
        share = np.mean((draws < low) | (draws > high))
        assert share <= 2 * tail + 3 * np.sqrt(2 * tail / len(draws))


def test_a_filter_on_a_provider_keeps_the_limits_of_all_providers(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(region="Eastern")
    every_row = ask(Question("provider_limits"), scope).rows_of(ProviderRow)
    assert len(every_row) > 2
    for row in every_row:
        assert ask(Question("provider_limits"), scope.but(provider=row.key)).rows == (row,)


def test_a_protected_reader_sees_no_small_provider(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(initiative="CareerConneCT", region="Eastern", as_of=date(2024, 6, 28))
    exact = ask(Question("provider_limits"), scope).rows_of(ProviderRow)
    seen = ask(Question("provider_limits"), scope.but(viewer=viewer("governor"))).rows_of(ProviderRow)
    small = [row.key for row in exact if 0 < row.numerator < 10 or 0 < row.denominator - row.numerator < 10]
    hidden = [row for row in seen if is_hidden(row)]
    assert small
    assert set(small) <= {row.key for row in hidden}
    assert all(row.value is None and row.overall is None and row.low_95 is None for row in hidden)
