"""Decide which cells of the release family are hidden, for one stem: measures that count the same people.

The same count of people is part of several answers: residents of Eastern in Healthcare stand in a breakdown by sector, in one by
region, and by themselves. So which cells are hidden is decided once for each table of one or two dimensions, coarser tables
first. A finer table knows which of its totals are hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from queries.context import QueryContext
from queries.privacy.cycles import with_rectangles
from queries.privacy.earlier import Decided
from queries.privacy.hierarchy import Outer, outer_dimensions, totals_of
from queries.privacy.merged_cells import State, columns_of, counted, merged, part_of, states_of
from queries.privacy.nested import Difference, Place, Sides, addresses_by_table, between, to_protect, values_of
from queries.privacy.outside import Regions, few_outside, known_regions, outside
from queries.privacy.patterns import SECONDARY, Cell, Reason, hidden, is_hidden_by_itself, is_small
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, address_of, names_of, sides_of, tables_of, unshown_tables_of

Line: TypeAlias = tuple[str, Address]  # what adds up, and the cell that it adds up to


@dataclass
class Solver:
    """The cells of one stem and which of them are hidden, the same for all protected readers.

    Attributes:
        members: The measures of the stem, without filters; the first gives it its name.
        rule: The limits.
        hidden_before: Cells that are hidden in any case: those of the stem that this one includes.
        earlier: What the delivery before decided about each cell.
        is_audited: Whether the audit follows. It hides more where rectangles would have been needed, which are fewer cells; so only
            tables with cells of regions get rectangles, for directors who share what they know.
        others: Measures of other stems that those of this one are nested with.
        held: Cells that keep an earlier delivery's number although they changed by more.
        cells: Every cell by its address.
        unshown: Cells that no answer shows, where an audit follows: programs by quarter, which add up to what is shown of their sector.
        reasons: The hidden cells, with the reason.
        differences: For each cell and side, the differences between nested measures, also of cells that only the others count people in;
            then for each set of regions the people outside of it.
        unprotected: Those of them that are small and that nothing else protects; zero for the others.
    """

    members: tuple[QueryContext, ...]
    rule: Rule
    hidden_before: Collection[Address] = ()
    earlier: Mapping[Address, Decided] = field(default_factory=dict)
    is_audited: bool = False
    others: Mapping[str, Mapping[Address, Sides]] = field(default_factory=dict)
    held: set[Address] = field(default_factory=set)
    cells: dict[Address, Cell] = field(default_factory=dict)
    unshown: dict[Address, Cell] = field(default_factory=dict)
    reasons: dict[Address, Reason] = field(default_factory=dict)
    differences: dict[Place, tuple[int, ...]] = field(default_factory=dict)
    unprotected: dict[Place, tuple[int, ...]] = field(default_factory=dict)

    def solve(self, more: Collection[Address] = ()) -> None:
        """Decide for every table, coarser ones first. Further cells are hidden in any case."""
        self.hidden_before = {*self.hidden_before, *self._not_held(more)}
        self.reasons = {}
        for cells in self.tables.values():
            self.reasons |= self._hidden_in(cells)

    def statewide(self) -> tuple[int, ...]:
        """Return the counts of the state for all time."""
        return merged(self._states, self.rule, ()).get((), Cell(())).values

    @cached_property
    def _states(self) -> list[State]:
        return states_of(self.members, self.rule)

    def columns(self, measure: str) -> slice:
        """Return where the counts of one member are among those of a cell; with a group, of each side."""
        return columns_of(self._states, measure)

    def counted(self, cells: Mapping[Address, Cell]) -> dict[str, dict[Address, Sides]]:
        """Return the counts of each member in these cells, for each side of a group."""
        return counted(self._states, cells)

    @cached_property
    def outer(self) -> Outer:
        """The dimensions that others are inside of."""
        return outer_dimensions(self.members[0].store)

    @cached_property
    def tables(self) -> Mapping[tuple[str, ...], Mapping[Address, Cell]]:
        """The cells of every table of the family, coarser tables first."""
        tables = {names: self._cells(names) for names in sorted(tables_of(self.members[0]), key=_fineness)}
        self.cells = dict(chain.from_iterable(cells.items() for cells in tables.values()))
        if self.is_audited and any(self.outer["program"].values()):
            unshown = sorted(unshown_tables_of(self.members[0]))
            self.unshown = dict(chain.from_iterable(self._cells(names).items() for names in unshown))
        return tables

    def cell(self, address: Address) -> Cell | None:
        """Return a cell, also one that no answer shows; None where this stem counts nobody."""
        return self.cells.get(address) or self.unshown.get(address)

    def totals(self, address: Address) -> Iterator[tuple[Line, Address]]:
        """Yield the lines that a cell is part of, each with the cell that is its total."""
        for line, total in totals_of(self.outer, dict(address)):
            if self.cell(at := address_of(total)) is not None:
                yield (line, at), at

    def hide_more(self, more: Collection[Address]) -> None:
        """Hide further cells. What is hidden already stays hidden, so what was safe stays safe."""
        self.reasons |= dict.fromkeys(self._not_held(more) - self.reasons.keys(), SECONDARY)

    def _not_held(self, cells: Collection[Address]) -> set[Address]:
        """Hold the cells that an earlier delivery shows, with the number of that delivery, and return the others."""
        seen = {address for address in cells if address in self.earlier and not self.earlier[address].is_hidden}
        self.held |= seen
        return set(cells) - seen

    def change(self, address: Address) -> int | None:
        """Return the largest change of a cell since it was decided, if it stays as it was; else None.

        It stays while nothing changed, or while one of its counts (a side of a group, the successes of a rate) changed by
        fewer than the limit.
        """
        decided = self.earlier.get(address) if address in self.cells else None
        changes = decided.changes(self.cells[address].values) if decided and address else None
        if changes is None:
            return None
        stays = not any(changes) or any(is_small(abs(change), self.rule.min_count) for change in changes)
        return max(map(abs, changes), default=0) if stays else None

    def is_remembered(self, address: Address) -> bool:
        """Return whether an earlier delivery shows a cell that hardly changed since."""
        return self.change(address) is not None and not self.earlier[address].is_hidden

    def is_held(self, address: Address) -> bool:
        """Return whether a cell is shown with the number of an earlier delivery."""
        is_changed = self.is_remembered(address) and bool(self.change(address))
        return (address in self.held or is_changed) and address not in self.reasons

    def decided(self) -> dict[Address, tuple[str | None, tuple[int, ...]]]:
        """Return, for each cell, the earlier delivery for which its state was decided (None: this one), and its counts then."""
        result: dict[Address, tuple[str | None, tuple[int, ...]]] = {}
        for address, cell in self.cells.items():
            stays = self.is_held(address) or (self.change(address) and address in self.reasons)
            before = self.earlier[address] if stays else None
            result[address] = (before.delivery, before.counts) if before else (None, cell.values)
        return result

    @cached_property
    def nested(self) -> list[tuple[Difference, int]]:
        """The differences between nested measures, each with its sign in the whole state."""
        nested = between([member.measure.id for member in self.members], self.others)
        state = self.counted(merged(self._states, self.rule, ())) if nested else {}
        totals = [values_of(each, state[each.measure], {**self.others, **state})[()][0] for each in nested]
        return [(each, -1 if total < 0 else 1) for each, total in zip(nested, totals, strict=True)]

    @cached_property
    def _elsewhere(self) -> Mapping[tuple[str, ...], set[Address]]:
        return addresses_by_table([difference for difference, _ in self.nested], self.others)

    def _cells(self, names: tuple[str, ...]) -> dict[Address, Cell]:
        """Return the cells of one table. Those of small differences are marked as hidden; the audit hides what else that takes."""
        cells = merged(self._states, self.rule, names)
        sides = sides_of(names)
        members = self.counted(cells)
        nested = [difference for difference, _ in self.nested]
        elsewhere = self._elsewhere.get(names, set()) - cells.keys()
        for counted_sides in members.values():
            counted_sides.update(dict.fromkeys(elsewhere, ((0, 0),) * sides))
        columns = [values_of(each, members[each.measure], {**self.others, **members}) for each in nested]
        for address, side in [(at, side) for at in (*cells, *elsewhere) for side in range(sides)]:
            values = [column[address][side] for column in columns]
            cell = cells.get(address)
            others = outside(self._states, self.known_regions, address=address, cell=cell, side=side)
            signed = (value * sign for value, (_, sign) in zip(values, self.nested, strict=True))
            self.differences[address, side] = (*signed, *others)
            if cell is not None:
                counts = {measure: by_address[address][side] for measure, by_address in members.items()}
                small = to_protect(nested, values, counts, self.rule.min_count)
                people = part_of(cell.values, side, sides)
                self.unprotected[address, side] = small + few_outside(others, people, self.rule.min_count)
        thin = {at for at in cells if any(any(self.unprotected[at, side]) for side in range(sides))}
        return {at: cell._replace(is_thin=cell.is_thin or at in thin) for at, cell in cells.items()}

    @cached_property
    def known_regions(self) -> tuple[Regions, ...]:
        """The sets of regions that directors may subtract from the state; none if the rule lets them."""
        return known_regions(self.members, self.rule)

    def _hidden_in(self, cells: Mapping[Address, Cell]) -> Mapping[Address, Reason]:
        lines: dict[Address, list[Hashable]] = {address: [] for address in cells}
        hidden_totals: set[Hashable] = set()
        for address in cells:
            for line, total in self.totals(address):
                lines[address].append(line)
                if total in self.reasons:
                    hidden_totals.add(line)
        by_address = {address: self._placed(address, cell, lines[address]) for address, cell in cells.items()}
        addresses = [address for address, cell in cells.items() if cell.is_filtered]
        placed = [by_address.pop(address) for address in addresses]
        by_line = hidden(placed, self.rule.min_count, hidden_totals)
        reasons = {addresses[at]: reason for at, reason in by_line.items()}
        if reasons and self._needs_rectangles(cells):
            listed = dict(zip(addresses, placed, strict=True))
            reasons = dict(with_rectangles(listed, reasons, self.rule.min_count, self.outer))
        small = (at for at, cell in by_address.items() if is_hidden_by_itself(cell, self.rule.min_count))
        return reasons | dict.fromkeys(small, SECONDARY)

    def _needs_rectangles(self, cells: Mapping[Address, Cell]) -> bool:
        names = names_of(next(iter(cells)))
        is_grid = len(names) == 2 and not any(name.startswith("group=") for name in names)
        return is_grid and (not self.is_audited or any(cell.owner is not None for cell in cells.values()))

    def _placed(self, address: Address, cell: Cell, lines: Sequence[Hashable]) -> Cell:
        """Return a cell with its lines, as the delivery before leaves it."""
        is_hidden = address in self.hidden_before
        cell = cell._replace(lines=tuple(lines))
        if self.is_remembered(address):
            counts = tuple(0 if is_small(count, self.rule.min_count) else count for count in cell.counts)
            return cell._replace(counts=counts, is_thin=is_hidden, is_remembered=True)
        stays_hidden = self.change(address) is not None and self.earlier[address].is_hidden
        return cell._replace(is_thin=cell.is_thin or is_hidden or stays_hidden)


def _fineness(names: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """Return the order in which tables are solved: totals before what they are totals of."""
    inner = sum(name in ("quarter", "town", "program") for name in names)
    return len(names), inner, names
