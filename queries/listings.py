"""Tables that are shown as they stand: reference data and the delivery's own report, one .sql file each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from queries.access import of_listing
from queries.reader import PROTECTED
from queries.scope import Scope
from queries.small_numbers import protect_counts
from queries.sql import read, used
from queries.store import Store, current_delivery_id, open_store


@lru_cache(maxsize=256)
def listing_rows(store: Store, name: str) -> list[dict[str, Any]]:
    """Every row of queries/listings/<name>.sql, which takes no parameters; do not change what you get."""
    return store.rows(read("listings", name))


def listing(name: str, scope: Scope = Scope()) -> list[dict[str, Any]]:
    """Rows of queries/listings/<name>.sql for the scope's delivery; one dict a row.

    Raises NotAllowed, with a sentence, where it is not part of the reader's view.
    """
    clearance = of_listing(name, scope.reader)
    store = open_store(scope.delivery or current_delivery_id())
    query = read("listings", name)
    parameters = {
        "as_of": scope.as_of or store.rows("select delivered_on from delivery")[0]["delivered_on"],
        "initiative": scope.initiative,
        "region": scope.region,
        "sector": scope.sector,
    }
    rows = store.rows(query, used(query, parameters))
    if scope.reader is None or clearance != PROTECTED:
        return rows
    return protect_counts(name, rows, scope.reader.fewest)
