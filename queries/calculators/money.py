"""Dollars allocated, obligated and expended."""

from __future__ import annotations

from queries.calculators.ledger import MoneyRow, money_rows
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext

DISCLOSURE = Disclosure[MoneyRow](counts=lambda row: ())


@Calculator("money", row=MoneyRow, disclosure=DISCLOSURE, is_about_groups=False)
def money(context: QueryContext) -> list[MoneyRow]:
    """Return sums by key, in US dollars, with the corrections in them."""
    rows = money_rows(context)
    if context.measure.id != "allocated" or context.by is not None:
        return rows
    covers_spending = _covers_spending(context)
    return [row.but(covers_spending=covers_spending) for row in rows]


def _covers_spending(context: QueryContext) -> bool:
    """Return whether what is spent under these filters can be a share of what is allocated under them."""
    if set(context.scope.filters) - {"initiative"}:
        return False
    with_allocation, with_spending = (
        {row.key for row in money_rows(context.other(measure_id, by="initiative"))}
        for measure_id in ("allocated", "expended")
    )
    return with_spending <= with_allocation
