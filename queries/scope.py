"""Questions: what to measure, under which filters, and for which reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeAlias

from queries import dimensions
from queries.access.viewer import Viewer

PERIODS = tuple(dimensions.PERIODS)
BREAKDOWNS = (*dimensions.DIMENSIONS, *PERIODS)
# What people and assistants may choose: not weeks back from the date, by which the pace is computed. Its keys are no dates, and the week
# that is not over is one of them.
OFFERED = (*dimensions.DIMENSIONS, *dimensions.TIME)
OUTCOMES = ("completion_rate", "credential_rate", "placement_rate", "employment_rate_q2")
# The rate of each step on the path from application to employment.
STEPS: Mapping[str, str] = {
    "enrolled": "intake_rate",
    "started": "start_rate",
    "completed": "completion_rate",
    "credential": "credential_rate",
    "employed": "placement_rate",
}
# The rates of outcomes and steps that groups are compared by.
RATES = tuple(dict.fromkeys((*OUTCOMES, *STEPS.values())))
GOALS = ("participation_share", "completion_rate", "credential_rate", "placement_rate")
SIDES = ("in", "out", "undisclosed")
ScopeValue: TypeAlias = str | date | Viewer | None


class AskError(ValueError):
    """A question that makes no sense; its message is a full sentence for the reader."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The filters of one question; a filter of None is open.

    There is one field for each dimension with `filters = true` in dimensions.toml.

    Attributes:
        initiative: One initiative.
        region: One workforce region.
        sector: One sector.
        group: One underrepresented group.
        provider: One training provider.
        group_side: Which residents of `group`: "in" it, "out" (known not to be in it) or "undisclosed".
        since: First day of the period, inclusive.
        until: Last day of the period, inclusive.
        as_of: The day the data is seen from; None for the delivery's date.
        delivery: The delivery; None for the one on screen.
        viewer: The reader; None for the operator at the command line, who has the files anyway.
    """

    initiative: str | None = None
    region: str | None = None
    sector: str | None = None
    group: str | None = None
    provider: str | None = None
    group_side: str = "in"
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    delivery: str | None = None
    viewer: Viewer | None = None

    @property
    def filters(self) -> Mapping[str, str]:
        """The dimensions filtered by, each with its value, in the order of dimensions.toml."""
        return {name: value for name in dimensions.FILTERS if (value := getattr(self, name)) is not None}

    def but(self, **changes: ScopeValue) -> Scope:
        """Return this scope with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # fields have types of their own


if _missing := dimensions.FILTERS.keys() - {field.name for field in fields(Scope)}:
    raise TypeError(f"Scope has no field for the filter {', '.join(sorted(_missing))}: add it in {__name__}.")


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a plan is to reach.

    Attributes:
        value: The share or rate, as a fraction; None for the target in force, or what stands in for it.
        due_on: The day to reach it by; None likewise.
        what: What is to reach it: one of `GOALS`.
    """

    value: float | None = None
    due_on: date | None = None
    what: str = "participation_share"

    def __post_init__(self) -> None:
        if self.what not in GOALS:
            raise AskError(f"There is no goal for “{self.what[:40]}”. Choose one of: {', '.join(GOALS)}.")
        if self.value is not None and not 0 < self.value < 1:
            raise AskError("A goal is a share above 0 and below 1: 0.11 stands for 11%.")


@dataclass(frozen=True)
class Question:
    """One measure, with or without a breakdown.

    Attributes:
        measure: The measure's id.
        by: The breakdown, one of `BREAKDOWNS`; None for a total.
        outcome: The outcome whose gap is computed, for measures that take one; None for the measure's default.
        goal: What a plan is to reach; None for the default goal of a share.
    """

    measure: str
    by: str | None = None
    outcome: str | None = None
    goal: Goal | None = None

    def __post_init__(self) -> None:
        if self.by is not None and self.by not in BREAKDOWNS:
            raise AskError(f"There is no breakdown by “{self.by[:40]}”. Choose one of: {', '.join(OFFERED)}.")
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise AskError(f"There is no outcome “{self.outcome[:40]}”. Choose one of: {', '.join(OUTCOMES)}.")
