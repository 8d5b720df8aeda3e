"""A query together with the store it reads: its period, places and sides in terms of the rollups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from queries.database import Store, delivery
from queries.rollups import streams
from queries.rollups.streams import PLACES
from queries.scope import Scope

EVERYONE = range(1)


@dataclass(frozen=True)
class RollupQuery:
    """One query, as queries/context.py asks it.

    `more` holds of_group, support and received where the query takes them.
    """

    fact: str
    agg: str
    by: str | None
    scope: Scope
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sides:
    """The sides of a store (tally_sides), in the ranges that are read at once."""

    groups: tuple[str, ...]
    last: int

    @property
    def members(self) -> range:
        """The members of every group."""
        return range(1, len(self.groups) + 1)

    @property
    def every(self) -> range:
        """All three sides of every group."""
        return range(1, 3 * len(self.groups) + 1)

    @property
    def pairs(self) -> range:
        """All sides of every pair of groups."""
        return range(3 * len(self.groups) + 1, self.last + 1)

    def of_group(self, group: str, part: str) -> range:
        """Return one side of a group. `part` is in, out or undisclosed."""
        number = ("in", "out", "undisclosed").index(part) * len(self.groups) + self.groups.index(group) + 1
        return range(number, number + 1)


@lru_cache(maxsize=8)
def sides(store: Store) -> Sides | None:
    """Return the sides of a store, or None if it has no rollups."""
    tables = store.rows("select table_name from information_schema.tables where table_name = 'tally_sides'")
    if not tables:
        return None
    rows = store.rows("select side, part, group_id, other_id from tally_sides order by side")
    groups = tuple(row["group_id"] for row in rows if row["part"] == "in" and row["other_id"] is None)
    return Sides(groups, rows[-1]["side"])


class StoreQuery:
    """A query of a store that has rollups."""

    def __init__(self, query: RollupQuery, store: Store, store_sides: Sides) -> None:
        self.by, self.fact, self.scope, self.more = query.by, query.fact, query.scope, query.more
        self.store_sides, self.delivered_on = store_sides, delivery(store).delivered_on
        self.as_of = query.scope.as_of or self.delivered_on

    @property
    def is_past(self) -> bool:
        """Whether the as-of date is before the delivery's date."""
        return self.as_of < self.delivered_on

    @property
    def is_open(self) -> bool:
        """Whether the period has neither a start nor an end."""
        return self.scope.since is None and self.scope.until is None

    def until(self, *, is_final: bool) -> date | None:
        """Return the end of the period. For events known on their own day, an earlier as-of date ends it."""
        ends = [end for end in (self.scope.until, self.as_of if is_final and self.is_past else None) if end]
        return min(ends, default=None)

    def has_full_units(self, until: date | None, unit: str = "month") -> bool:
        """Return whether the period and its breakdown consist of full months or quarters, as far as there is data."""
        after = until + timedelta(days=1) if until and until < self.delivered_on else None
        ends = [day for day in (self.scope.since, after) if day]
        if unit == "quarter":
            return self.by != "month" and all(day.day == 1 and day.month % 3 == 1 for day in ends)
        return all(day.day == 1 for day in ends)

    def places(self) -> tuple[str, ...]:
        """Return the places that the filters and the breakdown distinguish."""
        return tuple(place for place in PLACES if getattr(self.scope, place) is not None or self.by == place)

    def sides(self) -> range:
        """Return the sides that the group filter or the breakdown by group selects."""
        if self.by == "group":
            return self.store_sides.members
        return self.store_sides.of_group(self.scope.group, self.scope.group_side) if self.scope.group else EVERYONE

    def parameters(self, side_range: range, **more: object) -> dict[str, Any]:
        """Return the parameters of a file in queries/rollups/read for a range of sides."""
        return {
            "first_side": side_range.start,
            "last_side": side_range.stop - 1,
            "dimension_mask": streams.dimension_mask(self.places()),
            "extra": None,
            "is_first": False,
            "successes_of": None,
            **more,
        }
