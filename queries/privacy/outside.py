"""People outside a director's region: a director knows the own region exactly, and can subtract it from every number of the state.

So how many people a cell counts in all other regions together is a count of people too, and is protected like one.
"""

from __future__ import annotations

from collections.abc import Sequence

from queries.context import QueryContext
from queries.privacy.across import AcrossContext
from queries.privacy.merged_cells import State, part_of
from queries.privacy.patterns import Cell, is_small
from queries.privacy.tables import Address, sides_in
from queries.scope import SIDES


def regions_of(members: Sequence[QueryContext]) -> tuple[str, ...]:
    """Return the regions whose directors know counts of these measures in their region by any further dimension."""
    is_known = any(isinstance(each, AcrossContext) and each.in_regions((), SIDES[0]) for each in members)
    return tuple(str(row["region"]) for row in members[0].listing("regions")) if is_known else ()


def outside(
    states: Sequence[State], regions: Sequence[str], *, address: Address, cell: Cell | None, side: int
) -> tuple[int, ...]:
    """Return how many people a cell counts outside of each region, for each of its counts.

    Args:
        states: The measures whose counts the cell has, in their order, each with its cell of the whole state.
        regions: The regions.
        address: Where the cell is.
        cell: The cell; None if nobody is in it.
        side: The side of its group.
    """
    if cell is None:
        return (0,) * len(regions) * sum(len(state.values) for _, state in states)
    values = part_of(cell.values, side, sides_in(address))
    if cell.owner is not None:
        return tuple(0 if region == cell.owner else value for region in regions for value in values)
    inside = [
        (member.in_regions(address, SIDES[side]) if isinstance(member, AcrossContext) else {}, (0,) * len(state.values))
        for member, state in states
    ]
    known = {region: [count for counts, none in inside for count in counts.get(region, none)] for region in regions}
    return tuple(max(value - at, 0) for region in regions for value, at in zip(values, known[region], strict=True))


def few_outside(people_outside: Sequence[int], values: Sequence[int], min_count: int) -> tuple[int, ...]:
    """Return those people outside of regions who are few, and zero for the others. A small count is hidden for its own sake.

    Args:
        people_outside: What `outside` returned.
        values: The counts of the cell.
        min_count: Counts from 1 to below this are small.
    """
    repeated = [*values] * (len(people_outside) // len(values))
    return tuple(
        count if is_small(count, min_count) and value >= min_count else 0
        for count, value in zip(people_outside, repeated, strict=True)
    )
