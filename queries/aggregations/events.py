"""The pieces of SQL that aggregations are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Events:
    """The counted rows of a question, as pieces of SQL: see `queries.registry.Fact` for what each means."""

    table: str
    conditions: tuple[str, ...]
    key: str
    date: str
    success: str
    amount: str
    inside: str
    trials: str
    row_id: str  # the column that names the same row in every delivery
    place: str  # where the row is in its table
    group: str  # the condition that limits ref_groups to one group, or ""

    @property
    def where(self) -> str:
        """All conditions."""
        return "\n    and ".join(self.conditions)

    @property
    def rows(self) -> str:
        """FROM and WHERE."""
        return f"from {self.table}\nwhere {self.where}"

    def first(self, *columns: str) -> str:
        """The first columns of a select list or a group by: the key, where there is one, and these."""
        return ", ".join((*(["key"] if self.key else []), *columns))

    def selected(self, *columns: str) -> str:
        """The same with the key's expression."""
        return ",\n    ".join((*([f"{self.key} as key"] if self.key else []), *columns))


def simple(events: Events, *columns: str, where: str = "") -> str:
    """Return a query with one row per key and these columns; no row where nothing was counted."""
    rows = events.rows + (f"\n    and {where}" if where else "")
    ending = "group by key\norder by key" if events.key else "having count(*) > 0"
    return f"select\n    {events.selected(*columns)}\n{rows}\n{ending}"


def order(events: Events, *columns: str) -> str:
    """Return what a query is ordered by: these columns, then the key."""
    return ", ".join((*columns, *(["key"] if events.key else [])))
