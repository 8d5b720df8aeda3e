"""Supports: the share of residents that each support reaches."""

from __future__ import annotations

from dataclasses import replace

from queries.aggregations.supports import WITH_ANY
from queries.calculators.counts import RATE, CountRow, rows_by_key
from queries.calculators.registry import Calculator
from queries.context import QueryContext


@Calculator("supports", row=CountRow, disclosure=RATE, is_about_groups=False, joins_groups=True)
def supports(context: QueryContext) -> list[CountRow]:
    """Return one row per support (`part`) and key; without a breakdown the key is the support."""
    return [
        replace(row, key=support if context.by is None else row.key, part=support)
        for support in WITH_ANY
        for row in rows_by_key(context, support=support)
    ]
