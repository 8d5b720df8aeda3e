"""The counted rows themselves, one by one, to compare two deliveries: the id of each row, and what it adds to the total."""

from __future__ import annotations

from queries.aggregations.events import Events


def listed_rows(events: Events) -> str:
    """Every counted row, each adding 1."""
    return f"select {events.row_id} as id, 1::decimal(18, 2) as amount\n{events.rows}"


def listed_amounts(events: Events) -> str:
    """Every counted row with its amount; an unknown amount adds nothing."""
    return f"select {events.row_id} as id, coalesce({events.amount}, 0)::decimal(18, 2) as amount\n{events.rows}"


def listed_residents(events: Events) -> str:
    """Every counted row with its resident, who adds 1 once."""
    return f"select {events.row_id} as id, resident, 1::decimal(18, 2) as amount\n{events.rows}"
