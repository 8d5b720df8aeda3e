"""A delivery in which everyone completes, every expense is taken back, and nobody in one region says who is in a group."""

from __future__ import annotations

import re

import pytest

from tests import edge_cases
from tests.app_driver import html, lead, text
from tests.conftest import publish_tables
from tests.pages.page_text import read_page
from tests.pages.test_pages import run


@pytest.fixture(scope="module")
def extreme_store(tmp_path_factory):
    tables = edge_cases.frames(seed=42, rows=900, undisclosed=0.1)
    enrollments, exits, ledger = tables["enrollments"], tables["completions"], tables["funding"]
    is_silent = enrollments["town"].fillna(enrollments["region"]).isin(["Torrington", "Northwest"])
    enrollments.loc[is_silent, "participant_id"] += "N"  # else their answers in other regions count
    enrollments.loc[is_silent, edge_cases.GROUPS] = None
    exits["outcome"] = "completed"
    ledger["amount"] = ledger["amount"].where(ledger["kind"].ne("expended"), -ledger["amount"].abs())
    return publish_tables(tables, tmp_path_factory.mktemp("extremes"))


@pytest.fixture(autouse=True)
def over_extremes(extreme_store, use_store):
    use_store(extreme_store)


def test_dollars_taken_back_are_not_called_none_and_cost_nothing():
    page = run("pages/money.py")
    assert lead(page).startswith("Corrections exceed the dollars spent as of March 31, 2025, by $")
    page_text = text(page)
    assert "No dollars" not in page_text
    assert "spent nothing" not in page_text
    assert {
        f"Corrections exceed the dollars spent, by {by}" in page_text for by in ("category", "region", "sector")
    } == {True}
    assert page_text.lower().count("corrections exceed the dollars spent") >= 8, "the four costs as well"
    assert "at this pace" not in page_text
    assert "allocated" not in lead(run("dashboard.py"))


def test_where_everyone_completes_there_is_no_gap_to_split_and_no_difference_to_doubt():
    page = run("pages/one_group.py", group="woman")
    assert "could not be computed" not in text(page)
    assert "The parts of the gap cannot be shown: the same outcome for everyone." in text(page)
    assert lead(page).startswith("Women complete as often as others.")
    assert "chance" not in lead(page)
    page_text = text(page)
    assert "Women: the same outcome for everyone" in page_text
    assert "not enough people to say" not in page_text
    assert "too few exits for so many values" not in page_text


def test_providers_at_which_everyone_completes_have_exits_enough():
    page_text = text(run("pages/providers.py"))
    assert "too few exits have the outcome, or lack it, to allow for them" in page_text
    assert "there are too few exits to allow" not in page_text


def test_a_ratio_of_two_rates_of_all_has_an_interval():
    assert "1.00 to 1.00" not in text(run("pages/equity.py"))


def test_a_region_in_which_nobody_answered_has_a_benchmark():
    page = run("pages/equity.py", region="Northwest")
    assert "nobody enrolled has answered a question about groups" in lead(page)
    assert "no benchmark or target" not in text(page)
    assert lead(run("pages/gap_plan.py", region="Northwest")).startswith(
        "Nobody enrolled has answered a question about groups"
    )


def test_the_months_of_a_card_say_what_they_count():
    overview = html(run("dashboard.py"))
    assert "Residents enrolled for the first time by month, " in overview
    assert "Residents enrolled by month, " not in overview


def test_a_month_that_is_not_over_is_marked_next_to_a_full_month():
    page_text = text(run("dashboard.py", as_of="2024-08-17"))
    assert "Aug (this year to Aug 17)" in page_text
    assert "Jul (this year" not in page_text


def test_a_plan_that_cannot_be_made_yet_names_its_group():
    assert lead(run("pages/gap_plan.py", group="woman", as_of="2023-06-20")) == "Women: no full month has passed yet."


def test_regions_in_which_nobody_enrolled_have_their_names():
    assert lead(run("pages/regions.py")).endswith("; none in Eastern.")


def test_a_region_in_which_nobody_enrolled_keeps_its_row_and_its_dollars():
    rows = {row["Region"]: row for row in read_page("pages/regions.py", {}).tables["regions-compared"]}
    assert (rows["Eastern"]["Residents enrolled"], rows["Eastern"]["Per 10,000 residents"]) == ("0", "0.0")
    assert rows["Eastern"]["Completion rate"] == "nothing recorded yet"


def test_under_a_group_the_table_of_regions_says_that_its_dollars_are_for_all_residents():
    everyone, women = (
        read_page("pages/regions.py", address).tables["regions-compared"] for address in ({}, {"group": "woman"})
    )
    spent = {row["Region"]: row["Dollars spent"] for row in everyone}
    assert {row["Region"]: row["Dollars spent on all residents"] for row in women} == spent
    assert "Dollars spent" not in women[0]


def test_dollars_paid_back_are_not_part_of_what_was_obligated():
    sentence = lead(run("dashboard.py"))
    assert "of CareerConneCT’s obligated dollars" not in sentence
    assert "more than its obligated dollars, because corrections exceed the dollars spent." in sentence
    page_text = text(run("pages/money.py"))
    assert "obligated; corrections exceed the dollars spent by $" in page_text
    assert not re.search(r"up \$[\d,.]+(?: million)? from −", page_text + text(run("dashboard.py")))


@pytest.mark.parametrize("script", ["pages/regions.py", "pages/sectors.py", "pages/equity.py", "pages/money.py"])
def test_before_the_first_row_a_page_says_what_is_not_recorded_and_by_when(script):
    page = run(script, as_of="2022-06-01")
    page_text = text(page)
    assert ": nothing recorded by June 1, 2022." in page_text
    assert "Choose a later date." in page_text
    assert "clear a filter" not in page_text.lower()
    assert "Chart of ." not in html(page)


def test_what_the_reader_chose_is_what_could_be_wider():
    page_text = text(run("pages/sectors.py", region="Eastern", **{"from": "2025-03-31", "to": "2025-03-31"}))
    assert "nothing recorded under these filters in this period by March 31, 2025." in page_text
    assert "Widen the period or clear a filter." in page_text
    assert "from March 31, 2025 to March 31, 2025" not in page_text


def test_where_no_group_can_be_compared_the_page_asks_for_a_choice():
    sentence = lead(run("pages/one_group.py", region="Northwest"))
    assert sentence == "No group in Northwest can be compared with others here. Choose one to see its numbers."


@pytest.mark.parametrize("address", [{}, {"region": "Eastern"}])
def test_a_region_in_which_nobody_enrolled_stands_among_the_others(address):
    strip = html(run("dashboard.py", **address)).split('data-name="region-strip"')[1].split("</section>")[0]
    rates = dict(re.findall(r'data-event="pick strip: ([^"]+)".*?class="strip-value">([^<]+)<', strip, re.S))
    assert rates.pop("Eastern") == "0.0"
    assert len(rates) == 4 and "0.0" not in rates.values()
