"""Learners who went on to a program: a count that also knows the sector of the program."""

from __future__ import annotations

from queries.calculators.counts import CountRow, counted, disclosure_of_count
from queries.calculators.registry import Calculator
from queries.context import QueryContext
from queries.dimensions import MODELS


@Calculator(
    "gone_on",
    row=CountRow,
    disclosure=disclosure_of_count,
    is_about_groups=False,
    dimensions=(*MODELS["courses"].breakdowns, "sector"),
)
def gone_on(context: QueryContext) -> list[CountRow]:
    """Return one row per key. By sector: the sector of the first enrollment after the course."""
    return counted(context)
