"""Linear programs over the counts of one stem: how far each can be from the truth, and what to hide where that is too little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

_ROUNDS = 24  # of programs for many counts at once
_MOST_SINGLE = 40  # counts that are solved for by themselves; more are taken to be exposed
_SEED = 2026
TOLERANCE = 1e-6
Numbers: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Program:
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
    room: Numbers
    is_hidden: Flags
    is_known: Flags
    enough: int

    def narrow(self, targets: Flags) -> dict[int, float]:
        """Return how far apart the values of each target can be, where that is less than enough."""
        columns = np.flatnonzero(self.is_hidden)
        matrix = self.matrix[:, columns]
        matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
        if not targets.any() or not matrix.shape[0]:
            return {}
        widths = _widths(matrix, self.room[columns], targets[columns], self.enough)
        return {int(columns[at]): width for at, width in widths.items()}

    def changed_for(self, target: int, cost: Numbers) -> Numbers | None:
        """Return the cheapest solution in which a target is larger by enough; None if there is none.

        The shown counts that change in it are those to hide.

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
        return solved.x[:width] - solved.x[width:] if solved.status == 0 else None


def _widths(matrix: csr_matrix, room: Numbers, targets: Flags, enough: int) -> dict[int, float]:
    """Return how far apart the values of each target can be, where that is less than enough."""
    low, high = np.zeros(len(room)), np.zeros(len(room))
    bounds = np.column_stack([-room, np.full(len(room), enough + 1.0)])

    def stretch(goal: Numbers) -> None:
        solved = linprog(goal, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs")
        if solved.status != 0:
            raise AssertionError(f"The equations have no solution: {solved.message}")
        np.minimum(low, solved.x, out=low)
        np.maximum(high, solved.x, out=high)

    chooser = np.random.default_rng(_SEED)
    before = -1
    for _ in range(_ROUNDS):
        unsafe = targets & (high - low < enough - TOLERANCE)
        if not unsafe.any():
            return {}
        if unsafe.sum() == before:  # no more were shown to be safe
            break
        before = unsafe.sum()
        stretch(np.where(unsafe, chooser.choice((-1.0, 1.0), len(room)) * chooser.uniform(0.5, 1.0, len(room)), 0.0))
    unsafe_at = np.flatnonzero(targets & (high - low < enough - TOLERANCE))
    for at in unsafe_at if len(unsafe_at) <= _MOST_SINGLE else ():
        for sign in (1.0, -1.0):
            if high[at] - low[at] < enough - TOLERANCE:
                goal = np.zeros(len(room))
                goal[at] = sign
                stretch(goal)
    unsafe = targets & (high - low < enough - TOLERANCE)
    return {int(at): float(high[at] - low[at]) for at in np.flatnonzero(unsafe)}
