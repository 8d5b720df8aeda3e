"""Sentences about groups at their edges: benchmarks that disagree, hidden parts, gaps that chance could make."""

from __future__ import annotations

import pytest

from components.charts.dot_plot import dot_plot
from components.text import verdicts as words
from components.text.narratives import compared_groups, gap_adjusted, gap_programs
from components.text.narratives import gap as gap_story
from components.text.narratives.answer_data import differs_from_benchmarks, goal_of, is_below_benchmarks, population
from components.text.narratives.equity import goals_of
from queries.calculators.gap import GapRow
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_cells import GapCellRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.group_shares import RepresentationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import Suppression
from queries.privacy.suppression import HIDDEN
from queries.verdicts import ALIKE, COARSE, ENOUGH, HIGHER, LOWER, NO_FINDING, TOO_FEW
from tests.components.rows import answer


@pytest.mark.parametrize(
    ("low", "high", "second", "is_below", "differs"),
    [
        (0.5, 0.8, None, True, True),
        (0.5, 0.8, 0.087, True, True),
        (0.5, 0.8, 0.03, False, False),
        (1.1, 1.3, None, False, True),
        (1.1, 1.3, 0.087, False, False),
        (1.9, 2.1, 0.087, False, True),
        (0.9, 1.1, None, False, False),
        (None, None, None, False, False),
    ],
)
@pytest.mark.parametrize("row_type", [RepresentationRow, StepRow])
def test_a_group_is_below_or_above_only_if_every_benchmark_says_so(row_type, low, high, second, is_below, differs):
    row = row_type(
        key="disability",
        value=0.65,
        low=low,
        high=high,
        benchmark=0.05,
        benchmark_base="labor force",
        second_benchmark=second,
    )
    assert is_below_benchmarks(row) == is_below
    assert differs_from_benchmarks(row) == differs


def test_a_population_has_its_article():
    assert population("labor force") == "the labor force"
    assert population("residents aged 21 to 64") == "residents aged 21 to 64"
    assert population("civilians 18 and over") == "civilians 18 and over, including retirees"
    assert population("all residents") == "all residents, including children and retirees"
    assert population(None) == "the population"
    assert (
        goal_of(GapRow(key="a", value=1, target=0.05, is_benchmark=True, base="labor force"))
        == "share of the labor force"
    )
    assert goal_of(GapRow(key="a", value=1, target=0.09, is_benchmark=False)) == "target of 9%"


@pytest.mark.parametrize("verdict", NO_FINDING)
def test_a_benchmark_that_cannot_decide_gives_no_finding(verdict):
    row = GapRow(key="a", value=0, target=0.05, is_benchmark=True, verdict=verdict, undisclosed=0, everyone=100)
    assert words.participation(row) == f"No finding: {verdict}"
    assert words.undisclosed_could(row) == ""


@pytest.mark.parametrize(("others", "ending"), [(0.6, "chance"), (0.5, "; others are below four-fifths of this rate")])
def test_those_outside_a_group_can_be_the_ones_behind(others, ending):
    row = OutcomeRow(key="woman", value=0.7 / others, numerator=0.7, denominator=others, verdict=HIGHER)
    assert words.outcome(row).endswith(ending)


def test_parts_are_described_only_where_all_of_them_are_shown():
    shown = GapPartRow(key="sector", group="a", part="sector", value=-0.04, low=-0.05, high=-0.03, p_adjusted=0.001)
    hidden = GapPartRow(key="within", group="a", part="within", value=None, suppression=Suppression.PRIVACY)
    parts = answer(shown, hidden)
    row = OutcomeRow(key="a", group="a", value=0.9, numerator=0.72, denominator=0.8, known_in=100, verdict=LOWER)
    lead = gap_story.lead(row, parts, who="veterans", outcome="completion_rate")
    assert lead.endswith("Some parts of the gap are hidden for privacy.")
    assert "sector" not in lead
    assert gap_story.parts_title(parts, "veterans") == "Some parts of the gap are hidden for privacy"
    assert gap_story.parts_title(answer(hidden), "veterans") == "All parts of the gap are hidden for privacy"
    assert "Being in other sectors accounts for" in gap_story.lead(
        row, answer(shown), who="veterans", outcome="completion_rate"
    )


def test_a_goal_is_called_a_benchmark_or_a_target():
    benchmark = GapRow(key="a", value=1, target=0.05, is_benchmark=True)
    target = GapRow(key="b", value=1, target=0.09, is_benchmark=False)
    assert goals_of([benchmark, benchmark], 2) == "their benchmarks"
    assert goals_of([target], 1) == "its target"
    assert goals_of([target, benchmark], 2) == "their benchmarks or targets"


def results(*verdicts):
    return [OutcomeRow(key=str(at), group=str(at), value=0.9, verdict=verdict) for at, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ((ALIKE, HIGHER, ALIKE), "of the three groups, none is"),
        ((ALIKE, HIGHER, TOO_FEW), "of the two groups that can be compared, none is"),
        ((ALIKE, TOO_FEW, None), "the only group that can be compared, group 0, is not"),
    ],
)
def test_a_finding_about_no_group_counts_those_that_can_be_compared(verdicts, sentence):
    assert compared_groups.none_of(results(*verdicts), lambda group: f"group {group}") == sentence


def test_where_no_group_can_be_compared_the_reason_is_given():
    hidden = OutcomeRow(key="a", value=None, suppression=Suppression.PRIVACY)
    assert compared_groups.nothing_compared(results(TOO_FEW, None)) == "too few residents to compare any group"
    assert compared_groups.nothing_compared([*results(TOO_FEW), hidden]) == "no group can be compared"
    assert compared_groups.nothing_compared(results(TOO_FEW, COARSE)) == "no group can be compared"


@pytest.mark.parametrize(
    ("compared", "words_at_start"), [(1, "1 comparison. If the rates"), (3, "3 comparisons made at once. Of")]
)
def test_a_single_comparison_is_not_described_as_several(compared, words_at_start):
    text = words.family([OutcomeRow(key="a", value=0.9, compared=compared)])
    assert text.startswith(words_at_start)
    assert "Benjamini" not in text


def test_steps_too_small_to_compare_are_not_called_alike():
    steps = [StepRow(key=part, part=part, value=0.9, verdict=TOO_FEW) for part in ("enrolled", "started")]
    assert gap_story.step_title(answer(*steps), "women") == "Women: too few people to compare any step with others"


def test_a_program_with_few_people_on_a_side_is_not_listed_however_much_it_adds():
    def cell(key: str, value: float, known_in: int) -> GapCellRow:
        return GapCellRow(
            key=key,
            part="Eastern",
            value=value,
            known_in=known_in,
            known_out=200,
            note=TOO_FEW.value if known_in < ENOUGH else None,
        )

    few, enough = cell("Welding", -0.05, 5), cell("Nursing", -0.02, 80)
    cells = answer(few, enough, cell("Trucking", 0.03, 90), unit="points")
    assert gap_programs.carrying(cells, gap=-0.04) == [enough]
    title = gap_programs.cells_title([enough], cells, gap=-0.04, who="women")
    assert (
        title == "Women. The gap is spread out: the largest place with enough people adds 29% of what puts them behind"
    )
    assert gap_programs.carrying(answer(few, unit="points"), gap=-0.04) == []


def outcome(group: str, part: str, value: float) -> OutcomeRow:
    return OutcomeRow(key=group, group=group, part=part, value=value, verdict=ALIKE)


def test_the_group_to_open_with_is_the_lowest_in_the_outcome_that_the_page_shows():
    """It showed completions of a group whose job rate was lowest, "6 points more often", as the lowest results."""
    rows = [
        outcome("youth", "completion_rate", 1.08), outcome("youth", "placement_rate", 0.9),
        outcome("woman", "completion_rate", 1.02), outcome("woman", "placement_rate", 0.95),
    ]  # fmt: skip
    below, above = "whose rate is furthest below that of others", "whose rate is the least above that of others"
    assert gap_story.default_choice(rows) == ("youth", "placement_rate", below)
    assert gap_story.default_choice(rows, "completion_rate") == ("woman", "completion_rate", above)
    assert gap_story.default_choice([]) == (None, None, "")
    hidden = OutcomeRow(key="woman", value=None, suppression=Suppression.PRIVACY)
    assert gap_story.default_choice([*rows, hidden]).reason == below.replace("rate is", "rate, of those shown, is")


def test_a_hidden_step_counts_neither_as_passed_nor_as_compared():
    hidden = StepRow(key="employed", part="employed", value=None, note=HIDDEN, suppression=Suppression.PRIVACY)
    steps = [StepRow(key=part, part=part, value=1.1, verdict=ALIKE) for part in ("enrolled", "started")]
    assert gap_story.step_title(answer(hidden), "women") == "Women: hidden for privacy"
    assert (
        gap_story.step_title(answer(*steps, hidden), "women")
        == "Women pass every step shown at least as often as others"
    )
    behind = StepRow(key="completed", part="completed", value=0.8, lost=9.0, verdict=LOWER)
    title = gap_story.step_title(answer(*steps, behind, hidden), "women")
    assert title.startswith("Women fall furthest behind at “completed”, of the steps shown: 0.80 times")


def test_the_table_of_steps_and_of_the_adjusted_gap_say_what_is_hidden():
    first = StepRow(key="applied", part="applied", value=None, note=HIDDEN, suppression=Suppression.PRIVACY)
    [cells] = gap_story.step_table([first])
    assert cells["Group’s rate"] == cells["Counted in the group"] == HIDDEN
    gap = AdjustedGapRow(key="a", value=None, note=HIDDEN, suppression=Suppression.PRIVACY)
    drawn = dot_plot(gap_adjusted.dots(gap), measure="gap_adjusted")
    assert drawn.table.columns["Adjusted gap"] == [HIDDEN, HIDDEN]
    for row in gap_adjusted.table(gap):
        assert {row[name] for name in ("Group’s rate", "Others’ rate", "Group’s exits", "Gap", "95% interval")} == {
            HIDDEN
        }
