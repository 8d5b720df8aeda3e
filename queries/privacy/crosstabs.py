"""Counts of one measure by every one or two dimensions of the release family, from one reading of its rows.

The tables of the family ask for thousands of cells, and a query for each would read the rows of all residents each time. So the
rows that count are read once, with a number for each of their values, and counted by these numbers. queries/facts.toml says which
rows count; tests/privacy/test_across.py compares the counts with those of the queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from queries.compiler import Query, numbers_of, values_of
from queries.database import Store
from queries.periods import key_of
from queries.scope import SIDES

Numbers: TypeAlias = npt.NDArray[np.integer[Any]]
Flags: TypeAlias = npt.NDArray[np.bool_]
Axis: TypeAlias = Mapping[
    str, int
]  # the values of a dimension and where they are along its axis; for groups, see `side_of`
RESIDENT = "resident"
MOST_CELLS = 5_000_000  # of one table: larger ones are asked for with queries
COUNTED, KNOWN, SUCCESSES = range(3)  # rows, those whose success is known, and successes
PERIODS = ("quarter", "fiscal_year")


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
        quarters: The quarter of each row, counted from year 0.
        states: 1 for a success, 0 for none, -1 where it is not known.
        residents: A number for each row's resident, in ascending order, -1 for those with one row; None to count rows, not residents.
        is_first: Whether a resident counts in the first quarter only.
    """

    store: Store
    table: str
    places: Numbers
    quarters: Numbers
    states: Numbers
    residents: Numbers | None
    is_first: bool
    _by_name: dict[str, Numbers] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, table: str, query: Query, *, is_once: bool, is_first: bool) -> CountedRows:
        """Read the rows of a query of places, quarters and states.

        Args:
            store: The delivery.
            table: The table of the rows.
            query: The query.
            is_once: Whether residents count, and not rows: as a success if one of their rows is.
            is_first: Whether a resident counts in the first quarter only.
        """
        columns = store.columns(query.text, query.parameters)
        places, quarters, states = (np.asarray(columns[name]) for name in ("place", "quarter", "state"))
        residents = None
        if is_once:
            residents = _numbers(store, table, RESIDENT)[places]
            # of the rows of one resident, the one that counts comes first
            order = np.lexsort((quarters if is_first else -states, residents))
            places, quarters, states, residents = (each[order] for each in (places, quarters, states, residents))
        return cls(
            store=store,
            table=table,
            places=places,
            quarters=quarters,
            states=states,
            residents=residents,
            is_first=is_first,
        )

    def crosstab(self, dimensions: Sequence[str], bits: Mapping[str, int]) -> Crosstab | None:
        """Return the counts by these dimensions; None if the table is too large. Groups count with all their sides.

        Args:
            dimensions: The dimensions.
            bits: The bit of each group.
        """
        sizes = [self._size(name) for name in dimensions]
        if prod(sizes) > MOST_CELLS:
            return None
        values, undated = np.zeros(len(self.places), np.int64), np.zeros(len(self.places), np.int64)
        for name, size in zip(dimensions, sizes, strict=True):
            numbers = self._numbers_of(name)
            values = values * size + numbers
            if not (self.is_first and name in PERIODS):
                undated = undated * size + numbers
        values = values * 3 + (self.states + 1)
        if self.residents is not None:
            values = values[self._are_first_with(undated)]
        counts = np.bincount(values, minlength=3 * prod(sizes)).reshape(*sizes, 3)
        counts = counts[..., ::-1].cumsum(axis=-1)[..., ::-1]
        if "group" in dimensions:
            at = dimensions.index("group")
            sides = _sides(patterns_of(self.store, self.table), bits)
            by_side = np.tensordot(np.array(sides, np.float64), counts.astype(np.float64), (1, at))
            counts = np.moveaxis(by_side, 0, at).astype(np.int64)
        return Crosstab({name: self._axis(name, bits) for name in dimensions}, counts)

    def _size(self, name: str) -> int:
        return len(patterns_of(self.store, self.table)) if name == "group" else len(self._axis(name, {}))

    def _axis(self, name: str, bits: Mapping[str, int]) -> Axis:
        if name == "group":
            sides = (side_of(group, side) for group in bits for side in SIDES)
            return {side: number for number, side in enumerate(sides)}
        return self._period_axes[name] if name in PERIODS else axis_of(self.store, self.table, name)

    def _numbers_of(self, name: str) -> Numbers:
        """Return a number for the value that each row has of a dimension."""
        if name not in self._by_name:
            self._by_name[name] = (
                self._periods(name) if name in PERIODS else _numbers(self.store, self.table, name)[self.places]
            )
        return self._by_name[name]

    def _periods(self, name: str) -> Numbers:
        axis, start = self._period_axes[name], min(self._present, default=0)
        by_quarter = np.zeros(max(self._present, default=-1) + 1 - start, np.int16)
        for quarter in self._present:
            by_quarter[quarter - start] = axis[_key_of_quarter(quarter, name)]
        return by_quarter[self.quarters - start]

    @cached_property
    def _present(self) -> list[int]:
        """The quarters of the rows."""
        return [int(quarter) for quarter in np.unique(self.quarters)]

    @cached_property
    def _period_axes(self) -> Mapping[str, Axis]:
        keys = {name: dict.fromkeys(_key_of_quarter(each, name) for each in self._present) for name in PERIODS}
        return {name: {key: number for number, key in enumerate(each)} for name, each in keys.items()}

    def _are_first_with(self, values: Numbers) -> Flags:
        """Return which rows are the first of their resident with these values."""
        result = np.ones(len(values), np.bool_)
        for rows, before in self._same_resident:
            result[rows[values[rows] == values[before]]] = False
        return result

    @cached_property
    def _same_resident(self) -> list[tuple[Numbers, Numbers]]:
        """Rows, each with an earlier row of the same resident: the one before, the one before that, and so on."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[Numbers, Numbers]]:
        if self.residents is None:
            return
        several = np.flatnonzero(self.residents >= 0)
        residents, distance = self.residents[several], 1
        while True:
            rows = np.flatnonzero(residents[distance:] == residents[:-distance]) + distance
            if not len(rows):
                return
            yield several[rows], several[rows - distance]
            distance += 1


def side_of(group: str, side: str) -> str:
    """Return the name of one side of a group along the axis of groups."""
    return f"{group} {side}"


def axis_of(store: Store, table: str, name: str) -> Axis:
    """Return the values of a dimension in their order."""
    query = values_of(table, name).text
    rows = store.get_or_compute(("values", table, name), lambda: store.run(query))
    return {row["value"]: number for number, row in enumerate(rows)}


def patterns_of(store: Store, table: str) -> Numbers:
    """Return the combinations of answers about all groups: the bits of the groups that residents are in, and of those answered."""
    query = values_of(table, "group").text
    rows = store.get_or_compute(("values", table, "group"), lambda: store.run(query))
    return np.array([tuple(row.values()) for row in rows], np.int64).reshape(-1, 2)


def _numbers(store: Store, table: str, name: str) -> Numbers:
    """Return the number of the value that each row of a table has of a dimension, by the place of the row."""

    def read() -> Numbers:
        columns = store.columns(numbers_of(table, name).text)
        places = np.asarray(columns["place"])
        numbers = np.asarray(columns["number"])
        kind: type[np.signedinteger[Any]] = np.int16 if numbers.max(initial=0) < np.iinfo(np.int16).max else np.int32
        result = np.full(int(places.max(initial=-1)) + 1, -1, kind)
        result[places] = numbers
        return result

    numbers: Numbers = store.get_or_compute(("numbers", table, name), read)
    return numbers


def _key_of_quarter(quarter: int, name: str) -> str:
    """Return the key of the period that a quarter is in, from its number since year 0."""
    return key_of(date(quarter // 4, quarter % 4 * 3 + 1, 1), name)


def _sides(patterns: Numbers, bits: Mapping[str, int]) -> list[Flags]:
    """Return, for each side of each group, which combinations of answers are on it."""
    member, answered = patterns.T
    result = []
    for bit in bits.values():
        is_inside, has_answered = member & bit > 0, answered & bit > 0
        result += [is_inside, has_answered & ~is_inside, ~has_answered]  # as in SIDES
    return result
