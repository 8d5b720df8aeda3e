"""Decide which cells of the release family are hidden, for one stem: measures that count the same people.

The same count of people is part of several answers: residents of Eastern in Healthcare stand in a breakdown by sector, in one by
region, and by themselves. So which cells are hidden is decided once for each table of one or two dimensions, coarser tables
first. A finer table knows which of its totals are hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations, product
from typing import TypeAlias

from queries.context import QueryContext
from queries.privacy.cycles import with_rectangles
from queries.privacy.hierarchy import Outer, outer_dimensions, totals_of
from queries.privacy.patterns import Cell, Reason, hidden
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, Table, address_of, names_of, tables_of
from queries.scope import SIDES

Line: TypeAlias = tuple[str, Address]  # what adds up, and the cell that it adds up to
_PROVIDER, _QUARTER = "program in provider", "quarter in fiscal_year"


@dataclass
class Solver:
    """The cells of one stem and which of them are hidden, the same for all protected readers.

    Attributes:
        members: The measures of the stem, without filters; the first gives it its name.
        rule: The limits.
        hidden_before: Cells that are hidden in any case: those of the stem that this one includes.
        cells: Every cell by its address.
        reasons: The hidden cells, with the reason.
    """

    members: tuple[QueryContext, ...]
    rule: Rule
    hidden_before: Collection[Address] = ()
    cells: dict[Address, Cell] = field(default_factory=dict)
    reasons: dict[Address, Reason] = field(default_factory=dict)

    def solve(self) -> None:
        """Decide for every table, coarser ones first."""
        self.reasons = {}
        for cells in self.tables.values():
            self.reasons |= self._hidden_in(cells)

    def statewide(self) -> tuple[int, ...]:
        """Return the counts of the state for all time."""
        return self._cells(()).get((), Cell(())).values

    @cached_property
    def outer(self) -> Outer:
        """The dimensions that others are inside of."""
        return outer_dimensions(self.members[0].store)

    @cached_property
    def tables(self) -> Mapping[tuple[str, ...], Mapping[Address, Cell]]:
        """The cells of every table of the family, coarser tables first."""
        tables = {names: self._cells(names) for names in sorted(tables_of(self.members[0]), key=_fineness)}
        self.cells = dict(chain.from_iterable(cells.items() for cells in tables.values()))
        return tables

    def totals(self, address: Address) -> Iterator[tuple[Line, Address]]:
        """Yield the lines that a cell is part of, each with the cell that is its total."""
        for line, total in totals_of(self.outer, dict(address)):
            total_address = address_of(total)
            if total_address in self.cells:
                yield (line, total_address), total_address

    def hide_more(self, exposed: Collection[Address]) -> None:
        """Hide further cells next to those that an audit could compute, and solve again.

        In every two lines of such a cell, partners are hidden, and the cell where their lines cross: people could be moved around
        this rectangle. The fiscal years of quarters, and the parts of fiscal years and providers, are hidden with them.
        """
        more: set[Address] = set()
        for address in exposed:
            totals = list(self.totals(address))
            partners = {line: self._partners(address, line) for line, _ in totals}
            more |= {partners[line][0] if partners[line] else total for line, total in totals}
            for (first, _), (second, _) in combinations(totals, 2):
                more.update(self._rectangle(address, partners[first], partners[second]))
        for total in tuple(more):
            more |= {outer for line, outer in self.totals(total) if line[0] == _QUARTER}
        for total in tuple(more):
            more.update(*(self._lines.get((inner, total), ()) for inner in (_PROVIDER, _QUARTER)))
        self.hidden_before = {*self.hidden_before, *more} - {()}
        self.solve()

    @cached_property
    def _lines(self) -> Mapping[Line, list[Address]]:
        """Every line with its cells."""
        lines: dict[Line, list[Address]] = {}
        for address in self.cells:
            for line, _ in self.totals(address):
                lines.setdefault(line, []).append(address)
        return lines

    def _partners(self, address: Address, line: Line) -> list[Address]:
        """Return the cells of a line that can be hidden with one of it, the best first."""
        others = (each for each in self._lines[line] if each != address and any(self.cells[each].values))
        return sorted(others, key=lambda each: (not self._has_room(each), self._cost(each)))

    def _has_room(self, address: Address) -> bool:
        return min(self.cells[address].values) >= self.rule.min_count

    def _cost(self, address: Address) -> int:
        """Return how many people are no longer shown if a cell is hidden."""
        return 0 if address in self.reasons else sum(self.cells[address].values)

    def _rectangle(self, address: Address, first: Sequence[Address], second: Sequence[Address]) -> tuple[Address, ...]:
        """Return the cheapest other corners of a rectangle that is not hidden yet; none if there is no rectangle."""
        rectangles = (
            (partner, corner, other)
            for partner, other in product(filter(self._has_room, first), filter(self._has_room, second))
            for corner in _corners(address, partner, other)
            if corner in self.cells and corner not in self.reasons
        )
        return min(rectangles, key=lambda corners: (sum(map(self._cost, corners)), corners), default=())

    def _cells(self, names: tuple[str, ...]) -> dict[Address, Cell]:
        """Return the cells of one table, with the counts of all members.

        A member without a row has nobody there: a town where all completed has no withdrawals. Its counts are zero, and the cell
        is hidden for the others' counts as any cell.
        """
        tables = [cells for member in self.members if (cells := Table(member, self.rule, names).cells())]
        sides = len(SIDES) if any(name.startswith("group=") for name in names) else 1
        nobody = [_without_people(next(iter(cells.values()))) for cells in tables]
        result = {}
        for address in dict.fromkeys(chain.from_iterable(tables)):
            parts = [cells.get(address, empty) for cells, empty in zip(tables, nobody, strict=True)]
            first = next(cells[address] for cells in tables if address in cells)
            result[address] = replace(
                first,
                counts=tuple(count for part in parts for count in part.counts),
                values=tuple(
                    count for side in range(sides) for part in parts for count in _part(part.values, side, sides)
                ),
                is_thin=any(part.is_thin for part in parts),
            )
        return result

    def _hidden_in(self, cells: Mapping[Address, Cell]) -> Mapping[Address, Reason]:
        lines: dict[Address, list[Hashable]] = {address: [] for address in cells}
        hidden_totals: set[Hashable] = set()
        for address in cells:
            for line, total in self.totals(address):
                lines[address].append(line)
                if total in self.reasons:
                    hidden_totals.add(line)
        addresses = list(cells)
        placed = [
            replace(
                cells[address],
                lines=tuple(lines[address]),
                is_thin=cells[address].is_thin or address in self.hidden_before,
            )
            for address in addresses
        ]
        by_line = hidden(placed, self.rule.min_count, hidden_totals)
        reasons = {addresses[at]: reason for at, reason in by_line.items()}
        names = names_of(addresses[0]) if addresses else ()
        is_grid = len(names) == 2 and not any(name.startswith("group=") for name in names)
        if not is_grid or not reasons:
            return reasons
        return with_rectangles(cells, reasons, self.rule.min_count, self.outer)


def _without_people(cell: Cell) -> Cell:
    """Return a cell of the same shape that counts nobody."""
    return replace(cell, counts=(0,) * len(cell.counts), values=(0,) * len(cell.values), is_thin=False)


def _part(values: tuple[int, ...], side: int, sides: int) -> tuple[int, ...]:
    length = len(values) // sides
    return values[side * length : (side + 1) * length]


def _corners(address: Address, first: Address, second: Address) -> Iterator[Address]:
    """Yield the cell where the line of one partner crosses that of another in another dimension."""
    values, moved, moved_too = dict(address), dict(first), dict(second)
    changed = {name for name in values if moved[name] != values[name]}
    also_changed = {name for name in values if moved_too[name] != values[name]}
    if not changed & also_changed:
        yield address_of(moved | {name: moved_too[name] for name in also_changed})


def _fineness(names: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Return the order in which tables are solved: totals before what they are totals of."""
    inner = sum(name in ("quarter", "town", "program") for name in names)
    return len(names), inner, names
