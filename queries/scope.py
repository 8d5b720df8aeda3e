"""Who and what is asked about: one small frozen value, made once and passed down whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from queries.access.viewer import Viewer

BREAKDOWNS = (
    "initiative", "region", "town", "sector", "group", "program", "provider", "intake", "category",
    "platform", "subject", "course", "eligibility", "employer", "source",
    "month", "quarter", "fiscal_year", "year", "weeks_back",
)  # fmt: skip
PERIODS = ("month", "quarter", "fiscal_year", "year", "weeks_back")
OUTCOMES = ("completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
GOALS = ("participation_share", "completion_rate", "credential_rate", "placement_rate")
SIDES = ("in", "out", "undisclosed")


class AskError(ValueError):
    """A question that cannot be asked; its message is a full sentence for the reader."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The filters of one question.

    A None filter is open. `since` and `until` are inclusive; `as_of` None means the delivery's date; `delivery` None
    means the one on screen. `group_side` says which side of `group` is meant: in it, known not to be, or undisclosed.
    `viewer` is who looks; None is the operator at the command line, who holds the files anyway.
    """

    initiative: str | None = None
    region: str | None = None
    sector: str | None = None
    group: str | None = None
    group_side: str = "in"
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    delivery: str | None = None
    viewer: Viewer | None = None

    def but(self, **changes: Any) -> Scope:
        """This scope with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a plan is to reach: `value` (a fraction) of the group's `what`, one of `GOALS`, by `due_on`.

    A value or date of None stands for the target in force, or what takes its place (queries/goals.py).
    """

    value: float | None = None
    due_on: date | None = None
    what: str = "participation_share"

    def __post_init__(self) -> None:
        if self.what not in GOALS:
            raise AskError(f"There is no goal for “{self.what[:40]}”. Choose one of: {', '.join(GOALS)}.")
        if self.value is not None and not 0 < self.value < 1:
            raise AskError("A goal is a share between 0 and 1, both left out: 0.11 stands for 11%.")


@dataclass(frozen=True)
class Question:
    """One measure, broken down or not: `by` is one of `BREAKDOWNS`, None for one total.

    `outcome` names the outcome a gap is taken of, for measures that can take several (None = completion_rate).
    `goal` is what a plan is to reach (None = the default goal of a share).
    """

    measure: str
    by: str | None = None
    outcome: str | None = None
    goal: Goal | None = None

    def __post_init__(self) -> None:
        if self.by is not None and self.by not in BREAKDOWNS:
            raise AskError(f"There is no breakdown by “{self.by[:40]}”. Choose one of: {', '.join(BREAKDOWNS)}.")
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise AskError(f"There is no outcome “{self.outcome[:40]}”. Choose one of: {', '.join(OUTCOMES)}.")
