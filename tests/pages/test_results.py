"""Sectors, support services and one group: a few people make no percentage, no ranking and no finding."""

from __future__ import annotations

import re

import pytest

from components.text.narratives import definitions
from components.text.narratives import sectors as narrative
from queries import Question, Scope, ask
from tests.app_driver import figures, html, lead, text
from tests.pages.test_pages import run

FEW = {"group": "veteran", "region": "Eastern", "sector": "Life sciences"}
PERIOD = {"from": "2026-07-01", "to": "2027-06-30"}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def test_few_exits_are_written_as_counts_without_a_largest_loss():
    page = run("pages/sectors.py", **FEW)
    row = ask(Question("completion_rate"), Scope(**FEW)).total
    assert row.denominator < 30
    assert f"{row.numerator:.0f} of {row.denominator:.0f} exits came after finishing the training" in lead(page)
    assert "Largest loss" not in text(page) and "100% came within" not in text(page)


def test_the_largest_loss_is_beyond_chance():
    northwest = [ask(Question(rate), Scope(region="Northwest")) for rate in narrative.LOSSES]
    assert narrative.steps_title(northwest) == "Applications at each step in Northwest"
    early = [
        ask(Question(rate), Scope(initiative="CareerConneCT", sector="CDL licensing")) for rate in narrative.LOSSES
    ]
    assert narrative.steps_title(early).startswith("Largest loss in CareerConneCT in CDL licensing: before completing")


def test_steps_of_a_period_are_not_shares_of_the_step_before():
    assert "of step before" in str(figures(run("pages/sectors.py"))["ladder"])
    page = run("pages/sectors.py", **PERIOD)
    assert "of step before" not in str(figures(page)["ladder"])
    assert "the steps are not about the same people" in text(page)


def test_every_region_stands_next_to_the_region_of_the_filter():
    page = run("pages/support_services.py", region="Northwest")
    drawn = str(figures(page)["reach-by-region"])
    assert all(name in drawn for name in ("Eastern", "Northwest", "Southwest")) and "The state" in drawn


def test_another_region_is_refused_once():
    page = run("pages/support_services.py", region="Northwest", **{"as": "director:Eastern"})
    assert html(page).count("Figures about groups in another region are for") == 1


def test_a_reason_that_programs_and_providers_share_stands_once():
    page = html(run("pages/regions.py", region="Northwest", group="veteran", **{"as": "governor"}))
    assert page.split("Programs and providers")[1].count("Groups by program or organization are for") == 1


def test_nothing_is_drawn_where_all_of_it_is_hidden():
    page = run("pages/one_group.py", group="veteran", **{"as": "governor"})
    assert "gap-parts" not in figures(page) and "outcome_over_time" not in figures(page)
    drawn = text(page)
    assert "parts of the gap are hidden for privacy." in drawn
    assert "Completion. Veterans: hidden for privacy quarter by quarter." in drawn


def test_words_under_a_table_do_not_describe_a_chart():
    page = text(run("pages/support_services.py", **PERIOD))
    assert "No support can be compared among similar residents yet" in page
    assert "The lines are 95% intervals" not in page


@pytest.mark.parametrize("viewer", ["officer", "governor"])
@pytest.mark.parametrize("period", [{}, {"from": "2025-07-01", "to": "2026-06-30"}])
def test_the_overview_offers_what_it_compares_with(viewer, period):
    assert 'id="filter-compare"' in html(run("dashboard.py", **period, **{"as": viewer}))


@pytest.mark.parametrize("part", definitions.PARTS)
def test_each_part_of_definitions_can_stand_first_and_all_of_them_are_there(part):
    sections = re.findall(r"<h2[^>]*>([^<]+)", html(run("pages/definitions.py", first=part)))
    assert sections[0] == ("Reach" if part == "measures" else definitions.PARTS[part])
    assert set(definitions.PARTS.values()) - {"Measures"} <= set(sections)
