"""The release family: which questions a protected reader can ask, and what they get for any other."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from components.release_limits import last_year
from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.calculators.registry import rows_of
from queries.database import current_delivery_id, delivery, open_store
from queries.dimensions import DIMENSIONS
from queries.privacy import family
from queries.privacy.across import AcrossContext
from queries.privacy.family import nearest_scope
from queries.privacy.joint import JOINT_TYPES
from queries.registry import measures

GOVERNOR = viewer("governor")
DELIVERED_ON = date(2026, 11, 13)
FISCAL_YEAR = {"since": date(2025, 7, 1), "until": date(2026, 6, 30)}
QUARTER = {"since": date(2025, 4, 1), "until": date(2025, 6, 30)}


def nearest(**filters):
    return nearest_scope(Scope(**filters, viewer=GOVERNOR), current="now", delivered_on=DELIVERED_ON)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"region": "Eastern", "sector": "Healthcare"},
        {"group": "veteran", "region": "Eastern"},
        FISCAL_YEAR,
        {**QUARTER, "initiative": "CareerConneCT"},
        {"as_of": DELIVERED_ON, "delivery": "now"},
    ],
)
def test_what_is_inside_stays_as_it_is(filters):
    result = nearest(**filters)
    assert result.sentence is None
    assert result.scope == Scope(**filters, viewer=GOVERNOR)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2025, 4, 2), date(2025, 6, 30), QUARTER),
        (date(2025, 4, 1), date(2025, 7, 9), QUARTER),
        (date(2025, 7, 1), date(2026, 6, 29), FISCAL_YEAR),
        (date(2025, 5, 5), date(2025, 5, 5), {}),
        (date(2020, 1, 1), date(2026, 1, 1), {}),
        (None, date(2026, 6, 30), {}),
        (date(2025, 7, 1), None, FISCAL_YEAR),
        (date(2030, 1, 1), None, {}),
        (date(2026, 7, 1), None, {"since": date(2026, 7, 1), "until": date(2027, 6, 30)}),
        (date(2026, 7, 1), date(2026, 11, 13), {"since": date(2026, 7, 1), "until": date(2027, 6, 30)}),
        (date(2026, 10, 1), None, {"since": date(2026, 10, 1), "until": date(2026, 12, 31)}),
    ],
)
def test_free_dates_become_the_nearest_period_or_all_time(since, until, expected):
    result = nearest(since=since, until=until)
    assert (result.scope.since, result.scope.until) == (expected.get("since"), expected.get("until"))
    assert result.sentence.startswith("To protect residents’ privacy")
    assert result.sentence.endswith(".")


def test_a_day_is_no_range():
    result = nearest(since=date(2026, 3, 31), until=date(2026, 3, 31))
    assert " on March 31, 2026. It can see" in result.sentence


def test_every_day_before_the_deliverys_and_every_other_delivery_become_the_present():
    result = nearest(as_of=date(2024, 1, 1), delivery="before")
    assert (result.scope.as_of, result.scope.delivery) == (None, "now")
    assert result.sentence == (
        "To protect residents’ privacy, your role sees no counts or rates of people as of January 1, 2024 in another delivery. "
        "It can see them in the delivery on screen and as of the delivery’s date."
    )


def test_a_third_filter_is_left_out_and_with_a_period_a_second():
    assert nearest(initiative="SkillUp CT", region="Eastern", sector="Healthcare").scope.sector is None
    result = nearest(region="Eastern", sector="Healthcare", **QUARTER)
    assert (result.scope.region, result.scope.sector, result.scope.since) == ("Eastern", None, QUARTER["since"])
    assert result.sentence == (
        "To protect residents’ privacy, your role sees no counts or rates of people for Eastern and Healthcare "
        "from April 1, 2025 to June 30, 2025. It can see them without the sector."
    )


def test_the_side_of_a_group_goes_with_the_group():
    result = nearest(group="veteran", group_side="out", region="Eastern", **QUARTER)
    assert (result.scope.group, result.scope.group_side) == ("veteran", "out")
    result = nearest_scope(
        Scope(
            group="veteran", group_side="out", region="Eastern", viewer=viewer("director", "Eastern", "protected")
        ).but(**QUARTER),
        current="now",
        delivered_on=DELIVERED_ON,
    )
    assert (result.scope.group, result.scope.group_side, result.scope.region) == (None, "in", "Eastern")


@pytest.mark.parametrize("role", ["officer", "analyst"])
def test_exact_readers_ask_anything(role):
    scope = Scope(region="Eastern", sector="Healthcare", group="veteran", as_of=date(2024, 2, 3), viewer=viewer(role))
    assert nearest_scope(scope, current="now", delivered_on=DELIVERED_ON).scope is scope


class TestAnswers:
    @pytest.fixture(autouse=True)
    def over_the_demo(self, demo_store, use_store):
        use_store(demo_store)

    @pytest.mark.parametrize(
        ("question", "filters", "by", "left"),
        [
            (Question("residents_new", "month"), {"region": "Eastern"}, "quarter", {"region": "Eastern"}),
            (Question("residents_enrolled", "year"), {}, "fiscal_year", {}),
            (Question("completions", "town"), {"region": "Eastern", "sector": "Healthcare"}, "town", {"region": "Eastern"}),
            (Question("outcome_ratio", "region"), {"initiative": "SkillUp CT"}, "region", {}),
            (Question("outcome_ratio", "region"), FISCAL_YEAR, "region", {}),
            (Question("outcome_over_time"), {"region": "Eastern"}, None, {}),
            (Question("participation_share", "group"), {"group": "veteran", "region": "Eastern"}, "group",
             {"group": "veteran", "region": "Eastern"}),
            (Question("residents_enrolled"), {"as_of": date(2023, 5, 5)}, None, {}),
            (Question("residents_enrolled"), {"delivery": "2024-06-28"}, None, {}),
        ],
    )  # fmt: skip
    def test_a_question_gets_the_nearest_inside_and_a_sentence(self, question, filters, by, left):
        seen = ask(question, Scope(**filters, viewer=GOVERNOR))
        inside = ask(Question(question.measure, by), Scope(**left, viewer=GOVERNOR))
        assert seen.status == "ok"
        assert seen.rows == inside.rows
        assert (seen.by, seen.scope) == (inside.by, inside.scope)
        assert not inside.is_nearest
        assert inside.note is None
        if (question.by, filters) != (by, left):
            assert seen.is_nearest
            assert seen.note.startswith("To protect residents’ privacy")

    def test_the_sentence_names_the_breakdown_the_filters_and_the_period(self):
        for measure_id, by, filters, words in (
            ("residents_enrolled", "region", {"sector": "Healthcare", **FISCAL_YEAR},
             "counts or rates of people by region for Healthcare in fiscal year 2026. It can see them without the sector."),
            ("outcome_ratio", "region", {"initiative": "SkillUp CT"},
             "counts or rates of people by group and region for SkillUp CT. It can see them without the initiative."),
            ("residents_new", "month", {"region": "Eastern"},
             "counts or rates of people by month for Eastern. It can see them by quarter."),
        ):  # fmt: skip
            note = ask(Question(measure_id, by), Scope(**filters, viewer=GOVERNOR)).note
            assert note == f"To protect residents’ privacy, your role sees no {words}"

    def test_dollars_and_openings_have_no_limits(self):
        scope = Scope(region="Eastern", sector="Healthcare", since=date(2023, 5, 5), as_of=date(2024, 5, 5))
        for measure_id in ("expended", "positions"):
            seen = ask(Question(measure_id, "month"), scope.but(viewer=GOVERNOR))
            exact = ask(Question(measure_id, "month"), scope)
            assert [row.value for row in seen.rows] == [row.value for row in exact.rows]
            assert not seen.is_nearest

    def test_the_directors_region_has_no_limits_and_is_exact(self):
        scope = Scope(region="Eastern", sector="Healthcare", group="veteran", since=date(2023, 5, 5))
        seen = ask(Question("residents_enrolled", "month"), scope.but(viewer=viewer("director", "Eastern")))
        assert seen.rows == ask(Question("residents_enrolled", "month"), scope).rows

    def test_a_refused_question_stays_refused(self):
        scope = Scope(region="Eastern", group="veteran", as_of=date(2024, 5, 5))
        seen = ask(Question("residents_enrolled", "town"), scope.but(viewer=GOVERNOR))
        assert seen.status == "not_allowed"
        assert not seen.is_nearest

    def test_the_last_year_of_a_page_is_a_period_that_its_reader_can_ask_about(self):
        for reader in (GOVERNOR, viewer("director", "Eastern"), viewer("officer")):
            since, until = last_year(Scope(viewer=reader), DELIVERED_ON)
            answer = ask(Question("completions", "sector"), Scope(since=since, until=until, viewer=reader))
            assert not answer.is_nearest
            assert any(row.value for row in answer.rows)
            assert (until - since).days == 364

    @pytest.mark.parametrize(
        ("measure_id", "base"),
        [
            ("supports_reach", "residents_enrolled"),
            ("cost_per_completion", "completions"),
            ("participation_share", "residents_enrolled"),
        ],
    )
    def test_no_other_measure_shows_the_people_of_a_hidden_cell(self, measure_id, base):
        hidden = 0
        narrow = ({}, {"group": "reentry"}, {"region": "Eastern"}, {"sector": "Green jobs"})
        for filters, by in itertools.product(narrow, ("sector", "fiscal_year", "quarter")):
            is_about_group = measure_id == "participation_share"
            if is_about_group != ("group" in filters) and (is_about_group or measure_id.startswith("cost")):
                continue
            scope = Scope(viewer=GOVERNOR).but(**filters)
            gone = {row.key for row in ask(Question(base, by), scope).rows if row.suppression is not None}
            for row in ask(Question(measure_id, by), scope).rows:
                if row.key in gone:
                    hidden += 1
                    assert row.denominator is None, (by, row.key)
        assert hidden


@pytest.mark.parametrize("period", [(None, None), (date(2026, 7, 1), date(2026, 9, 30))], ids=["all time", "a quarter"])
def test_a_filter_and_a_breakdown_show_the_same_number(demo_store, use_store, period):
    use_store(demo_store)
    store = open_store(current_delivery_id())
    about = delivery(store)
    scope = Scope(as_of=about.delivered_on, delivery=about.id, since=period[0], until=period[1])
    differ = []
    for entry in measures().values():
        context = AcrossContext(entry, None, scope, store, about)
        if entry.type not in JOINT_TYPES or not family.counts_people(entry) or not context.is_supplied(entry.id):
            continue
        for name in {"initiative", "region", "sector"} & set(context.model.filters):
            if family.takes_only_filters(context, name):
                continue
            broken_down = {(row.key, *_part(row)): _counts(row) for row in rows_of(replace(context, by=name))}
            dimension = DIMENSIONS[name]
            for listed in context.listing(dimension.reference)[:3]:
                value = str(listed[dimension.reference_key])
                filters: dict[str, str] = {name: value}
                rows = rows_of(replace(context, scope=scope.but(**filters)))
                nobody = [0] * len(_counts(rows[0])) if rows else []
                differ += [
                    (entry.id, value) for row in rows if _counts(row) != broken_down.get((value, *_part(row)), nobody)
                ]
    assert differ == []


def _part(row):
    return row.part, getattr(row, "received", None)


def _counts(row):
    return [row.numerator or 0, row.denominator or 0]


def test_first_enrollments_take_no_breakdown_by_place(demo_store, use_store):
    use_store(demo_store)
    quarter = Scope(since=date(2026, 7, 1), until=date(2026, 9, 30), viewer=GOVERNOR)
    answer = ask(Question("residents_new", "sector"), quarter)
    assert answer.by is None and answer.is_nearest
    assert answer.note is not None and answer.note.endswith("It can see them in total.")
    assert ask(Question("residents_new", "quarter"), Scope(sector="Healthcare", viewer=GOVERNOR)).note is None
