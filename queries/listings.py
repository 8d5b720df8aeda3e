"""Tables that are shown as they stand: reference data and the delivery's own report, one .sql file each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from queries.access.rights import of_listing
from queries.access.viewer import PROTECTED
from queries.compiler import read, used
from queries.database import Store, current_delivery_id, open_store
from queries.instances import retried
from queries.privacy.cells import less
from queries.privacy.patterns import is_small
from queries.scope import Scope

PARTS_OF = {
    "unknowns": {
        "without_sector": "enrollments",
        "without_town": "enrollments",
        "without_region": "enrollments",
        "without_intake": "enrollments",
        "without_employment_q2": "exits",
        "overdue": "begun",
    },
}


@lru_cache(maxsize=256)
def listing_rows(store: Store, name: str) -> list[dict[str, Any]]:
    """Every row of queries/sql/reference/<name>.sql, which takes no parameters; do not change what you get."""
    return store.rows(read("sql/reference", name))


def listing(name: str, scope: Scope = Scope()) -> list[dict[str, Any]]:
    """Rows of queries/sql/reference/<name>.sql for the scope's delivery; one dict a row.

    Raises NotAllowed, with a sentence, where it is not part of the reader's view; StoreDamaged where the store cannot be
    read.
    """
    clearance = of_listing(name, scope.viewer)
    return retried(lambda: _rows(name, scope, clearance))


def _rows(name: str, scope: Scope, clearance: str | None) -> list[dict[str, Any]]:
    store = open_store(scope.delivery or current_delivery_id())
    query = read("sql/reference", name)
    parameters = {
        "as_of": scope.as_of or store.rows("select delivered_on from delivery")[0]["delivered_on"],
        "initiative": scope.initiative,
        "region": scope.region,
        "sector": scope.sector,
    }
    rows = store.rows(query, used(query, parameters))
    if scope.viewer is None or clearance != PROTECTED:
        return rows
    return protect_counts(name, rows, scope.viewer.min_count)


def protect_counts(name: str, rows: Sequence[dict[str, Any]], min_count: int) -> list[dict[str, Any]]:
    """Listings that count people, with None for what a protected reader may not see: a part that is small or leaves a small
    rest, and with it a whole that is small. Listings of rows in files count nobody."""
    found = []
    for row in rows:
        kept = dict(row)
        for part, whole in PARTS_OF.get(name, {}).items():
            few = [n for n in (row[part], row[whole], less(row[whole], row[part])) if is_small(n, min_count)]
            kept[part] = None if few else row[part]
            kept[whole] = None if is_small(row[whole], min_count) else row[whole]
        found.append(kept)
    return found
