"""The equity heat table: every cell says with a word and an arrow what its color says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.text.narratives import heat
from components.text.narratives.heat import Tone
from queries.calculators.gap import GapRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Suppression
from queries.verdicts import Verdict

GAP = GapRow(
    key="woman", group="woman", value=438, numerator=438, denominator=900, share=0.4, target=0.5, is_benchmark=True,
    base="all residents", verdict=Verdict.BELOW,
)  # fmt: skip
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
        (Verdict.BELOW, "▼ 80% of its share of all residents, including children and retirees", Tone.LOWER),
        (Verdict.ABOVE, "▲ 80% of its share of all residents, including children and retirees", Tone.HIGHER),
        (Verdict.AT_GOAL, "no clear difference", Tone.SAME),
        (Verdict.DISAGREE, "benchmarks disagree", Tone.UNKNOWN),
        (Verdict.COARSE, "benchmark too coarse to say", Tone.UNKNOWN),
        (Verdict.NO_FIT, "benchmark does not fit", Tone.UNKNOWN),
        (Verdict.TOO_FEW, "too few to say", Tone.UNKNOWN),
        (Verdict.TOO_FEW_ANSWERS, "too few to say", Tone.UNKNOWN),
    ],
)
def test_participation_says_what_its_verdict_is(verdict, text, tone):
    assert heat.participation(replace(GAP, verdict=verdict)) == heat.HeatCell(text, tone)


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


def test_a_cell_without_a_number_gives_its_reason_and_no_color():
    hidden = replace(RATE, value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)
    assert heat.outcome(hidden, None) == heat.HeatCell("hidden for privacy", Tone.UNKNOWN)
    assert heat.participation(None) == heat.HeatCell("not known", Tone.UNKNOWN)
