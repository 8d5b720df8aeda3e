"""The cells of all measures of a stem together: one cell has the counts of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain
from typing import TypeAlias

from queries.context import QueryContext
from queries.privacy.nested import Sides
from queries.privacy.patterns import Cell
from queries.privacy.rule import Rule
from queries.privacy.tables import Address, Table, sides_in, sides_of

State: TypeAlias = tuple[QueryContext, Cell]  # a measure, and its cell of the whole state for all time


def states_of(members: Sequence[QueryContext], rule: Rule) -> list[State]:
    """Return the measures with their cell of the whole state; those without one count nobody at all."""
    tables = [(member, Table(member, rule, ()).cells()) for member in members]
    return [(member, cells[()]) for member, cells in tables if () in cells]


def merged(states: Sequence[State], rule: Rule, names: tuple[str, ...]) -> dict[Address, Cell]:
    """Return the cells of one table, with the counts of all measures.

    A measure without a row has nobody there: a town where all completed has no withdrawals. Its counts are zero, and the cell
    is hidden for the others' counts as any cell.
    """
    sides = sides_of(names)
    tables = [Table(member, rule, names).cells() for member, _ in states]
    nobody = [_without_people(state, sides) for _, state in states]
    result = {}
    for address in dict.fromkeys(chain.from_iterable(tables)):
        parts = [cells.get(address, empty) for cells, empty in zip(tables, nobody, strict=True)]
        first = next(cells[address] for cells in tables if address in cells)
        result[address] = first._replace(
            counts=tuple(count for part in parts for count in part.counts),
            values=tuple(
                count for side in range(sides) for part in parts for count in part_of(part.values, side, sides)
            ),
            is_thin=any(part.is_thin for part in parts),
        )
    return result


def columns_of(states: Sequence[State], measure: str) -> slice:
    """Return where the counts of one measure are among those of a cell; with a group, of each side."""
    ids = [member.measure.id for member, _ in states]
    ends = list(accumulate((len(state.values) for _, state in states), initial=0))
    return slice(*ends[ids.index(measure) :][:2])


def counted(states: Sequence[State], cells: Mapping[Address, Cell]) -> dict[str, dict[Address, Sides]]:
    """Return the counts of each measure in these cells, for each side of a group."""
    sides = {at: _parts_of(cell.values, sides_in(at)) for at, cell in cells.items()}
    columns = {member.measure.id: columns_of(states, member.measure.id) for member, _ in states}
    return {
        measure: {at: tuple((sum(part[of]), part[of][0]) for part in parts) for at, parts in sides.items()}
        for measure, of in columns.items()
    }


def part_of(values: tuple[int, ...], side: int, sides: int) -> tuple[int, ...]:
    """Return the counts of one side of a group."""
    length = len(values) // sides
    return values[side * length : (side + 1) * length]


def _parts_of(values: tuple[int, ...], sides: int) -> list[tuple[int, ...]]:
    """Return the counts of each side of a group; without a group, all counts."""
    return [part_of(values, side, sides) for side in range(sides)] if sides > 1 else [values]


def _without_people(cell: Cell, sides: int) -> Cell:
    """Return a cell of the same shape that counts nobody, with so many sides."""
    return cell._replace(counts=(0,) * len(cell.counts) * sides, values=(0,) * len(cell.values) * sides, is_thin=False)
