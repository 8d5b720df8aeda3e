"""A store without residents' rows gives the same answers as one with them, or says that it cannot."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from data.__main__ import main as data_command
from data.duckdb_sql import open_read_only
from data.store import RESIDENT_TABLES, database
from queries import Question, ask, formats, listing, measures
from queries.changed import changed, changed_rows
from queries.database import delivery, open_store
from queries.models import AnswerStatus
from queries.rows_left_out import NEVER_ANSWERED, RowsNeeded, reads_rows
from queries.scope import OUTCOMES, Scope
from queries.service import breakdowns_of
from tests import edge_cases
from tests.conftest import ROOT, UseStore, publish
from tests.queries.random_questions import assert_same_answers, every_question, random_questions

LAST = "2026-11-13"
SENTENCE = "published without residents’ rows"


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two stores of one awkward delivery: published with residents' rows, and without."""
    folder = tmp_path_factory.mktemp("without-rows")
    day = edge_cases.DELIVERED_ON.date().isoformat()
    made = edge_cases.write(folder / day, edge_cases.frames(seed=11, undisclosed=0.3))
    options = ("--max-quarantined", "100")
    publish(made, folder / "with", *options)
    publish(made, folder / "without", *options, "--without-rows")
    return folder / "with", folder / "without"


def test_every_measure_by_every_breakdown_of_an_awkward_delivery(awkward: tuple[Path, Path]) -> None:
    statuses = assert_same_answers(*awkward, every_question())
    unanswered = sum(len(breakdowns_of(measures()[name])) for name in NEVER_ANSWERED)
    assert statuses["needs_rows"] == unanswered
    assert statuses["ok"] > 300


def test_random_questions_to_an_awkward_delivery(awkward: tuple[Path, Path]) -> None:
    statuses = assert_same_answers(*awkward, random_questions(awkward[0], seed=3, count=400))
    assert statuses["ok"] > 100
    assert statuses["needs_rows"] > 50  # else no question was beyond the rollups


def test_random_questions_to_the_demo(demo_store: Path, demo_without_rows: Path) -> None:
    questions = random.Random(4).sample(list(every_question()), 150)
    assert assert_same_answers(demo_store, demo_without_rows, questions)["ok"] > 100
    questions = list(random_questions(demo_store, seed=5, count=300))
    statuses = assert_same_answers(demo_store, demo_without_rows, questions)
    assert statuses["ok"] > 100
    assert statuses["needs_rows"] > 50


def test_measures_that_are_never_answered_are_those_listed(demo_without_rows: Path, use_store: UseStore) -> None:
    use_store(demo_without_rows)
    unanswered = {
        question.measure
        for question, scope in every_question()
        if ask(question, scope).status is AnswerStatus.NEEDS_ROWS
    }
    assert unanswered == set(NEVER_ANSWERED)
    for name in NEVER_ANSWERED:
        for by in breakdowns_of(measures()[name]):
            for outcome in OUTCOMES:
                assert ask(Question(name, by, outcome)).status is AnswerStatus.NEEDS_ROWS


def test_the_documentation_lists_measures_that_are_never_answered() -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"^Never answered without residents' rows: (.*)\.$", text, re.MULTILINE)
    assert sentence == ", ".join(f"*{measures()[name].label}*" for name in NEVER_ANSWERED)


def test_the_file_holds_no_id_of_an_enrollment_or_a_registration(demo_store: Path, demo_without_rows: Path) -> None:
    with open_read_only(database(demo_store, LAST)) as connection:
        queries = ("select enrollment_id from enrollments", "select registration_id from courses")
        ids = [str(each).encode() for query in queries for (each,) in connection.execute(query).fetchall()]
    with_rows, without = (database(store, LAST).read_bytes() for store in (demo_store, demo_without_rows))
    sample = random.Random(6).sample(ids, 100)
    assert sum(each in with_rows for each in sample) > 50  # so these bytes can be searched
    assert not [each for each in sample if each in without]
    with open_read_only(database(demo_without_rows, LAST)) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where column_name in ('enrollment_id', 'registration_id',"
            " 'participant_id') and data_type = 'VARCHAR'"
        ).fetchall()
    assert not columns


def test_the_record_of_the_delivery_says_that_it_has_no_rows(awkward: tuple[Path, Path], use_store: UseStore) -> None:
    for folder, has_rows in zip(awkward, (True, False), strict=True):
        use_store(folder)
        store = open_store(next((folder / "deliveries").iterdir()).name)
        tables = {row["table_name"] for row in store.rows("select table_name from information_schema.tables")}
        assert delivery(store).has_rows is has_rows
        assert tables >= set(RESIDENT_TABLES) if has_rows else not tables & set(RESIDENT_TABLES)
        assert formats.is_readable(0, tables)
        assert data_command(["verify"]) == 0
        if not has_rows:
            with pytest.raises(RowsNeeded, match=SENTENCE):
                store.rows("select count(*) as count from enrollments")


def test_what_cannot_be_answered_names_the_figure_and_the_reason(
    demo_without_rows: Path, use_store: UseStore, capsys: pytest.CaptureFixture[str]
) -> None:
    use_store(demo_without_rows)
    answer = ask(Question("wage_gain", "sector"), Scope(region="Eastern", sector="Healthcare"))
    assert answer.status is AnswerStatus.NEEDS_ROWS
    label = measures()["wage_gain"].label
    assert answer.note == f"“{label}” by sector under these filters cannot be computed: this delivery was {SENTENCE}."
    assert answer.reason == "needs residents’ rows"
    from queries.__main__ import main

    assert main(["measure", "provider_limits", "--by", "provider"]) == 0
    assert SENTENCE in capsys.readouterr().out


def test_what_changed_needs_the_rows_of_both_deliveries(demo_without_rows: Path, use_store: UseStore) -> None:
    use_store(demo_without_rows)
    people, dollars = (changed(name, "2024-06-28") for name in ("residents_enrolled", "expended"))
    assert people.status is AnswerStatus.NEEDS_ROWS
    assert people.note == f"Delivery {LAST} was {SENTENCE}, so what changed cannot be computed."
    assert changed_rows(people) == []
    assert dollars.status is AnswerStatus.OK
    assert dollars.parts


def test_an_earlier_delivery_with_rows_is_answered_from_its_rows(demo_without_rows: Path, use_store: UseStore) -> None:
    use_store(demo_without_rows)
    assert ask(Question("provider_limits", "provider"), Scope(delivery="2024-06-28")).status is AnswerStatus.OK


def test_what_is_not_known_is_counted_where_pages_open(
    demo_store: Path, demo_without_rows: Path, use_store: UseStore
) -> None:
    counted = []
    for store in (demo_store, demo_without_rows):
        use_store(store)
        counted.append([listing("unknowns", scope) for scope in (Scope(), Scope(region="Eastern"))])
    assert counted[0] == counted[1]
    with pytest.raises(RowsNeeded, match=SENTENCE):
        listing("unknowns", Scope(sector="Healthcare"))


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        ("select count(*) from enrollments", True),
        ("from (\n    from courses\n) join ref_towns using (town)", True),
        ("select 1 from funding join meetings using (region)", True),
        ("select courses from rollup_counts", False),
        ("select name from ref_initiatives where name = 'courses'", False),
    ],
)
def test_a_query_that_reads_residents_rows_is_recognized(query: str, *, reads: bool) -> None:
    assert reads_rows(query) is reads
