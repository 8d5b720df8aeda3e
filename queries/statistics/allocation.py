"""Allocate the residents a goal still needs among places, by each place's distance from its benchmark and its capacity."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One place as it will stand on the due date if nothing changes.

    Attributes:
        key: Unique name of the place.
        group: Residents of the group.
        others: Residents outside the group. May be fractional, because it can be a projection.
        odds: Benchmark odds, group ÷ others. A place with odds of 0, or without others, has no benchmark and is
            allocated nobody.
        room: How many more residents the place can take.
    """

    key: str
    group: float
    others: float
    odds: float
    room: int


@dataclass(frozen=True)
class Allocation:
    """How many more residents each place should enroll.

    Attributes:
        additional: Residents to add, by place key, in the order the places were given.
        full: Keys of the places without room left.
        unplaced: Residents that no place has room for.
    """

    additional: dict[str, int]
    full: frozenset[str]
    unplaced: int


def allocate(*, needed: int, places: Sequence[Place]) -> Allocation:
    """Allocate additional residents so that every place reaches the same multiple of its benchmark odds.

    Place r gets k × odds × others − group residents, at least 0 and at most its room; k is the smallest factor at which
    the places together reach `needed`. Counts are rounded by Webster's rule (Balinski and Young 1982): each to the nearest
    whole number at one common factor. They therefore sum exactly, and no place gets fewer residents because more are
    needed, which the largest-remainder method would allow.

    Args:
        needed: Residents to allocate. Negative values count as 0.
        places: The places, each with a unique key. Ties go to the places given first.

    Returns:
        The residents for each place, and what did not fit.

    Raises:
        ValueError: Two places have the same key.
    """
    if len({place.key for place in places}) < len(places):
        raise ValueError("every place needs a unique key")
    weights = [max(0.0, place.odds * place.others) for place in places]
    rooms = [max(0, place.room) if weight > 0 else 0 for place, weight in zip(places, weights, strict=True)]
    wanted = max(0, needed)
    placed = min(wanted, sum(rooms))
    counts = _round_to_total(placed, places, weights, rooms)
    unplaced = wanted - placed
    return Allocation(
        additional={place.key: count for place, count in zip(places, counts, strict=True)},
        full=frozenset(place.key for place, count, room in zip(places, counts, rooms, strict=True) if count >= room),
        unplaced=unplaced,
    )


def _round_to_total(needed: int, places: Sequence[Place], weights: Sequence[float], rooms: Sequence[int]) -> list[int]:
    """Return whole counts that sum to `needed`.

    A place receives its next resident at the factor (group + its count + ½) ÷ weight.
    """

    def counts_at(factor: float) -> list[int]:
        return [
            min(max(math.floor(factor * weight - place.group + 0.5), 0), room)
            for place, weight, room in zip(places, weights, rooms, strict=True)
        ]

    if sum(rooms) <= needed:
        return list(rooms)
    low, high = _bracket(needed, counts_at)
    counts, next_counts = counts_at(low), counts_at(high)
    missing = needed - sum(counts)  # places that tie at this factor; the first ones given receive them
    for index, (count, next_count) in enumerate(zip(counts, next_counts, strict=True)):
        extra = min(missing, max(0, next_count - count))
        counts[index] += extra
        missing -= extra
    return counts


def _bracket(needed: int, counts_at: Callable[[float], list[int]]) -> tuple[float, float]:
    """Return the two adjacent factors between which the total passes `needed`, by bisection."""
    low, high = 0.0, 1.0
    while sum(counts_at(high)) < needed:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if sum(counts_at(middle)) <= needed else (low, middle)
    return low, high
