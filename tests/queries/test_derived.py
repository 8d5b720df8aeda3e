"""Measures made of other measures, computed again in pandas from the delivery and the reference files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from queries import AskError, Question, Scope, ask
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_measures import LAST, accepted, facts_of, same

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
STEPS = {
    "enrolled": "intake_rate",
    "started": "start_rate",
    "completed": "completion_rate",
    "credential": "credential_rate",
    "employed": "placement_rate",
}
COSTS = {
    "enrolled": "residents_enrolled",
    "completion": "completions",
    "credential": "credentials",
    "placement": "placements",
}


@pytest.fixture
def delivered(hostile_store, use_store):
    store, tables = hostile_store
    use_store(store)
    accepted_rows = accepted(store, tables)
    return facts_of(store, tables), accepted_rows


def shares(frame: pd.DataFrame, dated: str, region: str | None) -> pd.DataFrame:
    """By group: residents in it and residents who answered."""
    view = independent.as_of_view(frame, LAST)
    rows = view[view[dated].notna() & ((view["region"] == region) if region else True)].drop_duplicates(
        "participant_id"
    )
    return pd.DataFrame({"inside": rows[GROUPS].eq(True).sum(), "answered": rows[GROUPS].notna().sum()})


@pytest.mark.parametrize("region", [None, "Southwest", "North Central"])
def test_representation_and_gap_against_the_reference_files(delivered, region):
    benchmarks = pd.read_csv(REFERENCE / "benchmarks.csv")
    used = benchmarks[benchmarks["is_default"] & benchmarks["share"].notna()]
    used = used[used["region"].fillna("") == (region or "")].set_index("group_id")["share"]
    counted = shares(delivered[0], "enrolled_on", region)
    ratios = ask(Question("representation_ratio"), Scope(region=region))
    gaps = ask(Question("gap_residents"), Scope(region=region))
    for group in GROUPS:
        inside, answered = counted.loc[group]
        if group not in used.index or not answered:
            assert ratios.row(group).value is None
            assert ratios.row(group).note
            assert gaps.row(group).value is None
            assert gaps.row(group).note
            continue
        assert same(ratios.row(group).value, inside / answered / used[group])
        more = next(x for x in range(10**6) if (inside + x) / (answered + x) >= used[group] - 1e-12)
        assert gaps.row(group).value == more


def test_reentry_and_opportunity_youth_have_no_ratio_and_disability_has_a_definition(demo_store, use_store):
    use_store(demo_store)
    answer = ask(Question("representation_ratio"))
    for group in ("reentry", "opportunity_youth"):
        assert answer.row(group).value is None
        assert "no comparable benchmark" in answer.row(group).note
    assert "ACS six-question" in answer.row("disability").benchmark_about


@pytest.mark.parametrize("by", [None, "region", "sector"])
def test_costs_are_dollars_over_counts(delivered, by):
    frame, accepted_rows = delivered
    ledger = accepted_rows["funding"][accepted_rows["funding"]["kind"] == "expended"]
    spent = ledger.groupby(independent.keys(ledger, ledger["posted_on"], by).replace("Not recorded", "Not assigned"))[
        "amount"
    ].sum()
    assert len(spent) and spent.min() > 0
    for of, counted in COSTS.items():
        people = independent.measure(counted, frame, by=by, as_of=LAST)
        answer = ask(Question(f"cost_per_{of}", by))
        assert {row.key for row in answer.rows} == set(spent.index)
        for row in answer.rows:
            count = people.get(row.key, (0, 0, None))[0]
            assert row.denominator == count
            assert row.numerator == pytest.approx(spent[row.key], abs=0.001)
            assert row.value == (pytest.approx(spent[row.key] / count) if count else None)


def test_the_burn_and_what_it_leads_to(delivered):
    ledger = delivered[1]["funding"]
    of = ledger[ledger["initiative"] == "CareerConneCT"]
    recent = of[
        (of["kind"] == "expended") & (pd.to_datetime(of["posted_on"]) > pd.Timestamp(LAST - timedelta(days=90)))
    ]
    row = ask(Question("burn"), Scope(initiative="CareerConneCT")).total
    assert row.value == pytest.approx(recent["amount"].sum(), abs=0.001)
    sums = of.groupby("kind")["amount"].sum()
    assert row.left_of == "obligated"
    assert row.left == pytest.approx(sums["obligated"] - sums["expended"], abs=0.01)
    assert row.will_lapse is None, "the day to spend by is more than 26 weeks away"
    if row.left <= row.value / 90 * 182:
        assert row.runs_out_on == LAST + timedelta(days=int(row.left / (row.value / 90)))
    else:
        assert (row.runs_out_on, row.lasts_until) == (None, LAST + timedelta(days=182))


@pytest.mark.parametrize("as_of", [date(2026, 8, 31), date(2026, 11, 13)])
def test_what_would_lapse_within_two_quarters_and_its_range(demo_store, use_store, as_of):
    use_store(demo_store)
    row = ask(Question("burn"), Scope(initiative="CareerConneCT", as_of=as_of)).total
    days = (date(2026, 12, 31) - as_of).days
    assert row.will_lapse == pytest.approx(max(row.left - row.value / 90 * days, 0), abs=0.01)
    assert 0 <= row.will_lapse_low <= row.will_lapse <= row.will_lapse_high <= row.left
    assert ask(Question("burn"), Scope(initiative="SkillUp CT", as_of=as_of)).total.will_lapse is None


def test_no_outlook_in_the_first_thirteen_weeks_of_spending(demo_store, use_store, demo_deliveries):
    use_store(demo_store)
    ledger = pd.read_parquet(demo_deliveries[-1] / "funding")
    spent = ledger[(ledger["kind"] == "expended") & (ledger["initiative"] == "CareerConneCT")]
    first = pd.to_datetime(spent["posted_on"]).min().date()
    early, later = (
        ask(Question("burn"), Scope(initiative="CareerConneCT", as_of=first + timedelta(weeks=weeks))).total
        for weeks in (12, 13)
    )
    assert early.value
    assert (early.runs_out_on, early.lasts_until, early.will_lapse) == (None, None, None)
    assert later.runs_out_on or later.lasts_until


@pytest.mark.parametrize(("as_of", "left_of"), [(date(2024, 12, 31), "allocated"), (date(2025, 1, 1), "obligated")])
def test_what_is_left_is_of_the_obligation_after_the_deadline_to_obligate(delivered, as_of, left_of):
    assert ask(Question("burn"), Scope(initiative="CareerConneCT", as_of=as_of)).total.left_of == left_of


@pytest.mark.parametrize("by", [None, "region"])
def test_each_step_compares_the_group_with_the_others(delivered, by):
    frame, _ = delivered
    compared = 0
    answer = ask(Question("gap_by_step", by))
    for step, outcome in STEPS.items():
        for group in GROUPS:
            inside = independent.measure(outcome, frame, by=by, as_of=LAST, group=group)
            outside = independent.measure(outcome, frame, by=by, as_of=LAST, group=group, side="out")
            for key in set(inside) & set(outside):
                row = answer.row(step if by is None else key, group=group, part=step)
                assert same(row.numerator, inside[key][0])
                assert same(row.denominator, outside[key][0])
                if inside[key][2] and outside[key][0]:
                    assert same(row.value, inside[key][0] / outside[key][0])
                    compared += 1
    # the awkward deliveries: nobody discloses, so no group has a rate; in the others most do
    assert compared or not any(frame[group].notna().any() for group in GROUPS)


@pytest.mark.parametrize("place", ["region", "sector", "program"])
def test_the_decomposition_of_a_real_gap(delivered, place):
    frame, _ = delivered
    answer = ask(Question("gap_decomposition", place))
    for group in GROUPS:
        inside = independent.measure("completion_rate", frame, by=None, as_of=LAST, group=group).get("Total")
        outside = independent.measure("completion_rate", frame, by=None, as_of=LAST, group=group, side="out").get(
            "Total"
        )
        rows = [row for row in answer.rows if row.group == group and row.value is not None]
        if inside and outside:
            assert sum(row.value for row in rows) == pytest.approx(inside[0] - outside[0], abs=1e-12)


@pytest.mark.parametrize("as_of", [date(2022, 10, 7), date(2024, 6, 28), date(2026, 11, 13)])
def test_pace_by_hand(demo_store, use_store, as_of):
    use_store(demo_store)
    scope = Scope(initiative="CareerConneCT", as_of=as_of)
    row = ask(Question("pace"), scope).total
    enrolled = ask(Question("residents_enrolled"), scope).total.value
    elapsed = (as_of - date(2022, 8, 1)).days / (date(2026, 12, 31) - date(2022, 8, 1)).days
    assert row.target == 6000
    assert row.value == pytest.approx(enrolled / (6000 * elapsed))
    if as_of == date(2022, 10, 7):
        assert enrolled == 1108


PROGRAM_OPENS, DUE = date(2022, 8, 1), date(2026, 12, 31)


def test_there_is_no_projection_in_the_first_weeks_nor_beyond_two_quarters(demo_store, use_store):
    use_store(demo_store)
    for weeks in (2, 8, 13, 20):
        scope = Scope(initiative="CareerConneCT", as_of=PROGRAM_OPENS + timedelta(weeks=weeks))
        assert ask(Question("pace"), scope).total.projection is None
    for weeks in (26, 60, 120, 200):
        as_of = PROGRAM_OPENS + timedelta(weeks=weeks)
        row = ask(Question("pace"), Scope(initiative="CareerConneCT", as_of=as_of)).total
        assert timedelta(weeks=4) <= row.projected_on - as_of <= timedelta(weeks=26)


def test_projections_of_the_demo_hold_what_came(demo_store, use_store):
    """Each is made as of its day. One history is little: test_projection.py counts over three."""
    use_store(demo_store)
    held_80 = held_95 = origins = 0
    day = PROGRAM_OPENS + timedelta(weeks=26)
    while day <= date(2026, 7, 1):
        row = ask(Question("pace"), Scope(initiative="CareerConneCT", as_of=day)).total
        then = ask(
            Question("residents_enrolled"), Scope(initiative="CareerConneCT", as_of=row.projected_on)
        ).total.value
        held_80 += row.projection_low_80 <= then <= row.projection_high_80
        held_95 += row.projection_low <= then <= row.projection_high
        origins += 1
        day += timedelta(weeks=4)
    assert origins >= 30
    assert 0.65 <= held_80 / origins <= 0.95
    assert held_95 / origins >= 0.85


def test_the_target_as_it_stood(demo_store, use_store):
    use_store(demo_store)
    early = ask(Question("pace"), Scope(initiative="CareerConneCT", as_of=date(2022, 8, 10))).total
    assert early.target == 8000, "before the restatement of August 2022"
    assert ask(Question("pace"), Scope(region="Eastern")).total.note == "no target has been set for this"


def test_what_treasury_asks_adds_up(delivered):
    frame, _ = delivered
    for measure_id in ("slfrf_enrolled", "slfrf_completing"):
        quarters = ask(Question(measure_id, "quarter"))
        total = ask(Question(measure_id)).total
        assert sum(row.value for row in quarters.rows) == total.value == quarters.rows[-1].cumulative
        current = independent.measure(measure_id, frame, by="quarter", as_of=LAST).get("2025-Q1", (0,))[0]
        assert total.current_period == current


@pytest.mark.parametrize(
    ("question", "scope", "sentence"),
    [
        (("completion", None), {}, "There is no measure"),
        (("pace", None), {"region": "Narnia"}, "There is no region “Narnia”"),
        (("pace", None), {"group": "x" * 10_000}, "There is no group"),
        (("pace", None), {"since": date(2025, 1, 2), "until": date(2025, 1, 1)}, "ends before it begins"),
        (("pace", None), {"delivery": "../../etc/passwd"}, "There is no published delivery"),
    ],
)
def test_an_impossible_question_gets_a_sentence(demo_store, use_store, question, scope, sentence):
    use_store(demo_store)
    with pytest.raises(AskError, match=sentence) as error:
        ask(Question(*question), Scope(**scope))
    assert len(str(error.value)) < 2000


def test_names_match_without_regard_to_case_and_groups_by_label(demo_store, use_store):
    use_store(demo_store)
    plain = ask(Question("residents_enrolled"), Scope(sector="Healthcare", group="veteran")).total
    assert ask(Question("residents_enrolled"), Scope(sector=" healthCARE ", group="Veterans")).total == plain


def test_threads_get_right_numbers(demo_store, use_store):
    from concurrent.futures import ThreadPoolExecutor

    use_store(demo_store)
    questions = [(Question(m, by), Scope(region=r)) for m in ("residents_enrolled", "completion_rate") for by in (None, "sector")
             for r in (None, "Eastern")]  # fmt: skip
    serial_rows = [ask(*question).rows for question in questions]
    with ThreadPoolExecutor(8) as pool:
        threaded_rows = list(pool.map(lambda question: ask(*question).rows, questions * 12))
    assert threaded_rows == serial_rows * 12


def test_the_store_is_locked(demo_store, use_store):
    import duckdb

    from queries.database import current_delivery_id, open_store

    use_store(demo_store)
    store = open_store(current_delivery_id())
    for attempt in (
        "select * from read_csv('/etc/passwd')",
        "create table x as select 1",
        "set enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            store.rows(attempt)
