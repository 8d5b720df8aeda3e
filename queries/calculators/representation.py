"""Representation: each group's share of residents divided by its share of the population."""

from __future__ import annotations

from queries.calculators.group_shares import RepresentationRow, representation_counts, representation_rows
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext

DISCLOSURE = Disclosure[RepresentationRow](counts=representation_counts)


@Calculator("representation", row=RepresentationRow, disclosure=DISCLOSURE, is_about_groups=True)
def representation(context: QueryContext) -> list[RepresentationRow]:
    """Return one row per group and key: share ÷ benchmark share."""
    return representation_rows(context)
