"""Small numbers: none is shown to a protected reader, and none can be had by subtraction inside one answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from components.text.narratives import data_health as narrative
from queries import Answer, Question, Row, Scope, ask, current_delivery_id, listing, measures, models
from queries import database as stores
from queries.access.rights import EXACT_ONLY, viewer
from queries.cache import BoundedCache
from queries.calculators.registry import CALCULATORS, Calculator, Disclosure, calculator_of
from queries.disclosure import derived, people, public
from queries.models import Suppression
from queries.privacy.patterns import PRIMARY, SECONDARY, UNSPECIFIED, Cell, hidden
from queries.privacy.suppression import HIDDEN, is_hidden
from tests.access.questions import ALL_BREAKDOWNS, HOME, OTHER, counts_of

GOVERNOR = viewer("governor")
MEASURES = tuple(measures())
QUIET = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True
)


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, any_question):
    use_store(demo_store)


# The rule, in numbers alone


@given(some.lists(some.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, 12, 40]), min_size=1, max_size=5))
@settings(QUIET, max_examples=1000)
def test_no_small_count_of_a_line_has_a_single_possible_value(counts):
    """Against every world that fits what a reader sees: the shown cells, the total, and which cells are said to be small."""
    reasons = hidden([Cell((count,), ("line",)) for count in counts], 10)
    assert not any(0 < count < 10 for at, count in enumerate(counts) if at not in reasons)
    assume(reasons and sum(counts) >= 10)  # a smaller total is hidden itself
    total = sum(counts[at] for at in reasons)
    assert total == 0 or total >= 10
    fits = {PRIMARY: range(1, 10), SECONDARY: range(10, total + 1), UNSPECIFIED: range(1, total + 1)}
    assume(len(reasons) <= 3)
    worlds = [world for world in itertools.product(*(fits[why] for why in reasons.values())) if sum(world) == total]
    for place, at in enumerate(reasons):
        assert counts[at] >= 10 or len({world[place] for world in worlds}) > 1, (counts, reasons)


@given(
    some.lists(some.lists(some.sampled_from([0, 1, 3, 9, 10, 15, 60]), min_size=3, max_size=3), min_size=2, max_size=4)
)
@settings(QUIET, max_examples=300)
def test_a_table_of_two_directions_is_safe_in_both(table):
    cells = [Cell((n,), (("row", y), ("column", x))) for y, row in enumerate(table) for x, n in enumerate(row)]
    reasons = hidden(cells, 10)
    for line in {line for cell in cells for line in cell.lines}:
        members = [at for at, cell in enumerate(cells) if line in cell.lines]
        gone = [at for at in members if at in reasons]
        total, rest = sum(cells[at].counts[0] for at in members), sum(cells[at].counts[0] for at in gone)
        if total >= 10:  # a smaller total is hidden itself
            assert rest == 0 or rest >= 10
            assert len([at for at in gone if cells[at].counts[0]]) != 1 or rest >= 10


def test_rates_hide_both_sides():
    line = ("line",)
    cells = [Cell((3, 50), line), Cell((20, 20), line), Cell((30, 70), line), Cell((0, 12), line)]
    assert hidden(cells, 10) == {0: PRIMARY, 3: SECONDARY, 1: SECONDARY}, "successes 3 + 0 would be told by subtraction"


def test_what_a_reader_knows_hides_nothing():
    line = ("line",)
    cells = [Cell((5,), line, is_open=True), Cell((3,), line), Cell((12,), line), Cell((90,), line)]
    assert hidden(cells, 10) == {1: PRIMARY, 2: SECONDARY}


# What is shown


def test_every_measure_has_a_disclosure_rule():
    for measure in measures().values():
        assert calculator_of(measure).disclosure_of(measure) is not None, measure.id


def test_every_row_is_of_the_declared_class():
    compared = 0
    for measure in measures().values():
        for by in (None, "region", "group", "quarter"):
            answer = ask(Question(measure.id, by), Scope())
            assert all(type(row) is answer.row_type for row in answer.rows), measure.id
            compared += len(answer.rows)
    assert compared


def test_an_undeclared_field_fails_at_import():
    @dataclass(frozen=True, kw_only=True)
    class UndeclaredRow(Row):
        a_new_count: int = 0

    with pytest.raises(TypeError, match="a_new_count"):
        Calculator("test", row=UndeclaredRow, disclosure=Disclosure(), is_about_groups=False)(lambda context: [])
    assert "test" not in CALCULATORS


def test_a_rule_cannot_name_a_field_that_does_not_exist():
    with pytest.raises(TypeError, match="no_such_field"):
        Calculator("test", row=Row, disclosure=Disclosure(pooled=("no_such_field",)), is_about_groups=False)(
            lambda context: []
        )
    assert "test" not in CALCULATORS


@pytest.mark.parametrize(("count", "is_shown"), [(0, True), (9, False), (10, True)])
def test_a_new_calculator_is_protected_by_its_declared_fields(count, is_shown, monkeypatch):
    @dataclass(frozen=True, kw_only=True)
    class NewRow(Row):
        helped: int = people()
        helped_share: float = derived()
        limit: float = public()

    monkeypatch.setattr(models, "_ROW_TYPES", dict(models._ROW_TYPES))
    monkeypatch.setitem(CALCULATORS, "counted", CALCULATORS["counted"])
    del CALCULATORS["counted"]
    Calculator("counted", row=NewRow, disclosure=Disclosure(), is_about_groups=False)(
        lambda context: [NewRow(key="Total", value=0.5, helped=count, helped_share=0.5, limit=0.9)]
    )
    monkeypatch.setattr(stores, "ANSWERS", BoundedCache(10_000))
    (row,) = ask(Question("residents_enrolled"), Scope(viewer=GOVERNOR)).rows_of(NewRow)
    assert row.limit == 0.9
    assert (row.value, row.helped, row.helped_share) == ((0.5, count, 0.5) if is_shown else (None, None, None))
    assert row.suppression == (None if is_shown else Suppression.PRIVACY)


def narrow() -> Iterator[some.SearchStrategy]:
    """Filters that leave few residents, as often as not."""
    yield some.sampled_from([None, "CareerConneCT", "SkillUp CT", "Back to Work"])
    yield some.sampled_from([None, "Northwest", "Eastern", "Southwest"])
    yield some.sampled_from([None, "Green jobs", "Life sciences", "CDL licensing", "Manufacturing"])
    yield some.sampled_from([None, "reentry", "veteran", "disability", "woman"])
    yield some.sampled_from([None, date(2022, 9, 15), date(2023, 6, 30), date(2025, 1, 1)])


@given(
    some.sampled_from(MEASURES),
    some.sampled_from((None, *ALL_BREAKDOWNS)),
    some.tuples(*narrow()),
    some.sampled_from([None, date(2022, 12, 31), date(2024, 3, 31)]),
)
@settings(QUIET, max_examples=250)
def test_a_protected_answer_shows_no_small_count_and_gives_none_away(measure_id, by, filters, as_of):
    initiative, region, sector, group, since = filters
    scope = Scope(initiative=initiative, region=region, sector=sector, group=group, since=since, as_of=as_of)
    assume(not since or not as_of or since <= as_of)
    question = Question(measure_id, by)
    exact_answer, seen = ask(question, scope), ask(question, scope.but(viewer=GOVERNOR))
    assume(seen.status != "not_allowed")
    look_at(exact_answer, seen)


@pytest.mark.parametrize("by", ["region", "sector", "town", "quarter"])
def test_narrow_questions_hide_something(by):
    """A check over answers that hide nothing would hold whatever the code does."""
    scope = Scope(region=HOME, sector="Life sciences")
    seen = [ask(Question(measure_id, by), scope.but(viewer=GOVERNOR)) for measure_id in MEASURES]
    assert sum(is_hidden(row) for answer in seen for row in answer.rows) >= 10


def look_at(exact_answer: Answer, seen: Answer) -> None:
    """Hold a protected answer against the exact one."""
    computed = {identity(row): row for row in exact_answer.rows}
    assert {identity(row) for row in seen.rows} >= set(computed)
    for row in seen.rows:
        if identity(row) not in computed:
            assert not row.value, "a name that has nobody"
        small = [count for count in counts_of(seen.measure, row) if 0 < count[1] < 10]
        assert not small, (row.key, small)
        if is_hidden(row):
            assert row.low is None
            assert row.high is None
            assert row.value is None
    pairs = [(computed[identity(row)], row) for row in seen.rows if identity(row) in computed]
    for exact, row in pairs:
        if row.value is not None:
            expected = round(exact.value, 3) if seen.measure.unit == "points" else exact.value
            assert (row.value, row.numerator, row.denominator) == (expected, exact.numerator, exact.denominator)
        elif not is_hidden(row):
            assert row.note == exact.note
    if seen.by in (None, "group") or not adds_up(seen):
        return
    lines: dict[object, list[tuple[Row, Row]]] = {}
    for exact, row in pairs:
        lines.setdefault((row.group, row.part, getattr(row, "received", None)), []).append((exact, row))
    for line in lines.values():
        for name in ("value", "numerator", "denominator"):
            gone = [getattr(exact, name) or 0 for exact, row in line if is_hidden(row)]
            total = sum(getattr(exact, name) or 0 for exact, _ in line)
            rest = sum(gone)
            assert not gone or total < 10 or not 0 < rest < 10, (name, rest)


def identity(row: Row) -> tuple:
    return row.key, row.group, row.part, getattr(row, "received", None)


def adds_up(answer: Answer) -> bool:
    """Whether the rows of an answer count people or their events, so that they can be taken from a total."""
    return answer.measure.type in ("counted", "gone_on", "slfrf", "supports", "support_sides") and (
        answer.measure.unit
        in ("residents", "enrollments", "applications", "registrations", "completions", "credentials", "exits")
        or (answer.measure.unit == "share" and answer.measure.model != "openings")
    )


@pytest.mark.parametrize("measure_id", ["residents_new", "completions", "slfrf_enrolled", "learners"])
@pytest.mark.parametrize("by", ["month", "quarter"])
def test_sums_over_time_give_no_period_away(measure_id, by):
    """Months, which no pattern covers, are added up until one is hidden; quarters also where fiscal years and totals tell the sum."""
    for filters in ({}, {"region": "Northwest"}, {"region": "Eastern", "sector": "Life sciences"}):
        scope = Scope(
            **{k: v for k, v in filters.items() if k == "region" or measures()[measure_id].model != "courses"}
        )
        exact_answer, seen = (
            ask(Question(measure_id, by), scope),
            ask(Question(measure_id, by), scope.but(viewer=GOVERNOR)),
        )
        has_hidden, so_far = False, 0.0
        counts = {row.key: row.value for row in exact_answer.rows}
        for row in seen.rows:
            so_far += counts.get(row.key, 0)
            has_hidden = has_hidden or is_hidden(row)
            is_shown = row.cumulative is not None
            assert is_shown == (so_far >= 10) or has_hidden
            assert not (is_shown and has_hidden) or by == "quarter"
            assert not is_shown or row.cumulative == so_far >= 10


def test_the_threshold_is_configuration():
    scope = Scope(region=HOME, initiative="CareerConneCT")
    for min_count, limit in ((5, 6), (30, 30)):
        seen = ask(Question("residents_enrolled", "town"), scope.but(viewer=viewer("governor", min_count=min_count)))
        assert seen.hidden_below == limit, "the stricter of the reader's limit and the rule for files"
        assert any(row.note == HIDDEN for row in seen.rows)
        assert all(row.value >= limit for row in seen.rows if row.value)


def test_costs_are_hidden_where_their_people_are():
    scope = Scope(region=OTHER, initiative="CareerConneCT", as_of=date(2022, 11, 30), viewer=GOVERNOR)
    people, costs = (
        ask(Question(measure_id, "sector"), scope) for measure_id in ("completions", "cost_per_completion")
    )
    hidden_people = {row.key for row in people.rows if is_hidden(row)}
    shown = {row.key for row in costs.rows if row.value is not None}
    assert hidden_people
    assert not shown & hidden_people
    assert all(row.numerator is not None for row in costs.rows if is_hidden(row)), "dollars are not people"


@pytest.mark.parametrize(
    "measure_and_by", [("residents_enrolled", "town"), ("outcome_ratio", None), ("participation_share", "group")]
)
def test_answers_are_counted_once_for_all_readers_and_hidden_for_each(measure_and_by, monkeypatch):
    """In whatever order they ask, and however often: nobody's hiding reaches another's answer."""
    scope = Scope(region=OTHER, sector="Life sciences", as_of=date(2022, 11, 30), viewer=GOVERNOR)
    question, counted = Question(*measure_and_by), []
    calculator = calculator_of(measures()[measure_and_by[0]])
    compute = calculator.function
    monkeypatch.setattr(
        calculator, "function", lambda run: counted.append((run.measure.id, run.by, run.scope)) or compute(run)
    )
    monkeypatch.setattr(stores, "ANSWERS", BoundedCache(10_000))
    first = [ask(question, scope.but(viewer=who)).rows for who in (GOVERNOR, viewer("officer"), None)]
    assert all(scope.viewer is None for _, _, scope in counted)
    assert len(set(counted)) == len(counted), "neither the question nor those it is compared with are counted twice"
    monkeypatch.setattr(stores, "ANSWERS", BoundedCache(10_000))
    second = [ask(question, scope.but(viewer=who)).rows for who in (None, viewer("officer"), GOVERNOR)]
    assert first == second[::-1]
    assert first[1] == first[2]
    assert any(map(is_hidden, first[0]))


def test_a_measure_without_a_rule_shows_no_number(monkeypatch):
    monkeypatch.setattr(CALCULATORS["counted"], "disclosure", lambda measure: None)
    (row,) = ask(Question("residents_enrolled"), Scope(viewer=GOVERNOR)).rows
    assert row.value is None
    assert row.numerator is None
    assert row.suppression == Suppression.UNDECLARED
    assert row.note


def test_an_analyst_with_protected_clearance_sees_data_health_protected():
    analyst = viewer("analyst", clearance="protected")
    scope = Scope(initiative="CareerConneCT", region="Northwest", sector="Life sciences", as_of=date(2022, 10, 7))
    assert listing("unknowns", scope) and not listing("unknowns", scope.but(viewer=analyst))
    assert narrative.no_unknowns(analyst) == EXACT_ONLY != narrative.no_unknowns(viewer("analyst"))
    assert listing("check_tables", Scope(viewer=analyst)) == listing(
        "check_tables", Scope(delivery=current_delivery_id(), viewer=analyst)
    )
    assert listing("check_tables", Scope(delivery="2024-06-28"))
    assert listing("check_tables", Scope(delivery="2024-06-28", viewer=analyst)) == []
    table = narrative.disclosure_table(ask(Question("participation_share", "group"), scope.but(viewer=analyst)), {})
    hidden = [line for line in table if line["Did not disclose"] == HIDDEN]
    assert hidden
    assert all(line["Residents enrolled"] == HIDDEN for line in hidden)


def test_notes_of_hidden_rows_are_fixed_phrases():
    seen = ask(Question("completions", "town"), Scope(region=HOME, viewer=GOVERNOR))
    assert {(row.note, row.suppression) for row in seen.rows if row.value is None} == {(HIDDEN, Suppression.PRIVACY)}
