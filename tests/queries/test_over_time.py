"""Groups over time: counts, maturity, signals and targets as they stood, computed again in pandas and scipy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from scipy.stats import binom, fisher_exact
from statsmodels.stats.proportion import proportion_confint

from queries import Question, Row, Scope, ask, measure, measures
from queries.calculators.over_time import (
    FALLING,
    RISING,
    TOO_FEW,
    UNCLEAR,
    Direction,
    PeriodRow,
    Trend,
    trend,
    with_chart,
)  # fmt: skip
from queries.maturity import maturity
from queries.periods import days_of, every, key_of
from queries.registry import facts as all_facts
from queries.scope import OUTCOMES
from queries.statistics import Side
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_measures import LAST, facts_of, same

LATER = {"completion_rate": 0, "credential_rate": 90, "placement_rate": 180, "employment_rate_q2": 0}
PERIODS = {"month": "M", "quarter": "Q", "fiscal_year": "Y-JUN", "year": "Y"}


@pytest.fixture
def facts(hostile_store, use_store):
    store, tables = hostile_store
    use_store(store)
    return facts_of(store, tables)


def last_day(key: str, by: str) -> pd.Timestamp:
    """A period's last day, by pandas."""
    text = key.removeprefix("FY")
    return pd.Period(text, freq=PERIODS[by]).end_time.normalize()


def rows_of(answer, group: str, part: str | None = None) -> list[Row]:
    return [row for row in answer.rows if row.group == group and row.part == part]


def enrolled_in(facts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    view = independent.as_of_view(facts, as_of)
    return view[view["enrolled_on"].notna()]


@pytest.mark.parametrize("by", PERIODS)
def test_participation_in_each_period(facts, by):
    answer = ask(Question("participation_over_time", by))
    rows = enrolled_in(facts, LAST)
    keys = independent.keys(rows, rows["enrolled_on"], by)
    for group in GROUPS:
        series = rows_of(answer, group)
        assert [row.key for row in series] == every(rows["enrolled_on"].min().date(), LAST, by), "no period is left out"
        for row in series:
            people = rows[keys == row.key].drop_duplicates("participant_id")
            inside, answered = int(people[group].eq(True).sum()), int(people[group].notna().sum())
            assert (row.numerator, row.denominator) == (inside, answered)
            assert same(row.value, inside / answered if answered else None)
            assert bool(row.note) == (not answered)
            assert row.undisclosed == len(people) - answered
            if answered:
                assert (row.low, row.high) == pytest.approx(proportion_confint(inside, answered, method="wilson"))
            assert row.is_mature == (last_day(row.key, by) <= pd.Timestamp(LAST))


@pytest.mark.parametrize(("by", "region"), [*((by, None) for by in PERIODS), ("quarter", "Southwest")])
def test_outcomes_of_a_group_and_of_the_others_in_each_period(facts, by, region):
    answer = ask(Question("outcome_over_time", by), Scope(region=region))
    everyone = {outcome: independent.measure(outcome, facts, by=by, as_of=LAST, region=region) for outcome in OUTCOMES}
    view = independent.as_of_view(facts, LAST)
    view = view[independent.exited(view) & ((view["region"] == region) if region else True)]
    exits = independent.keys(view, view["exited_on"], by).value_counts()
    for part in OUTCOMES:
        for group in GROUPS:
            inside, outside = (
                independent.measure(part, facts, by=by, as_of=LAST, group=group, side=side, region=region)
                for side in ("in", "out")
            )
            assert {row.key for row in rows_of(answer, group, part)} >= set(inside) | set(outside)
            for row in rows_of(answer, group, part):
                value, successes, known = inside.get(row.key, (None, 0, 0))
                assert same(row.value, value)
                assert (row.numerator, row.denominator) == (successes, known)
                other, other_successes, other_known = outside.get(row.key, (None, 0, 0))
                assert same(row.others, other)
                assert (row.others_successes, row.others_known) == (other_successes, other_known)
                ripe = last_day(row.key, by) + timedelta(days=LATER[part]) <= pd.Timestamp(LAST)
                if part == "employment_rate_q2":
                    ripe &= everyone[part].get(row.key, (None, 0, 0))[2] >= 0.8 * exits.get(row.key, 0)
                assert row.is_mature == ripe, (part, row.key)
                assert bool(row.why_not) != ripe


@pytest.mark.parametrize("measure_id", ["participation_over_time", "outcome_over_time"])
def test_only_mature_periods_enter_the_chart_and_its_limits_are_binomial(demo_store, use_store, measure_id):
    use_store(demo_store)
    answer = ask(Question(measure_id, "quarter"))
    flagged = compared = 0
    for group in GROUPS:
        for part in {row.part for row in answer.rows if row.group == group}:
            series = rows_of(answer, group, part)
            ripe = [row for row in series if row.is_mature and row.denominator]
            assert len(ripe) < len(series)
            center = sum(row.numerator for row in ripe) / sum(row.denominator for row in ripe)
            for row in series:
                if row not in ripe:
                    assert row.center is row.signal is row.limit_low is None
                    continue
                assert row.center == pytest.approx(center)
                counts = Side(row.numerator, row.denominator, row.hh, row.hm, row.mm)
                trials, successes = counts.effective_trials, counts.effective_successes
                if trials < 30:
                    assert row.limit_low is None
                    assert row.signal != "beyond limits"
                    continue
                tail = 0.05 / (5 * len(GROUPS)) / (2 * len(ripe) - 1) / 2
                low, high = binom.ppf(tail, trials, center), binom.isf(tail, trials, center)
                assert (row.limit_low, row.limit_high) == pytest.approx((low / trials, high / trials))
                compared += 1
                rare = not low <= successes <= high
                assert row.signal == "lasting change" or (row.signal == "beyond limits") == rare
                flagged += row.signal is not None
    assert compared > 100
    assert flagged <= 2, "the demo plants no change over time, and a signal is rare by chance"


def test_a_filter_by_group_or_outcome_leaves_the_same_rows(demo_store, use_store):
    use_store(demo_store)
    answer = ask(Question("outcome_over_time", "quarter"))
    assert list(ask(Question("outcome_over_time"), Scope(group="woman")).rows) == [
        row for row in answer.rows if row.group == "woman"
    ], "a quarter is meant where no period is named"
    single = ask(Question("outcome_over_time", "quarter", outcome="placement_rate"))
    assert list(single.rows) == [row for row in answer.rows if row.part == "placement_rate"]
    assert ask(Question("outcome_over_time", "region")).status == "not_applicable"


# --- Maturity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure_id", "as_of", "ripe"),
    [
        ("participation_share", date(2024, 3, 30), False),
        ("participation_share", date(2024, 3, 31), True),
        ("completion_rate", date(2024, 3, 30), False),
        ("completion_rate", date(2024, 3, 31), True),
        ("credential_rate", date(2024, 3, 31) + timedelta(days=89), False),
        ("credential_rate", date(2024, 3, 31) + timedelta(days=90), True),
        ("placement_rate", date(2024, 3, 31) + timedelta(days=179), False),
        ("placement_rate", date(2024, 3, 31) + timedelta(days=180), True),
    ],
)
def test_a_quarter_ripens_on_its_day(measure_id, as_of, ripe, demo_store, use_store):
    state = maturity(measure(measure_id), key="2024-Q1", by="quarter", as_of=as_of)
    assert state.is_mature == ripe
    assert bool(state.why_not) != ripe
    if not ripe:
        assert state.complete_on == as_of + timedelta(days=1)
    use_store(demo_store)
    entry = "participation_over_time" if measure_id == "participation_share" else "outcome_over_time"
    part = None if measure_id == "participation_share" else measure_id
    rows = rows_of(ask(Question(entry, "quarter"), Scope(as_of=as_of)), "woman", part)
    assert next(row for row in rows if row.key == "2024-Q1").is_mature == ripe


@pytest.mark.parametrize(("known", "ripe"), [(79, False), (80, True), (100, True)])
def test_wage_records_are_in_when_80_of_100_exits_are_known(known, ripe):
    entry = measure("employment_rate_q2")
    state = maturity(entry, key="2024-Q1", by="quarter", as_of=date(2026, 1, 1), known=(known, 100))
    assert state.is_mature == ripe
    assert state.why_not == (None if ripe else "fewer than 80% of its exits are known so far")
    assert not maturity(entry, key="2024-Q1", by="quarter", as_of=date(2024, 3, 30), known=(100, 100)).is_mature


def test_a_share_just_under_the_rule_is_not_complete():
    state = maturity(measure("employment_rate_q2"), key="2024", by="year", as_of=date(2026, 1, 1), known=(7999, 10000))
    assert state.why_not == "fewer than 80% of its exits are known so far"


def test_a_period_cut_by_the_filters_is_not_complete():
    entry = measure("completion_rate")
    for cut in ({"since": date(2024, 1, 2)}, {"until": date(2024, 3, 30)}):
        state = maturity(entry, key="2024-Q1", by="quarter", as_of=date(2026, 1, 1), **cut)
        assert state.why_not == "the period chosen takes in only part of the quarter"
    quarter_days = {"since": date(2024, 1, 1), "until": date(2024, 3, 31)}
    assert maturity(entry, key="2024-Q1", by="quarter", as_of=date(2026, 1, 1), **quarter_days).is_mature


def test_the_words_of_the_registry_say_the_days_it_goes_by():
    for outcome in (measure(name) for name in OUTCOMES):
        assert not outcome.mature_days or f"{outcome.mature_days} days" in outcome.mature
        assert not outcome.mature_known or f"{outcome.mature_known:.0%}" in outcome.mature
        assert outcome.mature_days == LATER[outcome.id]


@pytest.mark.parametrize("measure_id", [name for name, entry in measures().items() if entry.mature_days])
def test_an_exit_enters_a_rate_when_its_quarter_may(measure_id):
    days = measures()[measure_id].mature_days
    assert (
        f"case when exited_on <= $as_of - interval {days} days then" in all_facts()[measures()[measure_id].fact].success
    )


@pytest.mark.parametrize("as_of", [date(2023, 3, 31), date(2024, 6, 28)])
def test_early_rates_are_of_mature_exits_and_the_rest_is_counted(demo_store, use_store, as_of):
    use_store(demo_store)
    scope = Scope(initiative="CareerConneCT", as_of=as_of)
    row = ask(Question("placement_rate"), scope).total
    exits = ask(Question("completion_rate"), scope).total.denominator
    mature = ask(Question("completion_rate"), scope.but(until=as_of - timedelta(days=180))).total.denominator
    assert (row.denominator, row.unknown) == (mature, exits - mature)
    final = ask(Question("placement_rate"), Scope(initiative="CareerConneCT", until=as_of)).total
    assert final.denominator == exits
    assert row.low <= final.value <= row.high, "the rate of mature exits stands for what all came to"


@pytest.mark.parametrize("by", PERIODS)
def test_periods_have_the_days_pandas_gives_them(by):
    for day in pd.date_range("2023-11-15", "2025-08-01", freq="11D"):
        first, last = days_of(key_of(day.date(), by), by)
        assert first <= day.date() <= last == last_day(key_of(day.date(), by), by).date()
        assert key_of(first - timedelta(days=1), by) != key_of(first, by) == key_of(last, by)
    assert every(date(2024, 2, 29), date(2024, 2, 29), by) == [key_of(date(2024, 2, 29), by)]
    with pytest.raises(ValueError, match="is not a"):
        days_of("Not recorded", by)


# --- Targets as they stood --------------------------------------------------------------------------------


def targets(as_of: date | None = None, **scope: str) -> dict[str, float | None]:
    """The target of women's participation by quarter."""
    answer = ask(
        Question("participation_over_time", "quarter"), Scope(initiative="CareerConneCT", as_of=as_of, **scope)
    )
    return {row.key: row.target for row in rows_of(answer, "woman")}


def test_the_target_is_that_of_the_end_of_each_quarter(demo_store, use_store):
    use_store(demo_store)
    now = targets()
    assert (now["2022-Q3"], now["2023-Q4"], now["2024-Q1"], now["2026-Q3"]) == (0.45, 0.45, 0.48, 0.48)
    before = targets(date(2022, 8, 31))
    assert set(before.values()) == {None}, "before the first was set"
    assert set(targets(date(2022, 9, 1)).values()) == {0.45}
    between = targets(date(2024, 1, 14))
    assert between["2024-Q1"] == 0.45, "the revision of the next day has not happened yet"
    assert targets(date(2024, 1, 15))["2024-Q1"] == 0.48


def test_a_target_applies_to_its_place_and_program_only(demo_store, use_store):
    use_store(demo_store)
    assert set(targets(region="Northwest").values()) == {None}
    assert {r.target for r in ask(Question("participation_over_time", "quarter")).rows} == {None}
    northwest = ask(
        Question("participation_over_time", "quarter"), Scope(initiative="CareerConneCT", region="Northwest")
    )
    held = {row.key: row.target for row in rows_of(northwest, "immigrant")}
    assert [held[key] for key in ("2022-Q4", "2023-Q1", "2024-Q1", "2024-Q2", "2025-Q2", "2025-Q3")] == [
        None, 0.16, 0.16, 0.12, 0.12, 0.14,
    ]  # fmt: skip
    women = ask(Question("outcome_over_time", "quarter", outcome="completion_rate"), Scope(initiative="CareerConneCT"))
    assert {row.target for row in rows_of(women, "woman", "completion_rate")} == {None, 0.8}


# --- Signals and trends by hand ---------------------------------------------------------------------------


def made(*counts: tuple[int, int], waiting: int = 0) -> list[Row]:
    """Quarters from 2020 on with (successes, trials), each try another person; the last `waiting` are not complete yet."""
    keys = every(date(2020, 1, 1), date(2029, 12, 31), "quarter")
    return [
        PeriodRow(
            key=keys[at],
            group="woman",
            value=successes / trials if trials else None,
            numerator=successes,
            denominator=trials,
            is_mature=at < len(counts) - waiting,
            hh=successes,
            hm=successes,
            mm=trials,
        )
        for at, (successes, trials) in enumerate(counts)
    ]


def signals_of(rows: list[Row]) -> list[str | None]:
    return [row.signal for row in with_chart(rows, charts=35)]


def test_a_jump_and_a_new_level_are_seen_and_a_quarter_not_complete_yet_is_not():
    level = [(50, 100)] * 12
    assert signals_of(made(*level)) == [None] * 12
    assert signals_of(made(*level, (80, 100), *level))[12] == "beyond limits"
    assert set(signals_of(made(*level, (5, 100), waiting=1))) == {None}
    change = signals_of(made(*[(58, 100)] * 9, (0, 0), *[(42, 100)] * 8))
    assert change[10] == "lasting change"
    assert set(change[:10] + change[11:]) == {None}


def test_a_single_small_period_is_never_a_signal():
    assert set(signals_of(made((0, 9), *[(80, 100)] * 8))) == {None}
    assert signals_of(made((0, 30), *[(80, 100)] * 8))[0] == "beyond limits"


def test_no_rows_and_nobody_in_them():
    assert with_chart([], charts=35) == []
    assert set(signals_of(made((0, 0), (0, 0)))) == {None}


def word(result: Trend) -> Direction:
    """Return the direction of a trend that is judged by itself."""
    return result.word_at(result.p)


def test_a_trend_is_the_last_four_against_the_four_before():
    flat = [(50, 100)] * 4
    result = trend(made((0, 100), *flat, *[(60, 100)] * 4, (1, 100), waiting=1))
    assert (result.before, result.now) == (0.5, 0.6)
    assert result.p == pytest.approx(fisher_exact([[240, 160], [200, 200]]).pvalue)
    assert word(result) == RISING
    assert result.word_at(0.2) == UNCLEAR, "the word follows the p-value adjusted for its family"
    assert word(trend(made(*[(60, 100)] * 4, *flat))) == FALLING
    assert word(trend(made(*flat, *[(51, 100)] * 4))) == UNCLEAR
    assert word(trend(made(*[(0, 100)] * 8))) == UNCLEAR


def test_a_trend_of_too_few_has_no_direction():
    assert word(trend([])) == TOO_FEW
    assert word(trend(made(*[(50, 100)] * 8, waiting=1))) == TOO_FEW, "seven complete quarters"
    few = trend(made(*[(0, 7)] * 4, *[(7, 7)] * 4))
    assert word(few) == few.word_at(0.001) == TOO_FEW
    assert few.p is None


def test_a_trend_is_of_the_last_year_also_where_nobody_came():
    """Quarters without anybody were left out, so that a rise of two years earlier was one "over a year"."""
    ended = made(*[(50, 100)] * 4, *[(80, 100)] * 4, *[(0, 0)] * 4)
    assert word(trend(ended)) == TOO_FEW
    some = trend(made(*[(50, 100)] * 4, (0, 0), *[(80, 100)] * 3))
    assert (some.before, some.now, word(some)) == (0.5, 0.8, RISING)
    hidden = [replace(row, numerator=None, denominator=None) for row in ended[:1]]
    assert word(trend([*hidden, *made(*[(50, 100)] * 7)])) == TOO_FEW


def test_residents_counted_several_times_tell_less():
    rows = made(*[(50, 100)] * 4, *[(60, 100)] * 4)
    twice = [replace(row, hh=2 * row.numerator, hm=2 * row.numerator, mm=200) for row in rows]
    assert trend(twice).now == trend(rows).now
    assert trend(twice).p > trend(rows).p
