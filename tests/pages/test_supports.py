"""The supports page gives the adjusted comparison first, never a raw difference by itself, and calls it an association."""

from __future__ import annotations

import re

import pytest

from components.text.format import interval, points
from components.text.narratives import supports as narrative
from queries import Question, Row, Scope, ask
from queries.calculators.supports_association import SupportRow
from queries.models import Suppression
from queries.privacy.suppression import HIDDEN
from queries.verdicts import ALIKE, HIGHER, LOWER, TOO_FEW
from tests.app_driver import text
from tests.components.rows import answer as made
from tests.pages.test_pages import run

REACH = made(Row(key="any", part="any", value=0.4, numerator=40, denominator=100), unit="share")


def row(support: str, value: float | None, reach: float = 0.02, *, p: float | None = None, **extra) -> Row:
    """Return one support's row, as queries gives it."""
    verdict = TOO_FEW if value is None or p is None else ALIKE if p > 0.05 else HIGHER if value > 0 else LOWER
    counts = {"matched_with": 50, "matched_without": 70, "unmatched_with": 5, "unmatched_without": 9, "compared": 3}
    raw = {"raw_with": 0.9, "raw_without": 0.6, "raw_difference": 0.3}
    return SupportRow(
        key=support,
        part=support,
        value=value,
        low=None if value is None else value - reach,
        high=None if value is None else value + reach,
        numerator=None if value is None else 0.8,
        denominator=None if value is None else 0.8 - value,
        **{"note": TOO_FEW if value is None else None, **counts, **raw, "p_adjusted": p, "verdict": verdict, **extra},
    )


def answer(*rows: Row):
    return made(*rows, unit="points")


@pytest.fixture
def over_the_demo(demo_store, use_store):
    use_store(demo_store)


def test_the_lead_names_the_standardized_difference_with_its_interval(over_the_demo):
    page = run("pages/support_services.py")
    child_care = ask(Question("supports_association")).row("child_care")
    span = interval(child_care.low, child_care.high, "points")
    lead = re.search(r"[^.]* of residents enrolled \(.*?not an effect\.", text(page)).group()
    assert (
        f"those with child care complete {points(child_care.value).lstrip('+')} more often (95% interval {span})"
        in lead
    )
    assert points(child_care.raw_difference).lstrip("+") not in lead
    assert "technology complete" not in lead


def test_title_and_table_give_both_figures_and_every_verdict(over_the_demo):
    page_text = text(run("pages/support_services.py"))
    rows = ask(Question("supports_association")).rows
    child_care = rows[0]
    assert f"completion is {points(child_care.value).lstrip('+')} higher with child care" in page_text
    assert (
        "An association, not an effect. Residents with a support are compared with residents of the same" in page_text
    )
    table = [line.strip() for line in page_text.split("Unadjusted difference", 1)[1].split("  ") if line.strip()]
    for row in rows:
        cells = table[table.index(narrative.SUPPORTS[row.part]) :]
        assert (cells[1], cells[5]) == (points(row.value), points(row.raw_difference))
        assert cells[4] == ("yes, higher" if row.part == "child_care" else "no")
    assert "3 comparisons made at once. Of the differences called unlikely to be chance, at most 5%" in page_text


def test_a_narrow_view_says_why_there_is_no_comparison(over_the_demo):
    page_text = text(run("pages/support_services.py", region="Eastern", group="reentry"))
    assert "No support can be compared among similar residents yet" in page_text
    assert "child care: not enough people to say (under 30 on one side)" in page_text.lower()
    assert "complete " not in page_text.split("Who receives support services")[0]


@pytest.mark.parametrize("hostile_store", ["some undisclosed"], indirect=True)
def test_the_page_claims_only_what_the_answer_supports(hostile_store, use_store):
    use_store(hostile_store[0])
    page_text, rows = text(run("pages/support_services.py")), ask(Question("supports_association"), Scope()).rows
    assert not any(row.value is not None for row in rows) or "unlikely to be chance" in page_text
    assert all(row.value is None for row in rows) == ("No support can be compared" in page_text)


def test_a_raw_difference_by_itself_makes_no_finding():
    level = answer(row("child_care", 0.001, p=0.9), row("transportation", -0.01, p=0.5), row("technology", None))
    lead = narrative.lead(reach=REACH, association=level)
    assert "no support shows a clear difference in completion" in lead
    assert "30" not in lead
    assert narrative.association_title(level) == "No support shows a clear difference in completion"


def test_what_is_hidden_is_not_called_nothing(over_the_demo):
    address = {"region": "Eastern", "sector": "Life sciences", "as": "director:Northwest"}
    page_text = text(run("pages/support_services.py", **address))
    assert (
        "How many residents received child care, transportation or technology support in Life sciences in Eastern "
        "as of November 13, 2026 is hidden for privacy." in page_text
    )
    assert "No resident" not in page_text


def test_a_hidden_support_has_no_verdict():
    hidden = row("technology", None, note=HIDDEN, suppression=Suppression.PRIVACY, verdict=None, matched_with=None)
    association = answer(row("child_care", 0.001, p=0.9), hidden)
    assert "similar residents, none of the supports shown has a clear difference" in narrative.lead(
        reach=REACH, association=association
    )
    assert narrative.association_title(association).startswith("None of the supports shown has a clear difference")
    assert narrative.association_title(answer(hidden)) == "Completion with each support: hidden for privacy"
    assert narrative.association_table(association)[1]["Exits compared, with it"] == HIDDEN


def test_a_support_that_goes_with_completing_less_says_less():
    lower = answer(row("child_care", -0.08, p=0.001), row("transportation", 0.05, p=0.02), row("technology", None))
    lead = narrative.lead(reach=REACH, association=lower)
    assert "those with child care complete 8.0 points less often (95% interval −10.0 to −6.0 points). Those" in lead
    assert narrative.association_title(lower).startswith(
        "Compared with similar residents without it, completion is 8.0 points lower with child care "
    )


def test_an_interval_that_excludes_zero_is_not_enough_where_three_are_compared():
    near = answer(row("child_care", 0.021, p=0.06), row("transportation", 0.0, p=1.0), row("technology", 0.0, p=1.0))
    assert (
        "its interval excludes zero, but with three compared at once it could be chance"
        in narrative.association_words(near)
    )
    assert [line["Clear difference"] for line in narrative.association_table(near)] == ["no", "no", "no"]
    assert "no support shows a clear difference" in narrative.lead(reach=REACH, association=near)


def test_the_table_says_why_a_number_is_missing():
    (cells,) = narrative.association_table(answer(row("technology", None, raw_difference=None, raw_with=None)))
    assert cells["Difference"] == cells["Rate with it, unadjusted"] == TOO_FEW
    assert cells["Clear difference"] == TOO_FEW
    bare = answer(
        SupportRow(key="technology", part="technology", value=None, note="not supplied", verdict="not supplied")
    )
    assert [line["Difference"] for line in narrative.association_table(bare)] == ["not supplied"]


def test_a_range_that_leaves_out_groups_that_the_chart_shows_says_so():
    rows = [
        Row(key=key, part="any", value=value, numerator=round(value * base), denominator=base)
        for key, value, base in (("women", 0.44, 127), ("bipoc", 0.43, 93), ("veteran", 0.14, 14))
    ]
    left_out = "Those with under 30 enrolled are not compared"
    assert narrative.reach_title(made(*rows, unit="share"), {}).endswith(f"range from 43% to 44%. {left_out}")
    assert narrative.reach_title(made(*rows[:2], unit="share"), {}).endswith("range from 43% to 44%")
