"""Whether a period can be judged yet: the one rule by which a period counts as complete, for every measure over time.

A period is mature on a day when, under the filters,
1. it is taken in whole by the period chosen, and over: events of its last day are in on that day;
2. the measure's `mature_days` have passed since its last day (queries/measures.toml): credentials and jobs are reported
   weeks after an exit, so the rate of a fresh period only looks low;
3. where the measure has a `mature_known`, that share of the period's exits is known: wage records arrive quarter by
   quarter, some residents are never found in them, and those found early are not like the others.
Only mature periods enter the center, the limits and the signals of a control chart, and a trend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from queries.periods import WORDS, days_of
from queries.registry import Measure


@dataclass(frozen=True)
class Maturity:
    """Whether a period is complete; if not, why (a clause) and the day it will be, where that day can be told."""

    is_mature: bool
    why_not: str | None = None
    complete_on: date | None = None


def maturity(
    asked: Measure, *, key: str, by: str, as_of: date, since: date | None = None, until: date | None = None,
    known: tuple[int, int] | None = None,
) -> Maturity:  # fmt: skip
    """Whether the period `key` is mature on `as_of`; known: (exits known, exits) of the period, everyone under the filters."""
    first, last = days_of(key, by)
    word = WORDS[by]
    if (since and since > first) or (until and until < last):
        return Maturity(False, f"the period chosen takes in only part of the {word}")
    ready = last + timedelta(days=asked.mature_days)
    if as_of < last:
        return Maturity(False, f"the {word} is not over", None if asked.mature_known else ready)
    if as_of < ready:
        return Maturity(False, f"results keep coming in for {asked.mature_days} days after the {word} ends", ready)
    if asked.mature_known and known is not None and known[0] < asked.mature_known * known[1]:
        return Maturity(False, f"fewer than {asked.mature_known:.0%} of its exits are known so far")
    return Maturity(True)
