"""Tables shown as they are: reference data and the delivery's own report, within the reader's rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queries.access.rights import of_listing
from queries.access.viewer import PROTECTED
from queries.compiler import Value, read, used
from queries.database import SqlRow, Store, current_delivery_id, delivery, open_store
from queries.dimensions import FILTERS
from queries.disclosure import rest_of
from queries.instances import retried
from queries.privacy import family
from queries.privacy.patterns import is_small
from queries.privacy.rule import rule_for
from queries.rollups import stored_rows
from queries.scope import Scope

# Counts of people in listings: the table, and for each count the total it is part of.
TOTAL_OF: Mapping[str, Mapping[str, str]] = {
    "unknowns": {
        "without_sector": "enrollments",
        "without_town": "enrollments",
        "without_region": "enrollments",
        "without_intake": "enrollments",
        "without_employment_q2": "exits",
        "overdue": "begun",
    },
}


def listing(name: str, scope: Scope = Scope()) -> list[SqlRow]:
    """Return the rows of queries/sql/reference/<name>.sql for the scope's delivery.

    Raises:
        NotAllowed: The table is not part of the reader's view.
        StoreDamagedError: The store cannot be read.
    """
    clearance = of_listing(name, scope.viewer)
    return retried(lambda: _rows(name, scope, clearance))


def _rows(name: str, scope: Scope, clearance: str | None) -> list[SqlRow]:
    if clearance == PROTECTED:
        current = current_delivery_id()
        delivered_on = delivery(open_store(current)).delivered_on
        scope = family.nearest_scope(scope, current=current, delivered_on=delivered_on).scope
    store = open_store(scope.delivery or current_delivery_id())
    query, parameters = query_of(name, scope, store)
    rows = stored_rows(store, query, parameters)
    rows = store.rows(query, parameters) if rows is None else rows
    if scope.viewer is None or clearance != PROTECTED:
        return rows
    return protect_counts(name, rows, rule_for(scope.viewer).min_count)


def query_of(name: str, scope: Scope, store: Store) -> tuple[str, dict[str, Value]]:
    """Return the query of a listing under a scope, and its parameters."""
    query = read("sql/reference", name).replace("{filters}", _conditions(scope))
    parameters: dict[str, Value] = {"as_of": scope.as_of or delivery(store).delivered_on, **scope.filters}
    return query, used(query, parameters)


def _conditions(scope: Scope) -> str:
    """Return SQL for the filters of a listing that counts enrollments; it is never about one group."""
    columns = {
        name: dimension.columns["enrollments"] for name, dimension in FILTERS.items() if not dimension.is_membership
    }
    return "".join(f"\n    and {columns[name]} = ${name}" for name in scope.filters if name in columns)


def protect_counts(name: str, rows: Sequence[SqlRow], min_count: int) -> list[SqlRow]:
    """Return the rows with None for each count a protected reader may not see.

    A part is hidden if it, its total or the rest of the total is small; a total is hidden if it is small. Tables that
    count rows of files, not people, stay as they are.
    """
    return [_protected(row, TOTAL_OF.get(name, {}), min_count) for row in rows]


def _protected(row: SqlRow, total_of: Mapping[str, str], min_count: int) -> SqlRow:
    result = dict(row)
    for part, total in total_of.items():
        counts = (row[part], row[total], rest_of(row[total], row[part]))
        result[part] = None if any(is_small(count, min_count) for count in counts) else row[part]
        result[total] = None if is_small(row[total], min_count) else row[total]
    return result
