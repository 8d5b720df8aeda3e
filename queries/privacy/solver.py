"""Decide which cells of the release family are hidden, for one stem: measures that count the same people.

The same count of people is part of several answers: residents of Eastern in Healthcare stand in a breakdown by sector, in one by
region, and by themselves. So which cells are hidden is decided once for each table of one or two dimensions, coarser tables
first. A finer table knows which of its totals are hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from queries.context import QueryContext
from queries.privacy.cycles import with_rectangles
from queries.privacy.hierarchy import Outer, outer_dimensions, totals_of
from queries.privacy.patterns import Cell, Reason, hidden
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, Table, address_of, names_of, tables_of
from queries.scope import SIDES

Line: TypeAlias = tuple[str, Address]  # what adds up, and the cell that it adds up to
_PROVIDER = "program in provider"
_INNERMOST = (
    "program in sector",
    "town in region",
    "quarter in fiscal_year",
    "initiative",
    "region",
    "sector",
    "fiscal_year",
)
_PARTNERS, _LINES = 1, 2  # attempts with single cells, and with lines


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

    def hide_more(self, exposed: Collection[Address], attempt: int) -> None:
        """Hide further cells next to those that an audit could compute, and solve again.

        First the smallest shown cell with enough people in every line of such a cell, then whole lines, then their totals.

        Args:
            exposed: The cells.
            attempt: How often this was done before.
        """
        more: set[Address] = set()
        for address in exposed:
            totals = list(self.totals(address))
            if attempt < _PARTNERS:
                more |= {self._partner(self._lines[line]) or total for line, total in totals}
            else:
                more.update(*(self._lines[line] for line, _ in totals if line[0] in _INNERMOST))
            if attempt >= _LINES:
                more |= {total for _, total in totals if len(total) > 1}
        # sectors and regions are on every page: of the totals of a program, the provider's is the first to go
        more |= {total for address in (*exposed, *more) for line, total in self.totals(address) if line[0] == _PROVIDER}
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

    def _partner(self, line: Collection[Address]) -> Address | None:
        """Return the smallest shown cell of a line, if possible with enough people to protect another."""
        shown = [each for each in line if each not in self.reasons and any(self.cells[each].values)]
        enough = [each for each in shown if min(self.cells[each].values) >= self.rule.min_count]
        return min(enough or shown, key=lambda each: (sum(self.cells[each].values), each), default=None)

    def _cells(self, names: tuple[str, ...]) -> dict[Address, Cell]:
        """Return the cells of one table, with the counts of all members."""
        tables = [Table(member, self.rule, names).cells() for member in self.members]
        sides = len(SIDES) if any(name.startswith("group=") for name in names) else 1
        return {
            address: replace(
                cell,
                counts=tuple(count for cells in tables for count in cells[address].counts),
                values=tuple(
                    count
                    for side in range(sides)
                    for cells in tables
                    for count in _part(cells[address].values, side, sides)
                ),
                is_thin=any(cells[address].is_thin for cells in tables),
            )
            for address, cell in tables[0].items()
            if all(address in cells for cells in tables)
        }

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


def _part(values: tuple[int, ...], side: int, sides: int) -> tuple[int, ...]:
    length = len(values) // sides
    return values[side * length : (side + 1) * length]


def _fineness(names: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Return the order in which tables are solved: totals before what they are totals of."""
    inner = sum(name in ("quarter", "town", "program") for name in names)
    return len(names), inner, names
