"""Every filter of dimensions.toml: what follows it, what says that it does not apply, and for whom small counts stay hidden."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from queries import Question, Scope, ask, listing, measures
from queries.__main__ import main
from queries.access import rights
from queries.access.rights import viewer
from queries.dimensions import DIMENSIONS, FILTERS, MODELS
from tests import edge_cases
from tests.access.questions import counts_of
from tests.conftest import publish
from tests.queries import independent
from tests.queries.test_measures import FEWER, LAST, PLAIN, check, facts_of, town_regions

COLUMN_FILTERS = [name for name, dimension in FILTERS.items() if not dimension.is_membership]


def values_of(name: str) -> list[str]:
    """The values of a filter in the store in use."""
    return [row[FILTERS[name].reference_key] for row in listing(FILTERS[name].reference)]


@pytest.fixture
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.mark.parametrize("name", COLUMN_FILTERS)
@pytest.mark.parametrize("hostile_store", ["some undisclosed"], indirect=True)
def test_plain_measures_equal_pandas_for_every_value_that_has_rows(hostile_store, name, use_store):
    store, tables = hostile_store
    use_store(store)
    frame = facts_of(store, tables)
    values = sorted(set(frame[independent.COLUMNS.get(name, name)].dropna()) & set(values_of(name)))
    assert len(values) > 1
    for value in values:
        for measure_id in PLAIN:
            for by in FEWER:
                check(measure_id, by, {name: value}, frame, LAST)


# Measures that compare the value of a filter with the other values.
COMPARES = {("provider", "provider_limits")}


@pytest.mark.parametrize("name", COLUMN_FILTERS)
def test_rows_of_other_values_do_not_matter(name, tmp_path, use_store):
    """Every answer under a filter is the answer of a delivery that has no other rows."""
    tables = edge_cases.frames(seed=35)
    names = dict(
        zip(sorted(set(tables["funding"]["recipient"])), sorted(set(tables["enrollments"]["provider"])), strict=True)
    )
    tables["funding"]["recipient"] = tables["funding"]["recipient"].map(names)
    value = max(set(tables["enrollments"][independent.COLUMNS.get(name, name)].dropna()) & paid(tables, name))
    complete = published(tables, tmp_path / "complete")
    only = published(rows_with(tables, name, value), tmp_path / "only")
    compared = 0
    for measure_id in measures():
        for by in (None, "group", "quarter"):
            if (name, measure_id) in COMPARES:
                continue
            question, scope = Question(measure_id, by), Scope().but(**{name: value})
            use_store(complete)
            filtered = ask(question, scope)
            use_store(only)
            expected = ask(question, scope)
            assert (filtered.status, filtered.note) == (expected.status, expected.note), question
            assert filtered.rows == expected.rows, question
            compared += bool(filtered.rows)
    assert compared > 50


def published(tables: dict[str, pd.DataFrame], folder: Path) -> Path:
    publish(edge_cases.write(folder / LAST.isoformat(), tables), folder / "store", "--max-quarantined", "100")
    return folder / "store"


def paid(tables: dict[str, pd.DataFrame], name: str) -> set[str]:
    """The values of a filter that dollars are recorded for; all of them if the ledger does not record it."""
    column = FILTERS[name].columns.get("funding")
    return set(tables["funding"][column] if column else tables["enrollments"][independent.COLUMNS.get(name, name)])


def rows_with(tables: dict[str, pd.DataFrame], name: str, value: str) -> dict[str, pd.DataFrame]:
    """The rows of a delivery with one value of a filter."""
    enrollments, funding, completions = tables["enrollments"], tables["funding"], tables["completions"]
    regions = enrollments["town"].map(town_regions()).fillna(enrollments["region"])
    column = FILTERS[name].columns.get("funding")
    enrollments = enrollments[enrollments.assign(region=regions)[independent.COLUMNS.get(name, name)] == value]
    return {
        "enrollments": enrollments,
        "completions": completions[completions["enrollment_id"].isin(enrollments["enrollment_id"])],
        "funding": funding[funding[column] == value] if column else funding,
    }


@pytest.mark.parametrize("name", FILTERS)
def test_a_measure_follows_a_filter_or_says_that_it_does_not_apply(name, over_the_demo):
    value = values_of(name)[0]
    for entry in measures().values():
        answer = ask(Question(entry.id), Scope().but(**{name: value}))
        assert answer.scope.filters == {name: value}
        if name in MODELS[entry.model].filters:
            assert answer.status != "not_applicable" or FILTERS[name].words not in answer.note, entry.id
        else:
            assert answer.status == "not_applicable", entry.id
            assert f"not available for one {FILTERS[name].words}" in answer.note


@pytest.mark.parametrize("name", FILTERS)
def test_an_unknown_value_gets_a_sentence_from_the_command_line(name, over_the_demo, capsys):
    assert main(["measure", "residents_enrolled", f"--{name}", "'; drop table enrollments; --"]) == 2
    assert f"There is no {FILTERS[name].words} “'; drop" in capsys.readouterr().err


@pytest.mark.parametrize("name", FILTERS)
def test_the_command_line_has_every_filter(name, over_the_demo, capsys):
    value = values_of(name)[0]
    assert main(["measure", "residents_enrolled", f"--{name}", value.upper(), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["value"] == ask(Question("residents_enrolled"), Scope().but(**{name: value})).total.value
    assert 0 < row["value"] < ask(Question("residents_enrolled")).total.value


@pytest.mark.parametrize("name", FILTERS)
def test_a_protected_reader_gets_no_small_count_under_a_filter(name, over_the_demo, any_question):
    governor, early = viewer("governor"), date(2022, 11, 30)
    shown, hidden = 0, 0
    for value in values_of(name)[:3]:
        scope = Scope(viewer=governor, as_of=early).but(**{name: value})
        for measure_id in (
            "residents_enrolled",
            "completion_rate",
            "supports_reach",
            "cost_per_completion",
            "wage_gain",
        ):
            for by in (None, "sector", "region"):
                answer = ask(Question(measure_id, by), scope)
                small = [count for row in answer.rows for count in counts_of(answer.measure, row) if 0 < count[1] < 10]
                assert not small, (value, measure_id, by)
                shown += sum(row.value is not None for row in answer.rows)
                hidden += sum(row.suppression is not None for row in answer.rows)
    assert shown
    assert hidden


@pytest.mark.parametrize("name", COLUMN_FILTERS)
def test_groups_under_a_filter_are_as_sensitive_as_by_it(name, over_the_demo):
    governor, scope = viewer("governor"), Scope().but(**{name: values_of(name)[0]})
    for question, filters in (
        (Question("residents_enrolled"), {"group": "veteran"}),
        (Question("residents_enrolled", "group"), {}),
        (Question("participation_share"), {}),
    ):
        answer = ask(question, scope.but(viewer=governor, **filters))
        assert (answer.status == "not_allowed") == bool(FILTERS[name].group_subject), question
    assert ask(Question("residents_enrolled"), scope.but(viewer=governor)).status == "ok"
    assert ask(Question("participation_share"), scope.but(viewer=viewer("officer"))).status == "ok"


def test_a_filter_that_narrows_groups_is_refused_where_its_breakdown_would_be(over_the_demo, monkeypatch):
    town = DIMENSIONS["town"].group_subject
    assert town == "groups_by_town"
    close = {**DIMENSIONS, "sector": DIMENSIONS["town"]}
    monkeypatch.setattr(rights, "DIMENSIONS", close)
    scope = Scope(sector="Healthcare", viewer=viewer("governor"))
    assert ask(Question("participation_share"), scope).note == rights.subjects()[town]["otherwise"]
    assert ask(Question("residents_enrolled"), scope).status == "ok"


@pytest.mark.parametrize("name", COLUMN_FILTERS)
def test_what_is_not_known_follows_every_filter(name, over_the_demo):
    scope = Scope().but(**{name: values_of(name)[0]})
    (row,) = listing("unknowns", scope)
    assert row["enrollments"] == ask(Question("enrollments"), scope).total.value


def test_a_target_is_in_force_only_under_filters_that_targets_are_set_for(over_the_demo, monkeypatch):
    scope = Scope(initiative="CareerConneCT")
    assert ask(Question("pace"), scope).total.value is not None
    monkeypatch.setattr("queries.calculators.targets.SCOPE_COLUMNS", {"group": "group_id"})
    assert ask(Question("pace"), scope.but(as_of=date(2026, 11, 12))).total.note == "no target has been set for this"
