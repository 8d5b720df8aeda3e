"""Audit the hidden cells of one stem by linear programming: how far what is shown narrows each small count.

A reader can add and subtract everything that is shown. The counts that fit all sums are the solutions of linear equations, and the
true counts are one of them. The audit looks for others, first for many counts at once and then for each by itself. If two
solutions differ by as much as "hidden" leaves open, the count is safe. For a count that is not, it looks for the cheapest
solution that changes shown cells too: hiding these makes the count safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from queries.privacy.patterns import SHARING, is_small
from queries.privacy.solver import Solver
from queries.privacy.tables import Address
from queries.scope import SIDES

_ROUNDS = 24  # of programs for many counts at once
_MOST_SINGLE = 40  # counts that are solved for by themselves; more are taken to be exposed
_MOST_MENDED = 40  # counts for which cells to hide are looked for, in one audit of one set of readers
_WITH_DIRECTORS = frozenset({"residents_enrolled", "completions"})  # stems that are also audited for two directors
_SEED = 2026
_LEAST_COST = 10.0  # of hiding a cell, besides the people that it counts
_TOLERANCE = 1e-6
_Variable: TypeAlias = tuple[Address, int]  # a cell and the side of its group, 0 without a group
_Numbers: TypeAlias = npt.NDArray[np.float64]
_Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass
class Audit:
    """What readers can compute about the small counts of one stem.

    Attributes:
        tried: Small counts, once for each set of readers.
        recovered: Cells with a small count that only one value fits.
        narrowed: Cells with a small count that fewer values fit than "hidden" leaves open.
        more: Shown cells to hide so that these counts are safe.
    """

    tried: int = 0
    recovered: set[Address] = field(default_factory=set)
    narrowed: set[Address] = field(default_factory=set)
    more: set[Address] = field(default_factory=set)

    @property
    def exposed(self) -> set[Address]:
        """All cells that are not safe."""
        return self.recovered | self.narrowed


def audit(solver: Solver) -> Audit:
    """Audit what the Governor's office can compute, and pairs of directors who share what they know of their regions."""
    result = Audit()
    equations = _Equations.of(solver)
    owners = sorted({cell.owner for cell in solver.cells.values() if cell.owner is not None})
    pairs = _neighbors(owners) if solver.members[0].measure.id in _WITH_DIRECTORS else []
    enough = solver.rule.min_count - 2
    for known in [(), *pairs]:
        is_known = equations.is_known(solver, known)
        is_hidden = equations.is_hidden(solver) & ~is_known
        for truth in equations.values.T:
            targets = is_hidden & np.array([is_small(count, solver.rule.min_count) for count in truth], dtype=bool)
            result.tried += int(targets.sum())
            room = np.minimum(truth, enough + 1)
            program = _Program(equations.that_hold(truth), room, is_hidden, is_known, enough)
            _judge(equations, program, targets, result)
    return result


def _neighbors(owners: Sequence[str]) -> list[tuple[str, ...]]:
    """Return pairs of regions, so that each is in two of them."""
    return list(zip(owners, (*owners[1:], *owners[:1]), strict=True)) if len(owners) > SHARING else []


def _judge(equations: _Equations, program: _Program, targets: _Flags, result: Audit) -> None:
    """Note the targets that are not safe, and which cells to hide for them."""
    narrow = program.narrow(targets)
    for at, width in narrow.items():
        (result.recovered if width < 0.5 else result.narrowed).add(equations.variables[at][0])
    cost = _LEAST_COST + equations.values.sum(axis=1)
    for at in list(narrow)[:_MOST_MENDED]:
        more = {equations.variables[other][0] for other in program.hide_for(at, cost)}
        result.more |= more
        cost[[address in more for address, _ in equations.variables]] = 0.0


@dataclass(frozen=True)
class _Equations:
    """Everything that adds up, whether hidden or not: `matrix` times the values is zero where residents add up.

    Attributes:
        variables: The cells, a variable for each side of a group.
        values: The true counts, a column for each count that a cell has.
        matrix: A row for each total, with ones for its parts and minus one for itself.
    """

    variables: list[_Variable]
    values: _Numbers
    matrix: csr_matrix

    @classmethod
    def of(cls, solver: Solver) -> _Equations:
        """Return the equations between all cells of a solver."""
        variables = [
            (address, side)
            for address in solver.cells
            for side in range(len(SIDES) if any(name == "group" for name, _ in address) else 1)
        ]
        places = {variable: at for at, variable in enumerate(variables)}
        sums: dict[object, list[int]] = {}
        totals: dict[object, int] = {}
        for line, total, part in _sums(solver, variables):
            sums.setdefault(line, []).append(places[part])
            totals[line] = places[total]
        entries = [(row, at, 1.0) for row, parts in enumerate(sums.values()) for at in parts]
        entries += [(row, totals[line], -1.0) for row, line in enumerate(sums)]
        rows, columns, data = zip(*entries, strict=True)
        width = len(solver.cells[()].values)
        values = [solver.cells[address].values[side * width : (side + 1) * width] for address, side in variables]
        matrix = csr_matrix((data, (rows, columns)), shape=(len(sums), len(variables)))
        return cls(variables, np.array(values, dtype=float), matrix)

    def is_hidden(self, solver: Solver) -> _Flags:
        """Return which variables are hidden from the Governor's office."""
        return np.array([address in solver.reasons for address, _ in self.variables])

    def is_known(self, solver: Solver, known: Collection[str]) -> _Flags:
        """Return which variables cannot be hidden from readers who know these regions exactly: theirs, and the state's."""
        return np.array([not address or solver.cells[address].owner in known for address, _ in self.variables])

    def that_hold(self, truth: _Numbers) -> csr_matrix:
        """Return the equations that hold. Totals of residents who are in several places add up to nothing."""
        return self.matrix[np.flatnonzero(np.abs(self.matrix @ truth) < 0.5)]


def _sums(solver: Solver, variables: list[_Variable]) -> Iterator[tuple[object, _Variable, _Variable]]:
    """Yield each line, its total and one of its parts; the sides of a group add up to the cell without it."""
    for address, side in variables:
        for line, total in solver.totals(address):
            yield (line, side), (total, side), (address, side)
        rest = tuple(item for item in address if item[0] != "group")
        if rest != address and rest in solver.cells:
            yield ("sides", address), (rest, 0), (address, side)


@dataclass(frozen=True)
class _Program:
    """The linear programs of one count of every cell, in terms of differences from the truth.

    Solutions are looked for near the truth, which keeps the programs small and can only make a target look less safe.

    Attributes:
        matrix: The equations; differences fit if the product is zero.
        room: How much lower each count can be.
        is_hidden: Which counts are hidden.
        is_known: Which counts cannot be hidden.
        enough: How far apart two solutions for a count must be.
    """

    matrix: csr_matrix
    room: _Numbers
    is_hidden: _Flags
    is_known: _Flags
    enough: int

    def narrow(self, targets: _Flags) -> dict[int, float]:
        """Return how far apart the values of each target can be, where that is less than enough."""
        columns = np.flatnonzero(self.is_hidden)
        matrix = self.matrix[:, columns]
        matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
        if not targets.any() or not matrix.shape[0]:
            return {}
        widths = _widths(matrix, self.room[columns], targets[columns], self.enough)
        return {int(columns[at]): width for at, width in widths.items()}

    def hide_for(self, target: int, cost: _Numbers) -> npt.NDArray[np.int64]:
        """Return the shown counts that change in the cheapest solution in which a target is larger by enough.

        Args:
            target: The place of the count.
            cost: Of changing each shown count by one; hidden ones cost nothing.
        """
        width = len(self.room)
        costs = np.where(self.is_hidden, 0.0, cost)
        most_up = np.where(self.is_known, 0.0, self.enough + 1.0)
        most_down = np.where(self.is_known, 0.0, self.room)
        least_up = np.zeros(width)
        least_up[target] = self.enough
        most_down[target] = 0.0
        solved = linprog(
            np.concatenate([costs, costs]),
            A_eq=hstack([self.matrix, -self.matrix], format="csr"),
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([np.concatenate([least_up, np.zeros(width)]), np.concatenate([most_up, most_down])]),
            method="highs",
        )
        if solved.status != 0:
            return np.array([], dtype=np.int64)
        return np.flatnonzero((solved.x[:width] + solved.x[width:] > _TOLERANCE) & ~self.is_hidden)


def _widths(matrix: csr_matrix, room: _Numbers, targets: _Flags, enough: int) -> dict[int, float]:
    """Return how far apart the values of each target can be, where that is less than enough."""
    low, high = np.zeros(len(room)), np.zeros(len(room))
    bounds = np.column_stack([-room, np.full(len(room), enough + 1.0)])

    def stretch(goal: _Numbers) -> None:
        solved = linprog(goal, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs")
        if solved.status != 0:
            raise AssertionError(f"The equations have no solution: {solved.message}")
        np.minimum(low, solved.x, out=low)
        np.maximum(high, solved.x, out=high)

    chooser = np.random.default_rng(_SEED)
    before = -1
    for _ in range(_ROUNDS):
        unsafe = targets & (high - low < enough - _TOLERANCE)
        if not unsafe.any():
            return {}
        if unsafe.sum() == before:  # no more were shown to be safe
            break
        before = unsafe.sum()
        stretch(np.where(unsafe, chooser.choice((-1.0, 1.0), len(room)) * chooser.uniform(0.5, 1.0, len(room)), 0.0))
    unsafe_at = np.flatnonzero(targets & (high - low < enough - _TOLERANCE))
    for at in unsafe_at if len(unsafe_at) <= _MOST_SINGLE else ():
        for sign in (1.0, -1.0):
            goal = np.zeros(len(room))
            goal[at] = sign
            stretch(goal)
    unsafe = targets & (high - low < enough - _TOLERANCE)
    return {int(at): float(high[at] - low[at]) for at in np.flatnonzero(unsafe)}
