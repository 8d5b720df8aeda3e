"""Completion with and without each support."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from queries.aggregations.supports import WITH_ANY
from queries.calculators.counts import CountRow, rate_counts, rows_by_key
from queries.calculators.registry import BASE_RATE, NO_SHARED_TOTAL, Calculator, Disclosure, Separate
from queries.context import QueryContext
from queries.disclosure import public


@dataclass(frozen=True, kw_only=True)
class SupportSideRow(CountRow):
    """The rate of one side of a support.

    Attributes:
        received: Whether the row is about those who received the support.
    """

    received: bool | None = public()


def totals(context: QueryContext, row: SupportSideRow) -> Iterable[Hashable]:
    """Return the totals a row is part of: its keys', and that of those with and without the support."""
    sides = ("sides", row.key, row.part)
    if context.by in NO_SHARED_TOTAL:
        return (sides,)
    return ("keys", row.group, row.part, row.received), sides


DISCLOSURE = Disclosure[SupportSideRow](
    counts=rate_counts,
    rates=BASE_RATE,
    separate=(Separate(fields=("unknown",), counts=lambda row: (row.unknown,)),),
    totals=totals,
)


@Calculator("support_sides", row=SupportSideRow, disclosure=DISCLOSURE, is_about_groups=False, joins_groups=True)
def support_sides(context: QueryContext) -> list[SupportSideRow]:
    """Return one row per support (`part`), side and key; without a breakdown the key is the support."""
    rows = []
    for support in WITH_ANY:
        for received in (True, False):
            for row in rows_by_key(context, support=support, received=received):
                key = support if context.by is None else row.key
                rows.append(SupportSideRow(**{**vars(row), "key": key, "part": support, "received": received}))
    return rows
