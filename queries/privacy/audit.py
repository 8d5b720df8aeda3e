"""Audit the hidden cells of one stem by linear programming: how far what is shown narrows each small count.

A reader can add and subtract everything that is shown. The counts that fit all sums are the solutions of linear equations, and the
true counts are one of them. The audit looks for others, first for many counts at once and then for each by itself. If two
solutions differ by as much as "hidden" leaves open, the count is safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from queries.privacy.patterns import SHARING, is_small
from queries.privacy.solver import Solver
from queries.privacy.tables import Address
from queries.scope import SIDES

_ROUNDS = 24  # of programs for many counts at once
_MOST_SINGLE = 40  # counts that are solved for by themselves; more are taken to be exposed
_WITH_DIRECTORS = frozenset({"residents_enrolled", "completions"})  # stems that are also audited for two directors
_SEED = 2026
_Variable = tuple[Address, int]  # a cell and the side of its group, 0 without a group
_Numbers = npt.NDArray[np.float64]


@dataclass
class Audit:
    """What readers can compute about the small counts of one stem.

    Attributes:
        tried: Small counts, once for each set of readers.
        recovered: Cells with a small count that only one value fits.
        narrowed: Cells with a small count that fewer values fit than "hidden" leaves open.
    """

    tried: int = 0
    recovered: set[Address] = field(default_factory=set)
    narrowed: set[Address] = field(default_factory=set)

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
    for known in [(), *pairs]:
        is_hidden = equations.is_hidden(solver, known)
        for truth in equations.values.T:
            _audit_counts(equations, truth, is_hidden, solver.rule.min_count, result)
    return result


def _neighbors(owners: Sequence[str]) -> list[tuple[str, ...]]:
    """Return pairs of regions, so that each is in two of them."""
    return list(zip(owners, (*owners[1:], *owners[:1]), strict=True)) if len(owners) > SHARING else []


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

    def is_hidden(self, solver: Solver, known: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which variables are hidden from readers who know these regions exactly."""
        hidden = [
            address in solver.reasons and solver.cells[address].owner not in known for address, _ in self.variables
        ]
        return np.array(hidden)


def _sums(solver: Solver, variables: list[_Variable]) -> Iterator[tuple[object, _Variable, _Variable]]:
    """Yield each line, its total and one of its parts; the sides of a group add up to the cell without it."""
    for address, side in variables:
        for line, total in solver.totals(address):
            yield (line, side), (total, side), (address, side)
        rest = tuple(item for item in address if item[0] != "group")
        if rest != address and rest in solver.cells:
            yield ("sides", address), (rest, 0), (address, side)


def _audit_counts(
    equations: _Equations, truth: _Numbers, is_hidden: npt.NDArray[np.bool_], min_count: int, result: Audit
) -> None:
    """Audit one count of every cell. Totals of residents who are in several places add up to nothing."""
    adds_up = np.abs(equations.matrix @ truth) < 0.5
    matrix = equations.matrix[np.flatnonzero(adds_up)][:, np.flatnonzero(is_hidden)]
    matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
    hidden = [variable for variable, hides in zip(equations.variables, is_hidden, strict=True) if hides]
    targets = np.array([is_small(count, min_count) for count in truth[is_hidden]], dtype=bool)
    result.tried += int(targets.sum())
    for at, width in _widths(matrix, truth[is_hidden], targets, min_count - 2).items():
        (result.recovered if width < 0.5 else result.narrowed).add(hidden[at][0])


def _widths(matrix: csr_matrix, truth: _Numbers, targets: npt.NDArray[np.bool_], enough: int) -> dict[int, float]:
    """Return how far apart the values of each target can be, where that is less than enough.

    Solutions are looked for near the truth, which keeps the programs small and can only make a target look less safe.
    """
    low, high = np.zeros(len(truth)), np.zeros(len(truth))
    bounds = np.column_stack([-np.minimum(truth, enough + 1), np.full(len(truth), enough + 1.0)])

    def stretch(goal: _Numbers) -> None:
        solved = linprog(goal, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs")
        if solved.status != 0:
            raise AssertionError(f"The equations have no solution: {solved.message}")
        np.minimum(low, solved.x, out=low)
        np.maximum(high, solved.x, out=high)

    if not targets.any() or not matrix.shape[0]:
        return {}
    chooser = np.random.default_rng(_SEED)
    before = -1
    for _ in range(_ROUNDS):
        unsafe = targets & (high - low < enough - 1e-6)
        if not unsafe.any():
            return {}
        if unsafe.sum() == before:  # no more were shown to be safe
            break
        before = unsafe.sum()
        stretch(np.where(unsafe, chooser.choice((-1.0, 1.0), len(truth)) * chooser.uniform(0.5, 1.0, len(truth)), 0.0))
    unsafe_at = np.flatnonzero(targets & (high - low < enough - 1e-6))
    for at in unsafe_at if len(unsafe_at) <= _MOST_SINGLE else ():
        for sign in (1.0, -1.0):
            goal = np.zeros(len(truth))
            goal[at] = sign
            stretch(goal)
    unsafe = targets & (high - low < enough - 1e-6)
    return {int(at): float(high[at] - low[at]) for at in np.flatnonzero(unsafe)}
