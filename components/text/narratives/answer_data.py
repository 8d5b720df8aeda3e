"""Hold the answers that the pages about groups share, and the names of groups and goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from components.memoize import memoize
from components.text import prose
from components.text.format import known, ratio, share
from queries.calculators.benchmarks import is_of_working_age
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.group_shares import RepresentationRow
from queries.families import judged_as_family
from queries.models import Answer
from queries.notes import NOT_SUPPLIED
from queries.scope import Question

MOST_FINDINGS = 6
LONGEST_LEAD = 590  # letters; a longer lead would be cut
NOT_RECORDED = "Not recorded"
GOT_A_JOB = "Got a job"  # the outcome wherever it is named; its rate is the job rate
OUTCOMES = {
    "completion_rate": "Completion",
    "credential_rate": "Credential",
    "placement_rate": GOT_A_JOB,
    "employment_rate_q2": "Employed after two quarters",
}
VERBS = {
    "completion_rate": "complete", "credential_rate": "earn a credential", "placement_rate": "get a job",
    "employment_rate_q2": "are employed two quarters after exit",
}  # fmt: skip
ENDED = {
    "completion_rate": "came after finishing the training",
    "placement_rate": "led to a job",
}  # what the exits counted by a rate did
UNITS = {
    "Residents": "residents", "Did not disclose": "residents", "Group’s rate": "share", "Others’ rate": "share",
    "In both, with an exit": "residents", "Rate in both": "share", "Enrolled, in both": "residents", "Applied, in both": "residents",
    "Completed, in both": "residents", "Answered both questions": "residents", "Share of enrolled": "share", "Adds to the gap": "points", "Highest other rate": "share",
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

# Fields of EquityData that hold comparisons, judged together.
_JUDGED = ("gaps", "outcomes", "steps", "parts", "pairs", "by_region", "outcomes_by_region", "outcomes_by_sector")


@memoize
def judged(answers: tuple[Answer, ...]) -> list[Answer]:
    """Return a page's answers with verdicts that allow for every comparison in all of them."""
    return judged_as_family(answers)


@dataclass(frozen=True, kw_only=True)
class EquityData:
    """The answers behind the equity page.

    `labels` and `nouns` map group ids to names: `labels` for tables and charts, `nouns` for the middle of a sentence.
    `not_supplied` holds the outcomes that the delivery does not say.
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
    not_supplied: frozenset[str] = frozenset()

    def why_absent(self, group: str | None, outcome: str | None = None, *, default: str = "not known") -> str:
        """Say why there is no row: "not supplied" where the delivery does not say the group or the outcome, else `default`."""
        is_unsaid = any(row.group == group and row.note == NOT_SUPPLIED for row in self.shares.rows)
        return NOT_SUPPLIED if is_unsaid or outcome in self.not_supplied else default

    def judged_as_family(self) -> EquityData:
        """Return the data with verdicts that allow for every comparison on the page."""
        answers: dict[str, Any] = dict(
            zip(_JUDGED, judged(tuple(getattr(self, name) for name in _JUDGED)), strict=True)
        )
        return replace(self, **answers)

    def label(self, group: str | None) -> str:
        """Name a group at the start of a sentence."""
        return prose.capital(self.noun(group))

    def noun(self, group: str | None) -> str:
        """Name a group in the middle of a sentence: "residents with disabilities"."""
        return self.nouns.get(group or "", self.labels.get(group or "", group or ""))


def share_of_goal(row: GapRow) -> str:
    """Write a group's share divided by its goal: "0.50"."""
    return ratio(row.share_of_target)


def goal_of(row: GapRow, where: str = "", *, is_short: bool = False) -> str:
    """Name what a group is compared with: "share of the labor force" or "target of 9%".

    Args:
        row: The group.
        where: The place, as it follows a noun, such as " there".
        is_short: Without those in the population who are not of working age, where a sentence before has them.
    """
    if not row.is_benchmark:
        return f"target of {share(row.target)}{where}"
    name = population_name(row.base)
    return f"share of {name}{where}{'' if is_short else population(row.base).removeprefix(name)}"


def is_below_benchmarks(row: RepresentationRow | StepRow) -> bool:
    """Return whether the interval of a ratio to a population lies below 1, against the second benchmark as well."""
    if not (known(row.high) and known(row.benchmark)) or row.high >= 1:
        return False
    return not known(row.second_benchmark) or row.high * row.benchmark < row.second_benchmark


def differs_from_benchmarks(row: RepresentationRow | StepRow) -> bool:
    """Return whether the interval of a ratio to a population excludes 1, against the second benchmark as well."""
    if is_below_benchmarks(row):
        return True
    if not (known(row.low) and known(row.benchmark)) or row.low <= 1:
        return False
    return not known(row.second_benchmark) or row.low * row.benchmark > row.second_benchmark


def population_name(base: str | None) -> str:
    """Name the population of a benchmark, for a cell: "the labor force", "all residents"."""
    base = base or "the population"
    return f"the {base}" if base.endswith("force") else base


def population(base: str | None) -> str:
    """Name the population of a benchmark in a sentence, with those in it who are not of working age: "the labor force"."""
    name = population_name(base)
    if is_of_working_age(base):
        return name
    if name == "all residents":
        return f"{name}, including children and retirees"
    return f"{name}, including retirees" if name == "adults" or name.endswith("and over") else name
