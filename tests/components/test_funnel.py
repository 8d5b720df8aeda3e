"""The funnel chart, the sentences about providers, and the flags of unreliable rates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.charts.funnel import funnel
from components.text import reliability
from components.text.narratives import providers as narrative
from queries import Row
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict, Position
from queries.models import Suppression
from tests.components.rows import answer


def row(key: str, value: float | None, exits: int, verdict: str, **more) -> FunnelRow:
    """Make a row whose expected rate is 75% and whose limits widen as exits get fewer."""
    reach = 1.5 / exits**0.5
    return FunnelRow(
        key=key, value=value, numerator=None if value is None else round(value * exits), denominator=exits, overall=0.74,
        expected=0.75, low_95=0.75 - reach * 0.6, high_95=min(1, 0.75 + reach * 0.6), low_998=0.75 - reach,
        high_998=min(1, 0.75 + reach), verdict=FunnelVerdict(verdict), position=Position.WITHIN,
        adjusted_for="sector, region, groups", **more,
    )  # fmt: skip


HIDDEN = FunnelRow(key="Small school", value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)
ROWS = (
    row("Big school", 0.76, 900, "as expected"),
    row("Fine school", 0.95, 300, "higher"),
    row("<b>Sad</b> school", 0.50, 200, "lower"),
    row("Tiny school", 0.40, 10, "too few to say"),
)


def chart(rows):
    made = answer(*rows, unit="share")
    return funnel(rows, table=narrative.table(made, "provider"), remark=narrative.remark(made, "provider"))


def test_dots_lie_at_their_exits_and_their_distance_from_what_is_expected():
    figure = chart((*ROWS, HIDDEN)).figure
    limits, dots = figure.data[:4], figure.data[4:]
    assert [list(line.x) for line in limits] == [[10, 200, 300, 900]] * 4
    assert [line.line.dash for line in limits] == ["solid", "solid", "dot", "dot"]
    expected, higher, lower = dots
    assert (list(expected.x), list(expected.y)) == ([10, 900], pytest.approx([-0.35, 0.01]))
    assert (list(higher.x), list(higher.y), higher.marker.symbol) == ([300], pytest.approx([0.2]), "circle")
    assert (list(lower.x), list(lower.y), lower.marker.symbol) == ([200], pytest.approx([-0.25]), "diamond")
    assert expected.marker.symbol == "circle-open"


def test_only_dots_outside_the_limits_have_labels_and_labels_are_no_markup():
    figure = chart(ROWS).figure
    texts = " ".join(note.text for note in figure.layout.annotations)
    assert "Fine school<br>+20.0 points" in texts
    assert "&lt;b&gt;Sad&lt;/b&gt; school" in texts
    assert "Big school" not in texts
    assert "expected 75%" in figure.data[4].hovertext[0]


def test_a_funnel_without_rows_says_so():
    for rows in ((), (HIDDEN,)):
        made = funnel(rows, table=narrative.table(answer(*ROWS), "provider"))
        assert [note.text for note in made.figure.layout.annotations] == ["Too few to draw"]


def test_the_table_has_rates_limits_reliability_and_finding():
    table = chart((*ROWS, HIDDEN)).table
    assert table.columns["Provider"][-1] == "Small school"
    assert table.columns["Rate"][-1] == "hidden for privacy"
    assert table.columns["Expected"] == [0.75, 0.75, 0.75, 0.75, "not shown"]
    assert table.columns["Reliability"] == ["no flag", "no flag", "no flag", "fewer than 30", "not shown"]
    assert table.columns["Finding"] == ["As expected", "Higher", "Lower", "Too few to say", "Not shown"]


def test_the_finding_names_those_outside_and_what_they_are_compared_with():
    text = narrative.lead(answer(*ROWS, unit="share"), "completion_rate")
    assert text.startswith(
        f"Of the {len(ROWS) - 1} providers compared as of November 13, 2026, two have a completion rate"
    )
    assert narrative.finding(answer(*ROWS[:3], unit="share"), "completion_rate", "provider", "").startswith(
        "two of 3 providers have"  # every one is shown
    )
    assert (
        "two have a completion rate outside what chance explains (the 99.8% limits). Fine school is above them. <b>Sad</b> school is below them. The limits are around the "
        "completion rate expected for the residents that each serves."
    ) in text
    within = answer(ROWS[0], HIDDEN, unit="share")
    assert narrative.finding(within, "placement_rate", "program", " in Eastern") == (
        "no program shown in Eastern has a job rate outside what chance explains (the 99.8% limits)"
    )
    assert "may lie inside or outside" in narrative.remark(within, "program")
    assert narrative.finding(answer(HIDDEN, unit="share"), "placement_rate", "program", "") == (
        "there is no program whose job rate can be shown"
    )
    many = [row(f"School {at}", 0.4, 100, "lower") for at in range(7)]
    assert "School 3, and three more are below them." in narrative.lead(answer(*many, unit="share"), "completion_rate")


def test_what_cannot_be_compared_is_not_called_within_the_limits():
    """A provider with few exits, or without others in its sectors, can lie outside the limits and have no finding."""
    lonely, few = (
        FunnelRow(**{**vars(ROWS[0]), "verdict": verdict, "position": Position.OUTSIDE_998})
        for verdict in (FunnelVerdict.NO_PEERS, FunnelVerdict.TOO_FEW)
    )
    only = narrative.lead(answer(lonely, unit="share"), "completion_rate")
    assert only == "No provider as of November 13, 2026 can be compared: too few others in the same sectors."
    both = narrative.finding(answer(lonely, few, unit="share"), "completion_rate", "provider", "")
    assert both == "no provider can be compared: too few exits or too few others in the same sectors"
    single = narrative.finding(answer(lonely, ROWS[0], unit="share"), "completion_rate", "provider", "")
    assert single.startswith("the only provider compared has a completion rate within what chance explains")
    none = narrative.finding(answer(lonely, ROWS[0], ROWS[0], unit="share"), "completion_rate", "provider", "")
    assert none.startswith("of the 2 providers compared, none has a completion rate")
    chosen = answer(lonely, unit="share")
    chosen = replace(chosen, scope=chosen.scope.but(provider="Fine school"))
    text = narrative.lead(chosen, "completion_rate")
    assert "expected" not in text
    assert text.endswith(
        "Over half of the exits in its sectors are its own, so there are too few others to compare it with."
    )


def test_a_finding_and_a_position_do_not_contradict_each_other():
    between = FunnelRow(**{**vars(ROWS[0]), "position": Position.OUTSIDE_95})
    lonely = FunnelRow(**{**vars(ROWS[0]), "verdict": FunnelVerdict.NO_PEERS})
    made = answer(between, lonely)
    columns = narrative.table(made, "provider").columns
    assert columns["Position"][0] == "Outside the 95% limits, inside the 99.8% limits"
    assert columns["Finding"] == ["Could be chance among many", "Too few others in its sectors"]
    words = narrative.section_words(made, "program")
    assert "“Could be chance among many”: outside the 95% limits, inside the 99.8% limits." in words
    assert "over half of the exits there are the program’s own, so there is too little to compare it with." in words
    assert "chance among many" not in narrative.section_words(answer(*ROWS), "program")


def test_without_factors_no_adjustment_is_claimed():
    plain = FunnelRow(**{**vars(ROWS[0]), "adjusted_for": None})
    made = answer(plain, unit="share")
    assert "do not allow for differences in the residents a provider serves" in narrative.section_words(
        made, "provider"
    )
    assert "The limits are around the completion rate of all residents." in narrative.lead(made, "completion_rate")
    assert "same sector, region, and answers about groups" in narrative.section_words(answer(*ROWS), "provider")


@pytest.mark.parametrize(
    ("successes", "trials", "word"),
    [
        (20, 29, reliability.FEW),
        (1, 1, reliability.FEW),
        (15, 30, reliability.WIDE),
        (20, 40, reliability.NO_FLAG),
        (30, 30, reliability.NO_FLAG),
        (5, 0, ""),
        (None, 50, ""),
        (5, None, ""),
    ],
)
def test_a_rate_is_flagged_by_its_base_and_its_interval(successes, trials, word):
    assert reliability.flag(successes, trials) == word


def test_the_flags_of_several_rates_name_each_weak_rate():
    rows = {
        "Completion rate": Row(key="a", value=0.5, numerator=15, denominator=30),
        "Job rate": Row(key="a", value=0.5, numerator=5, denominator=10),
        "Supports": Row(key="a", value=0.5, numerator=50, denominator=100),
        "Hidden": None,
    }
    text = reliability.of_rows(rows)
    assert text == "Completion rate: interval over 30 points; Job rate: fewer than 30"
    assert reliability.of_rows({"Supports": rows["Supports"]}) == "no flag"
    assert reliability.of_rows({"Hidden": None}) == ""
    differences = [Row(key="a", value=0.15, low=low, high=high) for low, high in ((0.1, 0.5), (0.1, 0.2), (None, 0.2))]
    assert [reliability.of_difference(row) for row in differences] == [
        "interval over 30 points",
        "no flag",
        "",
    ]
    assert reliability.least("no flag", "", "interval over 30 points") == "interval over 30 points"
