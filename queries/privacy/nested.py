"""Measures that are nested: where both counts are shown, their difference is a count of people too, and is protected like one.

With 19 completions and 18 credentials, one completion has no credential. The pairs are in family.toml. The difference belongs to the
measure that is listed with others: where few people make it up, this measure is hidden.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from queries.privacy.family import FILE
from queries.privacy.patterns import is_small
from queries.privacy.tables import PERIODS, Address, names_of

# for each side of a group (without a group, one): the people counted and, of a rate, its successes; of a count, the same again
Sides: TypeAlias = tuple[tuple[int, int], ...]
Place: TypeAlias = tuple[Address, int]  # a cell and the side of its group
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
    difference: Difference, cells: Mapping[Address, Sides], others: Mapping[str, Mapping[Address, Sides]]
) -> Mapping[Address, tuple[int, ...]]:
    """Return how many more people the other measure counts in each cell, on every side of a group.

    In tables by period it is zero where the two are dated by different events: nobody in particular is behind it.

    Args:
        difference: What is subtracted.
        cells: The counts of its measure.
        others: The counts of the other measures.
    """
    first, *rest = (others[each] for each in difference.others)
    at = 1 if difference.is_of_successes else 0
    result: dict[Address, tuple[int, ...]] = {}
    for address, sides in cells.items():
        nobody = ((0, 0),) * len(sides)
        is_undated = difference.is_by_period or not any(name in PERIODS for name, _ in address)
        more = first.get(address, nobody) if is_undated else sides
        less = [each.get(address, nobody) for each in rest] if is_undated else []
        result[address] = tuple(
            more[side][at] - sum(each[side][at] for each in less) - counts[at] for side, counts in enumerate(sides)
        )
    return result


def between(members: Collection[str], others: Collection[str]) -> list[Difference]:
    """Return the differences of these measures from each other and from others."""
    return [each for each in differences() if each.measure in members and {*members, *others} >= set(each.others)]


def addresses_by_table(
    nested: Sequence[Difference], others: Mapping[str, Mapping[Address, Sides]]
) -> Mapping[tuple[str, ...], set[Address]]:
    """Return the cells in which measures of other stems count people, by the names of their table's dimensions."""
    result: dict[tuple[str, ...], set[Address]] = {}
    for address in {at for difference in nested for measure in difference.others for at in others.get(measure, ())}:
        result.setdefault(names_of(address), set()).add(address)
    return result


def to_protect(
    nested: Sequence[Difference], values: Sequence[int], counts: Mapping[str, tuple[int, int]], min_count: int
) -> tuple[int, ...]:
    """Return the small differences of one place that have to be protected, without their signs, and zero for the others.

    A measure that is hidden can be larger or smaller by some people, and all its differences from larger counts change by as many. So
    the smallest of them protects the others; and so does the smallest of those from smaller counts. Where even the larger count
    is small, it is hidden for its own sake.

    Args:
        nested: The differences.
        values: Their values.
        counts: The counts of each member.
        min_count: Counts from 1 to below this are small.
    """
    keys: list[Hashable] = []
    least: dict[Hashable, int] = {}
    for difference, value in zip(nested, values, strict=True):
        keys.append((difference.measure, difference.is_of_successes, value > 0))
        larger = value + counts[difference.measure][1 if difference.is_of_successes else 0]
        if is_small(abs(value), min_count) and (value < 0 or larger >= min_count):
            least[keys[-1]] = min(least.get(keys[-1], abs(value)), abs(value))
    result = []
    for key, value in zip(keys, values, strict=True):
        result.append(least.pop(key) if least.get(key) == abs(value) else 0)
    return tuple(result)
