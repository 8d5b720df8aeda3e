"""Counts of one measure by every one or two dimensions of the release family, from one reading of its rows.

The tables of the family ask for thousands of cells, and a query for each would read the rows of all residents each time. So the
rows that count are read once, with a number for each of their values, and counted by these numbers. queries/facts.toml says which
rows count; tests/privacy/test_across.py compares the counts with those of the queries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np

from queries.axes import Axis, Flags, Numbers, axis_of, numbers_along, patterns_of, sides_of
from queries.cell_sums import flags_of
from queries.compiler import Query
from queries.database import Store
from queries.periods import days_of, key_of
from queries.privacy.tables import PERIODS
from queries.scope import SIDES
from queries.sides import Side

Dimensions: TypeAlias = tuple[str, ...]
RESIDENT = "resident"
_MOST_CELLS = 5_000_000  # of one table: larger ones are asked for with queries
_MOST_IN_CUBE = 200_000  # cells: more would not stay in a processor's cache
COUNTED, KNOWN, SUCCESSES = range(3)  # rows, those whose success is known, and successes


@dataclass(frozen=True)
class Crosstab:
    """The counts by one combination of dimensions.

    Attributes:
        axes: For each dimension, where each of its values is along its axis.
        counts: One axis for each dimension, and a last one with the three counts.
    """

    axes: Mapping[str, Axis]
    counts: Numbers


@dataclass(frozen=True, kw_only=True)
class CountedRows:
    """The rows that count, and how they are counted.

    Attributes:
        store: The delivery.
        table: The table of the rows.
        places: Where each row is in the table.
        quarters: The quarter of each row, as its place along the axis of quarters.
        states: 1 for a success, 0 for none, -1 where it is not known.
        periods: The axes of quarters and fiscal years.
        residents: A number for each row's resident, in ascending order, where residents count and not rows.
        is_first: Whether a resident counts in the first quarter only.
    """

    store: Store
    table: str
    places: Numbers
    quarters: Numbers
    states: Numbers
    periods: Mapping[str, Axis]
    residents: Numbers | None = None
    is_first: bool = False
    _numbers_by_name: dict[str, Numbers] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, table: str, query: Query) -> CountedRows:
        """Read the rows of a query of places, quarters and states."""
        columns = store.columns(query.text, query.parameters)
        places, quarters, states = (np.asarray(columns[name]) for name in ("place", "quarter", "state"))
        first = quarters.min(initial=np.iinfo(quarters.dtype).max)
        of_quarter = np.bincount(quarters - first) > 0
        present = first + np.flatnonzero(of_quarter)
        keys = {name: dict.fromkeys(_key_of_quarter(int(each), name) for each in present) for name in PERIODS}
        periods = {name: {key: number for number, key in enumerate(each)} for name, each in keys.items()}
        quarters = (of_quarter.cumsum(dtype=np.int16) - np.int16(1))[quarters - first]
        return cls(store=store, table=table, places=places, quarters=quarters, states=states, periods=periods)

    def by_resident(self, *, is_first: bool) -> tuple[CountedRows, CountedRows]:
        """Return the rows of residents with one row, and those of the others.

        A resident counts as a success if one of the rows is.

        Args:
            is_first: Whether a resident counts in the first quarter only.
        """
        residents = numbers_along(self.store, self.table, RESIDENT)[self.places]
        is_single = residents < 0
        single, several = (self._only(np.flatnonzero(each)) for each in (is_single, ~is_single))
        residents = residents[~is_single]
        # of the rows of one resident, the one that counts comes first
        order = np.lexsort((several.quarters if is_first else -several.states, residents))
        return single, replace(several._only(order), residents=residents[order], is_first=is_first)

    def _only(self, rows: Numbers) -> CountedRows:
        places, quarters, states = self.places[rows], self.quarters[rows], self.states[rows]
        return replace(self, places=places, quarters=quarters, states=states, _numbers_by_name={})

    def counts(self, tables: Collection[Dimensions]) -> dict[Dimensions, Numbers]:
        """Return the counts by the dimensions of each table: an axis for each, and a last one with the three counts.

        The axis of groups has the combinations of answers about all of them. Tables that are too large are left out.
        """
        tables = [names for names in tables if prod(map(self._size, names)) <= _MOST_CELLS]
        if self.residents is not None:
            return {names: self._counted(names) for names in tables}
        # rows can be added up: count by many dimensions at once, and derive the smaller tables
        cubes = {names: self._counted(names) for names in self._cubes(tables)}
        return {names: self._derived(names, cubes) for names in tables}

    def _cubes(self, tables: Collection[Dimensions]) -> list[Dimensions]:
        """Return a few combinations of dimensions that include those of every table."""
        cubes: list[Dimensions] = []
        for names in sorted({_in_quarters(names) for names in tables}, key=lambda names: (-len(names), names)):
            merged = [tuple(dict.fromkeys((*cube, *names))) for cube in cubes]
            sizes = [prod(map(self._size, each)) for each in merged]
            fits = [at for at, size in enumerate(sizes) if size <= _MOST_IN_CUBE or len(merged[at]) == len(cubes[at])]
            if fits:
                cubes[fits[0]] = merged[fits[0]]
            else:
                cubes.append(names)
        return cubes

    def _derived(self, names: Dimensions, cubes: Mapping[Dimensions, Numbers]) -> Numbers:
        """Return the counts of a table from those of a cube that has its dimensions."""
        needed = _in_quarters(names)
        cube = next(each for each in cubes if set(needed) <= set(each))
        counts: Numbers = cubes[cube].sum(axis=tuple(at for at, name in enumerate(cube) if name not in needed))
        order = [name for name in cube if name in needed]
        counts = np.moveaxis(counts, [order.index(name) for name in needed], range(len(needed)))
        if "fiscal_year" not in names:
            return counts
        years = np.arange(len(self.periods["fiscal_year"]))[:, np.newaxis]
        return _combined(counts, names.index("fiscal_year"), years == self._years)

    @cached_property
    def _years(self) -> Numbers:
        """The fiscal year of each quarter."""
        years = self.periods["fiscal_year"]
        keys = (key_of(days_of(key, "quarter")[0], "fiscal_year") for key in self.periods["quarter"])
        return np.array([years[key] for key in keys], np.int16)

    def _counted(self, names: Dimensions) -> Numbers:
        """Return the counts by these dimensions from the rows."""
        values, undated = np.zeros(len(self.places), np.int64), np.zeros(len(self.places), np.int64)
        sizes = [self._size(name) for name in names]
        for name, size in zip(names, sizes, strict=True):
            values = values * size + self._numbers_of(name)
            if self.residents is not None and not (self.is_first and name in PERIODS):
                undated = undated * size + self._numbers_of(name)
        values = values * 3 + (self.states + 1)
        if self.residents is not None:
            values = values[self._are_first_with(undated)]
        counts = np.bincount(values, minlength=3 * prod(sizes)).reshape(*sizes, 3)
        return counts[..., ::-1].cumsum(axis=-1)[..., ::-1]

    def _size(self, name: str) -> int:
        if name == "group":
            return len(patterns_of(self.store, self.table))
        return len(self.axis(name))

    def axis(self, name: str) -> Axis:
        """Return the axis of a dimension other than groups."""
        return self.periods[name] if name in PERIODS else axis_of(self.store, self.table, name)

    def _numbers_of(self, name: str) -> Numbers:
        """Return, for each row, where its value of a dimension is along the axis."""
        if name == "quarter":
            return self.quarters
        if name not in self._numbers_by_name:
            self._numbers_by_name[name] = (
                self._years[self.quarters]
                if name == "fiscal_year"
                else numbers_along(self.store, self.table, name)[self.places]
            )
        return self._numbers_by_name[name]

    def _are_first_with(self, values: Numbers) -> Flags:
        """Return which rows are the first of their resident with these values."""
        result = np.ones(len(values), np.bool_)
        for rows, distance in self._same_resident:
            result[rows[values[rows] == values[rows - distance]]] = False
        return result

    @cached_property
    def _same_resident(self) -> list[tuple[Numbers, int]]:
        """For each distance, the rows whose resident is that of the row so far before them."""
        result: list[tuple[Numbers, int]] = []
        residents = np.asarray(self.residents)
        while not result or len(result[-1][0]):
            distance = len(result) + 1
            result.append((np.flatnonzero(residents[distance:] == residents[:-distance]) + distance, distance))
        return result


def crosstabs_of(
    rows: Sequence[CountedRows], tables: Collection[Dimensions], bits: Mapping[str, int]
) -> dict[Dimensions, Crosstab]:
    """Return the counts of all rows together, with every side of every group.

    Args:
        rows: The rows, in parts that no resident is in two of.
        tables: The dimensions of each table.
        bits: The bit of each group.
    """
    parts = [part.counts(tables) for part in rows]
    result = {}
    for names in parts[0]:
        counts = sum((part[names] for part in parts[1:]), parts[0][names])
        axes = {name: sides_of(bits) if name == "group" else rows[0].axis(name) for name in names}
        if "group" in names:
            sides = [Side(bit, side) for bit, side in product(bits.values(), SIDES)]
            counts = _combined(counts, names.index("group"), flags_of(rows[0].store, rows[0].table, sides))
        result[names] = Crosstab(axes, counts)
    return result


def _combined(counts: Numbers, at: int, combinations: Flags) -> Numbers:
    """Return the counts with one axis added up: for each row of flags, the sum of the places that it marks."""
    combined = np.tensordot(combinations.astype(np.float64), counts.astype(np.float64), (1, at))
    return np.moveaxis(combined, 0, at).astype(np.int64)


def _in_quarters(names: Dimensions) -> Dimensions:
    return tuple("quarter" if name == "fiscal_year" else name for name in names)


def _key_of_quarter(quarter: int, name: str) -> str:
    """Return the key of the period that a quarter is in, from its number since year 0."""
    return key_of(date(quarter // 4, quarter % 4 * 3 + 1, 1), name)
