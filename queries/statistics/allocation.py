"""Sharing out residents still to reach over places, by how far each is from its own benchmark and what it has room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place at the due date if nothing changes: the group's residents and the others', and how many more it has room for.

    `odds` are the benchmark's, group ÷ others. A place without others, or with odds of 0, has nothing to be held against
    and is asked for nobody.
    """

    key: str
    group: float
    others: float
    odds: float
    room: int


@dataclass(frozen=True)
class Allocation:
    """How many more residents each place is asked for, by key in the order given; which are full; how many found no place.

    `factor`: what every place with room comes to, as a multiple of its own benchmark odds, before rounding; None where nobody
    is needed, or where some cannot be placed and every place is full.
    """

    asked: dict[str, int]
    full: frozenset[str]
    factor: float | None
    short: int


def allocate(*, needed: int, places: Sequence[Place]) -> Allocation:
    """Share out `needed` additional residents so that each place comes to one factor times its own benchmark odds.

    Place r is asked for k odds others − group, not below 0 and not above its room; k is the least with which they reach
    `needed`. Whole residents by Webster's rule (Balinski and Young 1982): each to the nearest whole number at one factor, so
    that they sum exactly and no place is ever asked for fewer because more are needed, which largest remainders would do.
    What no place has room for is `short`. ValueError where two places have one key.
    """
    if len({place.key for place in places}) < len(places):
        raise ValueError("places need keys of their own")
    weights = [max(0.0, place.odds * place.others) for place in places]
    rooms = [max(0, place.room) if weight > 0 else 0 for place, weight in zip(places, weights, strict=True)]
    wanted = max(0, needed)
    placed = min(wanted, sum(rooms))
    whole = _whole(placed, places, weights, rooms)
    asked = {place.key: residents for place, residents in zip(places, whole, strict=True)}
    full = frozenset(
        place.key for place, residents, room in zip(places, whole, rooms, strict=True) if residents >= room
    )
    short = wanted - placed
    factor = None if short or not wanted else _factor(placed, places, weights, rooms)
    return Allocation(asked, full, factor, short)


def _factor(needed: int, places: Sequence[Place], weights: Sequence[float], rooms: Sequence[int]) -> float:
    """The least k with which the unrounded parts reach `needed`: between two of the points where a place starts or fills."""

    def reached(k: float) -> float:
        return sum(
            min(max(k * weight - place.group, 0.0), room)
            for place, weight, room in zip(places, weights, rooms, strict=True)
        )

    bends = sorted(
        {
            count / weight
            for place, weight, room in zip(places, weights, rooms, strict=True)
            if room
            for count in (place.group, place.group + room)
        }
    )
    before, sum_before = bends[0], 0.0
    for bend in bends[1:]:
        here = reached(bend)
        if here >= needed:
            return before + (bend - before) * (needed - sum_before) / (here - sum_before)
        before, sum_before = bend, here
    return before  # all full: rounding left the last sum a hair below


def _whole(needed: int, places: Sequence[Place], weights: Sequence[float], rooms: Sequence[int]) -> list[int]:
    """The parts in whole residents that sum to `needed`: a place's next resident comes at factor (group + its part + ½) ÷ weight."""

    def at(k: float) -> list[int]:
        return [
            min(max(math.floor(k * weight - place.group + 0.5), 0), room)
            for place, weight, room in zip(places, weights, rooms, strict=True)
        ]

    low, high = 0.0, 1.0
    if sum(rooms) <= needed:
        return list(rooms)
    while sum(at(high)) < needed:
        high *= 2
    # the widest step below `needed`: what is then missing are ties, given in order
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if sum(at(middle)) <= needed else (low, middle)
    whole, above = at(low), at(high)
    left = needed - sum(whole)
    for index, (part, next_part) in enumerate(zip(whole, above, strict=True)):
        more = min(left, max(0, next_part - part))
        whole[index] += more
        left -= more
    return whole
