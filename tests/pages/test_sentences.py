"""Sentences that a filter once made false: each view here said something its own numbers contradict."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.app_driver import html, text
from tests.pages.test_pages import figures, run


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))


def quotes(page) -> list[str]:
    sentences = map(unescape, re.findall(r"<li><span>(.*?)</span>", html(page)))
    return [sentence for sentence in sentences if sentence.startswith("As of")]


def test_jobs_do_not_tell_what_is_filled_on_an_earlier_day():
    said = text(run("pages/jobs.py", as_of="2026-11-12"))
    assert "carries no date" in said and "Possible glut" not in said


def test_a_region_without_allocations_is_told_from_its_obligations():
    said = text(run("pages/funding.py", region="Eastern", as_of="2024-06-28"))
    assert "obligated has been spent" in said and "$0 allocated" not in said
    assert "All of what" not in said and "No dollars have been allocated" not in said


def test_one_year_of_spending_is_not_divided_by_that_years_allocation():
    said = text(run("pages/funding.py", **{"from": "2024-07-01", "to": "2025-06-30"}))
    assert "1,798%" not in said and "981%" not in said


def test_quotes_name_the_group_the_sector_and_the_date():
    said = quotes(run("dashboard.py", group="veteran", sector="Green jobs"))
    assert said and all(sentence.startswith("As of November 13, 2026, ") for sentence in said)
    about_people = [sentence for sentence in said if "CareerConneCT is" not in sentence]
    assert all("veterans" in sentence and "Green jobs" in sentence for sentence in about_people), said


def test_quotes_tell_both_completion_rates_of_a_young_program():
    said = " ".join(quotes(run("dashboard.py", initiative="CareerConneCT", as_of="2022-11-30")))
    assert "of all whose planned end has passed" in said


def test_no_projection_from_nine_weeks():
    assert "At the rate of the last" not in text(run("dashboard.py", initiative="CareerConneCT", as_of="2022-10-07"))


def test_a_period_is_named_in_place_of_the_date():
    said = text(run("pages/regions.py", region="Eastern", **{"from": "2023-07-01", "to": "2024-06-30"}))
    assert "373 residents of Eastern have enrolled from July 1, 2023 to June 30, 2024" in said


def test_the_outcome_title_names_the_group_that_is_behind():
    said = text(run("pages/equity.py", initiative="CareerConneCT", outcome="placement_rate"))
    assert "Placement: people with disabilities at 0.87 of others’ rate, unlikely to be chance" in said


def test_nothing_is_furthest_below_when_nobody_is_below():
    said = text(run("pages/equity.py", region="Eastern", sector="Healthcare"))
    assert "furthest from" not in said


def test_few_exits_name_no_best_sector():
    said = text(run("pages/sectors.py", initiative="CareerConneCT", as_of="2022-09-15"))
    assert "completes most often (" not in said and "Too few exits to say which sector" in said


def test_everyone_is_everyone_on_the_line_of_supports():
    from queries import Question, Scope, ask

    page = run("pages/supports.py", group="veteran")
    everyone = f"All residents {ask(Question('supports_reach')).row('any').value:.0%}"
    veterans = ask(Question("supports_reach"), Scope(group="veteran")).row("any").value
    drawn = " ".join(figures(page))
    assert everyone in drawn and f"All residents {veterans:.0%}" not in drawn
