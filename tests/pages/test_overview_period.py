"""The overview under a period: its large numbers are those of the period, and the totals stand below them."""

from __future__ import annotations

from datetime import date

import pytest

from briefs.friday import friday
from components.text import format
from queries import Question, Scope, ask
from tests.app_driver import text
from tests.briefs.test_packet_and_equity import Figures, flat
from tests.pages.test_pages import run

YEAR = {"since": date(2025, 7, 1), "until": date(2026, 6, 30)}
ADDRESS = {"from": "2025-07-01", "to": "2026-06-30"}
MEASURES = ("residents_new", "completions", "expended")


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def value(measure: str, **scope: date) -> str:
    answer = ask(Question(measure), Scope(**scope))
    return format.value_of(answer.total, answer.measure)


def test_the_large_numbers_follow_the_period_and_name_the_total():
    page_text = " ".join(text(run("dashboard.py", **ADDRESS)).split())
    for measure, label in zip(
        MEASURES, ("Residents enrolled for the first time", "Completions", "Dollars spent"), strict=True
    ):
        assert f"{label} in fiscal year 2026 {value(measure, **YEAR)}" in page_text
    for total in ("residents_enrolled", "completions", "expended"):
        assert f"{value(total)} in all by November 13, 2026" in page_text
    assert "The charts and sentences below ignore the period" in page_text


def test_people_with_a_job_are_those_who_finished_in_the_period():
    page_text = " ".join(text(run("dashboard.py", **{"from": "2024-07-01", "to": "2025-06-30"})).split())
    year = ask(Question("finishers_with_job"), Scope(since=date(2024, 7, 1), until=date(2025, 6, 30))).total
    ever = ask(Question("finishers_with_job"), Scope()).total
    assert f"Finished in fiscal year 2025 and got a job {format.people(year.numerator)}" in page_text
    assert f"{format.share(year.value)} of the {format.people(year.denominator)} who finished" in page_text
    assert f"{format.people(ever.numerator)} in all by November 13, 2026" in page_text


def test_without_a_period_the_large_numbers_are_the_totals():
    page_text = " ".join(text(run("dashboard.py")).split())
    assert f"Residents enrolled {value('residents_enrolled')}" in page_text
    assert "in all by" not in page_text


def test_the_friday_brief_has_the_figures_of_the_page():
    figures = next(block for block in flat(friday(Scope(**YEAR)).blocks) if isinstance(block, Figures))
    expected = [ask(Question(measure), Scope(**YEAR)).total.value for measure in MEASURES]
    assert [figures.items[at].number.value for at in (0, 1, 3)] == expected
