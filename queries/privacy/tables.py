"""The tables of the release family: the cells of one measure by one or two dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from queries.access.rights import View
from queries.aggregations.supports import ANY, SUPPORTS
from queries.calculators.registry import calculator_of, rows_of
from queries.context import QueryContext
from queries.dimensions import DIMENSIONS
from queries.models import Row
from queries.periods import days_of, key_of
from queries.privacy.cells import CellBuilder
from queries.privacy.family import is_apart, only_dimensions, takes_only_filters
from queries.privacy.patterns import Cell
from queries.privacy.rule import Rule
from queries.scope import SIDES, Scope

PERIODS = ("quarter", "fiscal_year")
Address: TypeAlias = tuple[tuple[str, str], ...]  # (dimension, value), in the order of the dimensions' names


_Part: TypeAlias = tuple[str | None, bool | None]  # of a measure, such as a support, and whether it was received


def address_of(values: Mapping[str, str]) -> Address:
    """Return the address of the cell with these values of its dimensions."""
    return tuple(sorted(values.items()))


def names_of(address: Address) -> tuple[str, ...]:
    """Return the dimensions of the table that a cell is in; a group has its id: "group=veteran"."""
    return tuple(f"group={value}" if name == "group" else name for name, value in address)


def sides_of(names: tuple[str, ...]) -> int:
    """Return how many counts of each kind the cells of a table have: with a group, one for each of its sides."""
    return len(SIDES) if any(name.startswith("group=") for name in names) else 1


def sides_in(address: Address) -> int:
    """Return how many counts of each kind a cell has: with a group, one for each of its sides."""
    return len(SIDES) if any(name == "group" for name, _ in address) else 1


def tables_of(context: QueryContext) -> set[tuple[str, ...]]:
    """Return the dimensions of every table that the family has of a measure; a group has its id: "group=veteran"."""
    model = context.model
    groups = [f"group={row['group_id']}" for row in context.listing("groups")] if "group" in model.filters else []
    only = only_dimensions(context.measure)
    if only is not None:
        return {(), *((name,) for name in (*groups, *(name for name in only if name != "group")))}
    filters = [*groups, *(name for name in model.filters if name != "group")]
    breakdowns = [name for name in model.breakdowns if name in DIMENSIONS and name != "group"]
    single = [*groups, *breakdowns, *PERIODS]
    pairs = {
        tuple(sorted((first, second)))
        for first in filters
        for second in single
        if first != second and not (first in groups and second in groups) and not is_apart(first, second)
    }
    return {(), *((name,) for name in single), *pairs}


def unshown_tables_of(context: QueryContext) -> set[tuple[str, ...]]:
    """Return the tables of programs that no answer shows: their cells add up to shown ones of providers, sectors and initiatives."""
    known = tables_of(context)
    by_program = {tuple(sorted(("program", name))) for name in ("region", *PERIODS) if (name,) in known}
    return by_program - known if ("program",) in known else set()


def period_of(scope: Scope) -> tuple[str, str] | None:
    """Return the whole period that a scope is limited to, with its kind; None for another period, or none."""
    if scope.since is None:
        return None
    keys = ((kind, key_of(scope.since, kind)) for kind in PERIODS)
    return next(((kind, key) for kind, key in keys if days_of(key, kind) == (scope.since, scope.until)), None)


@dataclass(frozen=True)
class Table:
    """One table of the family: every combination of the values of its dimensions.

    Attributes:
        context: The measure, without filters.
        rule: The limits.
        names: The dimensions; a group is named with its id: "group=veteran".
    """

    context: QueryContext
    rule: Rule
    names: tuple[str, ...]

    def cells(self) -> dict[Address, Cell]:
        """Return every cell by its address."""
        if len(self.names) < 2:
            return {
                address: cell
                for fixed in self._fixed_values(self.names[0] if self.names else "")
                for address, cell in self._row_cells(fixed, self._breakdown(fixed))
            }
        first, second = self._oriented()
        cells = {
            address: cell for fixed in self._fixed_values(first) for address, cell in self._row_cells(fixed, second)
        }
        if self._has_rows_without_filter(first, second):
            for fixed in self._fixed_values(second):
                more = self._row_cells(fixed, first)
                people = {address: cell for address, cell in more if address not in cells and any(cell.values)}
                cells |= {address: cell._replace(is_filtered=False) for address, cell in people.items()}
        return cells

    def _has_rows_without_filter(self, first: str, second: str) -> bool:
        """Return whether a breakdown by the first dimension has rows that no filter keeps, such as a region that is not recorded.

        Such a row is listed under each filter on the second dimension, and in each period.
        """
        if first.startswith("group=") or takes_only_filters(self.context, first):
            return False
        if second not in PERIODS and second not in self.context.model.filters:
            return False
        values = {value for fixed in self._fixed_values(first) for value in fixed.values()}
        return any(row.key not in values for row in rows_of(replace(self.context, by=first)))

    def _breakdown(self, fixed: Mapping[str, str]) -> str | None:
        return None if fixed or not self.names else self.names[0]

    def _oriented(self) -> tuple[str, str]:
        """Return the dimension to filter by and the one to break down by."""
        first, second = sorted(self.names, key=self._rank)
        return first, second

    def _rank(self, name: str) -> int:
        """Return how well a dimension can be filtered by: a group best, then those of the sidebar, then periods."""
        if name.startswith("group="):
            return 0
        return 2 if name in PERIODS else 1 if name in self.context.model.filters else 3

    def _fixed_values(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the filters of the questions that the table is asked with."""
        if name.startswith("group="):
            yield {"group": name.removeprefix("group=")}
        elif len(self.names) < 2 and not (
            name in self.context.model.filters and takes_only_filters(self.context, name)
        ):
            yield {}
        elif name in PERIODS:
            yield from ({name: row.key} for row in rows_of(replace(self.context, by=name)))
        else:
            dimension = DIMENSIONS[name]
            keys = {row[dimension.reference_key] for row in self.context.listing(dimension.reference)}
            yield from ({name: str(key)} for key in sorted(keys, key=str))

    def _row_cells(self, fixed: Mapping[str, str], by: str | None) -> Iterator[tuple[Address, Cell]]:
        context = self._context(fixed, by)
        sides = SIDES if "group" in fixed else ("in",)
        by_side = [dict(self._cells_by_key(context, side)) for side in sides]
        for key in dict.fromkeys(chain.from_iterable(by_side)):  # a group that nobody is in has other sides
            same = [cells[key] for cells in by_side if key in cells]
            nobody = same[0]._replace(counts=(0,) * len(same[0].counts), values=(0,) * len(same[0].values))
            each_side = [cells.get(key, nobody) for cells in by_side]
            values = dict(fixed) | ({by: key} if by else {})
            yield (
                address_of(values),
                Cell(
                    tuple(count for cell in each_side for count in cell.counts),
                    owner=self._owner(values),
                    is_thin=any(cell.is_thin for cell in same),
                    values=tuple(count for cell in each_side for count in cell.values),
                ),
            )

    def _context(self, fixed: Mapping[str, str], by: str | None) -> QueryContext:
        scope = self.context.scope
        for name, value in fixed.items():
            if name in PERIODS:
                since, until = days_of(value, name)
                scope = scope.but(since=since, until=until)
            else:
                filters: dict[str, str] = {name: value}
                scope = scope.but(**filters)
        return replace(self.context, by=by, scope=scope)

    def _cells_by_key(self, context: QueryContext, side: str) -> Iterator[tuple[str, Cell]]:
        context = replace(context, scope=context.scope.but(group_side=side))
        disclosure = calculator_of(context.measure).disclosure_of(context.measure)
        if disclosure is None:
            return
        builder = CellBuilder.of(context, View(is_protected=True), disclosure, self.rule)
        rows, cells = builder.build(rows_of(context))
        by_key: dict[str, dict[_Part, Cell]] = {}
        for row, cell in zip(rows, cells, strict=True):
            by_key.setdefault(row.key if context.by else "", {})[_part_of(row)] = cell
        yield from ((key, self._joined(parts)) for key, parts in by_key.items())

    def _joined(self, parts: Mapping[_Part, Cell]) -> Cell:
        """Return the cell of all rows of a key, such as the kinds of support: they are hidden together."""
        first = next(iter(parts.values()))
        if (None, None) in parts:
            return first
        nobody = first._replace(counts=(0,) * len(first.counts), values=(0,) * len(first.values), is_thin=False)
        cells = {part: parts.get(part, nobody) for part in self._parts}
        again = _counted_again(cells)
        return first._replace(
            counts=(*(count for cell in cells.values() for count in cell.counts), *again),
            values=(*(count for cell in cells.values() for count in cell.values), *again),
            is_thin=any(cell.is_thin for cell in cells.values()),
        )

    @cached_property
    def _parts(self) -> list[_Part]:
        """The parts that the measure has in the whole state."""
        return [_part_of(row) for row in rows_of(replace(self.context, by=None))]

    def _owner(self, values: Mapping[str, str]) -> str | None:
        """Return the region whose board sees a cell exactly; None without one."""
        return self._region_of_town.get(values.get("town", ""), values.get("region"))

    @cached_property
    def _region_of_town(self) -> Mapping[str, str | None]:
        return {row["town"]: row["region"] for row in self.context.listing("towns")}


def _counted_again(cells: Mapping[_Part, Cell]) -> tuple[int, ...]:
    """Return how many are counted again in the kinds of support, beyond those with any: who received several follows from it.

    Of a rate of completions, those who completed and those who withdrew.
    """
    received = next((received for name, received in cells if name == ANY and received is not False), None)
    any_kind = cells.get((ANY, received))
    if any_kind is None:
        return ()
    kinds = [cells[kind, received] for kind in SUPPORTS if (kind, received) in cells]
    places = range(1 if received is None else len(any_kind.values))
    return tuple(max(sum(kind.values[at] for kind in kinds) - any_kind.values[at], 0) for at in places)


def _part_of(row: Row) -> _Part:
    return row.part, getattr(row, "received", None)
