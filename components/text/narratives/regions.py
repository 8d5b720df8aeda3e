"""Describe one region, compared with the state and the other regions."""

from __future__ import annotations

from collections.abc import Sequence

from components.text import first_time, prose, reliability
from components.text.format import dollars, fixed, format_value, known, people, share
from components.text.narratives.answer_data import ENDED
from components.text.narratives.region_data import side_of
from components.text.scope_words import chosen, filters
from queries.access.rights import WITHHELD
from queries.arithmetic import share_of
from queries.models import Answer, Row
from queries.notes import NOT_DISCLOSED
from queries.scope import Scope
from queries.statistics.ranks import rank_range

CARDS = ("residents_enrolled", "completion_rate", "placement_rate", "in_training")
PER_RESIDENTS = "Per 10,000 residents"
UNITS = {
    "Residents enrolled": "residents", PER_RESIDENTS: "", "Completion rate": "share", "Job rate": "share",
    "Received a support": "share", "Dollars spent": "dollars", "Dollars spent on all residents": "dollars", "Exits": "exits",
}  # fmt: skip
MOST_LISTED = 9  # regions that a sentence names
MOST_FIRST = 2  # regions that a sentence calls first
_SMALL_RATE = 1  # per 10,000 residents; where all rates of a sentence are smaller, they have two decimals
FOR_ALL = "Dollars spent are for all residents."  # under the filter on a group
BARS = tuple(name for name in UNITS if name != "Exits")


def lead(
    *,
    region: str | None,
    enrolled: Answer,
    by_region: Answer,
    completion: Answer,
    state_completion: Answer,
    rates: Answer,
    state_rate: Answer,
    regions: Sequence[str] = (),
    who: str = "residents",
) -> str:
    """Describe the region chosen; without one, list the regions. Where a population is known, in terms of it.

    Args:
        region: The region chosen.
        enrolled: Residents enrolled there.
        by_region: In each region.
        completion: The completion rate there.
        state_completion: That of the state.
        rates: Residents enrolled per 10,000 residents, by region.
        state_rate: The same of the state.
        regions: All regions of the delivery.
        who: Whom the page is about.
    """
    if by_region.status != "ok":
        return by_region.note or "There is nothing to compare yet."
    if enrolled.status in ("not_allowed", "not_disclosed"):
        return str(enrolled.note)
    if region is None:
        return _state_lead(enrolled, by_region, rates, regions, who)
    text = prose.people_who(enrolled, "enrolled", f"{chosen(enrolled.scope)} {prose.when(enrolled)}", who=who)
    text += _per_resident(rates, state_rate, region)
    state = state_completion.total.value
    if prose.is_of_several(completion.total) and known(state):
        text += f". {prose.share_of_exits(completion.total)} {ENDED[completion.measure.id]}, compared with {share(state)} in the state"
    return f"{text}."


def town_words(town: str, counts: Answer, rates: Answer, who: str) -> str:
    """Say how many people of one town have enrolled; "" for a town outside the region on screen.

    Args:
        town: The town chosen.
        counts: Residents enrolled by town.
        rates: Residents enrolled per 10,000 residents by town.
        who: Whom the page is about.
    """
    row, rate = counts.row(town), rates.row(town)
    if row is None:
        return ""
    if not known(row.value):
        return f"{town}: {row.note or 'not known'}."
    text = f"{town}: {prose.count_of(row.value, who)} enrolled{filters(counts)} {prose.when(counts)}"
    per = f", {format_value(rate.value, rates.measure.unit)}" if rate and known(rate.value) else ""
    return f"{text}{per}."


def _per_resident(rates: Answer, state_rate: Answer, region: str) -> str:
    """Write a region's rate and the state's: ", 31.4 per 10,000 residents (state 33.3)"; "" where no population is known."""
    row, state = rates.row(region), state_rate.total.value
    if row is None or not known(row.value):
        return ""
    here, *others = _written([row.value, state] if known(state) else [row.value])
    text = f", {here} {rates.measure.unit}"
    return f"{text} (state {others[0]})" if others else text


def _written(rates: Sequence[float]) -> list[str]:
    """Write the rates of a sentence with the same number of decimals, so that those of short periods differ: "31.4", "0.62"."""
    places = 2 if max(rates) < _SMALL_RATE else 1
    least = 10**-places
    return [f"under {fixed(least, places)}" if 0 < rate < least / 2 else fixed(rate, places) for rate in rates]


def highest_rate(rates: Answer, state: Answer, program: str) -> str:
    """Say which region, or which two, enroll most for their size; "" where chance could explain that or a rate is not shown.

    Args:
        rates: Residents enrolled per 10,000 residents, by region.
        state: The same of the state.
        program: What they are enrolled in.
    """
    rows = [row for row in rates.rows if not prose.is_unrecorded(row)]
    sides = [side for row in rows if known(row.value) and (side := side_of(row)) is not None]
    if state.scope.region or not known(state.total.value) or len(rows) < 2 or len(sides) < len(rows):
        return ""
    last_ranks = {row.key: rank_range(sides, at)[1] for at, row in enumerate(rows)}
    by_rate = prose.ranked(rates)
    for count in range(1, min(MOST_FIRST, len(rows) - 1) + 1):
        first = by_rate[:count]
        if all(last_ranks[row.key] <= count for row in first):
            *values, of_state = _written([*(row.value or 0 for row in first), state.total.value])
            names = prose.join([row.key for row in first])
            have = prose.noun(count, "has the highest enrollment rate", "have the highest enrollment rates")
            return f"{names} {have} in {program}: {prose.join(values)} per 10,000 residents. The state’s is {of_state}"
    return ""


def counts(by_region: Answer, regions: Sequence[str]) -> str:
    """List the counts of all regions, which differ in size, without ranking them: "Eastern 1,904, and Northwest none".

    Args:
        by_region: Counts by region.
        regions: All regions of the delivery.
    """
    rows = sorted((row for row in prose.ranked(by_region)), key=lambda row: row.key)
    hidden = [row.key for row in prose.hidden_rows(by_region)]
    if not rows:
        return "the numbers are hidden for privacy" if hidden else "there is nothing to compare yet"
    if len(rows) > MOST_LISTED:
        ends = [people(value) for value in (min(row.value or 0 for row in rows), max(row.value or 0 for row in rows))]
        return f"from {ends[0]} to {ends[1]} in {people(len(rows))} regions"
    listed = [f"{row.key} {people(row.value) if row.value else 'none'}" for row in rows]
    listed += [f"{name} none" for name in regions if by_region.row(name) is None]
    listed += [f"{row.key} {NOT_DISCLOSED}" for row in by_region.rows if row.note == NOT_DISCLOSED]
    return prose.join(listed) + (f" ({prose.join(hidden)} hidden for privacy)" if hidden else "")


def _state_lead(enrolled: Answer, by_region: Answer, rates: Answer, regions: Sequence[str], who: str) -> str:
    if any(row.note == WITHHELD for row in by_region.rows):
        shown = prose.join([f"{row.key} ({people(row.value)})" for row in prose.ranked(by_region)])
        where = f"{chosen(enrolled.scope)} across the state {prose.when(enrolled)}"
        text = prose.people_who(enrolled, "enrolled", where, who=who)
        return f"{text}. Of the regions, your view includes {shown or 'your own'}."
    if all(known(row.value) for row in map(rates.row, regions) if row is not None) and prose.ranked(rates):
        absent = [region for region in regions if rates.row(region) is None]
        none = f"; none in {prose.join(absent, last='or')}" if absent else ""
        ranked = prose.ranked(rates)
        values = _written([row.value or 0 for row in ranked])
        listed = prose.join([f"{row.key} {value}" for row, value in zip(ranked, values, strict=True)]) + none
        return f"{prose.capital(who)} enrolled{chosen(rates.scope)} {rates.measure.unit} {prose.when(rates)}: {listed}."
    return (
        f"{prose.capital(who)} enrolled{chosen(by_region.scope)} {prose.when(by_region)}: {counts(by_region, regions)}."
    )


def overdue(in_training: Answer, past: Answer) -> str:
    """Say how many of those in training are past their planned end without an exit."""
    value = past.total.value
    if not known(in_training.total.value) or not known(value) or not value:
        return ""
    return f"{people(value)} past their planned end, no exit reported"


def assigned(scope: Scope, by_region: Answer) -> str:
    """Say what dollars under a region or group filter leave out. by_region: dollars by region, without those filters."""
    row, clauses = by_region.row("Not assigned"), []
    if scope.region and row is not None and known(row.value) and row.value:
        clauses.append(f"assigned to the region; {dollars(row.value)} statewide is assigned to no region")
    if scope.group:
        clauses.append("for all residents")
    return "; ".join(clauses)


def of_state(enrolled: Answer, state: Answer, region: str | None, first: Answer) -> str:
    """Say how many residents enrolled for the first time, and what share of the state's residents enrolled are the region's."""
    part = share_of(enrolled.total.value, state.total.value)
    of = f"{share(part)} of the state’s {people(state.total.value)}" if region and part is not None else ""
    return " · ".join(filter(None, (first_time.of_enrolled(enrolled, first), of)))


def with_state(rate: Answer, state: Answer, region: str | None) -> str:
    """Write what a rate counts, and the state's rate where a region is chosen."""
    row = rate.total
    if not known(row.value):
        return ""
    days = rate.measure.mature_days
    text = f"{people(row.numerator)} of {prose.plural(row.denominator, 'exit')}"
    text += f" at least {days} days old" if days else ""
    return f"{text} · state {share(state.total.value)}" if region and known(state.total.value) else text


def compared_table(
    *, enrolled: Answer, rates: Answer, completion: Answer, placement: Answer, supports: Answer, expended: Answer
) -> list[dict[str, prose.Cell]]:
    """Return one table row a region. rates: residents enrolled per 10,000 residents, left out where no population is supplied."""
    has_rates = prose.has_values(rates)
    dollars = "Dollars spent on all residents" if enrolled.scope.group else "Dollars spent"  # a file has no note
    return [
        {
            "Region": row.key,
            "Residents enrolled": row.value if known(row.value) else row.note,
            **({PER_RESIDENTS: prose.cell(rates, row.key)} if has_rates else {}),
            "Completion rate": prose.cell(completion, row.key),
            "Job rate": prose.cell(placement, row.key),
            "Received a support": prose.cell(supports, row.key, part="any"),
            dollars: prose.cell(expended, row.key),
            "Reliability": reliability.of_rows(
                {
                    "Completion rate": completion.row(row.key),
                    "Job rate": placement.row(row.key),
                    "Received a support": supports.row(row.key, part="any"),
                }
            ),
        }
        for row in prose.by_size(enrolled.rows)
    ]


def with_rate(counts: Answer, rates: Answer, what: str) -> dict[str, list[prose.Cell]]:
    """Return the columns of a table of programs or providers: residents, exits and completion rate, largest first."""
    rows = prose.by_size(counts.rows)
    rate_rows = [rates.row(row.key) for row in rows]
    return {
        prose.capital(what): [row.key for row in rows],
        "Residents enrolled": [row.value if known(row.value) else row.note for row in rows],
        "Exits": [_exits(rate) for rate in rate_rows],
        "Completion rate": [prose.cell_of(rate) if rate else None for rate in rate_rows],
        "Reliability": [reliability.of_row(rate) if rate else "" for rate in rate_rows],
    }


def _exits(rate: Row | None) -> prose.Cell:
    """Return how many exits a rate is taken of, or why that is hidden."""
    if rate is None:
        return 0
    return rate.denominator if known(rate.denominator) else rate.note
