"""Dimensions inside other dimensions: towns in regions, quarters in fiscal years, programs in sectors.

Cells of the inner dimension add up to the cell of the outer one, and readers know which belongs to which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from queries.database import Store
from queries.periods import days_of, key_of
from queries.reference import reference_rows

Outer: TypeAlias = Mapping[str, Mapping[str, Mapping[str, str]]]  # inner dimension, value, outer dimension: value

_PROGRAMS = """
select program, min(sector) as sector, min(initiative) as initiative, min(provider) as provider,
    count(distinct sector) = 1 as has_sector, count(distinct initiative) = 1 as has_initiative,
    count(distinct provider) = 1 as has_provider
from enrollments
where program is not null
group by program
order by program
"""


def outer_dimensions(store: Store) -> Outer:
    """Return the outer dimensions of each town and of each program that has a single one."""
    towns = {row["town"]: {"region": row["region"]} for row in reference_rows(store, "towns") if row["region"]}
    programs = {
        row["program"]: {
            name: row[name] for name in ("sector", "initiative", "provider") if row[f"has_{name}"] and row[name]
        }
        for row in store.rows(_PROGRAMS)
    }
    return {"town": towns, "program": programs}


def outer_of(outer: Outer, name: str, value: str) -> Mapping[str, str]:
    """Return the outer dimensions of one value, with their values."""
    if name == "quarter":
        return {"fiscal_year": key_of(days_of(value, "quarter")[0], "fiscal_year")}
    return outer.get(name, {}).get(value, {})


def totals_of(outer: Outer, values: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the totals that a cell is part of, each with a name for the line of cells that add up to it.

    Groups overlap, so they add up to nothing.

    Args:
        outer: From `outer_dimensions`.
        values: The values of the cell's dimensions.
    """
    for name, value in values.items():
        if name == "group":
            continue
        rest = {other: values[other] for other in values if other != name}
        if name != "quarter":  # quarters add up to fiscal years, and these to all time
            yield name, rest
        for other, outer_value in outer_of(outer, name, value).items():
            if other not in rest:
                yield f"{name} in {other}", rest | {other: outer_value}
