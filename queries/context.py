"""The context of one question: its scope with every default resolved, and the SQL that runs for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from queries import rollups
from queries.compiler import compose, used
from queries.database import SqlRow, Store, supplied
from queries.models import Delivery
from queries.reference import reference_rows
from queries.registry import Measure, measure
from queries.scope import Goal, Scope
from queries.sources import PEOPLE, SOURCES, Source


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
    def source(self) -> Source:
        """The rows the measure is counted from."""
        return SOURCES[self.measure.model]

    @property
    def as_of(self) -> date:
        """The day the data is seen from."""
        return self.scope.as_of or self.delivery.delivered_on

    @property
    def by_place(self) -> str | None:
        """The breakdown of a measure that has one row per group anyway; None by group."""
        return None if self.by == "group" else self.by

    def parameters(self, *, by: str | None, scope: Scope | None = None, **more: object) -> dict[str, object]:
        """Return every named parameter that a query may use."""
        scope = scope or self.scope
        return {
            "as_of": scope.as_of,
            "initiative": scope.initiative,
            "region": scope.region,
            "sector": scope.sector,
            "group": scope.group,
            "group_side": scope.group_side,
            "since": scope.since,
            "until": scope.until,
            "by": by,
            "of_group": None,
            **more,
        }

    def query(self, fact: str | None = None, agg: str | None = None, *, by: str | None = None) -> str:
        """Return the SQL of this measure, or of another fact or aggregation in its place."""
        return compose(
            base=self.source.base,
            fact=fact or self.outcome or self.measure.fact,
            dimension="dimension_of_groups" if by == "group" else self.source.dimension,
            agg=agg or self.measure.agg,
        )

    def rows(
        self,
        *,
        by: str | None,
        fact: str | None = None,
        agg: str | None = None,
        scope: Scope | None = None,
        **more: object,
    ) -> list[SqlRow]:
        """Run the query, from the rollups where they hold the answer. One dict per key, with the aggregation's columns."""
        fact, agg = fact or self.outcome or self.measure.fact, agg or self.measure.agg
        if self.source is PEOPLE:
            rows = rollups.rows(self.store, rollups.RollupQuery(fact, agg, by, scope or self.scope, more))
            if rows is not None:
                return rows
        query = self.query(fact, agg, by=by)
        parameters = used(query, self.parameters(by=by, scope=scope, **more))
        rows = rollups.stored_rows(self.store, query, parameters)
        return self.store.rows(query, parameters) if rows is None else rows

    def other(self, measure_id: str, *, by: str | None, scope: Scope | None = None) -> QueryContext:
        """Return the same context for another measure."""
        return QueryContext(measure(measure_id), by, scope or self.scope, self.store, self.delivery)

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
