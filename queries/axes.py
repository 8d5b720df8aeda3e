"""The values of dimensions along the axes of crosstabs, and where each row of a table is along them.

They are read once for each store. What counts rows with numpy (several_rates.py, privacy/crosstabs.py) needs only the places of rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from queries.compiler import Query
from queries.database import Store
from queries.dimensions import DIMENSIONS, MODELS
from queries.scope import SIDES

Numbers: TypeAlias = npt.NDArray[np.integer[Any]]
Flags: TypeAlias = npt.NDArray[np.bool_]
# the values of a dimension and where they are along its axis; for groups, see `side_of`
Axis: TypeAlias = Mapping[str, int]


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

    def read() -> Numbers:
        rows = store.run(values_of(table, "group").text)
        return np.array([tuple(row.values()) for row in rows], np.int64).reshape(-1, 2)

    patterns: Numbers = store.get_or_compute(("patterns", table), read)
    return patterns


def numbers_along(store: Store, table: str, name: str) -> Numbers:
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


def sides_of(bits: Mapping[str, int]) -> Axis:
    """Return where each side of each group is along the axis of groups."""
    return {side_of(group, side): number for number, (group, side) in enumerate(product(bits, SIDES))}


def are_on_sides(patterns: Numbers, bits: Mapping[str, int]) -> Flags:
    """Return, for each side of each group, which combinations of answers are on it."""
    member, answered = patterns.T
    result = []
    for bit in bits.values():
        is_inside, has_answered = member & bit > 0, answered & bit > 0
        result += [is_inside, has_answered & ~is_inside, ~has_answered]  # as in SIDES
    return np.array(result, np.bool_).reshape(len(result), len(patterns))


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


def _value(table: str, name: str) -> str:
    """Return the columns of a dimension's value."""
    if name == "group":
        return "member_bits, answered_bits"
    return f"coalesce({DIMENSIONS[name].columns[table]}, '{MODELS[table].empty}') as value"
