"""Targets as they stood: what was set for exactly this measure, group and place, and which of it was in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from queries.context import QueryContext

Target = dict[str, Any]


def history(context: QueryContext, measure_id: str, *, group: str | None, region: str | None) -> list[Target]:
    """The targets set by the as-of date for the group and region, and the initiative and sector asked about, oldest first.

    A target for one initiative says nothing of all of them, so only an exact match counts.
    """
    wanted = (measure_id, context.scope.initiative, region, context.scope.sector, group)
    return [
        row
        for row in context.listing("targets")
        if (row["measure"], row["initiative"], row["region"], row["sector"], row["group_id"]) == wanted
        and row["set_on"] is not None
        and row["set_on"] <= context.as_of
    ]


def in_force(targets: Sequence[Target], day: date) -> Target | None:
    """The newest of them that had been set by the day; None before the first."""
    return next((row for row in reversed(targets) if row["set_on"] <= day), None)
