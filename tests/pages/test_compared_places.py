"""Another region next to the one chosen: on the cards with dollars, and on the map."""

from __future__ import annotations

import re

import pytest

from components.text import format
from queries import Question, Scope, ask
from queries.access import rights
from tests.app_driver import html, lead, text
from tests.components.test_map import map_of
from tests.pages.test_pages import run

PAIR = {"region": "Eastern", "compare": "Southwest"}
DOLLARS = {
    "pages/money.py": ("obligated", "expended", "burn", "cost_per_completion"),
    "pages/regions.py": ("expended",),
}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


@pytest.mark.parametrize("script", DOLLARS)
def test_cards_with_dollars_show_the_other_region(script):
    page_text = text(run(script, **PAIR))
    for measure in DOLLARS[script]:
        initiative = "CareerConneCT" if measure == "burn" else None
        answer = ask(Question(measure), Scope(region="Southwest", initiative=initiative))
        assert f"{format.value_of(answer.total, answer.measure)} in Southwest" in page_text, measure


def test_costs_and_the_last_90_days_are_compared_with_places_only():
    page_text = text(run("pages/money.py", region="Eastern"))
    answer = ask(Question("cost_per_completion"), Scope(region="Eastern"))
    assert format.value_of(answer.total, answer.measure) in page_text
    assert page_text.count("on November 13, 2025") == 2, "obligated and spent"


def test_the_map_marks_the_other_region_and_writes_both_values_with_their_base():
    page = run("pages/regions.py", **PAIR)
    drawn = map_of(page)
    assert drawn.count('class="compared"') == 1
    assert "Compared with Eastern." in drawn and "Southwest (compared)" in drawn
    rows = ask(Question("enrolled_per_10000", "region"), Scope())
    for name, start in (("Eastern", "Eastern"), ("Southwest", "Compared with Southwest")):
        row = rows.row(name)
        rate, base = (
            format.value_of(row, rows.measure),
            f"{format.people(row.numerator)} of {format.people(row.denominator)}",
        )
        assert f"{start}: {rate} ({base}" in text(page)


def test_a_region_next_to_itself_or_the_state_marks_nothing_on_the_map():
    for compare in ("state", "year", "Eastern"):
        assert 'class="compared"' not in map_of(run("pages/regions.py", region="Eastern", compare=compare))


def test_the_map_says_why_the_other_region_has_no_value():
    reader = rights.viewer("director", "Eastern")
    page = run(
        "pages/regions.py",
        **PAIR,
        group="veteran",
        **{"as": f"{reader.role}:{reader.region}", "map": "residents_enrolled"},
    )
    assert "Compared with Southwest: not part of your view." in text(page).replace("Not part", "not part")


def test_a_sentence_about_the_map_names_its_period_once():
    page = run("pages/regions.py", region="Northwest", compare="Eastern", **{"from": "2026-07-01", "to": "2026-12-31"})
    (sentence,) = re.findall(r"Residents enrolled from [^<]*? Compared with Eastern", html(page))
    assert sentence.count("from July 1, 2026 to November 13, 2026") == 1


def test_learners_who_go_on_are_of_those_who_registered_for_the_first_time_in_the_period():
    """It said "13 residents have registered" and "of 11 learners, nobody has gone on" without a reason."""
    page = run("pages/online_courses.py", region="Northwest", **{"from": "2026-07-01", "to": "2026-12-31"})
    assert "learners who registered for the first time, nobody has gone on" in lead(page)
    assert "for the first time" not in lead(run("pages/online_courses.py", region="Northwest"))
