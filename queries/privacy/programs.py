"""Linear programs over the counts of one stem: how far each can be from the truth, and what to hide where that is too little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import block_array, csc_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from queries.privacy.remainders import with_sums
from queries.privacy.solutions import TOLERANCE, Flags, Numbers, Places, SolutionFinder, Solutions

_ROUNDS = 24  # of programs for many counts at once
_SEED = 2026


@dataclass(kw_only=True)
class Program:
    """The linear programs of one count of every cell, in terms of differences from the truth.

    Solutions are looked for near the truth, which keeps the programs small and can only make a target look less safe.

    Attributes:
        matrix: The equations; differences fit if the product is zero.
        room: How much lower each count can be.
        top: How much higher.
        is_hidden: Which counts are hidden.
        is_known: Which counts cannot be hidden.
        cell_of: A number for the cell of each count: its counts are hidden together.
        enough: How far apart two solutions for a count must be.
        solutions: Those known so far; new ones are added.
        sums: The counts that the last ones are the sums of.
        lost: The targets that cannot be made safe, whatever is hidden.
    """

    matrix: csr_matrix
    room: Numbers
    top: Numbers
    is_hidden: Flags
    is_known: Flags
    cell_of: Places
    enough: int
    solutions: Solutions
    sums: Sequence[Places] = ()
    lost: list[int] = field(default_factory=list)

    @cached_property
    def by_count(self) -> csc_matrix:
        """The equations, stored by count: a few of these are taken often."""
        return csc_matrix(self.matrix)

    def with_sums(self, sums: Sequence[Places]) -> Program:
        """Return the programs with a further hidden count for each sum of counts."""
        count = len(sums)
        if not count:
            return self
        sizes = np.array([self.room[places].sum() for places in sums])
        return replace(
            self,
            matrix=with_sums(self.matrix, sums),
            room=np.concatenate([self.room, np.minimum(sizes, self.enough + 1)]),
            top=np.concatenate([self.top, np.full(count, self.enough + 1.0)]),
            is_hidden=np.concatenate([self.is_hidden, np.full(count, True)]),
            is_known=np.concatenate([self.is_known, np.full(count, False)]),
            cell_of=np.concatenate([self.cell_of, self.cell_of.max() + 1 + np.arange(count)]),
            sums=sums,
        )

    def mend(self, targets: Flags, cost: Numbers, *, needed: int = 0) -> dict[int, float]:
        """Hide more until every target is safe, where that is possible.

        Args:
            targets: The counts that have to be safe.
            cost: Of changing each count by one if it is not hidden yet.
            needed: How many counts, from the first on, all have to be safe: the search ends where nothing makes one of them safe.

        Returns:
            How far apart the values of each target can be that was not safe.
        """
        exposed: dict[int, float] = {}
        cost = np.where(self.is_hidden, 0.0, cost)
        is_narrow = self.room + self.top < self.enough - TOLERANCE  # whatever is hidden
        self.lost += np.flatnonzero(targets & is_narrow).tolist()
        targets = targets & ~is_narrow
        search = self._search(targets)
        search.run()
        while (unsafe := search.next_unsafe()) is not None:
            if search.is_safe(unsafe):
                continue
            changes = [] if unsafe in exposed else self._changes_for(unsafe, cost)
            exposed[unsafe] = float(search.widths[unsafe])
            if not changes:  # nothing else is hidden, so what was found about the others holds
                self.lost.append(unsafe)
                if unsafe < needed:
                    break
                targets = targets.copy()
                targets[unsafe] = search.targets[unsafe] = False
                continue
            for change in changes:
                is_changed = np.abs(change) > TOLERANCE
                cells = np.unique(self.cell_of[is_changed & ~self.is_hidden])
                self.is_hidden = self.is_hidden | (np.isin(self.cell_of, cells) & ~self.is_known)
                cost = np.where(self.is_hidden, 0.0, cost)
            search = self._search(targets)  # goals for many at once would show hardly any more to be safe
        return exposed

    def _search(self, targets: Flags) -> _Search:
        ranges = self.solutions.ranges(self.is_hidden, self.sums)
        return _Search(self, np.flatnonzero(self.is_hidden), targets & self.is_hidden, *ranges)

    def _changes_for(self, target: int, cost: Numbers) -> list[Numbers]:
        """Return the cheapest solutions that make a target safe; none if there are none.

        The shown counts that change in them are those to hide.
        """
        upward = self._cheapest(target, self.enough, self.enough + 1, cost)
        if upward is not None:
            return [upward]
        most, least = self._most(target), -float(self.room[target])
        if most - self.enough < least:
            return []
        upward, downward = (
            self._cheapest(target, *bounds, cost) for bounds in ((most, most), (least, most - self.enough))
        )
        return [] if upward is None or downward is None else [upward, downward]

    def _most(self, target: int) -> float:
        """Return how much larger a target can be, whatever is shown."""
        places = np.flatnonzero(~self.is_known)
        goal = np.where(places == target, -1.0, 0.0)
        differences = SolutionFinder(self.by_count[:, places], -self.room[places], self.top[places]).cheapest(goal=goal)
        return 0.0 if differences is None else float(-goal @ differences)

    def _cheapest(self, target: int, least: float, most: float, cost: Numbers) -> Numbers | None:
        """Return the cheapest solution in which a target is between two bounds; None if there is none."""
        places = np.flatnonzero(~self.is_known)
        lower, upper = -self.room[places], self.top[places]
        at = int(np.searchsorted(places, target))
        lower[at], upper[at] = least, min(most, upper[at])
        if upper[at] < least:
            return None
        differences = SolutionFinder(self.by_count[:, places], lower, upper).cheapest(cost=cost[places])
        if differences is None:
            return None
        result = np.zeros(len(self.room))
        result[places] = differences
        self.add_solution(places, differences)
        return result

    def add_solution(self, places: Places, differences: Numbers) -> None:
        """Add a solution to those known. Sums follow from it, and other programs have others."""
        is_count = places < len(self.room) - len(self.sums)
        self.solutions.add(places[is_count], differences[is_count])


@dataclass
class _Search:
    """The search for solutions that are far apart, among the hidden counts.

    Attributes:
        program: What is searched.
        columns: The places of the hidden counts.
        targets: The counts that have to be safe.
        low: How much lower each count is in some solution.
        high: How much higher.
    """

    program: Program
    columns: Places
    targets: Flags
    low: Numbers
    high: Numbers
    _finders: dict[bytes, SolutionFinder] = field(default_factory=dict)

    @property
    def widths(self) -> Numbers:
        """How far apart the solutions for each count are."""
        return self.high - self.low

    @property
    def is_unsafe(self) -> Flags:
        """The targets whose solutions are not far enough apart."""
        return self.targets & (self.widths < self.program.enough - TOLERANCE)

    def run(self) -> None:
        """Look for solutions for many targets at once, with random signs, until no more are shown to be safe."""
        chooser = np.random.default_rng(_SEED)
        count, before = int(self.is_unsafe.sum()), -1
        for _ in range(_ROUNDS):
            if count in (0, before):
                break
            signs = chooser.choice((-1.0, 1.0), len(self.low))
            signs[self.low <= TOLERANCE - self.program.room] = -1.0  # as low as it can be: only a rise helps
            signs[self.high >= self.program.top - TOLERANCE] = 1.0
            self._stretch(np.where(self.is_unsafe, signs * chooser.uniform(0.5, 1.0, len(self.low)), 0.0))
            count, before = int(self.is_unsafe.sum()), count

    def next_unsafe(self) -> int | None:
        """Return the first target that is not known to be safe; None if there is none."""
        unsafe = np.flatnonzero(self.is_unsafe)
        return int(unsafe[0]) if len(unsafe) else None

    def is_safe(self, target: int) -> bool:
        """Return whether a target is safe, after looking for its largest and its smallest value."""
        for sign in (-1.0, 1.0):
            if self.is_unsafe[target]:
                goal = np.zeros(len(self.low))
                goal[target] = sign
                self._stretch(goal)
        return not self.is_unsafe[target]

    @cached_property
    def _matrix(self) -> csc_matrix:
        return self.program.by_count[:, self.columns]

    @cached_property
    def _blocks(self) -> npt.NDArray[np.int32]:
        """A number for each hidden count: counts that some chain of equations connects have the same."""
        graph = block_array([[None, self._matrix], [self._matrix.T, None]])
        connected: npt.NDArray[np.int32] = connected_components(graph, directed=False)[1][self._matrix.shape[0] :]
        return connected

    def _stretch(self, goal: Numbers) -> None:
        """Widen the ranges by the solution that minimizes a goal. Counts that are not connected with the goal stay as they are."""
        goal = goal[self.columns]
        near = np.flatnonzero(np.isin(self._blocks, self._blocks[goal != 0]))
        places = self.columns[near]
        key = near.tobytes()
        if key not in self._finders:
            self._finders[key] = SolutionFinder(
                self._matrix[:, near], -self.program.room[places], self.program.top[places]
            )
        differences = self._finders[key].cheapest(goal=goal[near])
        if differences is None:  # the truth is a solution, so this was too hard: the goal is not shown to be safe
            return
        self.low[places] = np.minimum(self.low[places], differences)
        self.high[places] = np.maximum(self.high[places], differences)
        self.program.add_solution(places, differences)
