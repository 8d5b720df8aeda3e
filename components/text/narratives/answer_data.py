"""Hold the answers that the pages about groups share, and the names of groups and goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.text import prose
from components.text.format import ratio, share
from queries.calculators.gap import GapRow
from queries.models import Answer
from queries.scope import Question

PARITY = 1.0
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
    "In both": "residents", "Rate in both": "share", "Adds to the gap": "points",
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
    by_region: Answer
    ratios_by_region: Answer
    outcomes_by_region: Answer
    outcomes_by_sector: Answer
    over_time: Answer
    labels: Mapping[str, str]
    nouns: Mapping[str, str]

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
    """Name what a group is compared with: "share of the population" or "target of 9%"."""
    return "share of the population" if row.is_benchmark else f"target of {share(row.target)}"
