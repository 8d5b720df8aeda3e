"""The overview under a period: its large numbers are those of the period, and the totals stand below them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from briefs.blocks import Heading, Sentences, TableBlock
from briefs.charts import ColumnChart
from briefs.friday import friday
from briefs.packet import packet
from components.text import format
from queries import Question, Scope, ask
from tests.app_driver import figures, text
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
    assert "Everything else after them ignores the period: it counts everything as of November 13, 2026." in page_text


def test_people_with_a_job_are_those_who_finished_in_the_period():
    page_text = " ".join(text(run("dashboard.py", **{"from": "2024-07-01", "to": "2025-06-30"})).split())
    year = ask(Question("finishers_with_job"), Scope(since=date(2024, 7, 1), until=date(2025, 6, 30))).total
    ever = ask(Question("finishers_with_job"), Scope()).total
    assert f"Finished in fiscal year 2025 and got a job {format.people(year.numerator)}" in page_text
    assert f"{format.share(year.value)} of the {format.people(year.denominator)} who finished" in page_text
    assert f"{format.people(ever.numerator)} in all by November 13, 2026" in page_text


def test_the_chart_of_months_shows_the_fiscal_years_of_the_period():
    """It showed today's, next to figures of a period that is over."""
    address = {"from": "2024-10-01", "to": "2024-12-31"}
    drawn = json.dumps(figures(run("dashboard.py", **address))["year-over-year"])
    assert "Fiscal year 2025" in drawn and "Fiscal year 2024" in drawn and "2026" not in drawn


@pytest.mark.parametrize("document", [friday, packet])
def test_a_document_of_a_past_period_shows_its_fiscal_years(document):
    scope = Scope(since=date(2024, 10, 1), until=date(2024, 12, 31), region="Eastern")
    chart = next(block for block in flat(document(scope).blocks) if isinstance(block, ColumnChart))
    assert [series.name for series in chart.series] == ["Fiscal year 2025", "Fiscal year 2024"]
    assert chart.note == ""
    open_ended = next(
        block for block in flat(document(Scope(region="Eastern")).blocks) if isinstance(block, ColumnChart)
    )
    assert [series.name for series in open_ended.series] == ["Fiscal year 2027 so far", "Fiscal year 2026"]


def test_a_brief_of_a_period_says_what_is_to_date():
    items = [item for block in friday(Scope(**YEAR)).blocks if isinstance(block, Sentences) for item in block.items]
    assert any("Everything else after them ignores the period" in item for item in items)
    items = [item for block in friday(Scope()).blocks if isinstance(block, Sentences) for item in block.items]
    assert not any("ignores the period" in item for item in items)


def test_a_packet_of_a_past_period_says_when_its_dollars_end():
    """It called dollars until the end of the period "spent so far"."""
    blocks = packet(Scope(**YEAR, region="Eastern")).blocks
    (table,) = (block.table for block in blocks if isinstance(block, TableBlock) and block.name == "region-compared")
    assert "Spent by the end of the period, of dollars obligated" in table.columns["Measure"]
    (heading,) = (each for each in blocks if isinstance(each, Heading) and each.text == "To raise at the meeting")
    assert heading.words.endswith("money that would lapse ignore the period; they are as of November 13, 2026.")
    blocks = packet(Scope(region="Eastern")).blocks
    (table,) = (block.table for block in blocks if isinstance(block, TableBlock) and block.name == "region-compared")
    assert "Spent so far, of dollars obligated" in table.columns["Measure"]


def test_without_a_period_the_large_numbers_are_the_totals():
    page_text = " ".join(text(run("dashboard.py")).split())
    assert f"Residents enrolled {value('residents_enrolled')}" in page_text
    assert "in all by" not in page_text


def test_the_friday_brief_has_the_figures_of_the_page():
    drawn = next(block for block in flat(friday(Scope(**YEAR)).blocks) if isinstance(block, Figures))
    expected = [ask(Question(measure), Scope(**YEAR)).total.value for measure in MEASURES]
    assert [drawn.items[at].number.value for at in (0, 1, 3)] == expected


def test_money_lists_all_that_ignores_the_period():
    """The Treasury report counts all time too, and was not named."""
    page_text = " ".join(text(run("pages/money.py", **ADDRESS)).split())
    assert (
        "deadlines, dollars over time and the U.S. Treasury report ignore the period; they count everything as of"
        in page_text
    )
    assert "ignore the period" not in text(run("pages/money.py"))
