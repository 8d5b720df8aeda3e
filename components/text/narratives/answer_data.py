"""What the pages about groups are told: the answers, and how groups and goals are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.text import prose
from components.text.format import people, ratio, share

PARITY = 1.0
MOST_FINDINGS = 6
LONGEST_LEAD = 590  # letters; more would be cut
NOT_RECORDED = "Not recorded"
OUTCOMES = {
    "completion_rate": "Completion",
    "credential_rate": "Credential",
    "placement_rate": "Placement",
    "employment_rate_q2": "Employed after two quarters",
}
DOES = {
    "completion_rate": "complete", "credential_rate": "earn a credential", "placement_rate": "are placed in a job",
    "employment_rate_q2": "are employed two quarters after exit",
}  # fmt: skip
UNITS = {
    "Residents": "residents", "Did not disclose": "residents", "Group’s rate": "share", "Others’ rate": "share",
    "In both": "residents", "Rate in both": "share", "Adds to the gap": "points",
}  # fmt: skip


@dataclass(frozen=True)
class EquityData:
    """The answers of the page. `labels` and `nouns` name groups at the start and in the middle of a sentence."""

    shares: Any
    ratios: Any
    gaps: Any
    outcomes: Any
    steps: Any
    parts: Any
    by_region: Any
    ratios_by_region: Any
    outcomes_by_region: Any
    outcomes_by_sector: Any
    labels: Mapping[str, str]
    nouns: Mapping[str, str]

    def label(self, group: str | None) -> str:
        """The group at the start of a sentence."""
        return prose.capital(self.noun(group))

    def noun(self, group: str | None) -> str:
        """The group in the middle of a sentence: "residents with disabilities"."""
        return self.nouns.get(group or "", self.labels.get(group or "", group or ""))


def against(row: Any) -> str:
    """A group's share over its goal."""
    return ratio(row.share_of_target)


def goal_of(row: Any) -> str:
    """What a group is held against: "share of the population" or "target of 9%"."""
    return "share of the population" if row.is_benchmark else f"target of {share(row.target)}"


def more(row: Any) -> str:
    """How many residents are missing: "328 more"."""
    return f"{people(row.value)} more"
