"""What “About this number” says of the query: that it gives the number, or what the number is computed from."""

from __future__ import annotations

import shutil
from datetime import date

import duckdb
import pytest

from components.provenance import DIRECT, _query_gives
from queries import Question, Scope, ask, measures
from queries.calculators.registry import calculator_of
from queries.database import open_store
from queries.registry import facts

SCOPES = (
    Scope(),
    Scope(region="Eastern", as_of=date(2024, 2, 29)),
    Scope(sector="Healthcare", since=date(2024, 7, 1), until=date(2025, 6, 30)),
)


@pytest.fixture
def run_query(demo_store, use_store, tmp_path):
    """Return a function that runs an answer's query in a copy of the demo's database."""
    use_store(demo_store)
    database = tmp_path / "copy.duckdb"
    shutil.copy(open_store("2026-11-13").file.path, database)
    with duckdb.connect(str(database), read_only=True) as connection:

        def run(answer):
            used = {name: value for name, value in answer.parameters.items() if f"${name}" in answer.query}
            result = connection.execute(answer.query, used)
            row = result.fetchone()
            return dict(zip([column[0] for column in result.description], row, strict=True)) if row else {}

        yield run


def test_under_a_filter_on_a_group_the_query_counts_those_outside_it_too(run_query):
    scope = Scope(group="woman", region="Eastern")
    share = ask(Question("participation_share"), scope).total
    counts = {
        "group_id": "woman",
        "numerator": share.numerator,
        "denominator": share.denominator,
        "everyone": share.everyone,
    }
    assert share.numerator < share.denominator < share.everyone
    for measure_id in ("participation_share", "representation_ratio", "gap_residents"):
        assert run_query(ask(Question(measure_id), scope)) == counts, measure_id
    answers = [ask(Question(entry.id), scope) for entry in measures().values() if calculator_of(entry).is_about_groups]
    assert len(answers) > 10
    assert not [answer.measure.id for answer in answers if "& $group" in answer.query]


def test_the_query_gives_the_number_or_the_page_says_what_it_gives(run_query):
    checked = set()
    for entry in measures().values():
        for scope in SCOPES:
            answer = ask(Question(entry.id), scope)
            if entry.type not in DIRECT or answer.status != "ok" or answer.total.value is None:
                continue
            given, row = run_query(answer), answer.total
            if not given:  # nothing was spent
                assert (entry.id, row.value) == ("burn", 0)
                continue
            numbers = {name: getattr(row, name) for name in ("value", "numerator", "denominator") if name in given}
            assert numbers and numbers == {name: pytest.approx(float(given[name])) for name in numbers}, (
                entry.id,
                scope,
            )
            checked.add(entry.id)
    assert len(checked) > 30
    assert "which the number is computed" in _query_gives(ask(Question("representation_ratio")))
    assert "It gives the dollars, without the count" in _query_gives(ask(Question("cost_per_completion")))
    assert "It gives the residents, without the population" in _query_gives(ask(Question("enrolled_per_10000")))
    assert _query_gives(ask(Question("completions"))).endswith("$parameters.")


def test_the_text_names_other_queries_where_numbers_come_from_several(demo_store, use_store):
    use_store(demo_store)
    for measure_id in (
        "supports_reach",
        "completion_with_support",
        "outcome_ratio",
        "gap_by_step",
        "outcome_over_time",
    ):
        answer = ask(Question(measure_id))
        counted = [facts()[entry].says for entry in facts() if answer.query.startswith(f"-- {facts()[entry].says}")]
        assert counted, "the first line of the query says what it counts"
        assert "The other numbers have queries like it." in _query_gives(answer), measure_id
    credentials = ask(Question("outcome_over_time", outcome="credential_rate"))
    assert "credential" in credentials.query.splitlines()[0] and "other numbers" not in _query_gives(credentials)
