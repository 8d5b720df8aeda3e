"""A question to the rollups: which full months answer it, and which days and rows are counted besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from queries.aggregations.groups import PLACES as CELL_PLACES
from queries.compiler import QuerySpec, Value, condition, filled
from queries.dimensions import DIMENSIONS, PERIODS, TIME
from queries.registry import Fact, facts
from queries.rollups.facts import MODEL, PLACES, rolled_name
from queries.sides import AGGREGATIONS, MONTHLY, OF_PAIRS

HELD_MONTHS = (0, 1, 2, 3, 12, 24)  # before the delivery's
# aggregations whose sums do not change where a resident has several rows
_OF_ROWS = ("count_rows", "rate_of_rows", "cells_by_side", "exits_by_side")


def held_months(delivered_on: date) -> set[date]:
    """Return the months that a store without rows holds by day, by their first days: the last, and those that comparisons with a year ago cut."""
    newest = delivered_on.year * 12 + delivered_on.month - 1
    return {date((newest - back) // 12, (newest - back) % 12 + 1, 1) for back in HELD_MONTHS}


@dataclass(frozen=True, kw_only=True)
class RollupQuestion:
    """A question of a store with rollups. Its scope has an as-of date. has_rows: whether the store has residents' rows, too."""

    spec: QuerySpec
    delivered_on: date
    has_rows: bool = True

    @cached_property
    def as_of(self) -> date:
        """The day the data is seen from."""
        return self.spec.scope.as_of or self.delivered_on

    @cached_property
    def fact(self) -> Fact:
        """What is counted."""
        return filled(self.spec.fact, self.spec.support)

    @property
    def rolled_name(self) -> str:
        """The name under which it is rolled up; "" if it is not."""
        return rolled_name(self.spec.fact, self.spec.support) or ""

    @cached_property
    def filters(self) -> Mapping[str, str]:
        """The places in the filters: their values by column."""
        return {
            DIMENSIONS[name].columns[MODEL]: value for name, value in self.spec.scope.filters.items() if name != "group"
        }

    @property
    def places(self) -> tuple[str, ...]:
        """The columns of places that the answer has a row for."""
        if self.spec.agg == "cells_by_side":
            return CELL_PLACES
        return (DIMENSIONS[self.spec.by].columns[MODEL],) if self.is_by_place and self.spec.by else ()

    @property
    def is_by_place(self) -> bool:
        """Whether the breakdown is a place."""
        return self.spec.by in DIMENSIONS and self.spec.by != "group"

    @property
    def is_by_time(self) -> bool:
        """Whether the breakdown is a unit of time."""
        return self.spec.by in PERIODS

    @property
    def is_by_weeks(self) -> bool:
        """Whether the breakdown is by weeks back from the as-of date, which months do not give."""
        return self.is_by_time and self.spec.by not in TIME

    @property
    def is_monthly(self) -> bool:
        """Whether the answer has a row for each month."""
        return self.spec.agg in MONTHLY

    @property
    def compares_groups(self) -> bool:
        """Whether the answer has a row for each group."""
        return self.spec.by == "group" or self.spec.agg not in (
            "count_rows", "count_residents", "rate_of_rows", "rate_with_repeats", "rate_of_residents", "rate_of_known_residents",
        )  # fmt: skip

    @property
    def counts_residents(self) -> bool:
        """Whether residents with several rows count otherwise than their rows do."""
        return self.spec.agg not in _OF_ROWS

    @property
    def is_of_first_days(self) -> bool:
        """Whether a resident counts on one day alone, the first under the filters or in the month of it."""
        is_dated = bool(self.spec.scope.since or self.spec.scope.until or self.is_monthly)
        return self.spec.agg == "intake_by_side" or (bool(self.fact.first) and (self.is_by_time or is_dated))

    @cached_property
    def is_rolled(self) -> bool:
        """Whether rollup_counts holds this fact by these places, groups and months. Else every row is counted."""
        is_held = {*self.filters, *self.places} <= set(PLACES)
        return is_held and not self.is_by_weeks and self.spec.agg not in OF_PAIRS and bool(self.rolled_name)

    @property
    def is_possible(self) -> bool:
        """Whether the question can be answered here, and faster than by its query."""
        if self.spec.agg not in AGGREGATIONS or facts()[self.spec.fact].amount:
            return False
        if (self.compares_groups and self.spec.scope.group) or "$received" in self.fact.where:
            return False
        is_of_rates = self.spec.agg in ("rate_by_side", "rate_by_pair") or not self.counts_residents
        if self.fact.first and (is_of_rates or (self.is_of_first_days and self.is_by_place)):
            return False  # a resident's first day counts in every place
        if self.as_of > self.delivered_on or (self.is_by_weeks and not self.fact.first):
            return False
        if not self.has_rows:
            return self.is_rolled and self.cut_months <= held_months(self.delivered_on)
        return self.is_rolled or self.counts_residents

    @cached_property
    def until(self) -> date | None:
        """The end of the period. An as-of date in the past ends it too."""
        return min(
            (end for end in (self.spec.scope.until, self.as_of) if end and end < self.delivered_on), default=None
        )

    @cached_property
    def months(self) -> dict[str, date]:
        """The limits of the full months that rollup_counts answers: from_month, and to_month and seen_month (both exclusive)."""
        since, months = self.spec.scope.since, dict[str, date]()
        if since:
            months["from_month"] = (since.replace(day=1) + timedelta(days=32 if since.day > 1 else 0)).replace(day=1)
        if self.until:
            months["to_month"] = (self.until + timedelta(days=1)).replace(day=1)
        if self.fact.changes and self.as_of < self.delivered_on:
            months["seen_month"] = (self.as_of + timedelta(days=1)).replace(day=1)
        return months

    @property
    def cut_months(self) -> set[date]:
        """The months, by their first days, of which the period or the as-of date leaves out some days."""
        limits = {"to_month": self.until or self.as_of, "seen_month": self.as_of, "from_month": self.spec.scope.since}
        days = {name: day for name, day in limits.items() if day and name in self.months}
        exact = {name: day + timedelta(days=name != "from_month") for name, day in days.items()}
        return {days[name].replace(day=1) for name in days if exact[name] != self.months[name]}

    @property
    def is_cut_by_as_of(self) -> bool:
        """Whether only the as-of date cuts a month, so that rows answer only for what changed in that month."""
        return (
            bool(self.cut_months)
            and self.months.get("from_month") == self.spec.scope.since
            and self.until == self.as_of
        )

    @property
    def conditions(self) -> list[str]:
        """The filters, as conditions on rows."""
        scope = self.spec.scope
        return [condition(name, MODEL, scope.group_side) for name in scope.filters]

    @property
    def parameters(self) -> dict[str, Value]:
        """Every parameter that a query may name."""
        scope = self.spec.scope
        seen = self.months.get("seen_month")
        before = seen - timedelta(days=1) if seen else None  # the last day that the full months have seen
        period = {"as_of": self.as_of, "since": scope.since, "until": self.until, "before": before, **self.months}
        return {"fact": self.rolled_name, **scope.filters, "group": self.spec.bits.get(scope.group or ""), **period}
