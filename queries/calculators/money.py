"""Dollars allocated, obligated and expended."""

from __future__ import annotations

from queries.calculators.ledger import MoneyRow, money_rows
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext

DISCLOSURE = Disclosure[MoneyRow](counts=lambda row: ())


@Calculator("money", row=MoneyRow, disclosure=DISCLOSURE, is_about_groups=False)
def money(context: QueryContext) -> list[MoneyRow]:
    """Return sums by key, in US dollars, with the corrections in them."""
    return money_rows(context)
