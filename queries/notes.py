"""Notes and sentences that answers carry: reasons for a missing value, and why a question has no answer."""

from __future__ import annotations

from datetime import date

from queries.dimensions import DIMENSIONS, PERIODS
from queries.periods import day_words
from queries.scope import Scope

NOT_SUPPLIED = "not supplied"
NOT_DISCLOSED = "not disclosed"
NOBODY_TO_COUNT = "nobody to count yet"
NOBODY_TO_COMPARE = "nobody to compare yet"
NOBODY_ANSWERED = "nobody enrolled has answered the question yet"
OTHERS_AT_ZERO = "the others’ rate is zero"
NO_BENCHMARK = "no comparable benchmark exists"
NO_LOCAL_BENCHMARK = "no benchmark exists for this region"
NO_TARGET = "no target has been set for this"
CANNOT_REACH_ALL = "a share of 100% cannot be reached by enrolling more residents"
NOTHING_TO_ADJUST_FOR = "not supplied: nothing to adjust for"
ALL_ALIKE = "the same outcome for everyone"
NO_PLACES = "not supplied: no sector, region or provider"
NOBODY_OR_FEW = "There is nobody here, or too few people to show."
GROUP_NOT_DISCLOSED = "Nobody in this delivery has answered whether they are in this group: not disclosed."
NOBODY_HERE_ANSWERED = "Nobody under these filters has answered whether they are in this group: not disclosed."
NO_GROUP_DISCLOSED = "Nobody in this delivery has answered a question about groups: not disclosed."
GROUP_NOT_SUPPLIED = "This delivery does not say who is in this group: not supplied."
PLAN_NEEDS_GROUP = "A plan is made for one group: choose a group."
PLAN_NEEDS_MEMBERS = "A plan is made for those in a group, not for those outside it."


def breakdown_name(by: str | None) -> str:
    """Return a breakdown or filter in words: "fiscal year"."""
    entry = DIMENSIONS.get(by or "") or PERIODS.get(by or "")
    return entry.words if entry else by or ""


def cannot_break_down(label: str, by: str | None) -> str:
    """Explain that a measure has no such breakdown."""
    return f"{label} cannot be broken down by {breakdown_name(by)}: it is not recorded that way."


def only_members_by_group(label: str) -> str:
    """Explain that residents outside a group are not broken down by group."""
    return f"{label} by group is not available for those outside a group: choose no group, or those in it."


def cannot_filter(label: str, by: str, rows: str) -> str:
    """Explain that a measure cannot be filtered by a dimension; `rows`: what it is counted from."""
    return f"{label} is not available for one {breakdown_name(by)}: {rows} are not recorded that way."


def nothing_recorded(label: str, as_of: date, scope: Scope) -> str:
    """Explain that no row counts: up to which day, and under which kind of choice."""
    chosen = " under these filters" if scope.filters else ""
    period = " in this period" if scope.since or scope.until else ""
    return f"{label}: nothing recorded{chosen}{period} by {day_words(as_of)}."


def takes_no_outcome(label: str) -> str:
    """Explain that a measure has no choice of outcome."""
    return f"{label} does not depend on an outcome."


def columns_missing(label: str) -> str:
    """Explain that the delivery lacks the columns a measure needs."""
    return f"{label}: not supplied. This delivery does not have what it is counted from."


def breakdown_missing(by: str | None) -> str:
    """Explain that the delivery lacks the column of a breakdown or filter."""
    return f"The {breakdown_name(by)} is not supplied in this delivery."


def dollars_missing(by: str | None) -> str:
    """Explain that the delivery's ledger lacks the column of a breakdown or filter."""
    return f"No dollars are recorded by {breakdown_name(by)} in this delivery: not supplied."


def only_on_delivery_date(label: str, day: str) -> str:
    """Explain that a measure has no earlier values; `day`: the delivery's date."""
    return f"{label}: filled positions carry no date, so the number is known only as of {day}."
