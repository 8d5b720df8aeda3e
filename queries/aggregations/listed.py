"""The counted rows themselves, one by one: to compare two deliveries, or to count them by many dimensions at once."""

from __future__ import annotations

from queries.aggregations.events import Events

PLACED = frozenset({"placed_rows", "placed_amounts"})  # give every row that counts, also of facts about first events


def listed_rows(events: Events) -> str:
    """Every counted row, each adding 1."""
    return f"select {events.row_id} as id, 1::decimal(18, 2) as amount\n{events.rows}"


def listed_amounts(events: Events) -> str:
    """Every counted row with its amount; an unknown amount adds nothing."""
    return f"select {events.row_id} as id, coalesce({events.amount}, 0)::decimal(18, 2) as amount\n{events.rows}"


def listed_residents(events: Events) -> str:
    """Every counted row with its resident, who adds 1 once."""
    return f"select {events.row_id} as id, resident, 1::decimal(18, 2) as amount\n{events.rows}"


def placed_rows(events: Events) -> str:
    """Every counted row: its place in the table, its quarter since year 0, and whether it is a success (1, 0, or -1 if not known)."""
    return _placed(events, f"coalesce(cast({events.success} as tinyint), -1)" if events.success else "0::tinyint", "")


def placed_amounts(events: Events) -> str:
    """The same for the rows with an amount; inside the promised range counts as a success."""
    inside = f"cast({events.inside} as tinyint)" if events.inside else "0::tinyint"
    return _placed(events, inside, f"\n    and {events.amount} is not null")


def _placed(events: Events, state: str, condition: str) -> str:
    quarter = f"cast(4 * year({events.date}) + quarter({events.date}) - 1 as smallint)"
    return f"select {events.place} as place, {quarter} as quarter, {state} as state\n{events.rows}{condition}"
