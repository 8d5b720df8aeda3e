"""The context of one question: its scope with every default resolved, and the SQL that runs for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict, Unpack

from queries import rollups, small_deliveries
from queries.compiler import Query, QuerySpec, write
from queries.database import SqlRow, Store, supplied
from queries.dimensions import MODELS, Model
from queries.models import Delivery
from queries.reference import reference_rows
from queries.registry import Measure, measure
from queries.scope import Goal, Scope


class QueryOptions(TypedDict, total=False):
    """What a query may take in place of the measure's: fact, agg, scope; and what QuerySpec says of groups and supports."""

    fact: str | None
    agg: str | None
    scope: Scope | None
    of_group: str | None
    support: str
    received: bool | None


@dataclass(frozen=True)
class QueryContext:
    """What every calculator works with.

    Attributes:
        measure: The measure to compute.
        by: The breakdown; None for a total.
        scope: The filters; `as_of` is never None here.
        store: The delivery's tables.
        delivery: The delivery.
        outcome: The outcome whose gap is computed, for measures that take one.
        goal: What a plan is to reach.
    """

    measure: Measure
    by: str | None
    scope: Scope
    store: Store
    delivery: Delivery
    outcome: str | None = None
    goal: Goal | None = None

    @property
    def model(self) -> Model:
        """The events the measure is counted from."""
        return MODELS[self.measure.model]

    @property
    def as_of(self) -> date:
        """The day the data is seen from."""
        return self.scope.as_of or self.delivery.delivered_on

    @property
    def by_place(self) -> str | None:
        """The breakdown of a measure that has one row per group anyway; None by group."""
        return None if self.by == "group" else self.by

    def query(self, *, by: str | None, **options: Unpack[QueryOptions]) -> Query:
        """Return the query of this measure, or of another fact or aggregation in its place."""
        return write(self._spec(by, options))

    def rows(self, *, by: str | None, **options: Unpack[QueryOptions]) -> list[SqlRow]:
        """Run the query, from the rollups where they hold the answer. One dict per key, with the aggregation's columns."""
        spec = self._spec(by, options)
        rows = rollups.rows(self.store, spec, self.delivery.delivered_on, has_rows=self.delivery.has_rows)
        if rows is None:
            rows = self._counted_rows(spec)
        return rows if by else [{"key": "Total", **row} for row in rows]

    def _counted_rows(self, spec: QuerySpec) -> list[SqlRow]:
        """Return the rows of a question that the rollups do not hold."""
        query = write(spec)
        rows = rollups.stored_rows(self.store, query.text, query.parameters)
        if rows is not None:
            return rows
        return self.store.rows(query.text, query.parameters, lambda: small_deliveries.rows(self.store, spec))

    def _spec(self, by: str | None, options: QueryOptions) -> QuerySpec:
        return QuerySpec(
            fact=options.get("fact") or self.outcome or self.measure.fact,
            agg=options.get("agg") or self.measure.agg,
            by=by,
            scope=options.get("scope") or self.scope,
            bits={row["group_id"]: row["bit"] for row in self.listing("groups")},
            of_group=options.get("of_group"),
            support=options.get("support", "any"),
            received=options.get("received"),
        )

    def other(self, measure_id: str, *, by: str | None, scope: Scope | None = None) -> QueryContext:
        """Return the same context for another measure."""
        return replace(self, measure=measure(measure_id), by=by, scope=scope or self.scope, outcome=None, goal=None)

    def for_all_groups(self) -> QueryContext:
        """Return the same context without the filter on a group, for measures that compare groups."""
        return replace(self, scope=self.scope.but(group=None))

    def listing(self, name: str) -> list[SqlRow]:
        """Return a reference or report table of this delivery."""
        return reference_rows(self.store, name)

    def groups(self) -> list[str]:
        """Return the group in the filters, or every group of the reference table."""
        if self.scope.group:
            return [self.scope.group]
        return [row["group_id"] for row in self.listing("groups")]

    def groups_not_supplied(self) -> set[str]:
        """Return the groups that the delivery has no column for."""
        return {row["group_id"] for row in self.listing("groups") if not row["is_supplied"]}

    def is_supplied(self, measure_id: str) -> bool:
        """Return whether the delivery has the columns that a measure needs."""
        return set(measure(measure_id).needs) <= supplied(self.store)
