"""Plans computed again in pandas, month by month; and that following a plan does reach its goal, with nobody to spare."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import AskError, Goal, Question, Scope, ask, notes
from queries.calculators import plan_goal
from queries.calculators.plan_rows import PlanVerdict
from queries.calculators.plan_shares import NO_FULL_MONTH, needed
from queries.calculators.targets import Target
from queries.database import Store
from queries.recent_rates import MonthWindow, month_window
from queries.verdicts import ENOUGH
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_measures import LAST, facts_of, read, town_regions

RATES = ("completion_rate", "credential_rate", "placement_rate")
DEMO_LAST = date(2026, 11, 13)


@pytest.fixture
def delivered(hostile_store, use_store):
    store, tables = hostile_store
    use_store(store)
    return facts_of(store, tables)


@pytest.fixture(scope="module")
def demo_facts(demo_store, demo_deliveries):
    accepted_rows = {}
    for name in ("enrollments", "completions"):
        folder = demo_deliveries[-1]
        refused = pd.read_csv(demo_store / "deliveries" / folder.name / "quarantine" / f"{name}.csv", dtype=str)
        rows = read(folder, name).drop_duplicates()
        accepted_rows[name] = rows[~rows["enrollment_id"].isin(set(refused["enrollment_id"]))]
    return independent.facts(accepted_rows, town_regions())


def full_months(as_of: date, most: int) -> list[pd.Period]:
    """The last months that were over at the end of a day."""
    last = pd.Period(as_of, "M") if pd.Timestamp(as_of).is_month_end else pd.Period(as_of, "M") - 1
    return [last - back for back in range(most)]


def intake(people: pd.DataFrame, group: str, as_of: date) -> dict[str, float]:
    """What a place's enrollments show; people: one row an enrollment."""
    first = people.groupby("participant_id").agg(on=("enrolled_on", "min"), answer=(group, "first"))
    month = first["on"].dt.to_period("M")
    side = first["answer"].map({True: "in", False: "out"}).fillna("unknown")
    recent = [month for month in full_months(as_of, 6) if month >= MONTHS_BEGIN[0]]
    now = {s: ((side == s) & month.isin(recent)).sum() / len(recent) for s in ("in", "out", "unknown")}
    quarters, quarter = first["on"].dt.to_period("Q"), pd.Period(as_of, "Q")
    newest = quarter if pd.Timestamp(as_of) == quarter.end_time.normalize() else quarter - 1
    best = max(((quarters == newest - back).sum() / 3 for back in range(8)), default=0)
    capacity = max(best, sum(now.values()))
    return {
        "g": int((side == "in").sum()), "o": int((side == "out").sum()), "now": now["in"], "others": now["out"],
        "capacity": capacity, "room": capacity - now["out"] - now["unknown"],
    }  # fmt: skip


MONTHS_BEGIN: list[pd.Period] = []


def check_share(frame: pd.DataFrame, group: str, goal: Goal, by: str | None, as_of: date) -> None:
    view = independent.as_of_view(frame, as_of)
    rows = view[view["enrolled_on"].notna()]
    MONTHS_BEGIN[:] = [rows["enrolled_on"].min().to_period("M")]
    total = intake(rows, group, as_of)
    answer = ask(Question("closing_plan", by, goal=goal), Scope(group=group, as_of=as_of))
    if not total["g"] + total["o"]:
        assert answer.total.value is None
        assert answer.total.note
        return
    months = (goal.due_on - as_of).days / 30.4375
    others = total["o"] + total["others"] * months
    more = 0
    while (total["g"] + more) / (total["g"] + more + others) < goal.value - 1e-12:
        more += 1
    if by is None:
        row = answer.total
        assert row.value == more
        assert (row.numerator, row.denominator) == (total["g"], total["g"] + total["o"])
        for name, ours in (("now_monthly", "now"), ("others_monthly", "others"), ("capacity_monthly", "capacity"), ("room_monthly", "room")):  # fmt: skip
            assert getattr(row, name) == pytest.approx(total[ours], abs=1e-9), name
        assert row.needed_monthly == pytest.approx(more / months)
        return
    expected = {key: intake(part, group, as_of) for key, part in rows.groupby(by)}
    assert {row.key for row in answer.rows} == set(expected)
    can, factors = 0, []
    for row in answer.rows:
        place = expected[row.key]
        room = math.floor(place["room"] * months + 1e-9)
        assert row.capacity_monthly == pytest.approx(place["capacity"])
        assert row.room == room
        assert 0 <= row.value <= room
        weight = row.odds * (place["o"] + place["others"] * months)
        can += room if weight else 0
        if 0 < row.value < room:
            factors.append(((place["g"] + row.value - 1) / weight, (place["g"] + row.value + 1) / weight))
        if row.verdict == PlanVerdict.AT_LIMIT:
            assert row.value == room
    assert sum(row.value for row in answer.rows) == min(more, can)
    if can > more:
        assert not factors or max(low for low, _ in factors) <= min(high for _, high in factors)


@pytest.mark.parametrize("by", [None, "region", "sector"])
@pytest.mark.parametrize("as_of", [LAST, date(2024, 8, 17)])
def test_a_share_over_awkward_data(delivered, by, as_of):
    for group in GROUPS:
        for value in (0.2, 0.7):
            check_share(delivered, group, Goal(value=value, due_on=date(2026, 1, 15)), by, as_of)


@pytest.mark.parametrize("by", [None, "region", "sector"])
@pytest.mark.parametrize(
    ("group", "value"), [("disability", 0.11), ("woman", 0.51), ("veteran", 0.06), ("reentry", 0.3)]
)
def test_a_share_over_the_demo(demo_facts, demo_store, use_store, by, group, value):
    use_store(demo_store)
    check_share(demo_facts, group, Goal(value=value, due_on=date(2027, 12, 31)), by, DEMO_LAST)


@pytest.mark.parametrize("by", [None, "region"])
@pytest.mark.parametrize("what", RATES)
def test_a_rate_over_awkward_data(delivered, by, what):
    as_of, due_on, goal = date(2024, 12, 31), date(2025, 12, 31), 0.85
    mature_on = as_of - timedelta(days={"credential_rate": 90, "placement_rate": 180}.get(what, 0))
    year, recent = (
        [month.strftime("%Y-%m") for month in full_months(day, most)] for day, most in ((mature_on, 12), (as_of, 6))
    )
    gone = independent.as_of_view(delivered, as_of)
    outcomes = ["completed"] if what == "credential_rate" else ["completed", "withdrew"]
    gone = gone[gone["outcome"].isin(outcomes)]
    compared = 0
    for group in GROUPS:
        answer = ask(Question("closing_plan", by, goal=Goal(value=goal, due_on=due_on, what=what)), Scope(group=group, as_of=as_of))  # fmt: skip
        for row in answer.rows:
            scope = {"region": row.key} if by else {}
            counted = independent.measure(what, delivered, by="month", as_of=as_of, group=group, **scope)
            successes, known = (sum(counted.get(month, (0, 0, 0))[place] for month in year) for place in (1, 2))
            inside = gone[gone[group].eq(True) & ((gone["region"] == row.key) if by else True)]
            exits = inside["exited_on"].dt.strftime("%Y-%m").isin(recent).sum() / 6
            assert (row.rate_months, row.present_months) == (12, 6)
            assert row.rate_until == full_months(mature_on, 1)[0].end_time.date()
            assert (row.numerator, row.denominator) == (successes, known)
            assert row.exits_monthly == pytest.approx(exits)
            compared += 1
            if known < ENOUGH:
                assert row.value is None
                assert row.note == "not enough people to say"
                assert row.rate is None
                continue
            months = (due_on - as_of).days / 30.4375
            assert row.value == max(math.ceil((goal - successes / known) * exits * months - 1e-9), 0)
            assert row.needed_monthly == pytest.approx(goal * exits)
            assert row.now_monthly == pytest.approx(successes / known * exits)
    assert compared


@given(
    group=st.integers(0, 10**6),
    others=st.fractions(0, 10**6, max_denominator=487),
    goal=st.integers(1, 9999).map(lambda n: Fraction(n, 10_000)),
)
def test_following_the_plan_reaches_the_goal_and_a_resident_less_does_not(group, others, goal):
    more = needed(group=group, others=others, goal=goal)
    assert more >= 0
    assert group + more >= goal * (group + more + others)
    if more:
        assert group + more - 1 < goal * (group + more - 1 + others)


@pytest.mark.parametrize("group", ["disability", "woman", "immigrant"])
@pytest.mark.parametrize("by", ["region", "sector"])
def test_a_plan_followed_place_by_place_reaches_the_goal(demo_store, use_store, group, by):
    use_store(demo_store)
    goal = Goal(value=0.11) if group == "disability" else None  # its benchmark is reached already
    total, places = (ask(Question("closing_plan", place, goal=goal), Scope(group=group)) for place in (None, by))
    row = total.total
    then = row.numerator + sum(place.value for place in places.rows)
    share = then / (then + row.others_then)
    assert row.goal <= share < row.goal + 1e-3
    assert (then - 1) / (then - 1 + row.others_then) < row.goal


def test_what_cannot_be_placed_is_at_the_limit_everywhere(demo_store, use_store):
    use_store(demo_store)
    total, places = (ask(Question("closing_plan", by, goal=Goal(value=0.6)), Scope(group="veteran")) for by in (None, "region"))  # fmt: skip
    assert sum(row.value for row in places.rows) < total.total.value
    assert {row.verdict for row in places.rows} == {PlanVerdict.AT_LIMIT}
    tomorrow = Goal(value=0.6, due_on=date(2026, 11, 14))
    places = ask(Question("closing_plan", "region", goal=tomorrow), Scope(group="veteran"))
    assert 0 in {row.value for row in places.rows}
    assert {row.verdict for row in places.rows} == {PlanVerdict.AT_LIMIT}, "no room is not no need"
    reached = ask(Question("closing_plan", "sector", goal=Goal(value=0.01)), Scope(group="veteran"))
    assert {(row.value, row.verdict) for row in reached.rows} == {(0, PlanVerdict.NOTHING_NEEDED)}


def test_the_default_goal_is_the_benchmark_or_the_others_rate(demo_store, use_store):
    use_store(demo_store)
    plan = lambda goal=None, **scope: ask(Question("closing_plan", goal=goal), Scope(**scope))  # noqa: E731
    assert plan(group="disability").goal == Goal(value=0.05, due_on=date(2027, 11, 13))
    assert plan(group="woman", region="Eastern").goal.value == 0.5007
    local = plan(group="disability", region="Eastern").total
    assert local.goal == 0.05
    assert "for the whole state" in local.goal_about
    assert "no comparable benchmark exists" in plan(group="reentry").total.note
    rate = plan(Goal(what="completion_rate"), group="veteran")
    others = ask(Question("completion_rate"), Scope(group="veteran", group_side="out", since=date(2025, 11, 1), until=date(2026, 10, 31)))  # fmt: skip
    assert rate.goal.value == round(others.total.value, 3)
    assert rate.total.goal_source == "others"
    assert plan(group="disability", as_of=date(2024, 2, 29)).goal.due_on == date(2025, 2, 28)


def test_a_target_in_force_comes_first(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    office = Target(
        measure="participation_share", initiative=None, region=None, sector=None, group_id="disability",
        set_on=date(2025, 1, 1), starts_on=None, due_on=date(2028, 6, 30), value=0.09, set_by="The office", source="A letter",
    )  # fmt: skip

    def in_force(target: Target) -> None:
        monkeypatch.setattr(plan_goal, "target_of", lambda *_, **__: target)

    in_force(office)
    monkeypatch.setattr(
        Store, "get_or_compute", lambda store, key, compute: compute()
    )  # a store's targets never change, these do
    assert ask(Question("closing_plan"), Scope(group="disability")).goal == Goal(value=0.09, due_on=date(2028, 6, 30))
    in_force(replace(office, due_on=date(2025, 1, 1)))
    past = ask(Question("closing_plan"), Scope(group="disability"))
    assert past.goal.due_on == date(2027, 11, 13)
    assert past.total.goal_about == "The office, and was due on January 1, 2025"
    goal = Goal(value=0.08, due_on=date(2027, 1, 1))
    assert ask(Question("closing_plan", goal=goal), Scope(group="disability")).goal == goal
    in_force(replace(office, value=1.0))
    assert "not a share" in ask(Question("closing_plan"), Scope(group="disability")).total.note


@pytest.mark.parametrize("value", [0, 1, -0.1, 11, math.nan, math.inf])
def test_a_goal_is_a_share(value):
    with pytest.raises(AskError, match="above 0 and below 1"):
        Goal(value=value)


def test_what_no_plan_can_be_made_for(demo_store, use_store):
    use_store(demo_store)
    with pytest.raises(AskError, match="no goal for"):
        Goal(what="wage_gain")
    for due_on in (DEMO_LAST, date(2020, 1, 1), date(2037, 1, 1)):
        with pytest.raises(AskError, match="at most 10 years ahead"):
            ask(Question("closing_plan", goal=Goal(due_on=due_on)), Scope(group="woman"))
    assert ask(Question("closing_plan")).note == notes.PLAN_NEEDS_GROUP
    assert ask(Question("closing_plan"), Scope(group="woman", group_side="out")).status == "not_applicable"
    assert ask(Question("closing_plan", "town"), Scope(group="woman")).status == "not_applicable"
    early = Scope(group="woman", initiative="CareerConneCT", as_of=date(2022, 8, 20))
    assert ask(Question("closing_plan"), early).total.note == NO_FULL_MONTH
    assert ask(Question("closing_plan"), early.but(as_of=date(2022, 1, 1))).status == "empty"


def test_full_months_and_quarters():
    month = 2024 * 12 + 1
    assert month_window(date(2024, 2, 29), {}).last == month
    assert month_window(date(2024, 2, 28), {}).last == month - 1
    assert month_window(date(2023, 12, 31), {"x": {2023 * 12: {}}}) == MonthWindow(2023 * 12, 2023 * 12 + 11)
    clock = MonthWindow(2023 * 12 + 4, 2023 * 12 + 10)
    assert list(clock.months(6)) == list(range(2023 * 12 + 5, 2023 * 12 + 11))
    assert len(clock.months(99)) == 7
    assert clock.quarters(8) == [range(2023 * 12 + 3, 2023 * 12 + 6), range(2023 * 12 + 6, 2023 * 12 + 9)]
