"""Counts of small deliveries from one reading of the rows, for several facts and by several breakdowns.

A page that compares groups asks for six rates, of everybody, by region and by sector, and for the residents in each group and in two
groups at once. Each question has a query of its own, the one that "About this number" shows; planning it and joining the groups
take most of its time. So where the rows are few, what each row counts is read once (queries/row_codes.py), and numpy adds it up for every
breakdown and side of a group. The rows are those of the questions' own queries (tests/queries/test_small_deliveries.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from typing import TypeAlias

import numpy as np

from queries import key_counts, row_codes
from queries.aggregations.groups import PLACES, SIDE_SUMS
from queries.axes import OF, Flags, Grid, Numbers, are_on_sides, grid_of, patterns_of
from queries.compiler import QuerySpec
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, PERIODS, TIME
from queries.facts import facts
from queries.rollups.facts import MODEL
from queries.row_codes import SUCCESS
from queries.scope import SIDES

Counts: TypeAlias = list[list[list[int]]]  # by mask and key, in the order of _SUMS
# the last two count residents: those with a known outcome, and all
_SUMS = ("events", *SIDE_SUMS, "residents_known", "residents")


def rows(store: Store, spec: QuerySpec) -> list[SqlRow] | None:
    """Return the rows of a question as its own query returns them; None where they cannot be counted here."""
    table = row_codes.table_of(store, spec)
    if table is None:
        return None
    if spec.agg in key_counts.COUNTED:
        return key_counts.rows(store, spec, table)
    if not _is_possible(spec):
        return None
    by = PLACES if spec.agg == "cells_by_side" else (spec.by,) if spec.by else ()
    if spec.by in PERIODS:
        by = (f"{spec.by}{OF}{facts()[spec.fact].date}",)
    grid = grid_of(store, table, by)
    codes = row_codes.codes_of(store, spec, table)
    return _ROWS[spec.agg](spec, patterns_of(store, table), grid, _table(codes, grid))


def _is_possible(spec: QuerySpec) -> bool:
    if spec.agg not in _ROWS:
        return False
    if spec.by and spec.by not in TIME and (spec.by in PERIODS or DIMENSIONS[spec.by].is_membership):
        return False
    fact = facts()[spec.fact]
    is_wanted = bool(fact.success) != (spec.agg in _WITHOUT_SUCCESS)
    return fact.model == MODEL and is_wanted and not fact.amount and not fact.first


def _table(codes: Numbers, grid: Grid) -> Numbers:
    """Return what a fact counts: each of _SUMS for each cell.

    A resident with several applications counts in hh, hm and mm with the squares of the sums (Rao and Scott 1992).
    """
    places = np.flatnonzero(codes >= 0)
    code, unit = codes[places], grid.units[places]
    by_code = np.bincount(grid.cells[places] * 3 + code, minlength=3 * len(grid.answers)).reshape(-1, 3).T
    h, m, n = by_code[SUCCESS], by_code[1] + by_code[SUCCESS], by_code.sum(axis=0)
    table = np.array((n, h, m, h, h, m, m, n))
    # each resident was counted once for each row
    is_repeated = unit >= 0
    units = (
        np.bincount(unit[is_repeated] * 3 + code[is_repeated], minlength=3 * len(grid.cells_of_units)).reshape(-1, 3).T
    )
    several = np.flatnonzero(units.sum(axis=0) > 1)
    h, m, n = units[SUCCESS, several], units[1, several] + units[SUCCESS, several], units[:, several].sum(axis=0)
    more = (h * h - h, h * m - h, m * m - m, *((count > 0) - count for count in (m, n)))
    for row, values in zip(table[3:], more, strict=True):
        np.add.at(row, grid.cells_of_units[several], values)
    return table


def _added(table: Numbers, masks: Flags, grid: Grid) -> Counts:
    """Return the sums by key of the cells whose combination of answers is in each mask."""
    weights, values = masks.T[grid.answers].astype(np.float64), table.astype(np.float64)
    ends = (*grid.starts[1:].tolist(), len(grid.answers))
    sums = [values[:, start:end] @ weights[start:end] for start, end in zip(grid.starts.tolist(), ends, strict=True)]
    result: Counts = np.array(sums).transpose(2, 0, 1).astype(np.int64).tolist()  # exact: far below 2**53
    return result


def _by_side(spec: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    bits = _bits(spec)
    counts = _added(table, are_on_sides(patterns, bits), grid)
    return [
        {"group_id": group, "side": side} | key | _sums_of(values)
        for (group, side), by_key in zip(product(bits, SIDES), counts, strict=True)
        if spec.of_group in (None, group)
        for key, values in zip(grid.keys, by_key, strict=True)
        if values[0]
    ]


def _by_answers(_: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    keys = np.repeat(np.arange(len(grid.keys)), np.diff(grid.starts, append=len(grid.answers))).tolist()
    return [
        {"member_bits": member, "answered_bits": answered} | grid.keys[key] | _sums_of(values)
        for key, (member, answered), values in zip(keys, patterns[grid.answers].tolist(), table.T.tolist(), strict=True)
        if values[0]
    ]


def _by_pair(spec: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    pairs = list(combinations(_bits(spec).items(), 2))
    member, answered = patterns.T
    masks = []
    for (_, bit), (_, other) in pairs:
        is_inside = (member & bit > 0) & (member & other > 0)
        is_outside = answered & ~member & (bit | other) > 0
        masks += [is_inside, is_outside, ~is_inside & ~is_outside]
    return [
        {"group_id": group, "other_id": other, "side": side, "residents": values[-2] if side == "in" else 0}
        | key
        | _sums_of(values)
        for (((group, _), (other, _)), side), by_key in zip(
            product(pairs, SIDES), _added(table, np.array(masks), grid), strict=True
        )
        for key, values in zip(grid.keys, by_key, strict=True)
        if values[0]
    ]


def _participation(spec: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    bits = {group: bit for group, bit in _bits(spec).items() if spec.of_group in (None, group)}
    return _residents(patterns, grid, table, [({"group_id": group}, bit) for group, bit in bits.items()])


def _participation_by_pair(spec: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    pairs = combinations(_bits(spec).items(), 2)
    bits_of_pairs = [({"group_id": group, "other_id": other}, bit | more) for (group, bit), (other, more) in pairs]
    return _residents(patterns, grid, table, bits_of_pairs)


def _residents(patterns: Numbers, grid: Grid, table: Numbers, groups: Sequence[tuple[SqlRow, int]]) -> list[SqlRow]:
    """Return the residents in all groups of each set of bits, those who answered about all of them, and all residents."""
    everyone = np.ones(len(patterns), np.bool_)
    masks = np.array([everyone, *((column & bits) == bits for _, bits in groups for column in patterns.T)])
    totals, *counts = ([values[-1] for values in by_key] for by_key in _added(table, masks, grid))
    return [
        group | key | {"numerator": inside, "denominator": answered, "everyone": total}
        for (group, _), by_member, by_answered in zip(groups, counts[::2], counts[1::2], strict=True)
        for key, inside, answered, total in zip(grid.keys, by_member, by_answered, totals, strict=True)
        if total
    ]


def _cells(spec: QuerySpec, patterns: Numbers, grid: Grid, table: Numbers) -> list[SqlRow]:
    bits = _bits(spec)
    counts = _added(table[:3], are_on_sides(patterns, bits), grid)
    sides = {pair: by_key for pair, by_key in zip(product(bits, SIDES), counts, strict=True)}
    events = np.add.reduceat(table[0], grid.starts).tolist()
    return [
        {
            "group_id": group, "successes_in": inside[1], "known_in": inside[2],
            "successes_out": outside[1], "known_out": outside[2],
        }
        | key
        for group in bits
        if spec.of_group in (None, group)
        for key, is_there, inside, outside in zip(grid.keys, events, sides[group, "in"], sides[group, "out"], strict=True)
        if is_there
    ]  # fmt: skip


def _bits(spec: QuerySpec) -> dict[str, int]:
    """Return the bit of each group, in the order of the bits."""
    return dict(sorted(spec.bits.items(), key=lambda item: item[1]))


def _sums_of(values: Sequence[int]) -> SqlRow:
    return dict(zip(SIDE_SUMS, values[1:6], strict=True))


# by function of queries/aggregations/
_ROWS: Mapping[str, Callable[[QuerySpec, Numbers, Grid, Numbers], list[SqlRow]]] = {
    "rate_by_side": _by_side,
    "rate_by_answers": _by_answers,
    "rate_by_pair": _by_pair,
    "participation": _participation,
    "participation_by_pair": _participation_by_pair,
    "cells_by_side": _cells,
}
_WITHOUT_SUCCESS = ("participation", "participation_by_pair")
