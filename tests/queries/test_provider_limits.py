"""Funnel limits of providers and programs: against pandas, scipy and statsmodels, and by simulation."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import binom, poisson_binom
from scipy.stats.mstats import winsorize

from benchmarks import gaps
from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict, Position
from queries.privacy.suppression import is_hidden
from queries.scope import OUTCOMES
from queries.statistics.funnel import count_limits, dispersion, widened
from tests import edge_cases
from tests.conftest import publish
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_design_effects import expected_effect
from tests.queries.test_every_breakdown import delivered  # noqa: F401  (a fixture)


def exits(frame: pd.DataFrame, last: date, region: str | None) -> pd.DataFrame:
    """The exits behind the rates, with the factors of the model as text."""
    view = independent.as_of_view(frame, last)
    view = view[independent.exited(view) & view["exited_on"].notna()].copy()
    view = view[view["region"] == region] if region else view
    for column in ("provider", "program", "sector", "region"):
        view[column] = view[column].fillna("Not recorded").where(view[column].notna(), "Not recorded")
    for group in GROUPS:
        view[group] = view[group].map({True: "in", False: "out"}).fillna("undisclosed")
    return view.assign(hit=(view["outcome"] == "completed").astype(float))


def expected_rates(view: pd.DataFrame, factors: list[str]) -> np.ndarray:
    """Fitted rates of statsmodels' logistic regression on the same exits."""
    dummies = pd.get_dummies(view[factors], drop_first=True, dtype=float)
    design = sm.add_constant(dummies.loc[:, dummies.nunique() > 1], has_constant="add")
    return np.asarray(sm.GLM(view["hit"], design, family=sm.families.Binomial()).fit(maxiter=200).fittedvalues)


def widened_limits(rates: np.ndarray, tail: float, effect: float) -> tuple[set[int], set[int]]:
    """The lowest and highest counts that chance explains, within a thousandth of the tail, as much further from the mean as repeated exits put them."""
    counts, distribution, mean = np.arange(len(rates) + 1), poisson_binom(rates), rates.sum()
    below, above = distribution.cdf(counts), distribution.sf(counts)
    lows = counts[(np.append(0, below[:-1]) < tail + 1e-3) & (below > tail - 1e-3)]
    highs = counts[(above < tail + 1e-3) & (np.append(1, above[:-1]) > tail - 1e-3)]
    scale = math.sqrt(effect)
    return (
        {max(0, math.floor(mean + (count - mean) * scale)) for count in lows} if effect > 1 else set(lows.tolist()),
        {min(len(rates), math.ceil(mean + (count - mean) * scale)) for count in highs}
        if effect > 1
        else set(highs.tolist()),
    )


@pytest.mark.parametrize("by", ["provider", "program"])
@pytest.mark.parametrize("region", [None, "Eastern"])
def test_rates_and_limits_equal_pandas_scipy_and_statsmodels(delivered, use_store, region, by):  # noqa: F811
    store, frame, _, last = delivered
    use_store(store)
    view = exits(frame, last, region)
    rows = ask(Question("provider_limits", by=by), Scope(region=region)).rows_of(FunnelRow)
    assert [row.key for row in rows] == sorted(set(view[by]) - {"Not recorded"})
    assert rows or region
    if not rows:
        return
    names = (rows[0].adjusted_for or "").replace("groups", ", ".join(GROUPS)).split(", ")
    view["expected"] = expected_rates(view, names) if rows[0].adjusted_for else view["hit"].mean()
    assert rows[0].adjusted_for == "sector, region, groups" or len(view) < 300
    by_resident = view.groupby("participant_id")["hit"]
    effect = expected_effect(by_resident.sum(), by_resident.count())
    for row in rows:
        part = view[view[by] == row.key]
        assert row.design_effect == effect and row.dispersion == 1
        assert (row.numerator, row.denominator) == (part["hit"].sum(), len(part))
        assert row.value == part["hit"].mean()
        assert row.overall == pytest.approx(view["hit"].mean(), abs=1e-12)
        assert row.expected == pytest.approx(part["expected"].mean(), abs=2e-4)
        for low, high, tail in ((row.low_95, row.high_95, 0.025), (row.low_998, row.high_998, 0.001)):
            lows, highs = widened_limits(part["expected"].to_numpy(), tail, effect)
            assert round(low * len(part)) in lows
            assert round(high * len(part)) in highs
        outside = [not row.low_95 <= row.value <= row.high_95, not row.low_998 <= row.value <= row.high_998]
        assert row.position == (Position.WITHIN, Position.OUTSIDE_95, Position.OUTSIDE_998)[sum(outside)]
        if len(part) < 30:
            assert row.verdict == FunnelVerdict.TOO_FEW
        elif row.verdict != FunnelVerdict.NO_PEERS:
            called = {(False, False): "as expected", (True, False): "as expected"}
            side = FunnelVerdict.HIGHER if row.value > row.high_998 else FunnelVerdict.LOWER
            assert row.verdict == called.get(tuple(outside), side)


def test_programs_are_compared_where_providers_are_not_supplied(tmp_path, use_store):
    tables = edge_cases.frames(seed=44, rows=900)
    tables["enrollments"] = tables["enrollments"].drop(columns=["provider", "sector"])
    layout = tmp_path / "layout"
    layout.mkdir()
    for name in tables:
        (layout / f"{name}.sql").write_text("select * from TABLE".replace("TABLE", name), encoding="utf-8")
    folder = edge_cases.write(tmp_path / "2025-03-31", tables)
    publish(folder, tmp_path / "store", "--max-quarantined", "100", "--layout", str(layout))
    use_store(tmp_path / "store")
    missing = ask(Question("provider_limits"))
    assert missing.status == "not_supplied"
    assert "The provider is not supplied" in missing.note
    rows = ask(Question("provider_limits", by="program")).rows_of(FunnelRow)
    assert len(rows) == 4
    assert "sector" not in rows[0].adjusted_for


@pytest.mark.parametrize(("trials", "rate"), [(1, 0.5), (12, 0.7), (40, 0.5), (150, 0.82), (900, 0.06)])
def test_limits_at_equal_rates_are_the_binomials(trials, rate):
    for tail in (0.025, 0.001):
        (limits,) = count_limits(np.full(trials, rate), np.ones(trials), tails=[tail])
        assert limits == (binom.ppf(tail, trials, rate), binom.isf(tail, trials, rate))
        assert [limits] == count_limits(np.array([rate]), np.array([float(trials)]), tails=[tail])


def test_limits_of_many_exits_agree_with_the_exact_ones():
    rates, trials = np.array([0.3, 0.62, 0.85, 0.97]), np.array([1500.0, 4000.0, 3000.0, 700.0])
    total = int(trials.sum())
    cumulative = poisson_binom(np.repeat(rates, trials.astype(int))).cdf(np.arange(total + 1))
    for tail in (0.025, 0.001):
        ((low, high),) = count_limits(rates, trials, tails=[tail])
        assert abs(low - np.searchsorted(cumulative, tail)) <= 1
        assert abs(high - np.searchsorted(cumulative, 1 - tail)) <= 1


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_providers_are_outside_no_more_often_than_stated(seed):
    """Providers that differ only in whom they serve: 20,000 draws each."""
    rng = np.random.default_rng(seed)
    for trials in (35, 120, 600):
        rates = np.clip(rng.normal(0.7, 0.15, trials), 0.02, 0.98)
        draws = (rng.random((20_000, trials)) < rates).sum(axis=1)
        for tail in (0.025, 0.001):
            ((low, high),) = count_limits(rates, np.ones(trials), tails=[tail])
            share = np.mean((draws < low) | (draws > high))
            assert share <= 2 * tail + 3 * np.sqrt(2 * tail / len(draws))


def test_a_filter_on_a_provider_keeps_the_limits_of_all_providers(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(region="Eastern")
    every_row = ask(Question("provider_limits"), scope).rows_of(FunnelRow)
    assert len(every_row) > 2
    for row in every_row:
        assert ask(Question("provider_limits"), scope.but(provider=row.key)).rows == (row,)


def test_equal_providers_that_serve_different_residents_lie_within_the_adjusted_limits():
    rng = np.random.default_rng(12)
    adjusted, plain = np.array([position for _ in range(15) for position in gaps.funnels(rng)]).T
    assert np.mean(adjusted >= 1) <= 0.05
    assert np.mean(adjusted == 2) <= 0.01
    assert np.mean(plain >= 1) > 0.2, "limits around the overall rate show whom a provider serves"


def test_a_protected_reader_sees_no_small_provider(demo_store, use_store, any_question):
    use_store(demo_store)
    scope = Scope(initiative="CareerConneCT", region="Eastern", as_of=date(2024, 6, 28))
    exact = ask(Question("provider_limits"), scope).rows_of(FunnelRow)
    seen = ask(Question("provider_limits"), scope.but(viewer=viewer("governor"))).rows_of(FunnelRow)
    small = [row.key for row in exact if 0 < row.numerator < 10 or 0 < row.denominator - row.numerator < 10]
    hidden = [row for row in seen if is_hidden(row)]
    assert small
    assert set(small) <= {row.key for row in hidden}
    assert all(row.value is None and row.overall is None and row.low_95 is None for row in hidden)
    assert all(row.expected == round(row.expected, 2) for row in seen if row.expected is not None)


def test_the_shares_of_providers_do_not_tell_the_exits_of_a_hidden_sector(demo_store, use_store):
    """599 exits that are 30% of a sector's, and 633 that are 31%, once said that it has 2,010 to 2,030."""
    use_store(demo_store)
    governor = Scope(viewer=viewer("governor"))
    sectors = ask(Question("placement_rate", "sector"), governor).rows
    assert any(is_hidden(row) for row in sectors)
    shown = [row for row in ask(Question("provider_limits", outcome="placement_rate"), governor).rows if row.value]
    assert shown
    assert not any("sector" in name for row in shown for name in vars(row))


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("by", ["provider", "program"])
def test_every_outcome_counts_the_exits_of_its_plain_measure(demo_store, use_store, outcome, by):
    use_store(demo_store)
    rows = ask(Question("provider_limits", by=by, outcome=outcome)).rows_of(FunnelRow)
    plain = {row.key: (row.numerator, row.denominator) for row in ask(Question(outcome, by=by)).rows if row.denominator}
    plain.pop("Not recorded", None)
    assert {row.key: (row.numerator, row.denominator) for row in rows} == plain


@pytest.mark.parametrize("total", [1, 2, 3, 10, 57, 300])
def test_the_exact_distribution_is_that_of_trials_added_in_turn(total):
    generator = np.random.default_rng(total)
    rates = generator.uniform(0, 1, min(total, 40))
    rates[0] = 0.5
    trials = generator.multinomial(total, np.ones(len(rates)) / len(rates)).astype(float)
    mass = np.ones(1)
    for rate in np.repeat(rates, trials.astype(int)):
        mass = np.append(mass * (1 - rate), 0) + np.append(0, mass * rate)
    expected = np.cumsum(mass)
    for tail in (0.025, 0.001):
        ((low, high),) = count_limits(rates, trials, tails=[tail])
        assert expected[low] >= tail - 1e-9
        assert low == 0 or expected[low - 1] < tail + 1e-9
        assert 1 - expected[high] <= tail + 1e-9
        assert high == 0 or 1 - expected[high - 1] > tail - 1e-9


def units(scores, rate=0.5, trials=100):
    """Return units whose successes lie so many standard deviations from what is expected."""
    deviation = np.sqrt(trials * rate * (1 - rate))
    return [(trials * rate + score * deviation, np.array([rate]), np.array([float(trials)])) for score in scores]


def test_dispersion_is_the_winsorized_mean_square_of_the_scores():
    scores = np.array([-9.0, -2, -2, -1.5, -1, 1, 1.5, 2, 2, 2, 9.0])
    assert dispersion(units(scores)) == pytest.approx(np.mean(winsorize(scores, (0.1, 0.1)) ** 2))
    assert dispersion(units(scores / 4)) == 1, "limits never become narrower"
    assert dispersion(units(scores[:9])) == 1, "nine rows say too little"


def test_widened_limits_are_integers_further_from_the_mean():
    assert widened((40, 60), mean=50.0, factor=1.0, total=100) == (40, 60)
    assert widened((40, 60), mean=50.0, factor=4.0, total=100) == (30, 70)
    assert widened((40, 60), mean=50.4, factor=2.0, total=100) == (35, 64)
    assert widened((2, 98), mean=50.0, factor=9.0, total=100) == (0, 100)


def test_limits_allow_for_providers_that_truly_vary_and_still_show_a_few_that_differ():
    rng = np.random.default_rng(3)
    vary = np.array([gaps.spread_out(rng, 0.05, 0) for _ in range(40)]).sum(axis=0) / (40 * 58)
    assert vary[0] <= 0.015
    assert vary[1] > 0.04, "plain limits call many providers that only vary as all do"
    few = np.array([gaps.spread_out(rng, 0.0, 3) for _ in range(40)]).sum(axis=0)
    assert few[2] > 0.5 * 40 * 3
