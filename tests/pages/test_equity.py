"""The inequalities planted in the demo are found and named; what is mix is called mix, what is within, within."""

from __future__ import annotations

import pytest

from tests.app_driver import lead, text
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))


def test_the_first_sentences_name_who_is_below_and_what_the_totals_hide():
    said = lead(run("pages/equity.py"))
    assert "eople with disabilities are enrolled at 0.5" in said
    assert "residents in re-entry who apply are enrolled at 0.7" in said
    assert "people with disabilities are placed in a job at 0.8" in said.replace("People", "people")
    assert "Northwest enrolls immigrants at 0.4" in said
    assert "women in CDL licensing complete at 0.7" in said


def test_what_stands_out_names_the_sectors_where_women_complete_less():
    said = text(run("pages/equity.py", initiative="CareerConneCT"))
    assert "Women in CDL licensing complete at 0.7" in said
    assert "Women in Infrastructure and construction complete at 0.7" in said


def test_a_gap_that_is_only_mix_is_called_mix():
    said = lead(run("pages/gap.py", group="veteran"))
    assert "It is mix: being in other sectors lowers their rate by 4" in said
    assert "no difference beyond chance" in said


def test_a_gap_within_sectors_is_called_how_they_fare():
    said = lead(run("pages/gap.py", group="woman", sector="CDL licensing"))
    assert "chance hardly makes this difference" in said
    assert "It is how they fare, not mix: within the same sector, region and provider they fare 2" in said


def test_a_placement_gap_within_is_named_with_its_step():
    page = run("pages/gap.py", group="disability", outcome="placement_rate")
    assert "It is how they fare, not mix" in lead(page)
    assert "People with disabilities are lost most before applying: among applicants, 0.50" in text(page)
    assert "Lower than others and unlikely to be chance" in text(page)


def test_a_gap_opens_where_the_difference_is_surest():
    said = lead(run("pages/gap.py"))
    assert "People with disabilities are placed in a job" in said and "chance hardly makes this difference" in said


def test_immigrants_of_northwest_are_lost_before_applying_and_few_exits_carry_nothing():
    said = text(run("pages/gap.py", region="Northwest", group="immigrant"))
    assert "Immigrants are lost most before applying: among applicants, 0.4" in said
    assert "In no program and region are there enough people on both sides to say who carries it" in said


def test_a_group_lost_between_application_and_enrollment():
    assert "lose most at “enrolled”: 0.7" in text(run("pages/gap.py", group="reentry"))


def test_reentry_has_counts_and_shares_and_no_ratio_and_disability_says_its_definition():
    said = text(run("pages/equity.py"))
    assert (
        "No comparable benchmark exists: residents in re-entry and opportunity youth, shown as counts and shares"
        in said
    )
    assert "ACS six-question definition" in said and "CDC" not in said


def test_a_verdict_says_how_many_comparisons_it_allows_for():
    assert "28 comparisons made at once" in text(run("pages/equity.py"))


@pytest.mark.parametrize("page", ["pages/equity.py", "pages/gap.py"])
@pytest.mark.parametrize(
    "scope",
    [
        {"region": "Eastern", "sector": "Green jobs"},
        {"as_of": "2022-08-15"},
        {"group": "reentry", "initiative": "Back to Work"},
    ],
)
def test_narrow_filters_leave_sentences_and_no_verdicts_on_few(page, scope):
    opened = run(page, **scope)
    assert lead(opened) and "nan" not in text(opened) and "None" not in text(opened)
