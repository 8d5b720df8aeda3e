"""The equations between the counts of one stem: everything that adds up, whether hidden or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix

from queries.privacy.hierarchy import outer_of
from queries.privacy.solutions import Flags, Numbers, Places
from queries.privacy.solver import Line, Solver
from queries.privacy.tables import PERIODS, Address, address_of, sides_in

_Variable: TypeAlias = tuple[Address, int]  # a cell and the side of its group, 0 without a group
_Line: TypeAlias = tuple[Line, int]  # what adds up, and the side of the group


@dataclass(frozen=True)
class Equations:
    """Everything that adds up, whether hidden or not: `matrix` times the values is zero where residents add up.

    Attributes:
        variables: The cells, a variable for each side of a group.
        values: The true counts, a column for each count that a cell has.
        matrix: A row for each total, with ones for its parts and minus one for itself.
        counts: How many of the columns are counts. The others are differences between nested measures.
        owners: For each variable, the region whose board knows its cell exactly.
    """

    variables: list[_Variable]
    values: Numbers
    matrix: csr_matrix
    counts: int
    owners: list[str | None]

    @classmethod
    def of(cls, solver: Solver) -> Equations:
        """Return the equations between all cells of a solver."""
        addresses = dict.fromkeys([*solver.cells, *solver.unshown, *(address for address, _ in solver.differences)])
        variables = [(address, side) for address in addresses for side in range(sides_in(address))]
        width = len(solver.cells[()].values)
        nobody = (0,) * width
        values = [
            (cell.values[side * width : (side + 1) * width] if (cell := solver.cell(address)) else nobody)
            + solver.differences.get((address, side), ())
            for address, side in variables
        ]
        places = {variable: at for at, variable in enumerate(variables)}
        lines: dict[_Line, list[int]] = {}
        totals: dict[_Line, int] = {}
        for line, total, part in _sums(solver, variables):
            lines.setdefault(line, []).append(places[part])
            totals[line] = places[total]
        for unlisted, address in _unlisted(solver, lines):
            if (address, 0) not in places:
                places[address, 0] = len(variables)
                variables.append((address, 0))
                listed = np.sum([values[at] for at in lines[unlisted]], axis=0)
                values.append(tuple(np.maximum(np.subtract(values[totals[unlisted]], listed), 0).tolist()))
                for sum_of, total_address in solver.totals(address):
                    if _dimension(sum_of) != _dimension(unlisted[0]):
                        lines.setdefault((sum_of, 0), []).append(places[address, 0])
                        totals[sum_of, 0] = places[total_address, 0]
            lines[unlisted].append(places[address, 0])
        entries = [(row, at, 1.0) for row, parts in enumerate(lines.values()) for at in parts]
        entries += [(row, totals[line], -1.0) for row, line in enumerate(lines)]
        rows, columns, data = zip(*entries, strict=True)
        matrix = csr_matrix((data, (rows, columns)), shape=(len(lines), len(variables)))
        owners = [_owner(solver, address) for address, _ in variables]
        return cls(variables, np.array(values, dtype=float), matrix, width, owners)

    @cached_property
    def cell_of(self) -> Places:
        """A number for the cell of each variable."""
        return np.cumsum([side == 0 for _, side in self.variables]) - 1

    def flags(self, holds: Callable[[Address], bool]) -> Flags:
        """Return for which variables something holds of their cell."""
        return np.array([holds(address) for address, side in self.variables if side == 0])[self.cell_of]

    def is_elsewhere(self, solver: Solver) -> Flags:
        """Return which variables are of cells that only measures of other stems count people in.

        No answer lists such a cell of this stem, and that nobody is there is no secret. So what the others count there is the
        difference. Where that is small, readers do not see it, but it cannot make up for another difference: it only moves if the
        other count does, and then so does the other count somewhere else.
        """
        return self.flags(lambda address: solver.cell(address) is None and (address, 0) in solver.differences)

    def is_inside(self, solver: Solver, at: int) -> Flags:
        """Return which variables are of cells inside the regions that a column counts people outside of: there are none."""
        place = at - self.counts - len(solver.nested)
        if place < 0:
            return np.zeros(len(self.variables), bool)
        regions = solver.known_regions[place // self.counts]
        return np.array([owner in regions for owner in self.owners])

    def is_hidden(self, solver: Solver) -> Flags:
        """Return which variables are hidden from the Governor's office.

        Numbers that read as in an earlier delivery count as hidden: whether they changed a little is.
        """
        return self.flags(
            lambda address: (
                address in solver.reasons
                or address in solver.held
                or address not in solver.cells
                or solver.is_remembered(address)
            )
        )

    def is_known(self, solver: Solver, known: Collection[str]) -> Flags:
        """Return which variables cannot be hidden from readers who know these regions exactly: theirs, and the state's.

        Nor can numbers that readers saw in an earlier delivery and that did not change.
        """
        is_theirs = np.array([owner in known for owner in self.owners])
        return is_theirs | self.flags(
            lambda address: (
                not address
                or (address in solver.reasons and solver.is_remembered(address) and not solver.change(address))
            )
        )

    def is_unchanged(self, solver: Solver) -> Flags:
        """Return which variables read as in an earlier delivery because they did not change."""
        return self.flags(
            lambda address: (
                address not in solver.reasons and solver.is_remembered(address) and not solver.change(address)
            )
        )

    def changes(self, solver: Solver) -> Numbers:
        """Return how much each value changed since an earlier delivery showed it, without its sign; zero for others."""
        result = np.zeros_like(self.values)
        width = self.counts
        for at, (address, side) in enumerate(self.variables):
            decided = solver.earlier.get(address) if address in solver.cells else None
            changes = decided.changes(solver.cells[address].values) if decided and not decided.is_hidden else None
            if changes is not None:
                result[at, :width] = np.abs(changes[side * width : (side + 1) * width])
        return result

    def are_small(self, solver: Solver) -> Flags:
        """Return which values are small; of differences, those that nothing else protects."""
        values = self.values.copy()
        for at, variable in enumerate(self.variables):
            unprotected = solver.unprotected.get(variable)
            if unprotected is not None:
                values[at, self.counts :] = unprotected
        return (values > 0) & (values < solver.rule.min_count)

    def moving(self, solver: Solver) -> Numbers:
        """Return what moves where each value does: for a difference, the counts of its measure. The other one is taken for known."""
        result = self.values.copy()
        for at, (difference, _) in enumerate(solver.nested, self.counts):
            counts = self.values[:, solver.columns(difference.measure)]
            result[:, at] = counts[:, 0] if difference.is_of_successes else counts.sum(axis=1)
        return result

    def limits(self, solver: Solver) -> tuple[Numbers, Numbers]:
        """Return how much smaller each value can be, and how much larger. Nothing that moves can be less than zero.

        Nor can a difference, except where it is below zero already, or of a period in which it counts nobody in particular.
        """
        moving, is_period = self.moving(solver), self.flags(lambda address: any(name in PERIODS for name, _ in address))
        rooms, tops = np.where(self.values < 0, np.inf, self.values), np.full_like(self.values, np.inf)
        for at, (difference, sign) in enumerate(solver.nested, self.counts):
            if not difference.is_by_period:
                rooms[is_period, at] = np.inf
            if sign > 0:  # the larger the count, the smaller the difference
                tops[:, at] = moving[:, at]
            else:
                rooms[:, at] = np.minimum(rooms[:, at], moving[:, at])
        return rooms, tops

    def that_hold(self, *truths: Numbers) -> csr_matrix:
        """Return the equations that hold for some of these counts. Totals of residents who are in several places add up to nothing."""
        return self.matrix[np.flatnonzero(np.any([np.abs(self.matrix @ truth) < 0.5 for truth in truths], axis=0))]


def _owner(solver: Solver, address: Address) -> str | None:
    """Return the region whose board knows a cell exactly."""
    if address in solver.cells:
        return solver.cells[address].owner
    values = dict(address)
    return values.get("region") or outer_of(solver.outer, "town", values.get("town", "")).get("region")


def _sums(solver: Solver, variables: list[_Variable]) -> Iterator[tuple[_Line, _Variable, _Variable]]:
    """Yield each line, its total and one of its parts; the sides of a group add up to the cell without it."""
    for address, side in variables:
        for line, total in solver.totals(address):
            yield (line, side), (total, side), (address, side)
        rest = tuple(item for item in address if item[0] != "group")
        if rest != address and rest in solver.cells:
            yield (("sides", address), 0), (rest, 0), (address, side)


def _unlisted(solver: Solver, lines: Collection[_Line]) -> list[tuple[_Line, Address]]:
    """Return the lines that lack residents for whom a dimension is not recorded, each with their cell.

    Residents of Eastern in Healthcare without a town, or of Norwich without a sector: no answer has these cells. Readers do not
    know that nobody is in them.
    """
    result = []
    empty = solver.members[0].model.empty
    for line, side in lines:
        dimension = _dimension(line)
        if side == 0 and ((dimension, empty),) in solver.cells:
            address = address_of({**dict(line[1]), dimension: empty})
            result += [((line, side), address)] if solver.cell(address) is None else []
    return result


def _dimension(line: Line) -> str:
    """Return what adds up in a line: towns, for those in a region."""
    return line[0].partition(" in ")[0]
