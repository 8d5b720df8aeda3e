"""One region against the state and its peers, in words."""

from __future__ import annotations

from typing import Any

from components.text import prose
from components.text.format import dollars, known, people, share
from queries.access.rights import WITHHELD

ONE_POINT = 0.01


def lead(
    *, region: str | None, enrolled: Any, by_region: Any, completion: Any, state_completion: Any, who: str = "residents"
) -> str:
    """The region's answer; without a region, how the regions compare."""
    if by_region.status != "ok":
        return by_region.note or "There is nothing to compare yet."
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    if region is None and any(row.note == WITHHELD for row in by_region.rows):
        shown = prose.join([f"{row.key} ({people(row.value)})" for row in prose.ranked(by_region)])
        text = f"{prose.counted(enrolled, who)} have enrolled across the state {prose.when(enrolled)}"
        return f"{text}; of the regions, your view has {shown or 'your own'}."
    if region is None:
        return f"{prose.leads_and_trails(by_region, numbers=True)} in {who} enrolled {prose.when(by_region)}."
    ranked = [row.key for row in prose.ranked(by_region)]
    value = enrolled.total.value
    text = f"{prose.counted(enrolled, who)} of {region} {'has' if value == 1 else 'have'} enrolled {prose.when(enrolled)}"
    if region in ranked and len(ranked) > 1 and not prose.held_back(by_region):
        text += f", {_ordinal(ranked.index(region) + 1)} of {prose.in_words(len(ranked))} regions"
    mine, state = completion.total.value, state_completion.total.value
    if known(mine) and known(state):
        beside = (
            "like the state"
            if abs(mine - state) < ONE_POINT
            else f"{prose.compare(mine, state)} the state’s {share(state)}"
        )
        text += f"; {share(mine)} of exits completed, {beside}"
    return prose.capital(text) + "."


def _ordinal(n: int) -> str:
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return names[n - 1] if n <= len(names) else f"number {n}"


def top(answer: Any, one: str, *, of: str) -> str:
    """The finding over a bar chart: "Groton and Norwich have the most residents enrolled: 142 each"."""
    rows = prose.ranked(answer)
    first = [row.key for row in rows if row.value == rows[0].value]
    if not first:
        return f"Too few to show by {one}" if prose.held_back(answer) else f"No {one} has residents to show yet"
    if len(first) > 3:
        return (
            f"{prose.capital(prose.plural(len(first), one))} share the most {of}: {people(rows[0].value)} each"
        )
    alone = len(first) == 1
    return f"{prose.join(first)} {'has' if alone else 'have'} the most {of}: {people(rows[0].value)}{'' if alone else ' each'}"


UNITS = {
    "Residents enrolled": "residents", "Completion rate": "share", "Placement rate": "share",
    "Received a support": "share", "Dollars spent": "dollars", "Exits": "enrollments",
}  # fmt: skip


def overdue(in_training: Any, past: Any) -> str:
    """How many of those in training are past their planned end without an exit."""
    value = past.total.value
    if not known(in_training.total.value) or not known(value) or not value:
        return ""
    return f"{people(value)} past their planned end, no exit reported"


def assigned(scope: Any, unassigned: Any) -> str:
    """What dollars under a region or a group do not say."""
    row, said = unassigned.row("Not assigned"), []
    if scope.region and row is not None and known(row.value) and row.value:
        said.append(f"assigned to the region; {dollars(row.value)} of the state’s is assigned to none")
    if scope.group:
        said.append("for all residents")
    return "; ".join(said)


def of_state(mine: Any, state: Any, region: str | None) -> str:
    """What part of the state's residents are the region's."""
    if not region or not known(mine.total.value) or not state.total.value:
        return ""
    return f"{share(mine.total.value / state.total.value)} of the state’s {people(state.total.value)}"


def beside_state(mine: Any, state: Any, region: str | None) -> str:
    """The state's rate beside the region's, with the region's own count."""
    row = mine.total
    if not known(row.value):
        return ""
    text = f"{people(row.numerator)} of {people(row.denominator)} exits"
    return f"{text} · state {share(state.total.value)}" if region and known(state.total.value) else text


def compared(*, enrolled: Any, completion: Any, placement: Any, supports: Any, expended: Any) -> list[dict[str, Any]]:
    """One row a region for the side-by-side table; None where there is no number."""

    return [
        {
            "Region": row.key,
            "Residents enrolled": row.value if known(row.value) else row.note,
            "Completion rate": prose.cell(completion, row.key),
            "Placement rate": prose.cell(placement, row.key),
            "Received a support": prose.cell(supports, row.key, part="any"),
            "Dollars spent": prose.cell(expended, row.key),
        }
        for row in prose.by_size(enrolled.rows)
    ]


def with_rate(counts: Any, rates: Any, what: str) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Columns and units of a table of programs or providers: residents, exits and completion rate, largest first."""
    rows = prose.by_size(counts.rows)
    found = [rates.row(row.key) for row in rows]
    columns = {
        prose.capital(what): [row.key for row in rows],
        "Residents enrolled": [row.value if known(row.value) else row.note for row in rows],
        "Exits": [_exits(rate) for rate in found],
        "Completion rate": [prose.told(rate) if rate else None for rate in found],
    }
    return columns, UNITS


def _exits(rate: Any) -> Any:
    """How many exits a rate rests on, or why that is not told."""
    if rate is None:
        return 0
    return rate.denominator if known(rate.denominator) else rate.note
