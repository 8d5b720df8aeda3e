"""The equity heat table: every cell says with a word and an arrow what its color says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.comparison import CHOOSE_CLOSED, Comparison
from components.html_view import render
from components.text.narratives import heat, heat_regions
from components.text.narratives.answer_data import EQUITY_QUESTIONS, EquityData
from components.text.narratives.heat import Tone
from queries import Scope
from queries.access import rights
from queries.calculators.gap import GapRow
from queries.calculators.group_shares import ParticipationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Suppression
from queries.verdicts import Verdict
from tests.components.rows import answer

GAP = GapRow(
    key="woman", group="woman", value=438, numerator=438, denominator=900, share=0.4, target=0.5, is_benchmark=True,
    base="all residents", verdict=Verdict.BELOW,
)  # fmt: skip
SHARE = ParticipationRow(key="woman", group="woman", value=0.4)
RATE = OutcomeRow(
    key="woman",
    group="woman",
    part="completion_rate",
    value=0.9,
    numerator=0.72,
    denominator=0.8,
    verdict=Verdict.LOWER,
)


@pytest.mark.parametrize(
    ("verdict", "text", "tone"),
    [
        (Verdict.BELOW, "▼ 80% of its share of all residents", Tone.LOWER),
        (Verdict.ABOVE, "▲ 80% of its share of all residents", Tone.HIGHER),
        (Verdict.AT_GOAL, "no clear difference", Tone.SAME),
        (Verdict.DISAGREE, "benchmarks disagree", Tone.UNKNOWN),
        (Verdict.COARSE, "benchmark too coarse to say", Tone.UNKNOWN),
        (Verdict.TOO_FEW, "too few to say", Tone.UNKNOWN),
        (Verdict.TOO_FEW_ANSWERS, "too few to say", Tone.UNKNOWN),
    ],
)
def test_participation_says_what_its_verdict_is(verdict, text, tone):
    cell = heat.participation(replace(GAP, verdict=verdict))
    assert (cell.text, cell.tone) == (text, tone)
    assert (cell.page, cell.page_values) == ("gap_plan", {"what": "share"})


@pytest.mark.parametrize(
    ("verdict", "text", "tone"),
    [
        (Verdict.LOWER, "▼ 8.0 points", Tone.LOWER),
        (Verdict.FLAGGED, "▼ 8.0 points (flagged)", Tone.LOWER),
        (Verdict.HIGHER, "▲ 8.0 points", Tone.HIGHER),
        (Verdict.ALIKE, "no clear difference", Tone.SAME),
        (Verdict.TOO_FEW, "too few to say", Tone.UNKNOWN),
    ],
)
def test_an_outcome_says_what_its_verdict_is(verdict, text, tone):
    cell = heat.outcome(replace(RATE, verdict=verdict), "completion_rate")
    assert (cell.text, cell.tone) == (text, tone)
    assert cell.figure == ("" if verdict == Verdict.TOO_FEW else "−8.0")
    assert (cell.page, cell.page_values) == ("one_group", {"outcome": "completion_rate"})


def test_a_cell_without_a_number_gives_its_reason_and_no_color():
    hidden = replace(RATE, value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)
    assert heat.outcome(hidden, None) == heat.HeatCell(
        "hidden for privacy", Tone.UNKNOWN, page_values={"step": "enrolled"}
    )
    assert (heat.participation(None).text, heat.participation(None).tone) == ("not known", Tone.UNKNOWN)


def equity(**answers):
    nothing = dict.fromkeys((*EQUITY_QUESTIONS, "pairs"), answer())
    return EquityData(**{**nothing, **answers}, labels={"woman": "Women"}, nouns={"woman": "women"})


@pytest.mark.parametrize(
    ("verdict", "share", "needed"),
    [
        (Verdict.BELOW, 0.5, "438"),
        (Verdict.AT_GOAL, 0.5, "no clear gap"),
        (Verdict.AT_GOAL, 0.6, "none"),
        (Verdict.ABOVE, 0.6, "none"),
        (Verdict.DISAGREE, 0.5, "benchmarks disagree"),
        (Verdict.TOO_FEW, 0.5, "too few to say"),
    ],
)
def test_the_people_needed_are_a_number_or_words(verdict, share, needed):
    gap = replace(GAP, verdict=verdict, share=share, target=0.55)
    (row,) = heat.rows(equity(shares=answer(SHARE), gaps=answer(gap)), ())
    assert row.needed == needed


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("hidden for privacy", "hidden for privacy"),
        ("no target has been set for this, and no comparable benchmark exists", "no benchmark"),
        ("no target has been set for this, and no benchmark exists for this region", "no benchmark for this region"),
    ],
)
def test_without_a_goal_the_people_needed_have_the_reason_of_the_share(note, words):
    row = replace(GAP, value=None, verdict=None, note=note)
    assert heat.participation(row).text == words
    assert heat.rows(equity(shares=answer(SHARE), gaps=answer(row)), ())[0].needed == words


def test_the_table_by_region_has_a_cell_a_region_from_the_answers_by_region():
    gaps = answer(
        replace(GAP, key="Eastern"),
        replace(GAP, key="Northwest", verdict=Verdict.TOO_FEW),
    )
    rates = answer(replace(RATE, key="Northwest"), replace(RATE, key="Eastern", verdict=Verdict.ALIKE))
    data = equity(shares=answer(GAP), by_region=gaps, outcomes_by_region=rates)
    assert heat_regions.regions(data) == ["Eastern", "Northwest"]
    (row,) = heat_regions.rows(data, heat_regions.PARTICIPATION)
    assert [cell.text for cell in row.cells] == [
        "▼ 80% of its share of all residents",
        "too few to say",
    ]
    (row,) = heat_regions.rows(data, "completion_rate")
    assert [cell.text for cell in row.cells] == ["no clear difference", "▼ 8.0 points"]
    (row,) = heat_regions.rows(data, "placement_rate")
    assert {cell.text for cell in row.cells} == {"not known"}


def test_a_reason_that_all_regions_share_stands_once():
    cells = (heat.HeatCell("no benchmark", Tone.UNKNOWN),) * 2
    row = heat.HeatRow(group="reentry", name="Re-entry population", cells=cells)
    assert heat_regions.has_no_figure(row, ("", ""))
    assert not heat_regions.has_no_figure(row, ("", "then 98%"))
    for cell in (heat.HeatCell("too few to say", Tone.UNKNOWN), heat.HeatCell("no benchmark", Tone.SAME)):
        assert not heat_regions.has_no_figure(replace(row, cells=(cells[0], cell)), ("", ""))
    assert not heat_regions.has_no_figure(replace(row, cells=cells[:1]), ("",)), "a single region is its own cell"
    cell = {"tone": "unknown", "link": "no benchmark", "change": "", "span": 2}
    drawn = str(
        render("heat_table", columns=["A", "B"], rows=[{"name": "X", "cells": [cell]}], caption="", trend="", needed="")
    )
    assert 'colspan="2" data-label=""' in drawn


def test_no_table_by_region_where_a_region_is_chosen():
    data = equity(shares=answer(GAP), by_region=answer(replace(GAP, key="Eastern")))
    assert heat_regions.regions(data) == []


YEAR = Comparison(changes={}, words="on November 13, 2025")
STATE = Comparison(changes={}, words="in the state", is_place=True)
HIDDEN = replace(RATE, value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)


@pytest.mark.parametrize(
    ("now", "then", "comparison", "text"),
    [
        (RATE, replace(RATE, numerator=0.75), YEAR, "−8.0 · then −5.0"),
        (RATE, replace(RATE, numerator=0.75), STATE, "−8.0 · in the state −5.0"),
        (RATE, HIDDEN, YEAR, "−8.0 · then hidden for privacy"),
        (HIDDEN, RATE, YEAR, "then −8.0"),
        (HIDDEN, HIDDEN, YEAR, ""),
        (RATE, replace(RATE, verdict=Verdict.TOO_FEW), YEAR, "−8.0 · then too few to say"),
    ],
)
def test_a_cell_has_its_figure_next_to_that_of_the_comparison(now, then, comparison, text):
    assert heat.change(heat.outcome(now, None), heat.outcome(then, None), comparison) == text


def test_a_share_is_compared_as_a_part_of_its_goal():
    then = heat.participation(replace(GAP, share=0.45, verdict=Verdict.AT_GOAL))
    assert heat.change(heat.participation(GAP), then, YEAR) == "80% · then 90%"


def test_the_words_name_what_the_cells_compare_with():
    assert "the figure now, then the figure on November 13, 2025." in heat.compared_words(YEAR, Scope())
    assert "the figure here, then the figure in the state." in heat.compared_words(STATE, Scope())
    assert heat.compared_words(None, Scope(viewer=rights.viewer("governor"))) == CHOOSE_CLOSED
    assert heat.compared_words(None, Scope()) == ""


def test_the_words_on_regions_name_no_step_for_their_columns_are_regions():
    assert "“In the program” gives percentages of the goal; the other columns, points." in heat.compared_words(
        YEAR, Scope()
    )
    for measure in heat_regions.CHOICES:
        words = heat.compared_words(YEAR, Scope(), figures=heat_regions.figures(measure))
        assert "In the program" not in words and "columns" not in words
        assert ("percentages of the goal" in words) == (measure == heat_regions.PARTICIPATION)


def test_on_a_phone_each_cell_has_its_heading_and_the_table_its_roles():
    cell = {"tone": "lower", "link": "▼ 8.0 points", "change": "", "span": 1}
    drawn = str(
        render(
            "heat_table",
            columns=["Completed"],
            rows=[{"name": "Women", "cells": [cell]}],
            caption="Groups",
            trend="",
            needed="",
        )
    )
    assert '<td role="cell" data-label="Completed" class="tone lower">▼ 8.0 points</td>' in drawn
    assert drawn.count('role="row"') == 2 and 'role="rowheader"' in drawn
    assert "quarters" not in drawn, "no column for lines where there are none"
