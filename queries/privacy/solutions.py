"""Solutions of the equations between the counts of one stem: other counts that readers would see the same totals of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

TOLERANCE = 1e-6
Numbers: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]


@dataclass
class Solutions:
    """The solutions that were found for one count of every cell, as differences from the truth.

    A solution holds for other readers, and after more is hidden, as long as every count that it changes is hidden.
    """

    _stored: list[tuple[Places, Numbers]] = field(default_factory=list)

    def copy(self) -> Solutions:
        """Return the solutions that were found so far, apart from those that will be."""
        return Solutions(list(self._stored))

    def add(self, places: Places, differences: Numbers) -> None:
        """Add a solution: the places of counts and how much they differ from the truth."""
        is_changed = np.abs(differences) > TOLERANCE
        self._stored.append((places[is_changed], differences[is_changed]))

    def ranges(self, is_hidden: Flags) -> tuple[Numbers, Numbers]:
        """Return how much lower and higher each count can be, by the solutions that change only hidden counts."""
        low, high = np.zeros(len(is_hidden)), np.zeros(len(is_hidden))
        for places, differences in self._stored:
            if is_hidden[places].all():
                low[places] = np.minimum(low[places], differences)
                high[places] = np.maximum(high[places], differences)
        return low, high


def minimized(
    matrix: csr_matrix, least: Numbers, most: Numbers, *, goal: Numbers | float = 0.0, cost: Numbers | float = 0.0
) -> Numbers | None:
    """Return the cheapest differences between two bounds that fit all equations; None if none fit.

    Rises and falls are variables of their own, all zero at first. So the simplex method starts at the truth and changes a few
    counts near the goal, 20 times as fast as from anywhere else. Presolving would cost more than it saves.

    Args:
        matrix: The equations.
        least: How large each difference must be.
        most: How large it can be.
        goal: What a difference of one costs; less than nothing is a gain.
        cost: What a difference of one costs, up or down.
    """
    rises, falls = np.flatnonzero(most > 0), np.flatnonzero(least < 0)
    up, down = np.broadcast_to(cost + goal, least.shape), np.broadcast_to(cost - goal, least.shape)
    lower = np.concatenate([np.maximum(least[rises], 0), np.maximum(-most[falls], 0)])
    upper = np.concatenate([most[rises], -least[falls]])
    split = hstack([matrix[:, rises], -matrix[:, falls]], format="csr")
    split = split[np.flatnonzero(np.diff(split.indptr))]
    solved = linprog(
        np.concatenate([up[rises], down[falls]]),
        A_eq=split,
        b_eq=np.zeros(split.shape[0]),
        bounds=np.column_stack([lower, upper]),
        method="highs",
        options={"presolve": False},
    )
    if solved.status != 0:
        return None
    differences = np.zeros(len(least))
    differences[rises] += solved.x[: len(rises)]
    differences[falls] -= solved.x[len(rises) :]
    return differences
