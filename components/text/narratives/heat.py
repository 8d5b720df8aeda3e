"""The equity heat table: for each group and step a word, an arrow and a color, from the verdicts of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from components.comparison import CHOOSE_CLOSED, Comparison
from components.text import prose
from components.text.format import known, people, points, points_apart, share
from components.text.narratives.answer_data import GOT_A_JOB, EquityData, population_name
from components.text.period_labels import no_line
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import ParticipationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.models import ComparedRow
from queries.notes import NO_BENCHMARK, NO_LOCAL_BENCHMARK, NOBODY_TO_COMPARE
from queries.privacy.family import is_limited
from queries.privacy.suppression import is_hidden
from queries.scope import Scope
from queries.verdicts import (
    ABOVE,
    ALIKE,
    AT_GOAL,
    BELOW,
    COARSE,
    DISAGREE,
    FLAGGED,
    HIGHER,
    LOWER,
    NO_FINDING,
    SCREENED,
    TOO_FEW,
    TOO_FEW_ANSWERS,
)

PARTICIPATION = "In the program"
ENROLLED = "Applied to enrolled"
OUTCOMES = {"completion_rate": "Completed", "credential_rate": "Credential", "placement_rate": GOT_A_JOB}
NEEDED = "More people needed"
STEP_FIGURES = "“In the program” gives percentages of the goal; the other columns, points."


class Tone(StrEnum):
    """The color of a cell; words and arrow say the same."""

    LOWER = "lower"
    HIGHER = "higher"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class HeatCell:
    """One cell.

    Attributes:
        text: The verdict, with the figure where it is clear.
        tone: The color.
        page: The page with the cell's figure.
        page_values: The parameters it is opened with.
        figure: The figure as counted, whatever the verdict; "" where there is none, or too few are behind it.
    """

    text: str
    tone: Tone
    page: str = "one_group"
    page_values: Mapping[str, str] = field(default_factory=dict)
    figure: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One group: its id and name, and a cell a column.

    Attributes:
        needed: In the table of steps, how many more people it would need.
        quarters: Likewise, its share by quarter.
        no_line: Likewise, why these make no line where they are too few.
    """

    group: str
    name: str
    cells: tuple[HeatCell, ...]
    needed: str = ""
    quarters: tuple[float | None, ...] = ()
    no_line: str = ""


def reading(place: str = "on this page") -> str:
    """Say how to read the table. place: where the comparisons are that the verdicts allow for."""
    return (
        f"▼ lower and ▲ higher are unlikely to be chance, allowing for every comparison {place}. Points are percentage points below or "
        "above residents known not to be in the group. No clear difference does not mean equal. "
        "Flagged, only for completion, credentials and jobs: also below four-fifths of the highest rate."
    )


def columns() -> tuple[str, ...]:
    """Return the headings of the cells."""
    return (PARTICIPATION, ENROLLED, *OUTCOMES.values())


def rows(data: EquityData, quarters: tuple[str, ...]) -> list[HeatRow]:
    """Return the table. quarters: the keys of the quarters whose shares are shown, oldest first."""
    shares = {(row.group, row.key): row.value for row in data.over_time.rows if not is_hidden(row)}
    hidden = {row.group for row in data.over_time.rows if is_hidden(row) and row.key in quarters}
    result = []
    for row in data.shares.rows_of(ParticipationRow):
        group = str(row.group)
        gap = prose.row_of(data.gaps, GapRow, row.key, group=group)
        step = prose.row_of(data.steps, StepRow, "enrolled", group=group)
        outcomes = [prose.row_of(data.outcomes, OutcomeRow, group, group=group, part=part) for part in OUTCOMES]
        result.append(
            HeatRow(
                group=group,
                name=data.labels.get(group, group),
                cells=(
                    participation(gap),
                    outcome(step, None, data.why_absent(group, default=data.steps.reason or NOBODY_TO_COMPARE)),
                    *(
                        outcome(
                            each, part, data.why_absent(group, part, default=data.outcomes.reason or NOBODY_TO_COMPARE)
                        )
                        for each, part in zip(outcomes, OUTCOMES, strict=True)
                    ),
                ),
                needed=_needed(gap),
                quarters=tuple(shares.get((group, quarter)) for quarter in quarters),
                no_line=data.why_absent(group, default=no_line("quarter", is_hidden=group in hidden)),
            )
        )
    return result


def participation(row: GapRow | None, absent: str = "not known") -> HeatCell:
    """Compare a group's share of residents with its target or population: "▼ 80% of its share of the labor force".

    absent: why there is no row.
    """
    text, tone = (absent, Tone.UNKNOWN) if row is None else _participation(row)
    size = f"{share(row.share_of_target, 0)}" if row is not None and _is_countable(row) else ""
    return HeatCell(text, tone, "gap_plan", {"what": "share"}, size)


def _participation(row: GapRow) -> tuple[str, Tone]:
    if not known(row.value):
        return _reason(row), Tone.UNKNOWN
    goal = f"of its share of {population_name(row.base)}" if row.is_benchmark else "of its target"
    size = f"{share(row.share_of_target, 0)} {goal}"
    if row.verdict == BELOW:
        return f"▼ {size}", Tone.LOWER
    if row.verdict == ABOVE:
        return f"▲ {size}", Tone.HIGHER
    if row.verdict == AT_GOAL:
        return "no clear difference", Tone.SAME
    return _no_verdict(row.verdict), Tone.UNKNOWN


def _no_verdict(verdict: str | None) -> str:
    """Say why a group is neither above nor below its goal, and not clearly at it."""
    words: dict[str | None, str] = {COARSE: "benchmark too coarse to say", DISAGREE: "benchmarks disagree"}
    return words.get(verdict, "too few to say")


def outcome(row: ComparedRow | None, name: str | None, absent: str = "not known") -> HeatCell:
    """Compare a group's rate with that of others: "▼ 9 points". name: the outcome; None for the step from applied to enrolled."""
    text, tone = (absent, Tone.UNKNOWN) if row is None else _difference(row)
    size = ""
    if row is not None and _is_countable(row) and known(row.numerator) and known(row.denominator):
        size = points(row.numerator - row.denominator).removesuffix(" points")
    return HeatCell(text, tone, page_values={"outcome": name} if name else {"step": "enrolled"}, figure=size)


def _is_countable(row: ComparedRow) -> bool:
    """Return whether the figure of a comparison may stand without its verdict."""
    return known(row.value) and row.verdict not in (TOO_FEW, TOO_FEW_ANSWERS, *NO_FINDING)


def change(now: HeatCell, then: HeatCell, comparison: Comparison) -> str:
    """Write the figure of a cell next to what it is compared with: "−9.0 · then −7.8"; "" where neither can be shown."""
    there = comparison.words if comparison.is_place else "then"
    if not then.figure:
        return f"{now.figure} · {there} {then.text}" if now.figure else ""
    return " · ".join(filter(None, (now.figure, f"{there} {then.figure}")))


def changes(table: Sequence[HeatRow], others: Sequence[HeatRow], comparison: Comparison | None) -> list[list[str]]:
    """Return the second line of each cell; "" where nothing is compared with. others: the rows there or then."""
    by_group = {row.group: row.cells for row in others}
    return [
        [
            change(cell, by_group[row.group][at], comparison) if comparison and row.group in by_group else ""
            for at, cell in enumerate(row.cells)
        ]
        for row in table
    ]


def compared_words(
    comparison: Comparison | None, scope: Scope, where: str = "Second line of a cell", figures: str = STEP_FIGURES
) -> str:
    """Say what the second line of the cells compares with; for readers of whole periods, how to get one.

    Args:
        comparison: What is compared with, if anything.
        scope: The filters, with the reader.
        where: Where the figures stand.
        figures: What the figures are.
    """
    if comparison is None:
        return CHOOSE_CLOSED if is_limited(scope) and scope.since is None and scope.until is None else ""
    which = "here" if comparison.is_place else "now"
    untested = "The two are not tested against each other, so their difference could be chance."
    return f"{where}: the figure {which}, then the figure {comparison.words}. {figures} {untested}"


def _difference(row: ComparedRow | None) -> tuple[str, Tone]:
    if row is None or not (known(row.value) and known(row.numerator) and known(row.denominator)):
        return _reason(row), Tone.UNKNOWN
    size = points_apart(row.numerator - row.denominator)
    if row.verdict in (LOWER, FLAGGED):
        return f"▼ {size}{' (flagged)' if row.verdict == FLAGGED else ''}", Tone.LOWER
    if row.verdict == SCREENED:
        return "▼ below four-fifths of the highest rate (flagged)", Tone.LOWER
    if row.verdict == HIGHER:
        return f"▲ {size}", Tone.HIGHER
    if row.verdict == ALIKE:
        return "no clear difference", Tone.SAME
    return "too few to say", Tone.UNKNOWN


def _needed(row: GapRow | None) -> str:
    """Return how many more people a group below its goal needs; else "none", that the gap could be chance, or why it is not known."""
    if row is not None and row.verdict == BELOW and known(row.value):
        return people(row.value)
    if row is not None and row.verdict:
        if row.verdict not in (ABOVE, AT_GOAL):
            return _no_verdict(row.verdict)
        return "none" if (row.share_of_target or 0) >= 1 else "no clear gap"
    return _reason(row)


def _reason(row: ComparedRow | None) -> str:
    note = (row.note if row is not None else None) or "not known"
    if NO_LOCAL_BENCHMARK in note:
        return "no benchmark for this region"
    return "no benchmark" if NO_BENCHMARK in note else note
