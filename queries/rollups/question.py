"""A question to the rollups: what its aggregation needs, and which full months answer it."""

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
        values: The sums that it takes: `n`, `successes` and `known` rows; `hh`, `hm`, `mm` and `residents` as in rate_by_pair.
        once: Whether `n` and `successes` count residents, each once, and not rows.
        sides: Parts of `groups` or of `pairs` of groups; "" for everyone, or the part in the filters.
        places: Columns that make one row for each place.
        is_monthly: One row for each month.
    """

    values: tuple[str, ...] = ("n",)
    once: bool = False
    sides: str = ""
    places: tuple[str, ...] = ()
    is_monthly: bool = False


@dataclass(frozen=True, kw_only=True)
class RollupQuestion:
    """A question of a store with rollups. The scope has an as-of date."""

    spec: QuerySpec
    shape: Shape
    delivered_on: date

    @cached_property
    def fact(self) -> Fact:
        """What is counted."""
        return filled(self.spec.fact, self.spec.support)

    @cached_property
    def filters(self) -> dict[str, str]:
        """The places in the filters, with their columns."""
        scope, columns = self.spec.scope, {d.id: d.columns.get(MODEL, "") for d in DIMENSIONS.values() if d.filters}
        return {name: column for name, column in columns.items() if name != "group" and column and getattr(scope, name)}

    @property
    def is_by_group(self) -> bool:
        """Whether there is one row for each group, or for each part of it."""
        return bool(self.shape.sides) or self.spec.by == "group"

    @property
    def is_by_time(self) -> bool:
        """Whether the breakdown is a unit of time."""
        return self.spec.by in PERIODS

    @cached_property
    def is_rolled(self) -> bool:
        """Whether rollup_counts holds this fact by these places and groups. Else every row is counted."""
        by = {DIMENSIONS[self.spec.by].columns[MODEL]} if self.spec.by in DIMENSIONS and self.spec.by != "group" else set()
        needed = {*self.filters.values(), *self.shape.places, *by}
        return self.shape.sides != "pairs" and needed <= set(PLACES) and self.parameters["fact"] is not None

    @property
    def is_possible(self) -> bool:
        """Whether the question can be answered here, and faster than by its query."""
        scope, by = self.spec.scope, self.spec.by
        if self.fact.first and not self.shape.once:
            return False
        is_dated = bool(scope.since or scope.until or self.shape.is_monthly)
        if self.fact.first and is_dated and by not in (None, "group") and not self.is_by_time:
            return False  # a resident's first day counts in every place
        if by == "weeks_back" or (self.is_by_group and scope.group) or "$received" in self.fact.where:
            return False
        is_counting_residents = self.shape.once or "hh" in self.shape.values
        return self.parameters["as_of"] <= self.delivered_on and (self.is_rolled or is_counting_residents)

    @cached_property
    def until(self) -> date | None:
        """The end of the period. An as-of date in the past ends it too."""
        ends = [end for end in (self.spec.scope.until, self.spec.scope.as_of) if end and end < self.delivered_on]
        return min(ends, default=None)

    @cached_property
    def months(self) -> dict[str, date]:
        """The limits of the full months that rollup_counts answers: from_month, and to_month and seen_month (both exclusive)."""
        since, as_of, months = self.spec.scope.since, self.spec.scope.as_of, dict[str, date]()
        if since:
            months["from_month"] = (since.replace(day=1) + timedelta(days=32 if since.day > 1 else 0)).replace(day=1)
        if self.until:
            months["to_month"] = (self.until + timedelta(days=1)).replace(day=1)
        if self.fact.changes and as_of and as_of < self.delivered_on:
            months["seen_month"] = (as_of + timedelta(days=1)).replace(day=1)
        return months

    @property
    def is_cut(self) -> bool:
        """Whether the period or the as-of date cuts a month, so that rows answer for some days."""
        ends = {"to_month": self.until, "seen_month": self.spec.scope.as_of}
        exact = {name: end + timedelta(days=1) for name, end in ends.items() if end} | {"from_month": self.spec.scope.since}
        return any(exact[name] != month for name, month in self.months.items())

    @property
    def is_cut_by_as_of(self) -> bool:
        """Whether only the as-of date cuts a month, so that rows answer only for what changed in that month."""
        return self.is_cut and self.months.get("from_month") == self.spec.scope.since and self.until == self.spec.scope.as_of

    def key(self, day: str) -> str:
        """Return the expression of the breakdown's key; "" for a total, and by group."""
        return "" if self.spec.by == "group" else key_of(self.spec.by, self.fact, day)

    @property
    def conditions(self) -> list[str]:
        """The filters, as conditions on rows."""
        side = [condition("group", MODEL, self.spec.scope.group_side)] if self.spec.scope.group else []
        return [*(f"{column} = ${name}" for name, column in self.filters.items()), *side]

    @cached_property
    def parameters(self) -> Mapping[str, Value]:
        """Every parameter that a query may name."""
        scope, bits = self.spec.scope, self.spec.bits
        return {
            **{name: getattr(scope, name) for name in self.filters},
            "fact": rolled_name(self.spec.fact, self.spec.support),
            "group": bits.get(scope.group or ""),
            "part": scope.group_side,
            "of_group": bits.get(self.spec.of_group or ""),
            "as_of": scope.as_of or self.delivered_on,
            "since": scope.since,
            "until": self.until,
            **self.months,
        }
