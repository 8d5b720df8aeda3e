"""What the supports page says: the fair comparison first, never a raw difference alone, and an association, not an effect."""

from __future__ import annotations

import re

import pytest

from components.text.format import interval, points
from components.text.narratives import supports as story
from queries import Question, Row, Scope, ask
from queries.calculators.supports_association import SupportRow
from queries.verdicts import ALIKE, HIGHER, LOWER, TOO_FEW
from tests.app_driver import text
from tests.components.rows import answer as made
from tests.pages.test_pages import run

REACH = made(Row(key="any", part="any", value=0.4, numerator=40, denominator=100), unit="share")


def row(support: str, value: float | None, reach: float = 0.02, *, p: float | None = None, **extra) -> Row:
    """One support's row as queries gives it."""
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
        note=TOO_FEW if value is None else None,
        **{**counts, **raw, "p_adjusted": p, "verdict": verdict, **extra},
    )


def answer(*rows: Row):
    return made(*rows, unit="points")


@pytest.fixture
def over_the_demo(demo_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))


def test_the_lead_names_the_standardized_difference_with_its_interval(over_the_demo):
    page = run("pages/supports.py")
    found = ask(Question("supports_association")).row("child_care")
    span = interval(found.low, found.high, "points")
    lead = re.search(r"[^.]* of residents enrolled \(.*?not an effect\.", text(page)).group()
    assert f"those with child care complete {points(found.value).lstrip('+')} more often (95% interval {span})" in lead
    assert points(found.raw_difference).lstrip("+") not in lead
    assert "technology complete" not in lead


def test_title_words_and_table_tell_both_figures_and_every_verdict(over_the_demo):
    said = text(run("pages/supports.py"))
    rows = ask(Question("supports_association")).rows
    found = rows[0]
    assert f"completion is {points(found.value).lstrip('+')} higher with child care" in said
    assert "An association, not an effect: residents with a support are compared with residents of the same" in said
    for one in rows:
        both = f"{points(one.value)} (unadjusted {points(one.raw_difference)})"
        assert f"{story.SUPPORTS[one.part].lower()} {both}" in said.lower()
    assert re.search(r"Technology [^;.]*\.?\d* points \(unadjusted [^)]*\), no difference beyond chance", said, re.I)
    assert "3 comparisons made at once: of the differences called unlikely to be chance, at most 5%" in said


def test_a_narrow_view_says_why_nothing_can_be_said(over_the_demo):
    said = text(run("pages/supports.py", region="Eastern", group="reentry"))
    assert "No support can be compared among similar residents yet" in said
    assert (
        "child care: not enough people to say: under 30 on a side" in said.lower()
        and "complete " not in said.split("Who gets them")[0]
    )


@pytest.mark.parametrize("hostile_store", ["some undisclosed"], indirect=True)
def test_nothing_is_said_that_the_answer_does_not_hold(hostile_store, in_store):
    in_store.setenv("DASHBOARD_STORE", str(hostile_store[0]))
    said, rows = text(run("pages/supports.py")), ask(Question("supports_association"), Scope()).rows
    assert not any(found.value is not None for found in rows) or "unlikely to be chance" in said
    assert all(found.value is None for found in rows) == ("No support can be compared" in said)


def test_a_raw_difference_alone_makes_no_finding():
    level = answer(row("child_care", 0.001, p=0.9), row("transportation", -0.01, p=0.5), row("technology", None))
    lead = story.lead(reach=REACH, association=level)
    assert "no support goes with completing more or less often beyond chance" in lead and "30" not in lead
    assert story.association_title(level) == (
        "No support goes with a difference beyond chance; the widest, transportation, is −1.0 points "
        "(95% interval −3.0 to +1.0 points)"
    )


def test_a_support_that_goes_with_completing_less_says_less():
    lower = answer(row("child_care", -0.08, p=0.001), row("transportation", 0.05, p=0.02), row("technology", None))
    lead = story.lead(reach=REACH, association=lower)
    assert "those with child care complete 8.0 points less often (95% interval −10.0 to −6.0 points) and those" in lead
    assert story.association_title(lower).startswith(
        "Against similar residents without it, completion is 8.0 points lower"
    )


def test_an_interval_that_leaves_zero_is_not_enough_where_three_are_compared():
    near = answer(row("child_care", 0.021, p=0.06), row("transportation", 0.0, p=1.0), row("technology", 0.0, p=1.0))
    assert "its interval leaves zero, but not once three are compared" in story.association_words(near)
    assert story.association_table(near).columns["Beyond chance"] == ["no", "no", "no"]
    assert "no support goes with completing" in story.lead(reach=REACH, association=near)


def test_the_table_says_why_a_number_is_missing():
    unsaid = story.association_table(answer(row("technology", None, raw_difference=None, raw_with=None)))
    cells = {name: values[0] for name, values in unsaid.columns.items()}
    assert cells["Difference"] == cells["Rate with it, unadjusted"] == TOO_FEW
    assert cells["Beyond chance"] == TOO_FEW
    bare = answer(
        SupportRow(key="technology", part="technology", value=None, note="not supplied", verdict="not supplied")
    )
    assert story.association_table(bare).columns["Difference"] == ["not supplied"]
