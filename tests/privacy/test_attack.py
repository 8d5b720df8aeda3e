"""The attacks of attack.py in a quick form: none recovers a small number, and each does where its protection is taken away."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from data.demo import make
from queries import Question, Scope, ask, measures
from queries.access.rights import viewer
from queries.database import current_delivery_id, delivery, open_store
from queries.dimensions import MODELS
from queries.models import AnswerStatus, Suppression
from queries.notes import NOBODY_OR_FEW
from queries.periods import days_of, key_of
from queries.privacy import cells, joint, suppression
from queries.privacy.across import AcrossContext
from queries.privacy.family import counts_people
from queries.privacy.release import cell_counts
from queries.privacy.rule import rule_of
from queries.privacy.solver import Solver
from tests.conftest import publish
from tests.privacy import attack, differences, outside

DIRECTORS = [viewer("director", region) for region in ("Northwest", "Eastern")]
QUICK = ("initiative", "region", "sector", "group")
PAIRS = [  # some of differences.pairs(): credentials and completions are dated by different events
    ("credentials", "completions", differences.ALL_TIME),
    ("placement_rate", "completion_rate", differences.SAME_DAY),
    ("credential_rate successes", "credentials", differences.ALL_TIME),
]
IDS = ["2022-10-07", "2024-06-28", "2026-11-13"]


@pytest.fixture(scope="session")
def small_world(tmp_path_factory):
    """Publish the last delivery of a demo of 60 residents."""
    folder = tmp_path_factory.mktemp("small-world")
    store = tmp_path_factory.mktemp("small-world-store")
    publish(make(folder, residents=60, seed=3)[-1], store, is_solved=True)
    return store


@pytest.fixture
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.fixture(autouse=True)
def count_again():
    """Forget what the attack on differences saw of a store."""
    differences.counts.cache_clear()


def assert_nothing(outcome: attack.Outcome) -> None:
    assert outcome.tried
    assert (outcome.recovered, outcome.narrowed) == (0, 0), (str(outcome), outcome.examples[:5])


@pytest.mark.parametrize(
    "run_attack",
    [
        lambda: attack.dates(days=60),
        lambda: attack.deliveries(IDS),
        lambda: attack.memberships(residents=20),
        lambda: attack.row_names(residents=6),
        attack.goals,
    ],
    ids=["dates", "deliveries", "memberships", "row names", "goals"],
)
def test_no_single_question_and_no_subtraction_recovers_anything(over_the_demo, run_attack):
    assert_nothing(run_attack())


@pytest.mark.parametrize("measure", ["enrollments", "completions"])
@pytest.mark.parametrize("readers", [[attack.GOVERNOR], [attack.GOVERNOR, *DIRECTORS]], ids=["governor", "shared"])
def test_linear_programs_over_all_answers_recover_nothing(over_the_demo, measure, readers):
    assert_nothing(attack.lattice(measure, readers, breakdowns=QUICK))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[1]} less {pair[0]}")
def test_no_small_difference_between_two_measures_is_shown(over_the_demo, pair):
    """`most` is 0 since the store is not audited: only the audit protects what follows from several cells."""
    assert_nothing(differences.subtracted(*pair, breakdowns=("region", "sector"), most=0))


@pytest.mark.parametrize("readers", [[attack.GOVERNOR], [attack.GOVERNOR, DIRECTORS[0]]], ids=["governor", "shared"])
def test_a_world_of_sixty_residents_gives_nothing_away(small_world, use_store, readers):
    use_store(small_world)
    assert_nothing(attack.lattice("enrollments", readers, breakdowns=QUICK))


def test_no_answer_says_that_nobody_is_there(small_world, use_store):
    """A total of zero is hidden where a few could be there; a breakdown without rows must not tell it apart."""
    use_store(small_world)
    hidden = 0
    for measure in filter(counts_people, measures().values()):
        for sector in ("Green jobs", "Life sciences", "Healthcare"):
            for by in (None, "quarter", "fiscal_year", "region"):
                answer = ask(Question(measure.id, by), Scope(sector=sector, viewer=attack.GOVERNOR))
                assert answer.status != AnswerStatus.EMPTY, (measure.id, by, sector)
                hidden += answer.note == NOBODY_OR_FEW
    assert hidden


def test_a_breakdown_by_what_is_filtered_tells_nobody_and_a_few_alike(small_world, use_store):
    """Where a few were there it had a hidden row, and where nobody was, none."""
    use_store(small_world)
    somewhere = {row.key for row in ask(Question("enrollments", "sector")).rows}
    shapes: dict[bool, set[tuple[Suppression | None, ...]]] = {}
    for initiative, sector in product(attack.names_of("initiative"), somewhere & set(attack.names_of("sector"))):
        scope = Scope(initiative=initiative, sector=sector)
        is_anybody = bool(ask(Question("enrollments"), scope).total.value)
        rows = ask(Question("enrollments", "sector"), scope.but(viewer=attack.GOVERNOR)).rows
        shapes.setdefault(is_anybody, set()).add(tuple(row.suppression for row in rows))
    assert shapes == {False: {(Suppression.PRIVACY,)}, True: {(Suppression.PRIVACY,)}}


@pytest.mark.parametrize("measure", ["completion_rate", "placement_rate", "course_completion_rate"])
def test_a_hidden_rate_does_not_say_that_it_is_near_nobody_or_everybody(over_the_demo, measure):
    """“95% or more” beside 53 completions said that at most two residents withdrew."""
    hidden = [
        (question, fixed, row.key, row.note)
        for question, fixed in attack.family_questions(measure, (*QUICK, *attack.PERIODS))
        for row in ask(question, attack.scope_of(attack.GOVERNOR, fixed)).rows
        if row.suppression is not None
    ]
    assert hidden
    assert [each for each in hidden if each[-1] != suppression.HIDDEN] == []


@pytest.mark.parametrize("measure", ["enrollments", "completion_rate"])
def test_where_a_hidden_row_stands_does_not_say_that_nobody_is_there(over_the_demo, measure):
    """Rows of nobody used to follow all others, so that a hidden zero could be told from a hidden count."""
    mixed = 0
    for question, fixed in attack.family_questions(measure, ("initiative", "sector", "town", "program")):
        if question.by is None:
            continue
        rows = ask(question, attack.scope_of(attack.GOVERNOR, fixed)).rows
        counted = {row.key for row in ask(question, attack.scope_of(None, fixed)).rows}
        mixed += {row.key in counted for row in rows if row.suppression is not None} == {True, False}
        every = [row.key for row in ask(question, Scope(viewer=attack.GOVERNOR)).rows]
        assert [row.key for row in rows] == [key for key in every if key in {row.key for row in rows}], (
            question,
            fixed,
        )
    assert mixed


@pytest.mark.parametrize("region", ["Northwest", "Eastern"])
def test_the_state_less_the_own_region_leaves_no_few_people(over_the_demo, region):
    """`most` is 0 since the store is not audited."""
    assert_nothing(outside.people_outside("residents_enrolled", region, breakdowns=("group", "quarter"), most=0))


@pytest.mark.parametrize(
    ("sharing", "of_all", "of_allowed"), [(0, 0.85, 0.92), (1, 0.77, 0.9)], ids=["no director", "each director"]
)
def test_most_numbers_by_the_filters_are_shown(over_the_demo, sharing, of_all, of_allowed):
    """What a director could subtract is hidden for its own sake, with or without a pattern."""
    store = open_store(current_delivery_id())
    about = delivery(store)
    scope = Scope(as_of=about.delivered_on, delivery=about.id)
    rule = replace(rule_of(10), directors_sharing=sharing)
    solver = Solver((AcrossContext(measures()["completions"], None, scope, store, about),), rule)
    solver.solve()
    shown = cell_counts(solver, solver.reasons)[""]
    assert shown.shown / shown.cells >= of_all
    assert shown.shown / shown.allowed >= of_allowed


@pytest.mark.parametrize("measure", ["applications", "residents_enrolled", "completion_rate", "wage_after_exit"])
def test_a_group_shows_no_more_as_the_only_row_of_a_breakdown(over_the_demo, measure):
    """By group, under the filter on a group and another, each answer was hidden by itself: 79 small counts of the demo came out."""
    hidden = 0
    for group, sector in product(attack.names_of("group"), attack.names_of("sector")):
        scope = Scope(group=group, sector=sector, viewer=attack.GOVERNOR)
        total, row = (ask(Question(measure, by), scope).rows[0] for by in (None, "group"))
        assert row.key == group
        assert (row.value, row.suppression) == (total.value, total.suppression), (group, sector)
        hidden += row.suppression is not None
    assert hidden


def test_a_measure_with_a_pattern_is_not_shown_outside_of_it(over_the_demo, monkeypatch):
    monkeypatch.setattr(suppression, "has_joint_pattern", lambda context: False)
    rows = ask(Question("completions", "sector"), Scope(viewer=attack.GOVERNOR)).rows
    assert {row.suppression for row in rows} == {Suppression.PRIVACY}


# Each attack has to find something without its protection, or it would prove nothing.


@pytest.fixture
def each_by_itself(monkeypatch):
    """Hide small counts of each answer by itself, as if no measure had a pattern."""
    monkeypatch.setattr(suppression, "has_joint_pattern", lambda context: False)
    monkeypatch.setattr(suppression, "JOINT_TYPES", frozenset())


def test_subtraction_recovers_much_where_any_question_is_answered(over_the_demo, any_question):
    assert attack.dates(days=60).recovered


def test_deliveries_recover_much_where_each_answer_is_hidden_by_itself(
    over_the_demo, any_question, each_by_itself, monkeypatch
):
    monkeypatch.setattr(suppression, "releases", lambda context: {"any": 10})
    monkeypatch.setattr(joint, "totals_only", lambda context, rule: None)
    assert attack.deliveries(IDS).recovered


def test_names_and_zeros_tell_about_known_residents_where_they_are_not_protected(
    over_the_demo, any_question, monkeypatch
):
    monkeypatch.setattr(cells, "with_every_name", lambda context, rows: list(rows))
    monkeypatch.setattr(cells.Surroundings, "may_show_zero", lambda self, row: True)
    assert attack.row_names(residents=3).recovered
    assert attack.memberships(residents=20).recovered


def test_linear_programs_recover_cells_where_each_answer_is_hidden_by_itself(over_the_demo, each_by_itself):
    assert attack.lattice("completions", breakdowns=QUICK).recovered


def test_few_people_outside_are_left_where_each_answer_is_hidden_by_itself(over_the_demo, each_by_itself):
    left = outside.people_outside("residents_enrolled", "Northwest", breakdowns=("group", "quarter"), most=0)
    assert left.recovered


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[1]} less {pair[0]}")
def test_differences_are_shown_where_each_answer_is_hidden_by_itself(over_the_demo, each_by_itself, pair):
    assert differences.subtracted(*pair, breakdowns=("region", "sector"), most=0).recovered


def test_running_totals_of_hidden_periods_would_give_small_counts_away(over_the_demo, monkeypatch):
    """Each is safe by itself; with fiscal years and the state, seven completions by sector and quarter of the demo came out."""
    monkeypatch.setattr(suppression, "known_totals", lambda context, rows, hidden, rule: [True] * len(rows))
    assert attack.lattice("completions", breakdowns=("sector", *attack.PERIODS)).recovered


@pytest.mark.parametrize("measure", ["completions", "residents_new", "learners", "placements"])
@pytest.mark.parametrize("name", ["region", "sector"])
def test_a_running_total_follows_from_the_numbers_shown(over_the_demo, measure, name):
    """The periods that it adds up are a sum of rows that the shown periods, fiscal years and totals give."""
    if name not in MODELS[measures()[measure].model].filters:
        return
    for value in attack.names_of(name):
        scope = Scope(viewer=attack.GOVERNOR, **{name: value})
        quarters = ask(Question(measure, "quarter"), scope).rows
        hidden = [at for at, row in enumerate(quarters) if row.suppression is not None]
        known = [
            [key_of(days_of(quarters[at].key, "quarter")[0], "fiscal_year") == year.key for at in hidden]
            for year in ask(Question(measure, "fiscal_year"), scope).rows
            if year.suppression is None
        ]
        if ask(Question(measure), scope).total.suppression is None:
            known.append([True] * len(hidden))
        equations = np.array(known, float).reshape(len(known), len(hidden))
        for until, row in enumerate(quarters):
            if row.cumulative is not None and hidden:
                more = np.vstack([equations, [at <= until for at in hidden]])
                assert np.linalg.matrix_rank(more) == np.linalg.matrix_rank(equations), (value, row.key)


def test_few_residents_with_several_supports_cannot_be_computed(over_the_demo):
    """Child care, transportation and technology added up, less any of them: 478 of 4,986 shown cells of the demo gave 1 to 9."""
    assert_nothing(attack.several_supports(QUICK))
