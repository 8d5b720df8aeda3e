"""One question on its way through: the scope resolved to dates and parameters, and the SQL run for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from queries import rollups
from queries.compiler import compose, used
from queries.database import Store
from queries.models import Delivery
from queries.registry import Measure, measure
from queries.scope import Goal, Scope
from queries.sources import PEOPLE, SOURCES, Source


@dataclass(frozen=True)
class QueryContext:
    """What every kind of measure works with. `scope.as_of` is never None here; `outcome` is the outcome a gap is taken of."""

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
        """The date everything is seen from."""
        assert self.scope.as_of is not None
        return self.scope.as_of

    def parameters(self, *, by: str | None, scope: Scope | None = None, **more: Any) -> dict[str, Any]:
        """Every named parameter a query may use."""
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
        """The SQL of this measure, or of another counted thing or tail in its place."""
        return compose(
            base=self.source.base,
            fact=fact or self.outcome or self.measure.fact,
            named="named_groups" if by == "group" else self.source.named,
            agg=agg or self.measure.agg,
        )

    def rows(
        self,
        *,
        by: str | None,
        fact: str | None = None,
        agg: str | None = None,
        scope: Scope | None = None,
        **more: Any,
    ) -> list[dict[str, Any]]:
        """Run it, from the tallies where they hold the answer; one dict a key."""
        asked = rollups.RollupQuery(
            fact or self.outcome or self.measure.fact, agg or self.measure.agg, by, scope or self.scope, more
        )
        found = rollups.rows(self.store, asked) if self.source is PEOPLE else None
        if found is not None:
            return found
        query = self.query(fact, agg, by=by)
        parameters = used(query, self.parameters(by=by, scope=scope, **more))
        found = rollups.kept(self.store, query, parameters)
        return self.store.rows(query, parameters) if found is None else found

    def other(self, measure_id: str, *, by: str | None, scope: Scope | None = None) -> QueryContext:
        """The same run for another measure."""
        return QueryContext(measure(measure_id), by, scope or self.scope, self.store, self.delivery)

    def listing(self, name: str) -> list[dict[str, Any]]:
        """A whole reference or report table of this delivery."""
        from queries.listings import listing_rows

        return listing_rows(self.store, name)

    def groups(self) -> list[str]:
        """The group asked about, or every group of the reference table."""
        if self.scope.group:
            return [self.scope.group]
        return [row["group_id"] for row in self.listing("groups")]
