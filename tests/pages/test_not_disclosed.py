"""A delivery in which nobody says whether they are veterans, and nobody in one region whether they are immigrants: not known is not none."""

from __future__ import annotations

import re

import pytest

from components.text.narratives import plan_places
from queries import Question, Scope, ask
from queries.__main__ import main as queries_main
from queries.access.viewer import Viewer
from queries.models import AnswerStatus
from queries.notes import NOBODY_ANSWERED, NOT_DISCLOSED, NOT_SUPPLIED
from tests import edge_cases
from tests.app_driver import figures, text
from tests.conftest import publish_tables
from tests.pages.page_text import read_page
from tests.pages.test_pages import run

SILENT_REGION = "Northwest"
GOVERNOR = Viewer(role="governor", clearance="protected")


@pytest.fixture(scope="module")
def silent_store(tmp_path_factory):
    tables = edge_cases.frames(seed=21, undisclosed=0.1)
    people = tables["enrollments"].drop(columns=["reentry"])
    is_there = people["town"].eq("Torrington") | people["region"].eq(SILENT_REGION)
    residents = people.loc[is_there, "participant_id"]
    people["veteran"] = None
    people.loc[people["participant_id"].isin(residents), "immigrant"] = None
    tables["enrollments"] = people
    return publish_tables(tables, tmp_path_factory.mktemp("silent"))


@pytest.fixture(autouse=True)
def over_it(silent_store, use_store):
    use_store(silent_store)


@pytest.mark.parametrize("measure", ["residents_enrolled", "completion_rate", "in_training", "supports_reach"])
@pytest.mark.parametrize("viewer", [None, GOVERNOR], ids=["exact", "protected"])
def test_a_group_that_nobody_discloses_is_not_disclosed(measure, viewer):
    answer = ask(Question(measure), Scope(group="veteran", viewer=viewer))
    assert (answer.status, answer.rows) == (AnswerStatus.NOT_DISCLOSED, ())
    assert answer.note == "Nobody in this delivery has answered whether they are in this group: not disclosed."


def test_a_measure_that_compares_groups_says_how_many_did_not_disclose():
    exact = ask(Question("gap_residents"), Scope(group="veteran")).total
    assert (exact.value, exact.note, exact.undisclosed) == (None, NOBODY_ANSWERED, exact.everyone)
    assert ask(Question("gap_residents"), Scope(group="veteran", viewer=GOVERNOR)).status == AnswerStatus.NOT_DISCLOSED


def test_what_nobody_answered_is_not_hidden_from_protected_readers():
    rows = ask(Question("participation_share"), Scope(viewer=GOVERNOR)).rows
    silent = {(row.note, row.suppression, row.value, row.undisclosed) for row in rows if row.group == "veteran"}
    assert silent == {(NOBODY_ANSWERED, None, None, None)}


def test_those_who_did_not_disclose_are_counted():
    everyone = ask(Question("residents_enrolled")).total.value
    assert ask(Question("residents_enrolled"), Scope(group="veteran", group_side="undisclosed")).total.value == everyone


@pytest.mark.parametrize("measure", ["residents_enrolled", "completions", "completion_rate", "supports_reach"])
def test_a_region_in_which_nobody_answers_is_not_disclosed(measure):
    answer = ask(Question(measure), Scope(group="immigrant", region=SILENT_REGION))
    assert (answer.status, answer.reason) == (AnswerStatus.NOT_DISCLOSED, NOT_DISCLOSED)
    by_region = ask(Question(measure, by="region"), Scope(group="immigrant"))
    (silent,) = {(row.value, row.note) for row in by_region.rows if row.key == SILENT_REGION}
    assert silent == (None, NOT_DISCLOSED)
    assert all(row.note != NOT_DISCLOSED for row in by_region.rows if row.key != SILENT_REGION)


def test_a_region_without_anybody_has_no_row():
    """Nobody lives in Eastern in this delivery: that nobody answered there says nothing."""
    assert ask(Question("residents_enrolled", by="region"), Scope(group="immigrant")).row("Eastern") is None
    nobody = ask(Question("residents_enrolled"), Scope(group="immigrant", region="Eastern"))
    assert nobody.total.value == 0


@pytest.mark.parametrize("viewer", [None, GOVERNOR], ids=["exact", "protected"])
def test_a_breakdown_by_group_names_the_groups_that_are_not_known(viewer):
    answer = ask(Question("residents_enrolled", by="group"), Scope(viewer=viewer))
    notes = {row.key: (row.value, row.note) for row in answer.rows if row.key in ("veteran", "reentry")}
    assert notes == {"veteran": (None, NOT_DISCLOSED), "reentry": (None, NOT_SUPPLIED)}


@pytest.mark.parametrize("measure", ["participation_share", "outcome_ratio", "participation_over_time"])
def test_a_group_that_is_not_supplied_is_no_region_and_no_quarter(measure):
    """Its id stood among the regions."""
    by = "quarter" if measure == "participation_over_time" else "region"
    answer = ask(Question(measure, by=by))
    assert [(row.key, row.group) for row in answer.rows if row.note == NOT_SUPPLIED] == [("Total", "reentry")]
    assert "reentry" not in {row.key for row in answer.rows}
    assert [row.key for row in ask(Question("participation_share")).rows if row.note == NOT_SUPPLIED] == ["reentry"]


def test_the_command_line_shows_no_zero(capsys):
    assert queries_main(["measure", "residents_enrolled", "--group", "veteran"]) == 0
    written = capsys.readouterr().out
    assert "not disclosed" in written and "Total" not in written


@pytest.mark.parametrize(
    "script", ["dashboard.py", "pages/sectors.py", "pages/support_services.py", "pages/regions.py"]
)
def test_a_page_about_the_group_says_so_and_shows_no_zero(script):
    page_text = text(run(script, group="veteran"))
    assert "Nobody in this delivery has answered whether they are in this group: not disclosed." in page_text
    assert not re.search(
        r"(?i)no known veterans|no veterans|nothing recorded|\b0 new\b", page_text.split("Across the")[0]
    )


def test_regions_says_where_it_is_not_known():
    page = read_page("pages/regions.py", {"group": "immigrant"})
    assert f"{SILENT_REGION} not disclosed" in text(run("pages/regions.py", group="immigrant"))
    (cells,) = (row for row in page.tables["regions-compared"] if row["Region"] == SILENT_REGION)
    assert {cells["Residents enrolled"], cells["Completion rate"], cells["Received a support"]} == {NOT_DISCLOSED}
    there = text(run("pages/regions.py", group="immigrant", region=SILENT_REGION))
    assert "Nobody under these filters has answered whether they are in this group" in there


def test_a_plan_does_not_call_it_none_needed_where_nobody_answered():
    rows = read_page("pages/gap_plan.py", {"group": "immigrant", "target": "60"}).tables["plan"]
    (silent,) = (row for row in rows if row["Region"] == SILENT_REGION)
    assert silent["Share now"] == "nobody answered"
    assert {silent[name] for name in plan_places.OF_ANSWERS} == {"not known"}
    assert all(row["Finding"] != "not known" for row in rows if row["Region"] != SILENT_REGION)
    drawn = figures(run("pages/gap_plan.py", group="immigrant", target="60"))["needed-per-month"]
    assert SILENT_REGION not in str(drawn)


def test_a_table_of_groups_counts_nobody_as_not_known():
    (cells,) = (row for row in read_page("pages/equity.py", {}).tables["overview"] if row["Group"] == "Veterans")
    assert cells["Residents"] == "not known"


def test_the_page_of_a_group_says_that_nobody_answered():
    page = text(run("pages/one_group.py", group="immigrant", region=SILENT_REGION))
    assert f"Immigrants in {SILENT_REGION}: not enough answers to say (100% did not disclose)." in page
    rows = read_page("pages/one_group.py", {"group": "immigrant", "region": SILENT_REGION}).tables["steps"]
    assert {row["Counted in the group"] for row in rows[1:]} == {"not known"}
    assert {row["Group’s rate"] for row in rows} == {"not known"}
    assert "Veterans: not enough answers to say (100% did not disclose)." in text(
        run("pages/one_group.py", group="veteran")
    )
    assert "Residents in re-entry: not supplied." in text(run("pages/one_group.py", group="reentry"))


def test_where_no_group_is_known_a_breakdown_by_group_says_so(tmp_path, use_store):
    """It had rows without a part, which the page of supports could not draw."""
    tables = edge_cases.frames(seed=22, rows=60, undisclosed=1.0)
    use_store(publish_tables(tables, tmp_path))
    for measure in ("residents_enrolled", "supports_reach"):
        answer = ask(Question(measure, by="group"))
        assert (answer.status, answer.rows) == (AnswerStatus.NOT_DISCLOSED, ())
    assert "Nobody in this delivery has answered a question about groups" in text(run("pages/support_services.py"))
