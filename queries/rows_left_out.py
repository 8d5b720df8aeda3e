"""Deliveries published without residents' rows: what only these rows could answer, and the error that says so.

The store of such a delivery has no table of `RESIDENT_TABLES`, and its record says so (`Delivery.has_rows`). `queries.database.Store` is
the one place that decides: a query that reads such a table raises `RowsNeeded`. `ask` makes it a status of the answer.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from data.store import RESIDENT_TABLES
from queries.dimensions import DIMENSIONS, PERIODS
from queries.scope import AskError, Scope

_READS_ROWS = re.compile(rf"\b(?:from|join)\s+(?:{'|'.join(RESIDENT_TABLES)})\b")
# Measures that a store without residents' rows never answers: their models are fitted to single exits (docs/scale.md).
NEVER_ANSWERED = ("gap_adjusted", "provider_limits")
NO_ROWS = "This delivery was published without residents’ rows, so this cannot be shown."
NO_ROWS_IN = "Delivery {delivery} was published without residents’ rows, so what changed cannot be computed."


class RowsNeeded(AskError):  # noqa: N818 - a state of the delivery, like NothingPublished
    """Only residents' rows could answer, and the delivery was published without them."""


@lru_cache(maxsize=1_000)
def reads_rows(query: str) -> bool:
    """Return whether a query reads a table of residents' rows."""
    return _READS_ROWS.search(query) is not None


def sentence(label: str, by: str | None, scope: Scope, delivered_on: date) -> str:
    """Return why a figure cannot be computed without residents' rows.

    Args:
        label: The measure's name on screen.
        by: The breakdown.
        scope: The filters, the period and the as-of date.
        delivered_on: The date of the delivery.
    """
    entry = DIMENSIONS.get(by or "") or PERIODS.get(by or "")
    parts = [f"“{label}”", f"by {entry.words}" if entry else ""]
    parts += ["under these filters"] * bool(scope.filters) + ["for this period"] * bool(scope.since or scope.until)
    parts += ["on this date"] * bool(scope.as_of and scope.as_of < delivered_on)
    figure = " ".join(filter(None, parts))
    return f"{figure} cannot be computed: this delivery was published without residents’ rows."
