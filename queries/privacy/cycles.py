"""Hide small cells of a table in rectangles, so that no set of equations gives them away.

If four cells at the corners of a rectangle are hidden, some residents can be moved around it without changing any total: the
small cell can be larger or smaller by as many as its neighbors hold, whatever else is shown (the hypercube method: Giessing and
Repsilber 2002). Tables that share totals with this one are not affected either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from queries.privacy.hierarchy import Outer, outer_of
from queries.privacy.patterns import SECONDARY, SHARING, Cell, Reason, is_small
from queries.privacy.tables import Address

_REMEMBERED = 1e6  # the cost of a cell that readers saw in an earlier delivery
_LAST_RESORT = 1e9  # the cost of a rectangle whose corners hold too few to hide the small cell well


def with_rectangles(
    cells: Mapping[Address, Cell], reasons: Mapping[Address, Reason], min_count: int, outer: Outer
) -> Mapping[Address, Reason]:
    """Return the hidden cells of a table of two dimensions, with as many more as it takes.

    Args:
        cells: Every cell by its address.
        reasons: The cells that are hidden already.
        min_count: Counts from 1 to below this are small.
        outer: The outer dimensions of towns and programs.
    """
    table = _Grid.of(cells, reasons, min_count, outer)
    result = dict(reasons)
    small = [address for address in reasons if any(is_small(count, min_count) for count in cells[address].counts)]
    for address in sorted(small, key=lambda each: (-sum(cells[each].counts), each)):
        for corner in table.corners(address):
            result.setdefault(corner, SECONDARY)
    return result


@dataclass(frozen=True)
class _Grid:
    """A table as arrays.

    Attributes:
        rows: The values of the first dimension.
        columns: The values of the second.
        names: The two dimensions.
        values: Counts by place in the cell, row and column.
        cost: Of hiding a cell: 0 if it is hidden, infinite if it is missing.
        owners: A number for the region whose board sees a cell exactly; -1 without.
        row_blocks: A number for each row: rows of one number are inside the same outer values.
        column_blocks: The same for columns.
        min_count: Counts from 1 to below this are small.
    """

    rows: list[str]
    columns: list[str]
    names: tuple[str, str]
    values: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    owners: npt.NDArray[np.int64]
    row_blocks: npt.NDArray[np.int64]
    column_blocks: npt.NDArray[np.int64]
    min_count: int

    @classmethod
    def of(
        cls, cells: Mapping[Address, Cell], reasons: Mapping[Address, Reason], min_count: int, outer: Outer
    ) -> _Grid:
        """Return the arrays of a table."""
        (first, _), (second, _) = next(iter(cells))
        rows, columns = (sorted({address[at][1] for address in cells}) for at in (0, 1))
        row_at, column_at = ({value: at for at, value in enumerate(values)} for values in (rows, columns))
        places = max(len(cell.counts) for cell in cells.values())
        values = np.zeros((places, len(rows), len(columns)))
        cost = np.full((len(rows), len(columns)), np.inf)
        owners = np.full(cost.shape, -1)
        numbers: dict[str, int] = {}
        for address, cell in cells.items():
            row, column = row_at[address[0][1]], column_at[address[1][1]]
            if cell.owner is not None:
                owners[row, column] = numbers.setdefault(cell.owner, len(numbers))
            values[: len(cell.counts), row, column] = cell.counts
            shown_cost = 1.0 + sum(cell.counts) + (_REMEMBERED if cell.is_remembered else 0.0)
            cost[row, column] = 0.0 if address in reasons else shown_cost
        blocks = (_blocks(outer, first, rows), _blocks(outer, second, columns))
        return cls(rows, columns, (first, second), values, cost, owners, *blocks, min_count)

    def corners(self, address: Address) -> Iterator[Address]:
        """Hide the other corners of a small cell's rectangles and yield them.

        A cell of a region gets several rectangles, with cells of different regions: boards may tell each other what they see.
        """
        row, column = self.rows.index(address[0][1]), self.columns.index(address[1][1])
        cost = self._cost_of_rectangles(row, column)
        has_owners = self.owners[row, column] >= 0
        for _ in range(SHARING + 1 if has_owners else 1):
            other_row, other_column = divmod(int(cost.argmin()), cost.shape[1])
            if cost[other_row, other_column] == np.inf:
                return
            for at in ((row, other_column), (other_row, column), (other_row, other_column)):
                self.cost[at] = 0.0
                yield self._address(*at)
            if has_owners:
                cost[self.owners == self.owners[other_row, other_column]] = np.inf

    def _cost_of_rectangles(self, row: int, column: int) -> npt.NDArray[np.float64]:
        """Return the cost of hiding the rectangle between a cell and each cell as the opposite corner."""
        cost: npt.NDArray[np.float64] = self.cost[row, :][None, :] + self.cost[:, column][:, None] + self.cost
        for values in self.values:
            if is_small(values[row, column], self.min_count):
                room = np.minimum(values[row, :][None, :], values[:, column][:, None])
                cost = cost + np.where(room >= self.min_count - 2, 0.0, _LAST_RESORT)
        cost[row, :] = np.inf
        cost[:, column] = np.inf
        # cells of one outer value add up to a total that may be known
        for inside in (
            (self.row_blocks == self.row_blocks[row])[:, None],
            (self.column_blocks == self.column_blocks[column])[None, :],
        ):
            narrowed = np.where(inside, cost, np.inf)
            cost = narrowed if narrowed.min() < _LAST_RESORT else cost
        return cost

    def _address(self, row: int, column: int) -> Address:
        return ((self.names[0], self.rows[row]), (self.names[1], self.columns[column]))


def _blocks(outer: Outer, name: str, values: list[str]) -> npt.NDArray[np.int64]:
    """Return a number for each value: values inside the same outer values have the same."""
    numbers: dict[tuple[tuple[str, str], ...], int] = {}
    keys = (tuple(sorted(outer_of(outer, name, value).items())) for value in values)
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])
