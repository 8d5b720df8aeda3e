"""Sums of the funding ledger by key."""

from __future__ import annotations

from dataclasses import dataclass

from queries.context import QueryContext
from queries.disclosure import public
from queries.models import Row


@dataclass(frozen=True, kw_only=True)
class MoneyRow(Row):
    """A sum in US dollars.

    Attributes:
        corrections: The negative entries in it, in US dollars.
        transactions: How many entries it adds up.
        covers_spending: For the total allocated: whether every initiative that spent has an allocation in it, and no
            filter can set the spending of an allocation apart from it. None for other sums.
    """

    corrections: float | None = public()
    transactions: int | None = public()
    covers_spending: bool | None = public()


def money_rows(context: QueryContext) -> list[MoneyRow]:
    """Return sums by key, in US dollars."""
    rows = [MoneyRow(**raw) for raw in context.rows(by=context.by)]
    if rows or context.by is not None:
        return rows
    place = next((value for name, value in context.scope.filters.items() if name != "initiative"), None)
    is_unassigned = place and context.measure.id == "allocated"
    return [
        MoneyRow(
            key="Total",
            value=None if is_unassigned else 0.0,
            note=f"no allocation is assigned to {place}" if is_unassigned else None,
            corrections=0.0,
            transactions=0,
        )
    ]
