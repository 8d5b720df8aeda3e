"""A question to the rollups: what its aggregation adds up, and which full months answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from queries.compiler import QuerySpec, Value, condition, filled, key_of
from queries.dimensions import DIMENSIONS, PERIODS, TIME
from queries.facts import Fact
from queries.rollups.facts import MODEL, OF_ROW, PLACES, rolled_name

HELD_MONTHS = (0, 1, 2, 3, 12, 24)  # before the delivery's


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What an aggregation adds up.

    Attributes:
        columns: Its columns, each a sum of what is counted (`OF_ROW`), of everyone or of one part of a group.
        once: Whether each resident counts once, and not each row.
        sides: Whether it has rows for `groups` or `pairs` of groups; "" for neither.
        by_part: Whether it has one row for each part of these.
        places: Columns that make one row for each place.
        is_monthly: Whether it has one row for each month.
    """

    columns: Mapping[str, str]
    once: bool = False
    sides: str = ""
    by_part: bool = False
    places: tuple[str, ...] = ()
    is_monthly: bool = False

    @cached_property
    def values(self) -> tuple[str, ...]:
        """What is counted for it."""
        words = set(re.findall(r"\w+", " ".join(self.columns.values())))
        return tuple(name for name in OF_ROW if name == "n" or name in words)


def held_months(delivered_on: date) -> set[date]:
    """Return the months that a store without rows holds by day, by their first days: the last, and those that comparisons with a year ago cut."""
    newest = delivered_on.year * 12 + delivered_on.month - 1
    return {date((newest - back) // 12, (newest - back) % 12 + 1, 1) for back in HELD_MONTHS}


@dataclass(frozen=True, kw_only=True)
class RollupQuestion:
    """A question of a store with rollups. Its scope has an as-of date. has_rows: whether the store has residents' rows, too."""

    spec: QuerySpec
    shape: Shape
    delivered_on: date
    as_of: date
    has_rows: bool = True

    @cached_property
    def fact(self) -> Fact:
        """What is counted."""
        return filled(self.spec.fact, self.spec.support)

    @cached_property
    def filters(self) -> dict[str, str]:
        """The places in the filters, with their columns."""
        return {name: DIMENSIONS[name].columns[MODEL] for name in self.spec.scope.filters if name != "group"}

    @property
    def is_by_group(self) -> bool:
        """Whether there is one row for each group, or for each part of it."""
        return bool(self.shape.sides) or self.spec.by == "group"

    @property
    def is_by_time(self) -> bool:
        """Whether the breakdown is a unit of time."""
        return self.spec.by in PERIODS

    @property
    def is_by_weeks(self) -> bool:
        """Whether the breakdown is by weeks back from the as-of date, which months do not give."""
        return self.is_by_time and self.spec.by not in TIME

    @cached_property
    def is_rolled(self) -> bool:
        """Whether rollup_counts holds this fact by these places, groups and months. Else every row is counted."""
        if self.is_by_weeks:
            return False
        by = (
            {DIMENSIONS[self.spec.by].columns[MODEL]}
            if self.spec.by in DIMENSIONS and self.spec.by != "group"
            else set()
        )
        is_held = {*self.filters.values(), *self.shape.places, *by} <= set(PLACES)
        return is_held and self.shape.sides != "pairs" and rolled_name(self.spec.fact, self.spec.support) is not None

    @property
    def is_possible(self) -> bool:
        """Whether the question can be answered here, and faster than by its query."""
        scope, by = self.spec.scope, self.spec.by
        if (self.is_by_group and scope.group) or "$received" in self.fact.where:
            return False
        is_dated = bool(scope.since or scope.until or self.shape.is_monthly)
        if self.fact.first and not (self.shape.once and (self.is_by_time or by in (None, "group") or not is_dated)):
            return False  # a resident's first day counts in every place
        corrects = self.shape.once or "hh" in self.shape.values
        if self.as_of > self.delivered_on:
            return False
        if not self.has_rows:
            return self.is_rolled and self.cut_months <= held_months(self.delivered_on)
        return self.is_rolled or (corrects and (self.is_by_weeks or not self.filters))

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
    def is_cut(self) -> bool:
        """Whether the period or the as-of date cuts a month, so that rows answer for some days."""
        return bool(self.cut_months)

    @property
    def is_cut_by_as_of(self) -> bool:
        """Whether only the as-of date cuts a month, so that rows answer only for what changed in that month."""
        return self.is_cut and self.months.get("from_month") == self.spec.scope.since and self.until == self.as_of

    def key(self, day: str) -> str:
        """Return the expression of the breakdown's key; "" for a total, and by group."""
        return "" if self.spec.by == "group" else key_of(self.spec.by, self.fact, day)

    @property
    def conditions(self) -> list[str]:
        """The filters, as conditions on rows."""
        side = [condition("group", MODEL, self.spec.scope.group_side)] if self.spec.scope.group else []
        return [*(f"{column} = ${name}" for name, column in self.filters.items()), *side]

    @property
    def parameters(self) -> dict[str, Value]:
        """Every parameter that a query may name."""
        scope, bits = self.spec.scope, self.spec.bits
        groups = {
            "group": bits.get(scope.group or ""),
            "of_group": bits.get(self.spec.of_group or ""),
            "part": scope.group_side,
        }
        seen = self.months.get("seen_month")
        before = seen - timedelta(days=1) if seen else None  # the last day that the full months have seen
        period = {"as_of": self.as_of, "since": scope.since, "until": self.until, "before": before, **self.months}
        return {"fact": rolled_name(self.spec.fact, self.spec.support), **scope.filters, **groups, **period}
