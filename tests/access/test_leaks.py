"""Ways in which one answer once gave a small count away to a protected reader, each held shut."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.privacy.joint import JointPattern
from queries.privacy.suppression import is_hidden

GOVERNOR = viewer("governor")
REGIONS = ("North Central", "Southwest", "Eastern")
SECTORS = ("Healthcare", "CDL licensing", "Life sciences", "Green jobs", None)
PLACES = [Scope(region=region, sector=sector) for region, sector in product(REGIONS, SECTORS)]


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, any_question):
    use_store(demo_store)


def both(question: Question, scope: Scope):
    """The exact and the protected answer."""
    return ask(question, scope), ask(question, scope.but(viewer=GOVERNOR))


def small(*counts: float) -> bool:
    return any(0 < round(count) < 10 for count in counts)


@pytest.mark.parametrize("has_pattern", [True, False], ids=["with the pattern", "each answer by itself"])
def test_a_gap_is_not_taken_apart_to_places_of_a_few(has_pattern, monkeypatch):
    """Two places and a few exact points were once enough to work out the exits of each provider.

    The pattern of the demo hides all parts of gaps. Without it some are shown, and the answer protects the others.
    """
    if not has_pattern:
        monkeypatch.setattr(JointPattern, "hides_some", lambda self, values: False)
    shown = 0
    for scope in [
        *PLACES,
        Scope(initiative="CareerConneCT", region="North Central", sector="CDL licensing", as_of=date(2023, 6, 30)),
        Scope(),
    ]:
        _, seen = both(Question("gap_parts"), scope)
        sides = {part: ask(Question("outcome_ratio", part), scope).rows for part in ("sector", "region", "provider")}
        for row in seen.rows:
            if row.value is None:
                continue
            shown += 1
            shown_numbers = [number for number in (row.value, row.low, row.high, row.gap) if number is not None]
            assert shown_numbers == [round(number, 3) for number in shown_numbers]
            if row.part == "within":
                continue
            for side_row in sides[row.part]:
                if side_row.group == row.group and side_row.part == "completion_rate":
                    misses = (side_row.known_in - side_row.successes_in, side_row.known_out - side_row.successes_out)
                    assert not small(side_row.successes_in, side_row.successes_out, *misses), (
                        scope,
                        row.group,
                        row.part,
                        side_row.key,
                    )
    assert bool(shown) != has_pattern


def test_the_range_of_a_rate_does_not_tell_the_outcomes_of_the_undisclosed():
    shown = 0
    for scope in PLACES:
        exact_answer, seen = both(Question("outcome_ratio"), scope)
        for exact, row in zip(exact_answer.rows, seen.rows, strict=True):
            if row.bound_low is not None:
                shown += 1
                successes = exact.successes_undisclosed
                assert not small(successes, exact.known_undisclosed - successes)
    assert shown


def test_a_plan_rests_on_no_small_count():
    shown = 0
    for initiative, group, by in product(
        ("CareerConneCT", "SkillUp CT"), ("immigrant", "woman", "veteran"), ("region", "sector")
    ):
        scope = Scope(initiative=initiative, group=group)
        # for another goal or date, no place is shown where one is hidden
        _, seen = both(Question("closing_plan", by), scope)
        for row in seen.rows:
            if row.value is None:
                assert row.others_monthly is None
                assert row.capacity_monthly is None
                continue
            shown += 1
            assert not small(row.now_monthly * 6, row.others_monthly * 6, row.capacity_monthly * 3)
            assert not small(row.numerator, row.undisclosed, row.others)
    assert shown


def test_a_hidden_completion_is_not_revealed_by_credentials():
    compared_rows = 0
    for scope in PLACES:
        _, seen = both(Question("gap_by_step"), scope)
        for row in seen.rows:
            if row.part == "completed" and is_hidden(row):
                credential = seen.row("credential", group=row.group)
                assert credential is None or (credential.value is None and credential.known_in is None)
                compared_rows += 1
    assert compared_rows


def test_a_control_chart_has_no_center_where_a_period_is_hidden():
    hidden = 0
    for question in (
        Question("participation_over_time", "year"),
        Question("outcome_over_time", outcome="employment_rate_q2"),
    ):
        for scope in PLACES[:6]:
            _, seen = both(question, scope)
            gone = {(row.group, row.part) for row in seen.rows if is_hidden(row)}
            hidden += len(gone)
            for row in seen.rows:
                if (row.group, row.part) in gone:
                    assert (row.center, row.limit_low, row.limit_high, row.signal) == (None, None, None, None)
                assert "%" not in (row.why_not or "").replace("fewer than 80%", "")
    assert hidden


def test_a_hidden_period_does_not_say_whether_enough_of_its_exits_are_known():
    """Of 12 exits, that 80% are known, or that they are not, tells how many a hidden rate is of."""
    question, hidden = Question("outcome_over_time", outcome="employment_rate_q2"), 0
    for row in both(question, Scope(group="veteran"))[1].rows:
        if is_hidden(row) and row.is_mature is not None:
            assert (row.is_mature, row.why_not) == (False, "the quarter is not over")
        hidden += is_hidden(row)
    assert hidden > 1


def test_the_highest_rate_is_that_of_the_row_itself_and_hidden_with_it():
    compared = 0
    for scope in PLACES:
        _, seen = both(Question("outcome_ratio"), scope)
        for row in seen.rows:
            if row.highest_rate is not None:
                compared += 1
                assert row.value is not None
                assert (row.highest_group, row.highest_rate) == ("others", row.denominator)
    assert compared
