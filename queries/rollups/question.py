"""A question to the rollups: which months they answer, and which days the rows do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from queries.compiler import QuerySpec, Value, condition, filled, key_of
from queries.dimensions import DIMENSIONS, PERIODS
from queries.facts import Fact
from queries.rollups.facts import MODEL, PLACES, rolled_name


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What an aggregation needs.

    Attributes:
        unit: `rows`: every row counts; `residents`: each resident once; `clusters`: every row, and sums of squares.
        sides: `one` side of a group or everyone; `groups`: the parts of each group; `pairs`: those of each pair of groups.
        places: Columns that make one row for each place.
        is_monthly: One row for each month.
    """

    unit: str
    sides: str = "one"
    places: tuple[str, ...] = ()
    is_monthly: bool = False


@dataclass(frozen=True, kw_only=True)
class RollupQuestion:
    """A question of a store with rollups."""

    spec: QuerySpec
    shape: Shape
    delivered_on: date

    @cached_property
    def fact(self) -> Fact:
        """The fact that is counted."""
        return filled(self.spec.fact, self.spec.support)

    @cached_property
    def filters(self) -> dict[str, str]:
        """The places that the question is filtered by, with their columns."""
        return {
            name: dimension.columns[MODEL]
            for name, dimension in DIMENSIONS.items()
            if dimension.filters and MODEL in dimension.columns and not dimension.is_membership
            and getattr(self.spec.scope, name) is not None
        }  # fmt: skip

    @property
    def is_by_time(self) -> bool:
        """Whether the breakdown is a unit of time."""
        return self.spec.by in PERIODS

    @property
    def is_by_group(self) -> bool:
        """Whether the answer has rows of several groups, or of their parts."""
        return self.shape.sides != "one" or self.spec.by == "group"

    @property
    def is_rolled(self) -> bool:
        """Whether the rollups count this fact by these places and groups. Else the rows do, corrected in the same way."""
        by = DIMENSIONS[self.spec.by].columns[MODEL] if self.spec.by in DIMENSIONS else None
        needed = {*self.filters.values(), *self.shape.places, *([by] if by and self.spec.by != "group" else [])}
        return self.shape.sides != "pairs" and needed <= set(PLACES) and self._name is not None

    @property
    def is_possible(self) -> bool:
        """Whether this question can be answered here, and faster than by its own query."""
        scope = self.spec.scope
        is_late = scope.as_of is None or scope.as_of > self.delivered_on
        is_first_by_place = self.fact.first and (
            self.shape.unit != "residents"
            or (bool(scope.since or scope.until or self.shape.is_monthly) and not (self.spec.by in (None, "group") or self.is_by_time))
        )
        is_double = self.shape.sides != "one" and scope.group is not None
        is_other = self.spec.by == "weeks_back" or (self.spec.by == "group" and scope.group is not None)
        if is_late or is_first_by_place or is_double or is_other or "$received" in self.fact.where:
            return False
        return self.is_rolled or self.shape.unit != "rows"

    @property
    def _name(self) -> str | None:
        return rolled_name(self.spec.fact, self.spec.support)

    @cached_property
    def months(self) -> dict[str, date]:
        """The full months that the rollups answer: from_month, to_month and seen_month (both exclusive), where limited."""
        scope, months = self.spec.scope, dict[str, date]()
        since, until, as_of = scope.since, self.until, scope.as_of or self.delivered_on
        if since:
            months["from_month"] = since if since.day == 1 else _next_month(since)
        if until and until < self.delivered_on:
            months["to_month"] = (until + timedelta(days=1)).replace(day=1)
        if self.fact.changes and as_of < self.delivered_on:
            months["seen_month"] = (as_of + timedelta(days=1)).replace(day=1)
        return months

    @cached_property
    def until(self) -> date | None:
        """The end of the period. An as-of date in the past ends it too."""
        as_of = self.spec.scope.as_of or self.delivered_on
        ends = [end for end in (self.spec.scope.until, as_of if as_of < self.delivered_on else None) if end]
        return min(ends, default=None)

    @property
    def is_cut(self) -> bool:
        """Whether the period or the as-of date cuts a month, so that rows answer for the days that are left."""
        scope, months = self.spec.scope, self.months
        last = timedelta(days=1)
        ends = {"from_month": scope.since, "to_month": self.until and self.until + last, "seen_month": scope.as_of and scope.as_of + last}
        return any(ends[name] != month for name, month in months.items())

    def key(self, day: str) -> str:
        """Return the expression of the breakdown's key; "" for a total, and by group."""
        return "" if self.spec.by == "group" else key_of(self.spec.by, self.fact, day)

    @property
    def conditions(self) -> list[str]:
        """The filters, as conditions on the rows."""
        side = [condition("group", MODEL, self.spec.scope.group_side)] if self.spec.scope.group else []
        return [*(f"{column} = ${name}" for name, column in self.filters.items()), *side]

    @property
    def parameters(self) -> Mapping[str, Value]:
        """Every parameter that a query may name."""
        scope, bits = self.spec.scope, self.spec.bits
        return {
            **{name: getattr(scope, name) for name in self.filters},
            "fact": self._name,
            "group": bits.get(scope.group or ""),
            "part": scope.group_side,
            "of_group": bits.get(self.spec.of_group or ""),
            "as_of": scope.as_of,
            "since": scope.since,
            "until": self.until,
            **self.months,
        }


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
