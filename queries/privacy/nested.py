"""Measures that are nested: where both counts are shown, their difference is a count of people too, and is protected like one.

With 19 completions and 18 credentials, one completion has no credential. The pairs are in family.toml. The difference belongs to the
measure that is listed with others: where few people make it up, this measure is hidden.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from queries.privacy.family import FILE
from queries.privacy.tables import PERIODS, Address

# for each side of a group (without a group, one): the people counted and, of a rate, its successes; of a count, the same again
Sides: TypeAlias = tuple[tuple[int, int], ...]
Place: TypeAlias = tuple[Address, int]  # a cell and the side of its group
Room: TypeAlias = Mapping[Place, tuple[float, float]]
_LESS = " less "  # between measures that are subtracted from the first


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A difference of counts that readers can compute.

    Attributes:
        measure: The measure that is hidden where the difference is small.
        others: The measure that it differs from, less any further ones.
        is_of_successes: Whether the successes of the measure are compared, with the successes of another rate or with a count.
        is_by_period: Whether both are counted on the same day, so that the difference is people in a period also.
    """

    measure: str
    others: tuple[str, ...]
    is_of_successes: bool
    is_by_period: bool


@dataclass(frozen=True)
class Counted:
    """The cells of a measure whose pattern is solved, for measures that are nested with it.

    Attributes:
        counts: The counts of each cell.
        room: How much lower and higher a hidden count can be, as the audit found, where that is as much as "hidden" leaves open: for
            the people counted, and for the successes of a rate.
    """

    counts: Mapping[Address, Sides]
    room: tuple[Room, Room] = ({}, {})


class Value(NamedTuple):
    """A difference in one cell, on one side of a group.

    Attributes:
        people: How many make it up; less than nothing where the other measure counts fewer.
        is_protected: Whether another hidden count protects it.
    """

    people: int
    is_protected: bool


_NOBODY = Value(0, is_protected=True)


@cache
def differences() -> tuple[Difference, ...]:
    """Return every difference that is protected."""
    content: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["nested"]
    return tuple(
        Difference(
            measure=measure,
            others=tuple(each.split(_LESS)),
            is_of_successes=kind.startswith("successes"),
            is_by_period=kind.endswith("same_day"),
        )
        for kind, pairs in content.items()
        for measure, others in pairs.items()
        for each in others
    )


def others_of(measures: Collection[str]) -> set[str]:
    """Return the measures that these differ from."""
    return {other for each in differences() if each.measure in measures for other in each.others}


def values_of(
    difference: Difference, cells: Mapping[Address, Sides], others: Mapping[str, Counted], enough: int
) -> Mapping[Address, tuple[Value, ...]]:
    """Return the difference in each cell, on every side of a group.

    In tables by period it is zero where the two are dated by different events: nobody in particular is behind it.

    Args:
        difference: What is subtracted.
        cells: The counts of its measure.
        others: The counts of the other measures.
        enough: How far apart the values of a hidden count must be.
    """
    first, *rest = (others[each] for each in difference.others)
    at = 1 if difference.is_of_successes else 0
    result: dict[Address, tuple[Value, ...]] = {}
    for address, sides in cells.items():
        nobody = ((0, 0),) * len(sides)
        values = [_NOBODY] * len(sides)
        if difference.is_by_period or not any(name in PERIODS for name, _ in address):
            including, *less = [each.counts.get(address, nobody) for each in (first, *rest)]
            for side, counts in enumerate(sides):
                count = including[side][at] - sum(each[side][at] for each in less) - counts[at]
                room = None if less else first.room[at].get((address, side))
                values[side] = Value(count, _is_protected(room, count, enough))
        result[address] = tuple(values)
    return result


def smallest(values: Sequence[tuple[Difference, Value]]) -> tuple[int, ...]:
    """Return the differences of one place that have to be protected, without their signs, and zero for the others.

    A measure that is hidden can be larger or smaller by some people, and all its differences from larger counts change by as many. So
    the smallest of them protects the others; and so does the smallest of those from smaller counts.
    """
    least: dict[Hashable, int] = {}
    for difference, value in values:
        if value.people and not value.is_protected:
            key = difference.measure, difference.is_of_successes, value.people > 0
            least[key] = min(least.get(key, abs(value.people)), abs(value.people))
    result = []
    for difference, value in values:
        key = difference.measure, difference.is_of_successes, value.people > 0
        is_least = not value.is_protected and least.get(key) == abs(value.people)
        result.append(least.pop(key) if is_least else 0)
    return tuple(result)


def _is_protected(room: tuple[float, float] | None, difference: int, enough: int) -> bool:
    """Return whether a difference can have as many values as it must, because the other count is hidden and can.

    The count that includes the other cannot be less than that.
    """
    if room is None:
        return False
    low, high = (max(room[0], -difference), room[1]) if difference > 0 else (room[0], min(room[1], -difference))
    return high - low >= enough
