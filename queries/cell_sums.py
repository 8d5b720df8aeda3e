"""Sums of what rows count, by cell of a grid (queries/axes.py), and of the cells on each side of a group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from queries.arrays import read_once
from queries.axes import Flags, Grid, Numbers, patterns_of
from queries.database import Store
from queries.row_codes import SUCCESS
from queries.sides import Side, are_on


def single(codes: Numbers, grid: Grid) -> Numbers:
    """Return each of `SUMS` for each cell, as if every row were of another resident."""
    places = np.flatnonzero(codes >= 0)
    by_code = np.bincount(grid.cells[places] * 3 + codes[places], minlength=3 * len(grid.answers)).reshape(-1, 3).T
    h, m, n = by_code[SUCCESS], by_code[1] + by_code[SUCCESS], by_code.sum(axis=0)
    return np.array((n, h, m, h, h, m, m, n, h))


def several(codes: Numbers, grid: Grid) -> Numbers:
    """Return what residents with several rows add to `single`, from the sums of squares on, for each cell.

    Such a resident counts once as a resident, and in hh, hm and mm with the squares of the sums (Rao and Scott 1992).

    Args:
        codes: What each row counts (queries/row_codes.py).
        grid: Where the rows are.
    """
    first, second = (codes[rows] for rows in grid.pairs)
    both = np.flatnonzero((first >= 0) & (second >= 0))
    kinds = np.bincount(
        grid.cells[grid.pairs[0][both]] * 9 + first[both] * 3 + second[both], minlength=9 * len(grid.answers)
    ).reshape(-1, 9)
    result: Numbers = _OF_PAIRS @ kinds.T
    places = np.flatnonzero((codes >= 0) & (grid.units >= 0))
    by_code = (
        np.bincount(grid.units[places] * 3 + codes[places], minlength=3 * len(grid.cells_of_units)).reshape(-1, 3).T
    )
    for row, values in zip(result, _more(by_code), strict=True):
        np.add.at(row, grid.cells_of_units, values)
    return result


def _more(by_code: Numbers) -> Numbers:
    """Return what residents add as `several` says, from how many rows of each code they have."""
    h, m, n = by_code[SUCCESS], by_code[1] + by_code[SUCCESS], by_code.sum(axis=0)
    return np.array((h * h - h, h * m - h, m * m - m, *((count > 0) - count for count in (m, n, h))))


# of a resident with two rows, by the codes of both: what they add
_OF_PAIRS = _more(np.array([np.bincount(codes, minlength=3) for codes in product(range(3), repeat=2)]).T)


def flags_of(store: Store, table: str, sides: Sequence[Side]) -> Flags:
    """Return, for each side, which combinations of answers are on it."""

    def read() -> Flags:
        patterns = patterns_of(store, table)
        return np.array([are_on(side, patterns) for side in sides], np.bool_)

    flags: Flags = read_once(store, ("sides", table, tuple(sides)), read)
    return flags


def added(sums: Numbers, flags: Flags, grid: Grid) -> Numbers:
    """Return the sums by side and key of the cells whose combination of answers is on each side."""
    weights, values = flags.T[grid.answers].astype(np.float64), sums.astype(np.float64)
    ends = (*grid.starts[1:].tolist(), len(grid.answers))
    by_key = [values[:, start:end] @ weights[start:end] for start, end in zip(grid.starts.tolist(), ends, strict=True)]
    result: Numbers = np.array(by_key).transpose(2, 0, 1).astype(np.int64)  # exact: far below 2**53
    return result
