"""A query beside the store it is asked of: what its period, places and sides come to in the tallies."""

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
    """One query as queries/context.py asks it; `more` holds of_group, support and received, where the query takes them."""

    fact: str
    agg: str
    by: str | None
    scope: Scope
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sides:
    """The sides of a store (tally_sides) by what is read together: everyone, one group's side, all groups, all pairs."""

    groups: tuple[str, ...]
    last: int

    @property
    def members(self) -> range:
        return range(1, len(self.groups) + 1)

    @property
    def every(self) -> range:
        return range(1, 3 * len(self.groups) + 1)

    @property
    def pairs(self) -> range:
        return range(3 * len(self.groups) + 1, self.last + 1)

    def one(self, group: str, part: str) -> range:
        """One side of a group: part is in, out or undisclosed."""
        at = ("in", "out", "undisclosed").index(part) * len(self.groups) + self.groups.index(group) + 1
        return range(at, at + 1)


@lru_cache(maxsize=8)
def sides(store: Store) -> Sides | None:
    """The sides of a store, None where it has no tallies."""
    there = store.rows("select table_name from information_schema.tables where table_name = 'tally_sides'")
    if not there:
        return None
    rows = store.rows("select side, part, group_id, other_id from tally_sides order by side")
    groups = tuple(row["group_id"] for row in rows if row["part"] == "in" and row["other_id"] is None)
    return Sides(groups, rows[-1]["side"])


class Placed:
    """A query of a store with tallies."""

    def __init__(self, asked: RollupQuery, store: Store, known: Sides) -> None:
        self.by, self.fact, self.scope, self.more = asked.by, asked.fact, asked.scope, asked.more
        self.known, self.delivered_on = known, delivery(store).delivered_on
        self.as_of = asked.scope.as_of or self.delivered_on

    @property
    def is_past(self) -> bool:
        return self.as_of < self.delivered_on

    @property
    def is_open(self) -> bool:
        return self.scope.since is None and self.scope.until is None

    def until(self, *, is_final: bool) -> date | None:
        """The end of the period; of what is known on its own day, an earlier as-of date is the end."""
        ends = [end for end in (self.scope.until, self.as_of if is_final and self.is_past else None) if end]
        return min(ends, default=None)

    def is_whole(self, until: date | None, unit: str = "month") -> bool:
        """Whether the period, and what it is broken down by, is made of whole months or quarters, as far as there is anything."""
        after = until + timedelta(days=1) if until and until < self.delivered_on else None
        ends = [day for day in (self.scope.since, after) if day]
        if unit == "quarter":
            return self.by != "month" and all(day.day == 1 and day.month % 3 == 1 for day in ends)
        return all(day.day == 1 for day in ends)

    def places(self) -> tuple[str, ...]:
        """The places that the filters and the breakdown tell apart."""
        return tuple(place for place in PLACES if getattr(self.scope, place) is not None or self.by == place)

    def sides(self) -> range:
        if self.by == "group":
            return self.known.members
        return self.known.one(self.scope.group, self.scope.group_side) if self.scope.group else EVERYONE

    def parameters(self, between: range, **more: Any) -> dict[str, Any]:
        shape = {"shape": streams.shape_of(self.places()), "extra": None, "is_first": False, "successes_of": None}
        return {"first_side": between.start, "last_side": between.stop - 1, **shape, **more}
