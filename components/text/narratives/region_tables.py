"""The tables of one region: its providers and its towns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components.data_table import Table
from components.text import prose
from components.text.format import interval, known
from components.text.narratives.my_region import STATE
from components.text.narratives.providers import MOST_NAMES, NOT_SHOWN, finding_of, finding_words
from components.text.narratives.region_data import RegionData, against_rest, unit_of, value_of
from components.text.narratives.region_ranks import rank_cell
from components.text.scope_words import chosen, filters
from components.text.verdicts import OUTCOME_WORDS
from queries.calculators.per_population import NO_POPULATION, PopulationRow
from queries.calculators.provider_limits import FunnelRow
from queries.models import Answer, Row
from queries.privacy.family import is_limited
from queries.privacy.suppression import is_hidden
from queries.statistics import Side, discoveries, p_two_rates
from queries.verdicts import ALIKE, RATE

PROVIDER_UNITS = {"Completion rate": "share", "Exits": "exits", "Job rate": "share"}
PROVIDER_BARS = ("Completion rate", "Job rate")
LOWER_TOWN, HIGHER_TOWN, NOT_COMPARED = "Lower, unlikely to be chance", "Higher, unlikely to be chance", "Not compared"
_COMPARED = "Each town is compared with the rest of the region."
_NOT_COMPARED = "No population of a group is known by town, so its counts are not compared."
TOWN_UNITS = {"Per 10,000 residents": "", "Residents enrolled": "residents"}  # both with bars


@dataclass(frozen=True, kw_only=True)
class RegionsColumn:
    """A column of the table of all regions: the time in words, and the answers for every region and for the state."""

    when: str
    by_region: Mapping[str, Answer]
    state: Mapping[str, Answer]


def regions_title(data: RegionData, columns: Sequence[RegionsColumn]) -> str:
    """Name the table of all regions: "Every region and the state, as of November 13, 2026, and on November 13, 2025"."""
    times = prose.join([column.when for column in columns])
    return f"Every region and the state{chosen(data.state['residents_enrolled'].scope)}, {times}"


def regions_table(data: RegionData, columns: Sequence[RegionsColumn]) -> Table:
    """Return one row for each measure and region, and for the state: the rank of today, and the values of each time."""
    rows = [(line, region) for line in data.lines for region in (*data.regions, None)]
    cells: dict[str, list[object]] = {
        "Measure": [line.label for line, _ in rows],
        "Region": [region or STATE for _, region in rows],
    }
    for column in columns:
        cells[prose.capital(column.when)] = [
            value_of(column.by_region if region else column.state, line, region) for line, region in rows
        ]
        cells.setdefault(
            "Rank of the regions",
            [rank_cell(replace(data, region=region), line) if region else "" for line, region in rows],
        )
    units = [unit_of(data, line) for line, _ in rows]
    return Table(cells, row_units=units, is_sortable=False)


def provider_words(completion: Answer, jobs: Answer, *, group: str | None) -> str:
    """Say what a finding is, and that a group chosen as a filter does not apply. group: The group chosen."""
    text = (
        "Each rate is compared with the rate expected for residents like those the provider serves. A finding is lower or higher "
        "only outside the 99.8% limits."
    )
    not_applied = "The group filter does not apply here." if group else ""
    return " ".join(filter(None, (text, finding_words(completion, jobs), not_applied)))


def provider_table(completion: Answer, jobs: Answer) -> Table:
    """Return one row a provider: completion and job rates, each with its interval and what the funnel says about it."""
    job_rows = {row.key: row for row in jobs.rows_of(FunnelRow)}
    rows = completion.rows_of(FunnelRow)
    columns: dict[str, list[object]] = {
        "Provider": [row.key for row in rows],
        "Completion rate": [prose.cell_of(row) for row in rows],
        "Exits": [NOT_SHOWN if is_hidden(row) else row.denominator for row in rows],
        "95% interval": [_interval(row) for row in rows],
        "Completion finding": [finding_of(row) for row in rows],
    }
    others = [job_rows.get(row.key) for row in rows]
    columns["Job rate"] = [prose.cell_of(row) if row else None for row in others]
    columns["95% interval of jobs"] = [_interval(row) if row else "" for row in others]
    columns["Job finding"] = [finding_of(row) if row else "" for row in others]
    return replace(Table.from_columns(columns, PROVIDER_UNITS), bars=PROVIDER_BARS)


def _interval(row: FunnelRow) -> str:
    """Write the interval of a rate; a hidden one looks unlike one that does not exist."""
    return interval(row.low, row.high) or (NOT_SHOWN if is_hidden(row) else "none")


@dataclass(frozen=True)
class Town:
    """A town of the region.

    Attributes:
        name: The town.
        enrolled: Residents enrolled, or why that is not shown.
        rate: The same per 10,000 residents, or why there is none.
        verdict: How the rate compares with the rest of the region.
    """

    name: str
    enrolled: prose.Cell
    rate: prose.Cell
    verdict: str = NOT_COMPARED


def towns(counts: Answer, rates: Answer, region: Answer, populations: Mapping[str, int | None]) -> list[Town]:
    """Return the towns of a region, the lowest rate first; without rates, the fewest residents first.

    Each rate is compared with the rest of the region's, as one family of comparisons.

    Args:
        counts: Residents enrolled by town.
        rates: The same per 10,000 residents.
        region: Residents enrolled per 10,000 residents of the region.
        populations: The region's towns, each with its population, if supplied. Those where nobody has enrolled are added; for
            protected readers, the answers hold every row that they may see.
    """
    listed = [row.key for row in counts.rows]
    if not is_limited(counts.scope):
        listed += [name for name in populations if name not in listed]
    has_rates = prose.has_values(rates)
    rows = [rates.row(name) or (_nobody(name, populations.get(name)) if has_rates else None) for name in listed]
    compared = [against_rest(row, region.total) for row in rows]
    ps = discoveries([p_two_rates(*sides) if sides else None for sides in compared], rate=RATE)
    result = [
        Town(name, _cell(counts.row(name), absent=0), _cell(row), _verdict(sides, p))
        for name, row, sides, p in zip(listed, rows, compared, ps, strict=True)
    ]
    return sorted(result, key=lambda town: _sort_key(town.rate if has_rates else town.enrolled, town.name))


def town_words(who: str) -> str:
    """Say whether the towns are compared. who: whom the page counts."""
    return _COMPARED if who == "residents" else _NOT_COMPARED


def town_title(rows: Sequence[Town], counts: Answer, *, who: str = "residents") -> str:
    """State the finding over the towns: which are below the rest of the region beyond chance.

    Args:
        rows: The towns.
        counts: Residents by town.
        who: Whom these count.
    """
    place = filters(counts)
    below = [town.name for town in rows if town.verdict == LOWER_TOWN]
    if not any(town.verdict != NOT_COMPARED for town in rows):
        return f"{prose.capital(who)} enrolled by town{place}"
    if not below:
        shown = " shown" if is_limited(counts.scope) or prose.hidden_rows(counts) else ""  # else every town is listed
        return f"Enrollment{place}: no town{shown} is clearly below the others"
    more = [f"{prose.in_words(len(below) - MOST_NAMES)} more"] if len(below) > MOST_NAMES else []
    names = prose.join(below[:MOST_NAMES] + more)
    return f"Enrollment per 10,000 residents{place}: {names} {prose.noun(len(below), 'is')} below the others, unlikely to be chance"


def to_shade(rates: Answer, counts: Answer) -> Answer:
    """Return what a map of towns is shaded by: the rates, or the counts of a group, whose population no town has."""
    return rates if prose.has_values(rates) else counts


def town_table(rows: Sequence[Town]) -> Table:
    """Return one table row a town; rates and verdicts only where there are any."""
    columns: dict[str, list[object]] = {"Town": [town.name for town in rows]}
    has_rates = any(known(town.rate) for town in rows)
    if has_rates:
        columns["Per 10,000 residents"] = [town.rate for town in rows]
    columns["Residents enrolled"] = [town.enrolled for town in rows]
    if has_rates:
        columns["Compared with the rest of the region"] = [town.verdict for town in rows]
    units = {name: unit for name, unit in TOWN_UNITS.items() if name in columns}
    return replace(Table.from_columns(columns, units), bars=list(units))


def _verdict(sides: tuple[Side, Side] | None, p: float | None) -> str:
    if p is None or sides is None:
        return NOT_COMPARED
    if p > RATE:
        return OUTCOME_WORDS[ALIKE]
    return LOWER_TOWN if (sides[0].rate or 0.0) < (sides[1].rate or 0.0) else HIGHER_TOWN


def _nobody(town: str, population: int | None) -> PopulationRow:
    """Return the rate of a town in which nobody has enrolled."""
    note = None if population else NO_POPULATION
    return PopulationRow(key=town, value=None if note else 0.0, numerator=0, denominator=population, note=note)


def _cell(row: Row | None, absent: prose.Cell = None) -> prose.Cell:
    """Return a town's number, or why it is not shown; `absent` where the answer has no row of it."""
    if row is None:
        return absent
    return row.value if known(row.value) else row.note


def _sort_key(cell: prose.Cell, town: str) -> tuple[bool, float, str]:
    """Sort from the lowest number, towns without a number last."""
    return not known(cell), cell if known(cell) else 0.0, town
