"""Counts of what carries no date, such as filled positions: known only on the delivery's own date."""

from __future__ import annotations

from dataclasses import replace

from queries.calculators.counts import CountRow, counted, disclosure_of_count
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.registry import Measure


def disclosure(measure: Measure) -> Disclosure[CountRow] | None:
    """Return the rule of a count, without a cumulative sum: periods of undated events mean nothing."""
    rule = disclosure_of_count(measure)
    return rule and replace(rule, adds_up_over_time=False)


@Calculator("undated", row=CountRow, disclosure=disclosure, is_about_groups=False, is_undated=True)
def undated(context: QueryContext) -> list[CountRow]:
    """Return one row per key."""
    return counted(context)
