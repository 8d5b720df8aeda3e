"""The two-dot ladder on One group."""

from __future__ import annotations

from components.charts.ladder import ladder
from components.palette import ACCENT, CONTEXT
from queries.calculators.gap_by_step import StepRow
from queries.models import Suppression

STEPS = (
    StepRow(
        key="completed", part="completed", value=0.75, numerator=0.6, denominator=0.8, low=0.7, high=0.8, lost=58.2
    ),
    StepRow(key="credential", part="credential", value=1.0, numerator=0.5, denominator=0.5, lost=3.0),
    StepRow(key="employed", part="employed", value=None, note="hidden for privacy", suppression=Suppression.PRIVACY),
)
NAMES = {"completed": "Completed", "credential": "Credential", "employed": "Employed"}


def draw(steps=STEPS):
    return ladder(steps, labels=NAMES, group_name="Women", sure={"completed"})


def test_each_step_has_both_rates_and_how_many_more_there_would_be():
    chart = draw()
    lines, others, group = chart.figure.data
    assert list(others.x) == [0.8, 0.5] and list(group.x) == [0.6, 0.5]
    assert list(lines.x) == [0.6, 0.8, None, 0.5, 0.5, None]
    texts = [note.text for note in chart.figure.layout.annotations]
    assert "<b>60%</b>, others 80%<br>58 more at that rate" in texts
    assert "<b>50%</b>, others 50%" in texts, "could be chance: no number of people"
    assert "Hidden for privacy" in texts


def test_chance_shows_without_color():
    _, others, group = draw().figure.data
    assert (group.marker.color, others.marker.color) == (ACCENT, CONTEXT)
    assert list(group.marker.symbol) == ["circle", "circle-open"]
    assert "95% interval 0.70 to 0.80" in group.hovertext[0]


def test_the_table_has_the_reason_where_a_step_is_hidden():
    table = draw().table
    assert table.columns["Women"] == [0.6, 0.5, "hidden for privacy"]
    assert table.columns["Others"] == [0.8, 0.5, "hidden for privacy"]


def test_a_ladder_without_a_known_step_can_be_drawn():
    assert list(draw(STEPS[2:]).figure.data[1].x) == []
