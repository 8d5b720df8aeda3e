"""People outside the regions of directors: a director knows the own region exactly, and can subtract it from every number of the state.

So how many people a cell counts in all other regions together is a count of people too, and is protected like one. Two directors who tell
each other what they see can subtract both of their regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations
from typing import TypeAlias

from queries.context import QueryContext
from queries.privacy.across import AcrossContext
from queries.privacy.merged_cells import State, part_of
from queries.privacy.patterns import Cell, is_small
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, sides_in
from queries.scope import SIDES

Regions: TypeAlias = tuple[str, ...]  # of a director, or of several who share what they know


def known_regions(members: Sequence[QueryContext], rule: Rule) -> tuple[Regions, ...]:
    """Return the regions that directors may subtract from the state, for each set of directors that the rule covers.

    None if no director knows counts of these measures in the own region by any further dimension.
    """
    is_known = any(isinstance(each, AcrossContext) and each.in_regions((), SIDES[0]) for each in members)
    regions = [str(row["region"]) for row in members[0].listing("regions")] if is_known else []
    return tuple(chain.from_iterable(combinations(regions, count + 1) for count in range(rule.directors_sharing)))


def outside(
    states: Sequence[State], known: Sequence[Regions], *, address: Address, cell: Cell | None, side: int
) -> tuple[int, ...]:
    """Return how many people a cell counts outside of each set of regions, for each of its counts.

    Args:
        states: The measures whose counts the cell has, in their order, each with its cell of the whole state.
        known: The sets of regions.
        address: Where the cell is.
        cell: The cell; None if nobody is in it.
        side: The side of its group.
    """
    if cell is None:
        return (0,) * len(known) * sum(len(state.values) for _, state in states)
    values = part_of(cell.values, side, sides_in(address))
    if cell.owner is not None:
        return tuple(0 if cell.owner in regions else value for regions in known for value in values)
    inside = [
        (member.in_regions(address, SIDES[side]) if isinstance(member, AcrossContext) else {}, (0,) * len(state.values))
        for member, state in states
    ]
    counts = {
        region: [count for by_region, none in inside for count in by_region.get(region, none)]
        for region in dict.fromkeys(chain.from_iterable(known))
    }
    return tuple(
        max(value - sum(counts[region][at] for region in regions), 0)
        for regions in known
        for at, value in enumerate(values)
    )


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
