"""Workers in training paid from the recovery funds, as Treasury asks: cumulative and in the current quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

from queries.calculators.counts import CountRow, counted
from queries.calculators.registry import Calculator, Disclosure, Separate
from queries.context import QueryContext
from queries.disclosure import people
from queries.periods import days_of, key_of
from queries.scope import PERIODS


@dataclass(frozen=True, kw_only=True)
class SlfrfRow(CountRow):
    """Workers, each counted once, at their first event.

    Attributes:
        current_period: Workers counted since the current quarter began; None by period, where `cumulative` stands.
    """

    current_period: float | None = people()


DISCLOSURE = Disclosure[SlfrfRow](
    counts=lambda row: (row.value,),
    separate=(Separate(fields=("current_period",), counts=lambda row: (row.current_period,), is_of_quarter=True),),
    adds_up_over_time=True,
)


@Calculator("slfrf", row=SlfrfRow, disclosure=DISCLOSURE, is_about_groups=False, joins_groups=True)
def slfrf(context: QueryContext) -> list[SlfrfRow]:
    """Return one row per key: by period with the cumulative count, else with the count of the current quarter."""
    rows = [SlfrfRow(**vars(row)) for row in counted(context)]
    if context.by in PERIODS:
        sums = accumulate(row.value or 0 for row in rows)
        return [replace(row, cumulative=float(total)) for row, total in zip(rows, sums, strict=True)]
    quarter_start, _ = days_of(key_of(context.as_of, "quarter"), "quarter")
    scope = context.scope.but(since=quarter_start, until=context.as_of)
    current = {row.key: row.value for row in counted(replace(context, scope=scope))}
    return [replace(row, current_period=current.get(row.key, 0)) for row in rows]
