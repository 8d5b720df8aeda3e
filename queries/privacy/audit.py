"""Audit the hidden cells of one stem by linear programming: how far what is shown narrows each small count.

A reader can add and subtract everything that is shown. The counts that fit all sums are the solutions of linear equations, and the
true counts are one of them. The audit looks for others, first for many counts at once and then for each by itself. If two
solutions differ by as much as "hidden" leaves open, the count is safe. For a count that is not, it looks for the cheapest
solution that changes shown cells too: hiding these makes the count safe.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from queries.privacy.equations import Equations
from queries.privacy.patterns import SHARING
from queries.privacy.programs import Program
from queries.privacy.remainders import small_remainders
from queries.privacy.solutions import Flags, Numbers, Solutions
from queries.privacy.solver import Solver
from queries.privacy.tables import Address

_WITH_DIRECTORS = frozenset({"residents_enrolled", "completions"})  # stems that are also audited for two directors
_LEAST_COST = 10.0  # of hiding a cell, besides the people that it counts


@dataclass
class Audit:
    """What readers can compute about the small counts of one stem.

    Attributes:
        tried: Small counts, once for each set of readers.
        recovered: Cells with a small count that only one value fits.
        narrowed: Cells with a small count that fewer values fit than "hidden" leaves open.
        lost: Those of them that nothing makes safe.
        more: Shown cells to hide so that the others are safe.
    """

    tried: int = 0
    recovered: set[Address] = field(default_factory=set)
    narrowed: set[Address] = field(default_factory=set)
    lost: set[Address] = field(default_factory=set)
    more: set[Address] = field(default_factory=set)

    @property
    def exposed(self) -> set[Address]:
        """All cells that are not safe."""
        return self.recovered | self.narrowed

    def add(self, other: Audit) -> None:
        """Add what other readers can compute."""
        self.tried += other.tried
        self.recovered |= other.recovered
        self.narrowed |= other.narrowed
        self.lost |= other.lost
        self.more |= other.more


@dataclass
class Auditor:
    """Audits one stem, as often as more of it is hidden. What it found out in one audit helps in the next.

    Attributes:
        solver: The stem.
        solutions: For each count that a cell has, the solutions that were found.
    """

    solver: Solver
    solutions: Sequence[Solutions] = field(init=False)
    _has_guessed: bool = False
    _lost: dict[int, list[int]] = field(default_factory=dict)  # by column, the differences that nothing makes safe

    def __post_init__(self) -> None:
        self.solutions = [Solutions() for _ in self._equations.values.T]

    @cached_property
    def _equations(self) -> Equations:
        return Equations.of(self.solver)

    @cached_property
    def _changes(self) -> Numbers:
        return self._equations.changes(self.solver)

    @cached_property
    def _is_small(self) -> Flags:
        return self._equations.are_small(self.solver)

    @cached_property
    def _moving(self) -> Numbers:
        return self._equations.moving(self.solver)

    @cached_property
    def _limits(self) -> tuple[Numbers, Numbers]:
        return self._equations.limits(self.solver)

    def audit(self) -> Audit:
        """Audit what the Governor's office can compute, and pairs of directors who share what they know of their regions.

        Each audit takes it that the cells which the ones before asked to hide are hidden.
        """
        result = Audit()
        owners = sorted({cell.owner for cell in self.solver.cells.values() if cell.owner is not None})
        is_shared = self.solver.members[0].measure.id in _WITH_DIRECTORS and len(owners) > SHARING
        pairs = combinations(owners, SHARING) if is_shared else ()
        is_unchanged = self._equations.is_unchanged(self.solver)
        if is_unchanged.any() and not self._has_guessed:
            # who supposes rightly that these did not change; what cannot be mended is a guess, and no exposure
            result.more |= self._audit((), is_unchanged, ()).more
        self._has_guessed = True
        for known in [(), *pairs]:
            if not result.lost:
                result.add(self._audit(known, np.zeros_like(is_unchanged), result.more))
        return result

    def _audit(self, known: Collection[str], is_supposed: Flags, more: Collection[Address]) -> Audit:
        """Audit what readers can compute.

        Args:
            known: The regions that they know exactly.
            is_supposed: The counts that they take to be as an earlier delivery showed them.
            more: Cells to take for hidden, besides those that are.
        """
        result, solver, equations = Audit(), self.solver, self._equations
        enough = solver.rule.min_count - 2
        changes, is_small = self._changes, self._is_small
        # measures of a stem can have the same counts: withdrawals are the failures of the completion rate
        rooms, tops = (np.minimum(limit, enough + 1) for limit in self._limits)
        columns = np.vstack([equations.values, self._moving, changes, is_small, rooms, tops]).T
        distinct = {column.tobytes(): at for at, column in reversed([*enumerate(columns)])}
        is_plain = not known and not is_supposed.any()
        is_known = equations.is_known(solver, known) | is_supposed
        is_hidden = equations.is_hidden(solver) & ~is_known
        is_elsewhere = equations.is_elsewhere(solver)
        cost = _LEAST_COST + equations.values[:, : equations.counts].sum(axis=1)
        is_more = equations.flags(lambda address: address in more) & ~is_known
        of_variables = [address for address, _ in equations.variables]
        for at in sorted(distinct.values()):
            if at >= equations.counts and not is_plain:
                continue
            truth = equations.values[:, at]
            has_changed = (changes[:, at] > 0) & (changes[:, at] < solver.rule.min_count)
            targets = is_hidden & (is_small[:, at] | has_changed) & ~is_elsewhere
            targets[self._lost.get(at, [])] = False
            if at >= equations.counts + len(solver.nested) and not targets.any():
                continue
            matrix = equations.that_hold(truth)
            is_seen = is_elsewhere | equations.is_inside(solver, at)
            is_unseen = (is_hidden | is_more) & ~is_seen
            sums = small_remainders(matrix, truth, is_unseen, solver.rule.min_count)
            result.tried += int(targets.sum()) + len(sums)
            program = Program(
                matrix=equations.that_hold(truth, self._moving[:, at]),
                room=rooms[:, at],
                top=tops[:, at],
                is_hidden=is_unseen,
                is_known=is_known | is_seen,
                cell_of=equations.cell_of,
                enough=enough,
                solutions=self.solutions[at],
            ).with_sums(sums)
            exposed = program.mend(
                np.concatenate([targets, np.full(len(sums), True)]),
                np.concatenate([np.where(is_more, 0.0, cost), np.zeros(len(sums))]),
                needed=len(truth) if at < equations.counts and not is_supposed.any() else 0,
            )
            is_more |= program.is_hidden[: len(truth)] & ~is_hidden
            addresses = [*of_variables, *(of_variables[places[0]] for places in sums)]
            # a sum that nothing makes safe follows from totals that are always shown
            lost = {target for target in program.lost if target < len(truth)}
            if at >= equations.counts:
                self._lost.setdefault(at, []).extend(lost)
                continue
            result.lost |= {addresses[target] for target in lost}
            for target, width in exposed.items():
                if target in lost or target not in program.lost:
                    (result.recovered if width < 0.5 else result.narrowed).add(addresses[target])
            if lost and not is_supposed.any():
                break  # the stem is not released, whatever else is hidden
        result.more = {equations.variables[at][0] for at in np.flatnonzero(is_more)}
        return result
