"""Expenses beyond their award's obligation, the only rule that depends on the ledger's order.

For each award in date order, obligations posted up to and including a date count on that date. An expense that exceeds
what is left is excluded and uses nothing up, so that later expenses are judged fairly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb

from data.duckdb_sql import stream

REASON = "expense beyond its award's obligation"

# One row per accepted obligation or expense, in cents; obligations of a day before its expenses. With fewer digits, the product of a
# large amount may not fit.
_LEDGER = """
select f.row_id, f.award_id, k.name, cast(cast(f.amount as decimal(38, 2)) * 100 as bigint)
from funding as f
join kind_names as k on k.given = f.kind
where k.name in ('obligated', 'expended') and f.award_id is not null and f.amount is not null
    and not exists (select 1 from set_aside_funding as s where s.row_id = f.row_id)
order by f.award_id, f.posted_on, case when k.name = 'obligated' then 0 else 1 end, f.transaction_id
"""


def overspent(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the row ids of expenses beyond what was obligated to their award by then."""
    return list(beyond_obligation(stream(connection.execute(_LEDGER))))


def beyond_obligation(transactions: Iterable[tuple[int, str, str, int]]) -> Iterator[int]:
    """Yield the ids of excess expenses from (id, award, kind, cents) sorted by award and day.

    Negative amounts are corrections and always count.
    """
    award, left = None, 0
    for row_id, of_award, kind, cents in transactions:
        if of_award != award:
            award, left = of_award, 0
        if kind == "obligated":
            left += cents
        elif cents > 0 and cents > left:
            yield row_id
        else:
            left -= cents
