"""People enrolled per 10,000 residents of a town, a region or the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.calculators.counts import counted
from queries.calculators.registry import Calculator, Disclosure
from queries.context import QueryContext
from queries.disclosure import public
from queries.models import Row

PER = 10_000
NO_POPULATION = "no population is supplied for this place"
NOT_FOR_GROUPS = "the population of one group is not supplied by town"


@dataclass(frozen=True, kw_only=True)
class PopulationRow(Row):
    """People per 10,000 residents: the numerator counts people, the denominator is the population of all ages."""

    denominator: float | None = public()


DISCLOSURE = Disclosure[PopulationRow](counts=lambda row: (row.numerator,))


@Calculator(
    "per_population",
    row=PopulationRow,
    disclosure=DISCLOSURE,
    is_about_groups=False,
    dimensions=(None, "region", "town"),
)
def per_population(context: QueryContext) -> list[PopulationRow]:
    """Return people ÷ population × 10,000 by key.

    The people are those of the measure that this one is per. A region's population is the sum of its towns'; if one of them is not
    known, neither is the sum. A group has no rate, because the population is that of everyone.
    """
    populations = _populations(context)
    rows = counted(context.other(str(context.measure.per), by=context.by))
    return [_row(row, populations.get(row.key), has_group=context.scope.group is not None) for row in rows]


def _row(people: Row, population: int | None, *, has_group: bool) -> PopulationRow:
    note = NOT_FOR_GROUPS if has_group else None if population else NO_POPULATION
    value = None if note or not population or people.value is None else people.value / population * PER
    return PopulationRow(key=people.key, value=value, numerator=people.value, denominator=population, note=note)


def _populations(context: QueryContext) -> Mapping[str, int | None]:
    """Return the population of every key."""
    region = context.scope.region
    towns = [row for row in context.listing("towns") if region is None or row["region"] == region]
    if context.by == "town":
        return {row["town"]: row["population"] for row in towns}
    if context.by is None:
        return {"Total": _sum([row["population"] for row in towns])}
    regions = {row["region"] for row in towns}
    return {name: _sum([row["population"] for row in towns if row["region"] == name]) for name in regions}


def _sum(populations: Sequence[int | None]) -> int | None:
    """Return the sum; None if there is nothing to add up, or a part of it is not known."""
    numbers = [number for number in populations if number is not None]
    return sum(numbers) if numbers and len(numbers) == len(populations) else None
