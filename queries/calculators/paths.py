"""The paths residents take between initiatives: how many met them in which order."""

from __future__ import annotations

from dataclasses import replace

from queries.calculators.counts import COUNT, CountRow, rows_by_key
from queries.calculators.registry import Calculator
from queries.context import QueryContext
from queries.models import Suppression

MIN_ON_PATH = 10
# one more and the two that were added up would be a single resident and ten
MIN_OF_OTHERS = MIN_ON_PATH + 2
OTHER_PATHS = "Other paths"

DISCLOSURE = replace(COUNT, totals=lambda context, row: (("paths",),))


@Calculator("paths", row=CountRow, disclosure=DISCLOSURE, is_about_groups=False, dimensions=(None,))
def paths(context: QueryContext) -> list[CountRow]:
    """Return residents by path, the most common path first.

    Paths of fewer than ten residents are added up in one row. If these are fewer than ten in all, the smallest other path joins
    them, and another while the sum leaves only one count possible, so that no count can be computed by subtraction.
    """
    rows = sorted(rows_by_key(context), key=lambda row: -(row.value or 0))
    shown = [row for row in rows if (row.value or 0) >= MIN_ON_PATH]
    others = sum(row.value or 0 for row in rows) - sum(row.value or 0 for row in shown)
    is_few = 0 < others < MIN_ON_PATH
    while shown and is_few and others < MIN_OF_OTHERS:
        others += shown.pop().value or 0
    if not others:
        return shown
    if others >= MIN_ON_PATH:
        return [*shown, CountRow(key=OTHER_PATHS, value=others)]
    few = CountRow(key=OTHER_PATHS, value=None, note="hidden for privacy", suppression=Suppression.PRIVACY)
    return [*shown, few]
