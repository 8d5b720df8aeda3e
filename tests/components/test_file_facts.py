"""The facts in a file and the name of the file."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import file_facts
from components.file_facts import COLUMNS, FILTERS, describe_page, facts_of, file_name
from queries import Goal, Scope, dimensions
from queries.access.rights import viewer
from tests.characters import CHARACTERS
from tests.components.rows import DELIVERY, answer

EASTERN = Scope(
    region="Eastern", since=date(2024, 1, 1), until=date(2024, 6, 30), viewer=viewer("director", "North Central")
)
GOAL = Goal(value=0.115, due_on=date(2027, 11, 13), what="completion_rate")


@pytest.fixture(autouse=True)
def page():
    describe_page("regions", scope=EASTERN, as_of=date(2026, 10, 30), delivery=DELIVERY)


def test_a_file_has_every_filter_of_its_page():
    facts = facts_of()
    assert tuple(facts) == COLUMNS
    assert {name: value for name, value in facts.items() if value is not None} == {
        "as_of": date(2026, 10, 30),
        "delivery": "2026-11-13",
        "synthetic_data": "yes",
        "role": "Board director, North Central",
        "region": "Eastern",
        "from": date(2024, 1, 1),
        "to": date(2024, 6, 30),
    }


def test_the_filters_of_an_answer_replace_those_of_the_page():
    scope = Scope(sector="Healthcare", group="woman")
    facts = facts_of(replace(answer(), scope=scope, goal=GOAL, by="region"), {"outcome": "placement_rate"})
    assert tuple(facts) == COLUMNS and facts["role"] == "Board director, North Central"
    assert {name: facts[name] for name in FILTERS if facts[name]} == {"sector": "Healthcare", "group": "woman"}
    assert [facts[name] for name in file_facts.CHOICES] == [
        "placement_rate", "completion_rate", 0.115, date(2027, 11, 13), "region",
    ]  # fmt: skip
    assert facts["as_of"] == DELIVERY.delivered_on


@pytest.mark.parametrize("name", dimensions.FILTERS)
def test_every_filter_has_a_column_and_a_part_of_the_name(name):
    facts = facts_of(replace(answer(), scope=Scope().but(**{name: "Some Value"})))
    assert {column: facts[column] for column in FILTERS if facts[column]} == {name: "Some Value"}
    assert "_some-value_" in file_name("table", facts)


def test_an_unknown_column_is_an_error():
    with pytest.raises(KeyError, match="filter"):
        facts_of(None, {"filter": "x"})


def test_without_a_delivery_only_the_role_is_given():
    describe_page("data_quality", scope=Scope(viewer=viewer("analyst")), as_of=None, delivery=None)
    facts = facts_of()
    assert {name for name, value in facts.items() if value is not None} == {"role"}
    assert file_name("refused", facts) == "undated_data-quality_refused_analyst.csv"


def test_the_name_repeats_the_columns():
    assert file_name("by-town", facts_of()) == (
        "2026-10-30_regions_by-town_eastern_from-2024-01-01_to-2024-06-30_delivery-2026-11-13_board-director-north-central_synthetic.csv"
    )
    plan = replace(answer(), scope=Scope(group="woman"), goal=GOAL, by="region")
    assert file_name("plan", facts_of(plan)).startswith(
        "2026-11-13_regions_plan_woman_completion-rate_11-5-percent_due-2027-11-13_by-region_"
    )


def test_only_synthetic_data_is_marked_in_the_name():
    real = replace(DELIVERY, is_synthetic=False)
    describe_page("regions", scope=EASTERN, as_of=DELIVERY.delivered_on, delivery=real)
    assert facts_of()["synthetic_data"] == "no"
    assert "synthetic" not in file_name("by-town", facts_of()) and "delivery" not in file_name("by-town", facts_of())


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(("initiative", "region", "sector", "group", "outcome", "delivery")),
        st.text(CHARACTERS, max_size=300),
    )
)
def test_a_file_name_is_safe_for_any_filter_value(values):
    name = file_name("by-town", facts_of(None, values))
    assert set(name) <= set(string.ascii_lowercase + string.digits + "-_.")
    assert re.fullmatch(r"2026-10-30_regions_by-town[a-z0-9_-]*\.csv", name) and len(name) <= 204


def test_names_in_another_script_differ():
    names = {file_name("by-town", facts_of(None, {"region": region})) for region in ("東部", "西部")}
    assert len(names) == 2
