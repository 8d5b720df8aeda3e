"""Make the tables about groups: the overview, what each group is compared with, and each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.memoize import memoize
from components.text import prose, reliability
from components.text import verdicts as words
from components.text.format import Number, known, ratio, share, signed
from components.text.narratives.answer_data import GOT_A_JOB, EquityData, population
from components.text.scope_words import filters
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import ParticipationRow, RepresentationRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.over_time import FALLING, RISING, PeriodRow
from queries.calculators.over_time import trends as trends_by_group
from queries.models import Answer
from queries.notes import NOBODY_ANSWERED
from queries.privacy.suppression import HIDDEN, is_hidden

SCREENS = (
    "Four-fifths (29 CFR 1607.4(D)) flags a rate below 0.8 of the highest rate of its classification, such as women and men. "
    "Those outside the listed groups count as well.",
    "Two standard deviations (Hazelwood School District v. United States, 1977) is a difference of two or more in either direction. It does "
    "not allow for how many differences are looked at.",
    "Neither screen proves discrimination.",
)
OUTCOME_COLUMNS = {"completion_rate": "Completes", "credential_rate": "Credential", "placement_rate": GOT_A_JOB}


def bounds(row: ParticipationRow) -> str:
    """Write a share, with its range if nobody, or everybody, who did not disclose were in the group."""
    if not known(row.value):
        return prose.capital(row.note or "not known")
    low, high = row.bound_low, row.bound_high
    return share(row.value) if low == high else f"{share(row.value)} ({share(low)} to {share(high)})"


def goal(row: GapRow | None) -> str:
    """Write a group's goal: "5% of the labor force" or "48% target"."""
    if row is None or not known(row.target):
        return "not compared" if row is not None and row.note == NOBODY_ANSWERED else "no benchmark"
    return f"{share(row.target)} {f'of {population(row.base)}' if row.is_benchmark else 'target'}"


def overview_table(data: EquityData, trends: Mapping[str, str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a group: the finding, participation, outcomes and trend."""
    rows: list[dict[str, prose.Cell]] = []
    for row in data.shares.rows_of(ParticipationRow):
        group = str(row.group)
        gap = prose.row_of(data.gaps, GapRow, row.key, group=row.group)
        compared = prose.row_of(data.ratios, RepresentationRow, row.key, group=row.group)
        rows.append(
            {
                "Group": data.labels.get(group, group),
                "Finding": words.participation(gap),
                "Residents": _members(row),
                "Share (range if all answered)": bounds(row),
                "Compared with": goal(gap),
                "Ratio to population": _with_interval(compared),
                "Reliability": reliability.of_row(row),
                "Enrolled of those who apply": words.outcome_cell(
                    prose.row_of(data.steps, StepRow, "enrolled", group=group), data.why_absent(group)
                ),
                **{
                    name: words.outcome_cell(
                        prose.row_of(data.outcomes, OutcomeRow, group, group=group, part=part),
                        data.why_absent(group, part),
                    )
                    for part, name in OUTCOME_COLUMNS.items()
                },
                "Share over a year": data.why_absent(
                    group, default=trends.get(group, data.over_time.reason or "not known")
                ),
            }
        )
    return rows


def _members(row: ParticipationRow) -> prose.Cell:
    """Return how many residents are in a group; where nobody has answered, that is not known."""
    if not known(row.numerator):
        return row.note
    return "not known" if row.note == NOBODY_ANSWERED and row.everyone else row.numerator


def _with_interval(row: RepresentationRow | None) -> str:
    if row is None or not known(row.value):
        return "none"
    return f"{ratio(row.value)} ({ratio(row.low)} to {ratio(row.high)})"


def goals_table(data: EquityData) -> list[dict[str, prose.Cell]]:
    """Return one table row a group: its target, its benchmark, and what the undisclosed answers could change."""
    rows: list[dict[str, prose.Cell]] = []
    for row in data.gaps.rows_of(GapRow):
        compared = prose.row_of(data.ratios, RepresentationRow, row.key, group=row.group)
        about = compared.benchmark_about if compared else None
        reason = (compared.note if compared else None) or "no comparable benchmark exists"
        rows.append(
            {
                "Group": data.labels.get(str(row.group), str(row.group)),
                "Target": f"{share(row.target)}, set {row.set_on} by {row.set_by}" if row.set_on else "none set",
                "Population": share(compared.benchmark) if compared and about else "no benchmark",
                "Definition": about or reason,
                "Second population": _second(compared),
                "Reliability": reliability.NOT_SHOWN
                if is_hidden(row)
                else reliability.of_share(row.numerator, row.denominator)
                if known(row.share)
                else "",
                "Did not disclose": row.undisclosed,
                "What they could change": words.undisclosed_could(row) or "not needed",
            }
        )
    return rows


def _second(row: RepresentationRow | None) -> str:
    """Write the second benchmark and the ratio to it, or that there is none."""
    if row is None or not known(row.second_benchmark):
        return "none"
    text = f"{share(row.second_benchmark)} of {row.second_about}"
    return f"{text}; ratio {ratio(row.numerator / row.second_benchmark)}" if known(row.numerator) else text


def outcome_table(rows: Sequence[OutcomeRow], data: EquityData) -> list[dict[str, prose.Cell]]:
    """Return one table row a group: both rates, the ratio with its interval, and the finding."""
    return [
        {
            "Group": data.labels.get(str(row.group), str(row.group)),
            "Group’s rate": row.numerator,
            "Range if all answered": _range(row),
            "Others’ rate": row.denominator,
            "Ratio": ratio(row.value) if known(row.value) else row.note or "none",
            "95% interval": f"{_limit(row.low)} to {_limit(row.high)}" if known(row.low) else "none",
            "Highest other rate": row.highest_rate,
            "Whose": data.noun(row.highest_group) if row.highest_group else "not known",
            "Ratio to highest": _screened(row),
            "Standard deviations": signed(row.deviations, 1) if known(row.deviations) else "not known",
            "Reliability": reliability.of_sides(row),
            "Finding": words.outcome(row),
        }
        for row in rows
    ]


def _screened(row: OutcomeRow) -> str:
    """Write the ratio of the four-fifths screen with its interval."""
    if not known(row.screen_ratio):
        return "not known"
    return f"{ratio(row.screen_ratio)} ({_limit(row.screen_low)} to {_limit(row.screen_high)})"


def _range(row: OutcomeRow) -> str:
    low, high = row.bound_low, row.bound_high
    return f"{share(low)} to {share(high)}" if known(low) and known(high) else "not known"


def _limit(value: Number | None) -> str:
    """Write a limit of an interval, with a third decimal where two would hide on which side of 1 it lies."""
    return f"{value:.3f}" if known(value) and value != 1 and f"{value:.2f}" == "1.00" else ratio(value)


def undisclosed(data: EquityData) -> list[str]:
    """Say, one sentence a group, what the residents who did not disclose could change; nothing where there is no verdict."""
    return [
        f"{data.label(row.group)}{filters(data.gaps)} and those who did not disclose: {prose.lower_first(words.undisclosed_could(row))}."
        for row in data.gaps.rows_of(GapRow)
        if row.tipping is not None and words.undisclosed_could(row)
    ]


@memoize
def trends(answer: Answer) -> dict[str, str]:
    """Map each group to whether its share of new residents rose or fell over the last four complete quarters."""
    directions = {row.group: prose.capital(HIDDEN) for row in answer.rows if row.group and is_hidden(row)}
    for group, trend in trends_by_group(answer.rows_of(PeriodRow)).items():
        word = trend.word_at(trend.p_adjusted)
        numbers = f": {share(trend.before)} to {share(trend.now)}" if word in (RISING, FALLING) else ""
        directions.setdefault(group, f"{prose.capital(word)}{numbers}")
    return directions
