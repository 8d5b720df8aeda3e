"""Maturity: the one rule by which a period is complete, for every measure over time.

A period is mature on a day if, under the filters,
1. it lies within the period chosen and is over: events of its last day are in on that day;
2. the measure's `mature_days` have passed since its last day (queries/measures.toml): credentials and jobs are reported
   weeks after an exit, so the rate of a fresh period only looks low. Its fact (queries/facts.toml) leaves younger exits out
   of every rate and counts them as not known yet;
3. if the measure has a `mature_known`, that share of the period's exits is known: wage records arrive quarter by
   quarter, some residents never appear in them, and those who appear early are not like the others.
Only mature periods enter the center, the limits and the signals of a control chart, and a trend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from queries.periods import WORDS, days_of
from queries.registry import Measure


@dataclass(frozen=True)
class Maturity:
    """Whether a period is complete.

    Attributes:
        is_mature: Whether it is.
        why_not: If not, why, as a clause.
        complete_on: If not, the day it will be, where that can be known.
    """

    is_mature: bool
    why_not: str | None = None
    complete_on: date | None = None


def maturity(
    measure: Measure,
    *,
    key: str,
    by: str,
    as_of: date,
    since: date | None = None,
    until: date | None = None,
    known: tuple[int, int] | None = None,
) -> Maturity:
    """Return whether a period is mature.

    Args:
        measure: The measure whose rules apply.
        key: The period, such as "2026-Q4".
        by: What the key is: month, quarter, fiscal_year or year.
        as_of: The day to judge it on.
        since: First day of the period chosen in the filters.
        until: Last day of it.
        known: Exits of the period whose outcome is known, and all its exits; of everyone under the filters.
    """
    first, last = days_of(key, by)
    word = WORDS[by]
    if (since and since > first) or (until and until < last):
        return Maturity(is_mature=False, why_not=f"the period chosen takes in only part of the {word}")
    ready = last + timedelta(days=measure.mature_days)
    if as_of < last:
        complete_on = None if measure.mature_known else ready
        return Maturity(is_mature=False, why_not=f"the {word} is not over", complete_on=complete_on)
    if as_of < ready:
        reason = f"results keep coming in for {measure.mature_days} days after the {word} ends"
        return Maturity(is_mature=False, why_not=reason, complete_on=ready)
    if measure.mature_known and known is not None and known[0] < measure.mature_known * known[1]:
        reason = f"fewer than {measure.mature_known:.0%} of its exits are known so far"
        return Maturity(is_mature=False, why_not=reason)
    return Maturity(is_mature=True)
