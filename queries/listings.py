"""Tables shown as they are: reference data and the delivery's own report, within the reader's rights."""

from __future__ import annotations

from queries.access.rights import of_listing
from queries.access.viewer import PROTECTED
from queries.compiler import Value, read, used
from queries.database import SqlRow, Store, current_delivery_id, delivery, open_store
from queries.dimensions import FILTERS
from queries.instances import retried
from queries.rollups import stored_rows
from queries.scope import Scope

# Listings that count residents, in numbers that no pattern covers.
_OF_PEOPLE = frozenset({"unknowns"})


def listing(name: str, scope: Scope = Scope()) -> list[SqlRow]:
    """Return the rows of queries/sql/reference/<name>.sql for the scope's delivery.

    A protected reader gets no row about another delivery than the one on screen, and none that counts residents.

    Raises:
        NotAllowed: The table is not part of the reader's view.
        StoreDamagedError: The store cannot be read.
    """
    if of_listing(name, scope.viewer) == PROTECTED:
        if name in _OF_PEOPLE or scope.delivery not in (None, current_delivery_id()):
            return []
        scope = scope.but(delivery=None)
    return retried(lambda: _rows(name, scope))


def _rows(name: str, scope: Scope) -> list[SqlRow]:
    store = open_store(scope.delivery or current_delivery_id())
    query, parameters = query_of(name, scope, store)
    rows = stored_rows(store, query, parameters)
    return store.rows(query, parameters) if rows is None else rows


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
