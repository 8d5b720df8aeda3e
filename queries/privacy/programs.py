"""Linear programs over the counts of one stem: how far each can be from the truth, and what to hide where that is too little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.csgraph import connected_components

_ROUNDS = 24  # of programs for many counts at once
_MOST_SINGLE = 40  # counts that are solved for by themselves; more are taken to be exposed
_SEED = 2026
TOLERANCE = 1e-6
Numbers: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
_Places: TypeAlias = npt.NDArray[np.intp]


@dataclass
class Solutions:
    """The solutions that were found for one count of every cell, as differences from the truth.

    A solution holds for other readers, and after more is hidden, as long as every count that it changes is hidden.
    """

    _stored: list[tuple[_Places, Numbers]] = field(default_factory=list)

    def add(self, places: _Places, differences: Numbers) -> None:
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


@dataclass(frozen=True, kw_only=True)
class Program:
    """The linear programs of one count of every cell, in terms of differences from the truth.

    Solutions are looked for near the truth, which keeps the programs small and can only make a target look less safe.

    Attributes:
        matrix: The equations; differences fit if the product is zero.
        room: How much lower each count can be.
        is_hidden: Which counts are hidden.
        is_known: Which counts cannot be hidden.
        enough: How far apart two solutions for a count must be.
        solutions: Those known so far; new ones are added.
    """

    matrix: csr_matrix
    room: Numbers
    is_hidden: Flags
    is_known: Flags
    enough: int
    solutions: Solutions

    def narrow(self, targets: Flags) -> dict[int, float]:
        """Return how far apart the values of each target can be, where that is less than enough."""
        columns = np.flatnonzero(self.is_hidden)
        matrix = self.matrix[:, columns]
        matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
        if not targets.any() or not matrix.shape[0]:
            return {}
        low, high = (ends[columns] for ends in self.solutions.ranges(self.is_hidden))
        search = _Search(matrix, self.room[columns], targets[columns], self.enough, low, high)
        for goal in search.goals():
            self.solutions.add(columns, search.stretch(goal))
        return {int(columns[at]): float(width) for at, width in enumerate(search.widths) if search.is_unsafe[at]}

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
        if solved.status != 0:
            return None
        differences: Numbers = solved.x[:width] - solved.x[width:]
        self.solutions.add(np.arange(width), differences)
        return differences


@dataclass
class _Search:
    """The search for solutions that are far apart, among the hidden counts.

    Attributes:
        matrix: The equations.
        room: How much lower each count can be.
        targets: The counts that have to be safe.
        enough: How far apart two solutions for a target must be.
        low: How much lower each count is in some solution.
        high: How much higher.
    """

    matrix: csr_matrix
    room: Numbers
    targets: Flags
    enough: int
    low: Numbers
    high: Numbers

    @property
    def widths(self) -> Numbers:
        """How far apart the solutions for each count are."""
        return self.high - self.low

    @property
    def is_unsafe(self) -> Flags:
        """The targets whose solutions are not far enough apart."""
        return self.targets & (self.widths < self.enough - TOLERANCE)

    def goals(self) -> Iterator[Numbers]:
        """Yield what to minimize next: many counts at once with random signs, then each by itself that is not safe yet."""
        chooser = np.random.default_rng(_SEED)
        count, before = int(self.is_unsafe.sum()), -1
        for _ in range(_ROUNDS):
            if count in (0, before):  # no more were shown to be safe
                break
            signs = chooser.choice((-1.0, 1.0), len(self.room)) * chooser.uniform(0.5, 1.0, len(self.room))
            yield np.where(self.is_unsafe, signs, 0.0)
            count, before = int(self.is_unsafe.sum()), count
        for at in np.flatnonzero(self.is_unsafe) if count <= _MOST_SINGLE else ():
            for sign in (1.0, -1.0):
                if self.is_unsafe[at]:
                    goal = np.zeros(len(self.room))
                    goal[at] = sign
                    yield goal

    @cached_property
    def _blocks(self) -> npt.NDArray[np.int32]:
        """A number for each count: counts that some chain of equations connects have the same."""
        connected: npt.NDArray[np.int32] = connected_components(abs(self.matrix.T) @ abs(self.matrix))[1]
        return connected

    def stretch(self, goal: Numbers) -> Numbers:
        """Return the solution that minimizes a goal, after widening the ranges by it.

        Counts that are not connected with the goal stay as they are.
        """
        places = np.flatnonzero(np.isin(self._blocks, self._blocks[goal != 0]))
        matrix = self.matrix[:, places]
        matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
        differences = np.zeros(len(goal))
        differences[places] = _solved(goal[places], matrix, -self.room[places], np.full(len(places), self.enough + 1.0))
        np.minimum(self.low, differences, out=self.low)
        np.maximum(self.high, differences, out=self.high)
        return differences


def _solved(goal: Numbers, matrix: csr_matrix, least: Numbers, most: Numbers) -> Numbers:
    """Return the differences between two bounds that fit all equations and minimize a goal. No differences always fit."""
    bounds = np.column_stack([least, most])
    solved = linprog(goal, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=bounds, method="highs")
    if solved.status != 0:
        raise AssertionError(f"The equations have no solution: {solved.message}")
    differences: Numbers = solved.x
    return differences
