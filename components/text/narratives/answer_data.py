"""Hold the answers that the pages about groups share, and the names of groups and goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from components.memoize import memoize
from components.text import prose
from components.text.format import known, ratio, share
from queries.calculators.benchmarks import is_of_working_age, odds_factor
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import RepresentationRow
from queries.families import judged_as_family
from queries.models import Answer
from queries.scope import Question
from queries.verdicts import ReferenceShare

MOST_FINDINGS = 6
LONGEST_LEAD = 590  # letters; a longer lead would be cut
NOT_RECORDED = "Not recorded"
OUTCOMES = {
    "completion_rate": "Completion",
    "credential_rate": "Credential",
    "placement_rate": "Placement",
    "employment_rate_q2": "Employed after two quarters",
}
VERBS = {
    "completion_rate": "complete", "credential_rate": "earn a credential", "placement_rate": "are placed in a job",
    "employment_rate_q2": "are employed two quarters after exit",
}  # fmt: skip
UNITS = {
    "Residents": "residents", "Did not disclose": "residents", "Group’s rate": "share", "Others’ rate": "share",
    "In both, with an exit": "residents", "Rate in both": "share", "Adds to the gap": "points", "Highest other rate": "share",
}  # fmt: skip


# What the equity page asks, by the field of EquityData that holds the answer.
EQUITY_QUESTIONS = {
    "shares": Question("participation_share"),
    "ratios": Question("representation_ratio"),
    "gaps": Question("gap_residents"),
    "outcomes": Question("outcome_ratio"),
    "steps": Question("gap_by_step"),
    "parts": Question("gap_parts"),
    "by_region": Question("gap_residents", "region"),
    "ratios_by_region": Question("representation_ratio", "region"),
    "outcomes_by_region": Question("outcome_ratio", "region"),
    "outcomes_by_sector": Question("outcome_ratio", "sector"),
    "over_time": Question("participation_over_time"),
}


@memoize
def judged(answers: tuple[Answer, ...]) -> list[Answer]:
    """Return a page's answers with verdicts that allow for every comparison in all of them."""
    return judged_as_family(answers)


@dataclass(frozen=True, kw_only=True)
class EquityData:
    """The answers behind the equity page.

    `labels` and `nouns` map group ids to names: `labels` for tables and charts, `nouns` for the middle of a sentence.
    """

    shares: Answer
    ratios: Answer
    gaps: Answer
    outcomes: Answer
    steps: Answer
    parts: Answer
    pairs: Answer
    by_region: Answer
    ratios_by_region: Answer
    outcomes_by_region: Answer
    outcomes_by_sector: Answer
    over_time: Answer
    labels: Mapping[str, str]
    nouns: Mapping[str, str]

    def judged_as_family(self) -> EquityData:
        """Return the data with verdicts that allow for every comparison on the page."""
        gaps, outcomes, steps, parts, pairs, by_region, outcomes_by_region, outcomes_by_sector = judged(
            (
                self.gaps,
                self.outcomes,
                self.steps,
                self.parts,
                self.pairs,
                self.by_region,
                self.outcomes_by_region,
                self.outcomes_by_sector,
            )
        )
        return replace(
            self,
            gaps=gaps,
            outcomes=outcomes,
            steps=steps,
            parts=parts,
            pairs=pairs,
            by_region=by_region,
            outcomes_by_region=outcomes_by_region,
            outcomes_by_sector=outcomes_by_sector,
        )

    def label(self, group: str | None) -> str:
        """Name a group at the start of a sentence."""
        return prose.capital(self.noun(group))

    def noun(self, group: str | None) -> str:
        """Name a group in the middle of a sentence: "residents with disabilities"."""
        return self.nouns.get(group or "", self.labels.get(group or "", group or ""))


def share_of_goal(row: GapRow) -> str:
    """Write a group's share divided by its goal: "0.50"."""
    return ratio(row.share_of_target)


def goal_of(row: GapRow) -> str:
    """Name what a group is compared with: "share of the labor force" or "target of 9%"."""
    return f"share of {population(row.base)}" if row.is_benchmark else f"target of {share(row.target)}"


def is_below_benchmarks(row: RepresentationRow | StepRow) -> bool:
    """Return whether a share is below its benchmark, and the second one: by the interval, whatever population fits."""
    if not (known(row.high) and known(row.benchmark)):
        return False
    lowest = ReferenceShare(row.benchmark, odds_factor=odds_factor(row.benchmark_base)).ends[0]
    share_high = row.high * row.benchmark
    return share_high < lowest and (not known(row.second_benchmark) or share_high < row.second_benchmark)


def differs_from_benchmarks(row: RepresentationRow | StepRow) -> bool:
    """Return whether a share differs from its benchmark, and the second one: by the interval, whatever population fits."""
    if is_below_benchmarks(row):
        return True
    if not (known(row.low) and known(row.benchmark)):
        return False
    highest = ReferenceShare(row.benchmark, odds_factor=odds_factor(row.benchmark_base)).ends[1]
    share_low = row.low * row.benchmark
    return share_low > highest and (not known(row.second_benchmark) or share_low > row.second_benchmark)


def population(base: str | None) -> str:
    """Name the population of a benchmark in a sentence, with those in it who are not of working age: "the labor force"."""
    base = base or "the population"
    if is_of_working_age(base):
        return f"the {base}" if base.endswith("force") else base
    if base == "all residents":
        return f"{base}, including children and retirees"
    return f"{base}, including retirees" if base == "adults" or base.endswith("and over") else base
