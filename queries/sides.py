"""The sides of groups that an answer compares, and its rows from counts of each side.

Rows of a small delivery (queries/small_deliveries.py) and rollups of a large one (queries/rollups/) are counted in their own ways. Both give
the same sums by side and key, and here these become the rows that the question's own query returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

from queries.aggregations.groups import SIDE_SUMS
from queries.axes import Flags, Numbers
from queries.compiler import QuerySpec
from queries.database import SqlRow
from queries.scope import SIDES

# what is added up: events, a rate's sums, and residents: those with a known outcome, all, and those with a success
SUMS = ("events", *SIDE_SUMS, "residents_known", "residents", "residents_successful")
EVENTS, SUCCESSES, KNOWN, RESIDENTS_KNOWN, RESIDENTS, RESIDENTS_SUCCESSFUL = 0, 1, 2, 6, 7, 8
Counts: TypeAlias = Sequence[Sequence[Sequence[int]]]  # by side and key, in the order of SUMS


class Side(NamedTuple):
    """A side of one group or of two at once.

    Attributes:
        bits: The bits of the groups; 0 for everyone.
        name: "in" (in each of them), "out" (known not to be in each), "undisclosed" (neither), or "answered" (about each).
    """

    bits: int
    name: str


EVERYONE = Side(0, "in")
# by function of queries/aggregations/groups.py: the sides that it compares, of each group or pair. Everyone comes last.
_COMPARED: Mapping[str, Sequence[str]] = {
    "rate_by_side": SIDES,
    "rate_by_pair": SIDES,
    "participation": ("in", "answered"),
    "participation_by_pair": ("in", "answered"),
    "cells_by_side": ("in", "out"),
    "exits_by_side": ("in", "out"),
    "intake_by_side": SIDES,
}
OF_PAIRS = ("rate_by_pair", "participation_by_pair")
MONTHLY = ("exits_by_side", "intake_by_side")
# by function of queries/aggregations/rows.py: its columns
_COLUMNS: Mapping[str, Mapping[str, int]] = {
    "count_rows": {"numerator": EVENTS},
    "count_residents": {"numerator": RESIDENTS},
    "rate_of_rows": {"numerator": SUCCESSES, "denominator": KNOWN},
    "rate_with_repeats": {name: SUMS.index(name) for name in (*SIDE_SUMS, "residents_known")},
    "rate_of_residents": {"numerator": RESIDENTS_SUCCESSFUL, "denominator": RESIDENTS},
    "rate_of_known_residents": {"numerator": RESIDENTS_SUCCESSFUL, "denominator": RESIDENTS_KNOWN},
}
# of these, what is counted and not known yet
_EVERY = {"rate_of_rows": EVENTS, "rate_of_known_residents": RESIDENTS}
AGGREGATIONS = (*_COMPARED, *_COLUMNS)


def are_on(side: Side, patterns: Numbers) -> Flags:
    """Return which combinations of answers are on a side. patterns: the bits of the groups that residents are in, and of those answered."""
    member, answered = patterns.T
    is_in, has_answered = (member & side.bits) == side.bits, (answered & side.bits) == side.bits
    is_out = (answered & ~member & side.bits) > 0
    result: Flags = {"in": is_in, "out": is_out, "undisclosed": ~is_in & ~is_out, "answered": has_answered}[side.name]
    return result


def compared(spec: QuerySpec) -> list[Side]:
    """Return the sides whose counts answer a question, in the order in which `rows_of` takes them."""
    if spec.agg in _COMPARED:
        return [*(Side(bits, name) for _, bits in _groups(spec) for name in _COMPARED[spec.agg]), EVERYONE]
    if spec.by == "group":
        return [Side(spec.bits[group], "in") for group in _keys_of_groups(spec)]
    return [Side(spec.bits[spec.scope.group], spec.scope.group_side)] if spec.scope.group else [EVERYONE]


def rows_of(spec: QuerySpec, keys: Sequence[SqlRow], counts: Counts) -> list[SqlRow]:
    """Return the rows of a question, as its own query returns them.

    Args:
        spec: The question; its aggregation is one of `AGGREGATIONS`.
        keys: The columns that say a value of the breakdown, for each value in order.
        counts: By the sides of `compared` and these keys.
    """
    if spec.agg in _COMPARED:
        names, groups = _COMPARED[spec.agg], [group for group, _ in _groups(spec)]
        *sides, everyone = counts
        by_group = [sides[at : at + len(names)] for at in range(0, len(sides), len(names))]
        return _ROWS[spec.agg](keys, groups, by_group, everyone)
    groups = [{"key": group} for group in _keys_of_groups(spec)] if spec.by == "group" else [{}]
    return [
        group | key | _plain(spec.agg, values)
        for group, by_key in zip(groups, counts, strict=True)
        for key, values in zip(keys, by_key, strict=True)
        if values[EVENTS]
    ]


def _keys_of_groups(spec: QuerySpec) -> list[str]:
    return [group for group in sorted(spec.bits) if spec.of_group in (None, group)]


def _groups(spec: QuerySpec) -> list[tuple[SqlRow, int]]:
    """Return the groups, or pairs of groups, with their columns and bits, in the order of the bits."""
    bits = sorted(spec.bits.items(), key=lambda item: item[1])
    if spec.agg in OF_PAIRS:
        return [
            ({"group_id": group, "other_id": other}, bit | more)
            for (group, bit), (other, more) in combinations(bits, 2)
        ]
    return [({"group_id": group}, bit) for group, bit in bits if spec.of_group in (None, group)]


def _plain(agg: str, values: Sequence[int]) -> SqlRow:
    row: SqlRow = {name: values[at] for name, at in _COLUMNS[agg].items()}
    return row | {"unknown": values[_EVERY[agg]] - row["denominator"]} if agg in _EVERY else row


def _rates(
    keys: Sequence[SqlRow], groups: Sequence[SqlRow], sides: Sequence[Counts], _: Sequence[Sequence[int]]
) -> list[SqlRow]:
    rows = []
    for group, by_side in zip(groups, sides, strict=True):
        for side, by_key in zip(SIDES, by_side, strict=True):
            for key, values in zip(keys, by_key, strict=True):
                if values[EVENTS]:
                    row: SqlRow = {**group, "side": side, **key, **sums_of(values)}
                    if "other_id" in group:  # a pair
                        row["residents"] = values[RESIDENTS_KNOWN] if side == "in" else 0
                    rows.append(row)
    return rows


def _participation(
    keys: Sequence[SqlRow], groups: Sequence[SqlRow], sides: Sequence[Counts], everyone: Sequence[Sequence[int]]
) -> list[SqlRow]:
    return [
        {
            **group,
            **key,
            "numerator": inside[RESIDENTS],
            "denominator": answered[RESIDENTS],
            "everyone": every[RESIDENTS],
        }
        for group, by_side in zip(groups, sides, strict=True)
        for key, inside, answered, every in zip(keys, *by_side, everyone, strict=True)
        if every[EVENTS]
    ]


def _two_sides(
    keys: Sequence[SqlRow], groups: Sequence[SqlRow], sides: Sequence[Counts], everyone: Sequence[Sequence[int]]
) -> list[SqlRow]:
    return [
        {
            **group, "successes_in": inside[SUCCESSES], "known_in": inside[KNOWN],
            "successes_out": outside[SUCCESSES], "known_out": outside[KNOWN], **key,
        }
        for group, by_side in zip(groups, sides, strict=True)
        for key, inside, outside, every in zip(keys, *by_side, everyone, strict=True)
        if every[EVENTS]
    ]  # fmt: skip


def _exits(
    keys: Sequence[SqlRow], groups: Sequence[SqlRow], sides: Sequence[Counts], everyone: Sequence[Sequence[int]]
) -> list[SqlRow]:
    rows = _two_sides(keys, [{} for _ in groups], sides, everyone)
    exits = (
        inside[EVENTS] for by_key, _ in sides for inside, every in zip(by_key, everyone, strict=True) if every[EVENTS]
    )
    return [row | {"exits_in": count} for row, count in zip(rows, exits, strict=True)]


def _intake(
    keys: Sequence[SqlRow], _: Sequence[SqlRow], sides: Sequence[Counts], everyone: Sequence[Sequence[int]]
) -> list[SqlRow]:
    return [
        {**key, "inside": inside[RESIDENTS], "outside": outside[RESIDENTS], "undisclosed": undisclosed[RESIDENTS]}
        for by_side in sides
        for key, inside, outside, undisclosed, every in zip(keys, *by_side, everyone, strict=True)
        if every[RESIDENTS]
    ]


def sums_of(values: Sequence[int]) -> SqlRow:
    """Return the columns of a rate's sums."""
    return dict(zip(SIDE_SUMS, values[SUCCESSES:RESIDENTS_KNOWN], strict=True))


# the keys, groups, counts by group and side, and counts of everyone by key
_Rows: TypeAlias = Callable[
    [Sequence[SqlRow], Sequence[SqlRow], Sequence[Counts], Sequence[Sequence[int]]], list[SqlRow]
]
_ROWS: Mapping[str, _Rows] = {
    "rate_by_side": _rates,
    "rate_by_pair": _rates,
    "participation": _participation,
    "participation_by_pair": _participation,
    "cells_by_side": _two_sides,
    "exits_by_side": _exits,
    "intake_by_side": _intake,
}
