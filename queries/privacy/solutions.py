"""Solutions of the equations between the counts of one stem: other counts that readers would see the same totals of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix

TOLERANCE = 1e-6
Numbers: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]
_OPTIONS: dict[str, str | bool | int] = {"output_flag": False, "presolve": "off", "solver": "simplex", "threads": 1}


@dataclass
class Solutions:
    """The solutions that were found for one count of every cell, as differences from the truth.

    A solution holds for other readers, and after more is hidden, as long as every count that it changes is hidden.
    """

    _stored: list[tuple[Places, Numbers]] = field(default_factory=list)

    def add(self, places: Places, differences: Numbers) -> None:
        """Add a solution: the places of counts and how much they differ from the truth."""
        is_changed = np.abs(differences) > TOLERANCE
        self._stored.append((places[is_changed], differences[is_changed]))

    def ranges(self, is_hidden: Flags, sums: Sequence[Places] = ()) -> tuple[Numbers, Numbers]:
        """Return how much lower and higher each count can be, by the solutions that change only hidden counts.

        Args:
            is_hidden: Which counts are hidden.
            sums: The counts that the last ones are the sums of.
        """
        low, high = np.zeros(len(is_hidden)), np.zeros(len(is_hidden))
        first = len(is_hidden) - len(sums)
        starts = np.cumsum([0, *map(len, sums)])[:-1]
        for places, differences in self._stored:
            if is_hidden[places].all():
                low[places] = np.minimum(low[places], differences)
                high[places] = np.maximum(high[places], differences)
                if len(sums):
                    by_count = np.zeros(first)
                    by_count[places] = differences
                    of_sums = np.add.reduceat(by_count[np.concatenate(sums)], starts)
                    low[first:] = np.minimum(low[first:], of_sums)
                    high[first:] = np.maximum(high[first:], of_sums)
        return low, high


class _Solver(highspy.Highs):
    """HiGHS without its callbacks: to set them up prints a line before any option can forbid it."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


class SolutionFinder:
    """Finds differences from the true counts that fit all equations, each between two bounds, and are cheapest.

    Rises and falls are variables of their own, all zero at first. So the simplex method starts at the truth and changes a few
    counts near the goal, 20 times as fast as from anywhere else. Presolving would cost more than it saves.
    """

    def __init__(self, matrix: csc_matrix, least: Numbers, most: Numbers) -> None:
        """Take the equations, and how large each difference must and can be."""
        self._rises, self._falls = np.flatnonzero(most > 0), np.flatnonzero(least < 0)
        self._count = len(least)
        split = matrix[:, np.concatenate([self._rises, self._falls])]
        split.data[split.indptr[len(self._rises)] :] *= -1
        is_used = np.zeros(split.shape[0], bool)
        is_used[split.indices] = True
        rows = (np.cumsum(is_used, dtype=np.int32) - 1)[split.indices]
        self._solver = _Solver()
        for option, value in _OPTIONS.items():
            self._solver.setOptionValue(option, value)
        count, nobody = split.shape[1], np.zeros(np.count_nonzero(is_used))
        self._solver.passModel(
            *(count, len(nobody), split.nnz, int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0),
            *(np.zeros(count), np.concatenate([np.maximum(least[self._rises], 0), np.maximum(-most[self._falls], 0)])),
            *(np.concatenate([most[self._rises], -least[self._falls]]), nobody, nobody),
            *(split.indptr, rows, split.data, np.zeros(count, np.int32)),
        )

    def cheapest(self, *, goal: Numbers | float = 0.0, cost: Numbers | float = 0.0) -> Numbers | None:
        """Return the cheapest differences; None if none fit.

        Args:
            goal: What a difference of one costs; less than nothing is a gain.
            cost: What a difference of one costs, up or down.
        """
        up, down = np.broadcast_to(cost + goal, self._count), np.broadcast_to(cost - goal, self._count)
        costs = np.concatenate([up[self._rises], down[self._falls]])
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self._solver.clearSolver()  # it starts at the truth again, which is nearer than the solution before
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = np.array(self._solver.getSolution().col_value)
        differences = np.zeros(self._count)
        differences[self._rises] += solution[: len(self._rises)]
        differences[self._falls] -= solution[len(self._rises) :]
        return differences
