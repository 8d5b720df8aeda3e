"""Measures that rest on the people of another: protected readers see them only where the pattern shows these people."""

from __future__ import annotations

from datetime import date

import pytest

from queries import Goal, Question, Scope, ask, listing
from queries.access.rights import viewer
from queries.access.viewer import Viewer
from queries.calculators import pace
from queries.calculators.counts import CountRow
from queries.models import AnswerStatus
from queries.privacy.joint import JointPattern
from queries.privacy.patterns import Reason
from queries.privacy.tables import address_of

GOVERNOR = viewer("governor")
FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.fixture
def hide_all(monkeypatch):
    """Hide every cell of one stem, as its pattern could."""

    def hide(stem):
        reason = JointPattern.reason
        monkeypatch.setattr(
            JointPattern,
            "reason",
            lambda self, address: Reason.SECONDARY if self.context.measure.id == stem else reason(self, address),
        )

    return hide


def shown(question, **filters):
    rows = ask(question, Scope(viewer=GOVERNOR, **filters)).rows
    assert rows
    return [row.key for row in rows if row.suppression is None and row.value is not None]


@pytest.mark.parametrize(
    ("question", "filters", "stem"),
    [
        (Question("provider_limits"), {}, "completion_rate"),
        (Question("provider_limits", "program"), {}, "completion_rate"),
        (Question("provider_limits", outcome="placement_rate"), {}, "placement_rate"),
        (Question("supports_association"), {}, "completion_with_support"),
        (Question("supports_reach", "region"), {}, "supports_reach"),
        (Question("positions_filled_by_participants", "sector"), {}, "positions_filled_by_participants"),
        (Question("participant_share", "sector"), {}, "participant_share"),
        (Question("pace", "initiative"), {}, "residents_enrolled"),
        (Question("slfrf_enrolled"), {}, "residents_enrolled"),
        (Question("slfrf_completing"), {}, "completions"),
        (Question("closing_plan"), {"group": "veteran"}, "residents_enrolled"),
        (Question("closing_plan", goal=Goal(what="completion_rate")), {"group": "veteran"}, "completion_rate"),
        (Question("gap_adjusted"), {}, "completion_rate"),
        (Question("gap_adjusted", outcome="placement_rate"), {}, "placement_rate"),
    ],
    ids=str,
)
def test_a_row_is_hidden_where_the_people_behind_it_are(question, filters, stem, hide_all):
    assert shown(question, **filters)
    hide_all(stem)
    assert not shown(question, **filters)


def test_a_gap_split_by_places_needs_every_cell_of_them():
    def hidden(question):
        return [row for row in ask(question, Scope(group="bipoc", viewer=GOVERNOR)).rows if row.suppression is not None]

    assert not hidden(Question("completion_rate", "region"))
    assert hidden(Question("completion_rate", "sector"))
    # no sector counts fewer than ten, so the answer by itself would show what these make of the gap
    assert {row.part for row in hidden(Question("gap_decomposition"))} == {"sector", "program"}


@pytest.fixture
def hide_cell(monkeypatch):
    """Hide one cell of one stem, as its pattern could."""

    def hide(stem, **values):
        reason = JointPattern.reason
        monkeypatch.setattr(
            JointPattern,
            "reason",
            lambda self, address: (
                Reason.SECONDARY
                if (self.context.measure.id, address) == (stem, address_of(values))
                else reason(self, address)
            ),
        )

    return hide


def test_a_period_does_not_show_a_pace_whose_residents_are_hidden(hide_cell):
    """The pace counts all time, whatever the period: a quarter that is shown says nothing about its residents."""
    question = Question("pace")
    filters = {"initiative": "CareerConneCT", "since": FIRST, "until": LAST}
    assert shown(question, **filters)
    hide_cell("residents_enrolled", initiative="CareerConneCT")
    assert shown(Question("residents_enrolled"), **filters)
    assert not shown(question, **filters)


def test_workers_of_the_present_quarter_need_its_residents(hide_cell):
    """They are the residents of one initiative at their first event, so the others' in this quarter would follow from the state's."""
    question, scope = Question("slfrf_enrolled"), Scope(viewer=GOVERNOR)
    assert ask(question, scope).total.current_period
    hide_cell("residents_enrolled", initiative="CareerConneCT", quarter="2026-Q4")
    assert ask(question, scope).total.value
    assert ask(question, scope).total.current_period is None


def test_workers_completing_in_the_present_quarter_are_hidden_as_its_completions_are():
    """Of the demo's 58 completions of the quarter, 45 were shown as workers: the others are few, and hidden."""
    quarter = {"since": date(2026, 10, 1), "until": date(2026, 12, 31)}
    assert not shown(Question("completions", "initiative"), **quarter)
    assert ask(Question("slfrf_completing"), Scope(viewer=GOVERNOR)).total.current_period is None


def test_parts_of_a_gap_need_every_cell_of_their_levels(monkeypatch):
    assert not shown(Question("gap_parts"), group="veteran")
    monkeypatch.setattr(JointPattern, "hides_some", lambda self, values: False)
    assert shown(Question("gap_parts"), group="women")


@pytest.mark.parametrize("measure", ["intersections", "pair_participation"])
@pytest.mark.parametrize("reader", [viewer("officer", None, "protected"), viewer("director", "Eastern", "protected")])
def test_residents_in_two_groups_are_hidden_from_readers_with_protected_figures(measure, reader):
    """No pattern covers them: the outcomes of 13 pairs of groups in North Central were shown."""
    answer = ask(Question(measure), Scope(region="Eastern", viewer=reader))
    assert answer.status == AnswerStatus.NOT_ALLOWED
    assert not answer.rows


@pytest.mark.parametrize(
    ("question", "filters", "changes"),
    [
        (Question("residents_by_path"), {"region": "Eastern"}, "without the region"),
        (Question("slfrf_enrolled", "region"), {}, "in total"),
        (Question("slfrf_enrolled", "quarter"), {"sector": "Healthcare"}, "without the sector"),
        (
            Question("slfrf_completing", "quarter"),
            {},
            "in total",
        ),  # a hidden quarter follows from residents who finished
    ],
)
def test_paths_and_workers_are_counted_for_the_state_only(question, filters, changes):
    answer = ask(question, Scope(viewer=GOVERNOR, **filters))
    assert answer.is_nearest
    assert changes in answer.note
    assert not answer.scope.filters
    assert [row.key for row in answer.rows] == [
        row.key for row in ask(Question(question.measure, answer.by), Scope()).rows
    ]


@pytest.mark.parametrize(
    ("question", "filters", "changes"),
    [
        (Question("supports_association"), {"region": "Eastern", "sector": "Healthcare"}, "without the sector"),
        (Question("supports_association", "region"), {"sector": "Healthcare"}, "without the sector"),
        (Question("completion_with_support", "quarter"), {}, "in total"),
        (Question("completion_with_support", "town"), {"region": "Eastern"}, "in total"),
        (Question("completion_with_support", "sector"), {"since": FIRST, "until": LAST}, "for all time"),
    ],
)
def test_completion_by_support_takes_a_single_dimension(question, filters, changes):
    answer = ask(question, Scope(viewer=GOVERNOR, **filters))
    assert answer.is_nearest
    assert changes in answer.note


@pytest.mark.parametrize(
    ("measure_id", "dimensions"),
    [
        ("supports_reach", ("region", "sector", "initiative")),
        ("completion_with_support", ("region", "sector", "initiative")),
    ],
)
def test_every_hidden_row_has_another_when_each_is_queried_by_itself(measure_id, dimensions):
    """Where each answer protects only itself, a row hidden for the sake of another is shown under its own filter."""
    hidden = 0
    for by in dimensions:
        rows = [row for row in ask(Question(measure_id, by), Scope(viewer=GOVERNOR)).rows if row.value is None]
        for name in {str(row[by]) for row in listing(f"{by}s")} & {row.key for row in rows}:
            alike = ask(Question(measure_id), Scope(viewer=GOVERNOR).but(**{by: name})).rows
            shown = {part_of(row) for row in alike if row.value is not None}
            rows = [row for row in rows if row.key != name or part_of(row) not in shown]
        for part in {part_of(row) for row in rows}:
            hidden += 1
            assert sum(part_of(row) == part for row in rows) > 1, (by, part)
    assert hidden


def part_of(row):
    return row.part, getattr(row, "received", None)


def test_counts_inside_a_rate_are_the_states_only():
    state = ask(Question("placement_rate"), Scope(viewer=GOVERNOR)).total
    assert state.unknown == ask(Question("placement_rate")).total.unknown
    for by, filters in (("sector", {}), (None, {"region": "Eastern"})):
        rows = ask(Question("placement_rate", by), Scope(viewer=GOVERNOR, **filters)).rows
        assert any(row.value for row in rows)
        assert all(row.unknown is None for row in rows)
    home = ask(Question("placement_rate"), Scope(region="Eastern", viewer=viewer("director", "Eastern")))
    assert home.total.unknown


def test_nobody_learns_how_many_applied_and_did_not_enroll_where_they_are_few():
    for measure, nested in (("applications", "enrollments"), ("starts", "enrollments")):
        for by in ("region", "sector", "town", "program", "provider"):
            outer, inner = (
                {row.key: row.value for row in ask(Question(each, by), Scope(viewer=GOVERNOR)).rows}
                for each in (measure, nested)
            )
            for key, value in outer.items():
                if None not in (value, inner.get(key)):
                    assert not 0 < abs(value - inner[key]) < 10


@pytest.mark.parametrize("name", ["initiative", "region", "sector"])
@pytest.mark.parametrize("what", ["completion_rate", "credential_rate", "placement_rate"])
def test_a_plan_less_those_under_a_filter_leaves_no_small_count(name, what):
    """BIPOC residents of all initiatives less those of two left three of Back to Work who had not completed in twelve months."""
    goal = Goal(what=what, value=0.9)
    values = [str(row[name]) for row in listing(f"{name}s")]

    def counts(group: str, reader: Viewer | None, **filters: str) -> list[tuple[float, float]]:
        answer = ask(Question("closing_plan", goal=goal), Scope(group=group, viewer=reader, **filters))
        shown = [row for row in answer.rows if row.suppression is None and not answer.is_nearest]
        return [(row.numerator, row.denominator - row.numerator) for row in shown if row.denominator]

    subtracted = 0
    for group in (row["group_id"] for row in listing("groups")):
        for total in counts(group, GOVERNOR):
            by_value = {value: counts(group, GOVERNOR, **{name: value}) for value in values}
            for place in (0, 1):
                rest = total[place] - sum(row[place] for rows in by_value.values() for row in rows)
                hidden = [value for value in values if not by_value[value]]
                assert not hidden or rest == 0 or rest >= 10, (group, hidden, rest)
                subtracted += 1
    assert subtracted


@pytest.mark.parametrize(
    ("by", "filters", "changes"),
    [
        (None, {"region": "Eastern"}, "without the region"),
        ("region", {"initiative": "SkillUp CT"}, "without the initiative"),
        ("sector", {"region": "Eastern"}, "without the region"),
    ],
)
def test_a_plan_takes_the_group_and_a_breakdown(by, filters, changes):
    answer = ask(Question("closing_plan", by), Scope(viewer=GOVERNOR, group="woman", **filters))
    assert answer.is_nearest
    assert changes in answer.note
    assert answer.rows == ask(Question("closing_plan", by), Scope(viewer=GOVERNOR, group="woman")).rows
    exact = ask(Question("closing_plan", by), Scope(viewer=viewer("officer"), group="woman", **filters))
    assert exact.scope.filters == {"group": "woman", **filters}


@pytest.mark.parametrize("reader", [GOVERNOR, viewer("director", "Northwest")], ids=lambda each: each.role)
@pytest.mark.parametrize("goal", [Goal(value=0.5), Goal(due_on=date(2028, 11, 13))], ids=["goal", "date"])
def test_a_plan_with_hidden_places_cannot_be_repeated_with_other_goals(reader, goal):
    """From the regions shown and the total at 268 goals, the two regions hidden came out within eight residents."""
    scope = Scope(group="immigrant", viewer=reader)
    default = ask(Question("closing_plan", "region"), scope)
    assert {row.suppression is None for row in default.rows} == {True, False}
    chosen = ask(Question("closing_plan", "region", goal=goal), scope)
    assert all(row.suppression is not None for row in chosen.rows)
    assert ask(Question("closing_plan", goal=goal), scope).total.value is not None
    # a link has the default goal in two decimals of a percentage
    read = Goal(value=round(default.goal.value, 4), due_on=default.goal.due_on)
    by_link = ask(Question("closing_plan", "region", goal=read), scope)
    assert [row.suppression for row in by_link.rows] == [row.suppression for row in default.rows]


def test_a_plan_of_which_every_place_is_shown_takes_any_goal():
    answer = ask(
        Question("closing_plan", "region", goal=Goal(value=0.5)), Scope(group="immigrant", viewer=viewer("officer"))
    )
    assert all(row.value is not None for row in answer.rows)


def test_the_rate_of_everyone_is_not_shown_next_to_providers_where_it_is_hidden(monkeypatch):
    """A row can be shown of a total that is hidden: then the funnel's line for everyone would show the total."""
    question, scope = Question("provider_limits"), Scope(viewer=GOVERNOR)
    assert all(row.overall is not None for row in ask(question, scope).rows if row.value is not None)
    is_exact = JointPattern.is_exact
    monkeypatch.setattr(JointPattern, "is_exact", lambda self, address: bool(address) and is_exact(self, address))
    rows = [row for row in ask(question, scope).rows if row.value is not None]
    assert rows
    assert all(row.overall is None for row in rows)


@pytest.mark.parametrize(("last_quarter", "is_shown"), [(117, True), (70, False), (67, True)])
def test_recent_weeks_are_not_shown_next_to_quarters_that_differ_by_few(last_quarter, is_shown, monkeypatch):
    """The last 13 weeks have 119 residents, this quarter 52: with 70 in the last, three of them enrolled before the weeks began."""
    rows_by_key = pace.rows_by_key
    quarters = [CountRow(key="2026-Q3", value=last_quarter), CountRow(key="2026-Q4", value=52)]
    monkeypatch.setattr(
        pace, "rows_by_key", lambda context: quarters if context.by == "quarter" else rows_by_key(context)
    )
    total = ask(Question("pace"), Scope(initiative="CareerConneCT", viewer=GOVERNOR)).total
    assert total.value is not None
    assert [getattr(total, name) is not None for name in pace.RECENT] == [is_shown] * len(pace.RECENT)


@pytest.mark.parametrize("by", ["town", "employer"])
def test_how_hidden_positions_are_spread_over_openings_is_hidden_too(by):
    """Everyone sees how many positions are filled, so that the design effect would tell how many of them by participants."""
    rows = [row for row in ask(Question("participant_share", by), Scope(viewer=GOVERNOR)).rows if row.suppression]
    assert rows
    assert all(row.design_effect is None for row in rows)
