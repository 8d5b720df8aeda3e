"""The table of who sees what, and the answers that keep to it: made from queries/access/policy.toml."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from components import provenance
from components.page_list import PAGES
from queries import Answer, AskError, Question, Scope, ask, current_delivery_id, listing, measures
from queries.__main__ import policy_table
from queries.access.rights import (
    ABOUT_THE_DELIVERY,
    REFERENCE,
    WITHHELD,
    NotAllowed,
    answer_to,
    may_open,
    roles,
    subjects,
    view,
    viewer,
    why_closed,
    why_no_query,
)
from queries.context import QueryContext
from queries.database import delivery, open_store
from queries.privacy.suppression import is_hidden
from tests.access.questions import HOME, OTHER, counts_of, every_question
from tests.conftest import ROOT

ANSWERS = ("yes", "protected", "own region", "no")
# One question for each line of the table that numbers stand behind.
EXAMPLES = {
    "state": (Question("residents_enrolled", "sector"), {}),
    "own_region": (Question("completion_rate", "town"), {"region": HOME}),
    "other_region": (Question("completion_rate", "town"), {"region": OTHER}),
    "groups_state": (Question("participation_share"), {}),
    "groups_own_region": (Question("outcome_ratio"), {"region": HOME}),
    "groups_other_region": (Question("residents_enrolled", "sector"), {"region": OTHER, "group": "veteran"}),
    "groups_by_town": (Question("residents_enrolled", "town"), {"group": "veteran"}),
    "groups_by_program": (Question("completion_rate", "program"), {"group": "immigrant"}),
    "money": (Question("expended", "sector"), {}),
    "online": (Question("learners", "course"), {}),
    "jobs": (Question("positions", "employer"), {}),
}
# Types of measures about groups, written down apart from the calculators.
ABOUT_GROUPS = frozenset(
    {
        "participation",
        "representation",
        "gap",
        "outcome_ratio",
        "gap_by_step",
        "decomposition",
        "gap_parts",
        "gap_cells",
        "gap_adjusted",
    }
    | {"closing_plan", "participation_over_time", "outcome_over_time", "intersections", "pair_participation"}
)
PLACES = {"state": None, "own": HOME, "other": OTHER}
ROLES = {"governor": None, "officer": None, "analyst": None, "director": HOME}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@lru_cache(maxsize=100)
def exactly(question: Question, scope: Scope) -> Answer:
    """The answer as the operator has it."""
    return ask(question, scope)


def everyone() -> list:
    """Every role with either clearance."""
    return [viewer(role, region, clearance) for role, region in ROLES.items() for clearance in ("exact", "protected")]


def viewer_id(reader) -> str:
    return f"{reader.role}-{reader.clearance}"


def test_the_table_in_the_docs_is_the_table():
    assert policy_table() in (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_table_is_complete():
    assert set(roles()) == set(ROLES)
    for name, entry in subjects().items():
        assert entry["what"], name
        assert entry["otherwise"].endswith("."), name
        without = {role.id for role in roles().values() if role.id not in entry}
        assert not without or all(not roles()[role].has_region for role in without), name
        assert all(entry[role] in ANSWERS for role in roles() if role in entry), name


def test_every_page_has_its_line_and_every_role_the_pages_of_the_table():
    for page in PAGES:
        assert why_closed(page.id) != "This page is not part of your view.", page.id
    for reader in everyone():
        opened = {page.id for page in PAGES if may_open(reader, page.id)}
        assert ("data_quality" in opened) == (reader.role in ("officer", "analyst"))
        assert {"overview", "regions", "equity", "definitions"} <= opened
        assert not may_open(reader, "a page of tomorrow")


def test_every_listing_is_reference_or_about_the_delivery():
    files = {path.stem for path in (ROOT / "queries" / "sql" / "reference").glob("*.sql")}
    assert files <= REFERENCE | ABOUT_THE_DELIVERY
    assert not REFERENCE & ABOUT_THE_DELIVERY


@pytest.mark.parametrize("reader", [None, *everyone()], ids=lambda reader: reader and viewer_id(reader))
def test_the_query_is_shown_to_those_who_may_read_it(reader):
    answer = ask(Question("residents_enrolled", "sector"), Scope(viewer=reader))
    is_shown = reader is None or reader.role in ("officer", "analyst")
    assert (answer.query != "", answer.parameters != {}) == (is_shown, is_shown)
    about = provenance._body(answer)
    assert ("<pre" in about, why_no_query() in about) == (is_shown, not is_shown)
    for fact in ("Residents enrolled", "Enrollments", "November 13, 2026", "all time", "none"):
        assert fact in about


@pytest.mark.parametrize("reader", everyone(), ids=viewer_id)
@pytest.mark.parametrize("subject", EXAMPLES)
def test_answers_keep_to_the_table(reader, subject):
    question, filters = EXAMPLES[subject]
    region = filters.get("region")
    if subject in ("own_region", "groups_own_region") and reader.region is None:
        subject = subject.replace("own", "other")  # to those without a region, every region is another's
    clearance = answer_to(reader, subject, region=region)
    place = "own" if region and region == reader.region else "other" if region else ""
    groups = "groups_" if subject.startswith("groups") else ""
    where = f"{groups}{place}_region" if place else f"{groups}state"
    least = {clearance, answer_to(reader, where, region=region)}
    seen, exact_answer = ask(question, Scope(**filters, viewer=reader)), exactly(question, Scope(**filters))
    if "no" in least:
        assert seen.status == "not_allowed"
        assert not seen.rows
        assert seen.note.endswith(".")
        assert seen.total.value is None
        assert seen.reason == WITHHELD
        return
    assert seen.status == "ok"
    assert {row.key for row in seen.rows} >= {row.key for row in exact_answer.rows}
    if "protected" in least:
        assert seen.hidden_below == 10
        small = [count for row in seen.rows for count in counts_of(seen.measure, row) if 0 < count[1] < 10]
        assert not small
    else:
        assert seen.rows == exact_answer.rows
        assert seen.hidden_below is None


def expected(reader, question: Question, region: str | None, group: str | None) -> bool:
    """Whether a question is answered at all, written apart from the rules that answer it."""
    kind = measures()[question.measure].type
    if not (group or question.by == "group" or kind in ABOUT_GROUPS):
        return True
    # places of a gap are programs, and two groups at once are closer to a person than one
    close = question.by in ("town", "program", "provider", "intake") or question.measure in (
        "gap_cells",
        "intersections",
        "pair_participation",
        "provider_limits",
    )
    if question.measure in ("gap_cells", "intersections", "pair_participation") and reader.clearance != "exact":
        return False  # no pattern covers their counts
    if reader.role in ("officer", "analyst"):
        return True
    if reader.role == "governor":
        return not close
    return region == HOME or (region is None and not close)


@pytest.mark.parametrize("reader", everyone(), ids=viewer_id)
@pytest.mark.parametrize("region", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("group", [None, "reentry"])
def test_every_question_in_every_place(reader, region, group):
    about = open_store(current_delivery_id())
    for question in every_question():
        scope = Scope(region=region, group=group, viewer=reader, as_of=date(2026, 11, 13))
        run = QueryContext(measures()[question.measure], question.by, scope, about, delivery(about))
        decision = view(run)
        assert (decision.refusal is None) == expected(reader, question, region, group), question
        assert decision.is_protected or decision.refusal or reader.clearance == "exact", question


@pytest.mark.parametrize("question", [Question("participation_share"), Question("outcome_ratio", "sector")])
def test_groups_under_a_provider_filter_are_as_close_as_groups_by_provider(question):
    scope = Scope(provider="Riverbend Training Center (demo)")
    for reader in everyone():
        allowed = [ask(question, scope.but(region=region, viewer=reader)) for region in (None, HOME, OTHER)]
        expected_statuses = {
            "director": ["not_allowed", "ok", "not_allowed"],
            "governor": ["not_allowed"] * 3,
        }.get(reader.role, ["ok"] * 3)
        assert [answer.status for answer in allowed] == expected_statuses, reader
    assert "Clear the group or the provider" in ask(question, scope.but(viewer=viewer("governor"))).note


def test_other_regions_are_withheld_from_a_director_row_by_row():
    director = viewer("director", HOME)
    seen = ask(Question("residents_enrolled", "region"), Scope(group="veteran", viewer=director))
    exact_answer = ask(Question("residents_enrolled", "region"), Scope(group="veteran"))
    assert seen.row(HOME).value == exact_answer.row(HOME).value
    others = [row for row in seen.rows if row.key != HOME]
    assert others
    assert all(row.value is None and row.note == WITHHELD and row.numerator is None for row in others)
    ratios = ask(Question("outcome_ratio", "region"), Scope(viewer=director)).rows
    assert {row.key for row in ratios} > {HOME}
    for row in ratios:
        assert row.key == HOME or (row.value, row.numerator, row.low, row.note) == (None, None, None, WITHHELD)


def test_an_officers_link_replayed_by_a_director_shows_what_a_director_may_see():
    link = {"region": OTHER, "group": "veteran"}
    officer, director = viewer("officer"), viewer("director", HOME)
    question = Question("residents_enrolled", "town")
    first = ask(question, Scope(**link, viewer=officer))
    again = ask(question, Scope(**link, viewer=director))
    assert first.status == "ok"
    assert again.status == "not_allowed"
    assert "another region" in again.note
    assert ask(question, Scope(**link, viewer=officer)).rows == first.rows, "an answer is kept for its own reader"
    home_rows = ask(question, Scope(region=HOME, group="veteran", viewer=director))
    assert home_rows.status == "ok"
    assert home_rows.rows == ask(question, Scope(region=HOME, group="veteran")).rows, "the own region is exact"


def test_exact_clearance_is_exact_in_the_home_region_only():
    cleared = viewer("director", HOME, "exact")
    question = Question("completion_rate", "town")
    assert ask(question, Scope(region=HOME, viewer=cleared)).rows == ask(question, Scope(region=HOME)).rows
    assert any(is_hidden(row) for row in ask(question, Scope(region=OTHER, viewer=cleared)).rows)


def test_a_cleared_directors_exact_rows_do_not_reveal_the_others(any_question):
    cleared, scope = viewer("director", "Eastern", "exact"), Scope(initiative="CareerConneCT", sector="Life sciences")
    seen = ask(Question("completions", "town"), scope.but(viewer=cleared))
    exact_answer = ask(Question("completions", "town"), scope)
    home_rows = {row["town"] for row in listing("towns") if row["region"] == "Eastern"}
    hidden = [row for row in seen.rows if row.value is None]
    counts = {row.key: row.value for row in exact_answer.rows}
    assert all(row.value == counts.get(row.key, 0) for row in seen.rows if row.key in home_rows)
    assert hidden
    assert not {row.key for row in hidden} & home_rows
    assert sum(counts.get(row.key, 0) for row in hidden) >= 10


@pytest.mark.parametrize("reader", everyone(), ids=viewer_id)
def test_listings_follow_the_same_rules(reader):
    for name in REFERENCE:
        assert listing(name, Scope(viewer=reader)) == listing(name)
    for name in ABOUT_THE_DELIVERY:
        if reader.role in ("governor", "director"):
            with pytest.raises(NotAllowed, match="Data quality is for"):
                listing(name, Scope(viewer=reader))
        elif reader.clearance == "exact":
            assert listing(name, Scope(viewer=reader)) == listing(name)
    with pytest.raises((NotAllowed, FileNotFoundError)):
        listing("a listing of tomorrow", Scope(viewer=reader))


@pytest.mark.parametrize(
    ("role", "region", "clearance"),
    [("king", None, None), ("director", None, None), ("officer", HOME, None), ("officer", None, "secret")],
)
def test_what_no_reader_can_be_gets_a_sentence(role, region, clearance):
    with pytest.raises(AskError, match=r"\.$"):
        viewer(role, region, clearance)


def test_the_docs_name_every_file_they_rest_on():
    document = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    for path in (
        "queries/access/policy.toml",
        "queries/calculators",
        "queries/privacy/suppression.py",
        "access.example.toml",
    ):
        assert path in document
        assert Path(ROOT / path).exists()
