"""The values of dimensions along the axes of crosstabs, and where each row of a table is along them.

They are read once for each store. What counts rows with numpy (small_deliveries.py, privacy/crosstabs.py) needs only the places of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from queries.arrays import read_once
from queries.compiler import Query
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, MODELS, PERIODS, Model
from queries.scope import SIDES

OF = " of "  # a unit of time is the dimension "month of <SQL of a day>"
NO_DAY = 2**31 - 1
REPEATED = "rollup_repeated"  # the applications of residents with several, in the store of a large delivery
_EXACT = 2**53  # sums of integers below this are exact as floating-point numbers
Numbers: TypeAlias = npt.NDArray[np.integer[Any]]
Flags: TypeAlias = npt.NDArray[np.bool_]
# the values of a dimension and where they are along its axis; for groups, see `side_of`
Axis: TypeAlias = Mapping[str, int]


def side_of(group: str, side: str) -> str:
    """Return the name of one side of a group along the axis of groups."""
    return f"{group} {side}"


def model_of(table: str) -> Model:
    """Return the model whose rows a table has."""
    return MODELS["enrollments" if table == REPEATED else table]


def axis_of(store: Store, table: str, name: str) -> Axis:
    """Return the values of a dimension in their order."""

    def read() -> Axis:
        return {row["value"]: number for number, row in enumerate(store.run(values_of(table, name).text))}

    return store.get_or_compute(("values", table, name), read)


def patterns_of(store: Store, table: str) -> Numbers:
    """Return the combinations of answers about all groups: the bits of the groups that residents are in, and of those answered."""

    def read() -> Numbers:
        rows = store.run(values_of(table, "group").text)
        return np.array([tuple(row.values()) for row in rows], np.int64).reshape(-1, 2)

    patterns: Numbers = read_once(store, ("patterns", table), read)
    return patterns


def numbers_along(store: Store, table: str, name: str) -> Numbers:
    """Return the number of the value that each row of a table has of a dimension, by the place of the row."""

    def read() -> Numbers:
        numbers = _by_place(store, numbers_of(table, name), missing=-1)
        return numbers.astype(np.int16) if numbers.max(initial=0) < np.iinfo(np.int16).max else numbers

    numbers: Numbers = read_once(store, ("numbers", table, name), read)
    return numbers


def are_recorded(store: Store, table: str, name: str) -> Flags:
    """Return whether each row of a table has a value of a dimension."""

    def read() -> Flags:
        column = DIMENSIONS[name].columns[model_of(table).id]
        query = f"select rowid as place, cast({column} is not null as integer) as number\nfrom {table}"
        return _by_place(store, Query(query, {}), missing=0) > 0

    recorded: Flags = read_once(store, ("recorded", table, name), read)
    return recorded


def days_along(store: Store, table: str, day: str) -> Numbers:
    """Return the day of each row of a table, in days since 1970; for rows without one, later than any day."""

    def read() -> Numbers:
        return _by_place(store, days_of(table, day), missing=NO_DAY)

    days: Numbers = read_once(store, ("days", table, day), read)
    return days


def number_of(day: date | None) -> int:
    """Return a day as `days_along` does; None is after every other day."""
    return ((day or date.max) - date(1970, 1, 1)).days


def amounts_along(store: Store, table: str, amount: str) -> Numbers | None:
    """Return the amount of each row in hundredths; None where one is not known or they are too large to be added up exactly."""

    def read() -> Numbers | None:
        columns = store.columns(amounts_of(table, amount).text)
        places, known = np.asarray(columns["place"]), columns["amount"]
        if np.ma.is_masked(known) or np.abs(known.astype(np.float64)).sum() >= _EXACT:
            return None
        amounts = np.zeros(int(places.max(initial=-1)) + 1, np.int64)
        amounts[places] = np.asarray(known)
        return amounts

    amounts: Numbers | None = read_once(store, ("amounts", table, amount), read)
    return amounts


def row_count(store: Store, table: str) -> int:
    """Return how many rows a table has."""
    return int(store.get_or_compute(("row count", table), lambda: store.run(_counted(table).text)[0]["rows"]))


@dataclass(frozen=True)
class Grid:
    """Where the rows of a table are in one breakdown and the combinations of answers about groups: each pair is a cell.

    Attributes:
        keys: The columns that say a value of the breakdown, for each value in order.
        starts: The first cell of each value.
        answers: The combination of answers of each cell; cells that no row is in are left out.
        cells: The cell of each row.
        pairs: The two rows of each resident who has two in one cell.
        units: For each row of a resident with three or more in one cell, a number of that resident in that cell; -1 for the others.
        cells_of_units: The cell of each of those numbers.
    """

    keys: Sequence[SqlRow]
    starts: Numbers
    answers: Numbers
    cells: Numbers
    pairs: tuple[Numbers, Numbers]
    units: Numbers
    cells_of_units: Numbers


def grid_of(store: Store, table: str, by: Sequence[str]) -> Grid:
    """Return the grid of a breakdown by some dimensions at once; by none: of one value without columns."""

    def read() -> Grid:
        combinations = len(patterns_of(store, table))
        numbers = np.zeros(len(numbers_along(store, table, "group")), np.int64)
        axes = [list(axis_of(store, table, name)) for name in by]
        for name, axis in zip(by, axes, strict=True):
            numbers = numbers * len(axis) + numbers_along(store, table, name)
        occurring, cells = np.unique(numbers * combinations + numbers_along(store, table, "group"), return_inverse=True)
        values, starts = np.unique(occurring // combinations, return_index=True)
        pairs, units, cells_of_units = _repeated(numbers_along(store, table, "resident"), cells, len(occurring))
        columns = by if len(by) > 1 else ["key"]
        places = np.unravel_index(values, [len(axis) for axis in axes]) if by else ()
        names = zip(
            *([axis[at] for at in place.tolist()] for axis, place in zip(axes, places, strict=True)), strict=True
        )
        keys: list[SqlRow] = [dict(zip(columns, value, strict=True)) for value in names] if by else [{}]
        return Grid(keys, starts, occurring % combinations, cells.astype(np.int32), pairs, units, cells_of_units)

    grid: Grid = read_once(store, ("grid", table, tuple(by)), read)
    return grid


def _repeated(resident: Numbers, cells: Numbers, cell_count: int) -> tuple[tuple[Numbers, Numbers], Numbers, Numbers]:
    """Return the rows of residents with several rows in one cell, as `Grid` has them: pairs, units and cells_of_units."""
    rows = np.flatnonzero(resident >= 0)
    numbers = resident[rows].astype(np.int64) * cell_count + cells[rows]
    occurring, unit, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    in_order = rows[np.argsort(unit, kind="stable")]
    first = np.cumsum(counts) - counts
    firsts = first[counts == 2]
    is_more = counts > 2
    units = np.full(len(cells), -1, np.int32)
    units[rows] = np.where(is_more, np.cumsum(is_more) - 1, -1)[unit]
    return (in_order[firsts], in_order[firsts + 1]), units, occurring[is_more] % cell_count


def _by_place(store: Store, query: Query, *, missing: int) -> Numbers:
    """Return the numbers that a query gives for places; `missing` for a place without one."""
    columns = store.columns(query.text)
    places = np.asarray(columns["place"])
    result = np.full(int(places.max(initial=-1)) + 1, missing, np.int32)
    result[places] = np.asarray(columns["number"])
    return result


def sides_of(bits: Mapping[str, int]) -> Axis:
    """Return where each side of each group is along the axis of groups."""
    return {side_of(group, side): number for number, (group, side) in enumerate(product(bits, SIDES))}


@cache
def values_of(table: str, name: str) -> Query:
    """Return the query of the values of a dimension in their order; for groups, of the combinations of answers about all of them."""
    return Query(f"select distinct {_value(table, name)}\nfrom {table}\norder by all", {})


@cache
def numbers_of(table: str, name: str) -> Query:
    """Return the query of the place of each row of a table and the number of its value in the order of `values_of`.

    For residents: a number of those with several rows, and -1 for the others.
    """
    if name == "resident":
        values = f"select resident\n    from {table}\n    group by resident\n    having count(*) > 1"
    else:
        values = f"select distinct {_value(table, name)}\n    from {table}"
    columns = {"group": "member_bits, answered_bits", "resident": "resident"}.get(name, "value")
    listed = columns if columns != "value" else _value(table, name)
    return Query(
        f"select place, cast(coalesce(number, -1) as integer) as number\nfrom (\n    select rowid as place, {listed}\n    from {table}\n)"
        f"\nleft join (\n    select *, row_number() over (order by {columns}) - 1 as number\n    from (\n    {values}\n)\n) using ({columns})",
        {},
    )


@cache
def days_of(table: str, day: str) -> Query:
    """Return the query of the place of each row of a table and its day, for `days_along`."""
    number = f"coalesce(date_diff('day', date '1970-01-01', {day}), {NO_DAY})"
    return Query(f"select rowid as place, cast({number} as integer) as number\nfrom {table}", {})


@cache
def amounts_of(table: str, amount: str) -> Query:
    """Return the query of the place of each row of a table and its amount in hundredths, for `amounts_along`."""
    hundredths = f"cast(cast({amount} as decimal(38, 2)) * 100 as bigint)"  # with fewer digits, the product may not fit
    return Query(f"select rowid as place, {hundredths} as amount\nfrom {table}", {})


@cache
def _counted(table: str) -> Query:
    return Query(f"select count(*) as rows from {table}", {})


def _value(table: str, name: str) -> str:
    """Return the columns of a dimension's value."""
    if name == "group":
        return "member_bits, answered_bits"
    period, _, day = name.partition(OF)
    if day:
        return f"coalesce({PERIODS[period].key.replace('{date}', day)}, '') as value"
    model = model_of(table)
    return f"coalesce({DIMENSIONS[name].columns[model.id]}, '{model.empty}') as value"
