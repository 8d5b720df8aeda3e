"""The cost of each outcome: dollars expended divided by the people or events counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from queries.calculators.counts import CountRow, counted
from queries.calculators.ledger import MoneyRow, money_rows
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.dimensions import FILTERS, TIME
from queries.disclosure import public
from queries.models import Row


@dataclass(frozen=True, kw_only=True)
class CostRow(Row):
    """Dollars per person or event; the denominator counts people, the numerator dollars."""

    numerator: float | None = public()


def people_behind(context: QueryContext) -> list[CountRow]:
    """Return what the dollars are divided by, by the same keys."""
    return counted(context.other(str(context.measure.per), by=context.by))


DISCLOSURE = Disclosure[CostRow](people_behind=people_behind)


@Calculator(
    "cost",
    row=CostRow,
    disclosure=DISCLOSURE,
    is_about_groups=False,
    dimensions=(None, "initiative", "region", "sector", *TIME),
)
def cost(context: QueryContext) -> list[CostRow]:
    """Return expended ÷ counted by key.

    A key with dollars and nobody counted has a note in place of a cost, and so has one without dollars or whose corrections took
    back more than was spent: $0 would say that the outcomes cost nothing. So has every key if the ledger has no expense under these
    filters on any day.
    """
    counts = {row.key: row.value or 0 for row in people_behind(context)}
    note = _no_expense(context)
    return [_row(row, counts.get(row.key, 0), note) for row in money_rows(context)]


def _row(money: MoneyRow, count: float, note: str | None) -> CostRow:
    spent = money.value or 0.0
    if not note and spent <= 0:
        note = "corrections exceed the dollars spent" if spent < 0 else "no dollars spent"
    if note:
        return CostRow(key=money.key, value=None, denominator=count, note=note)
    return CostRow(
        key=money.key,
        value=spent / count if count else None,
        numerator=money.value,
        denominator=count,
        note=None if count else "nobody counted for these dollars",
    )


def _no_expense(context: QueryContext) -> str | None:
    """Return a note if the ledger has no expense at all under these filters, in any period."""
    total = money_rows(replace(context, by=None, scope=context.scope.but(since=None, until=None)))
    if any(row.transactions for row in total):
        return None
    filters = [f" {FILTERS[name].preposition} {value}" for name, value in context.scope.filters.items()]
    return f"no dollars recorded as spent{''.join(filters)}"
