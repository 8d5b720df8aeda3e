"""Describe one region, compared with the state and the other regions."""

from __future__ import annotations

from components.text import prose, reliability
from components.text.format import dollars, known, people, share
from queries.access.rights import WITHHELD
from queries.arithmetic import share_of
from queries.models import Answer, Row
from queries.scope import Scope

POINT = 0.01
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
UNITS = {
    "Residents enrolled": "residents", "Completion rate": "share", "Placement rate": "share",
    "Received a support": "share", "Dollars spent": "dollars", "Exits": "enrollments",
}  # fmt: skip


def lead(
    *,
    region: str | None,
    enrolled: Answer,
    by_region: Answer,
    completion: Answer,
    state_completion: Answer,
    who: str = "residents",
) -> str:
    """Describe the region chosen; without one, compare the regions."""
    if by_region.status != "ok":
        return by_region.note or "There is nothing to compare yet."
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    if region is None:
        return _state_lead(enrolled, by_region, who)
    text = f"{prose.total_of(enrolled, who)} of {region} {prose.have(enrolled)} enrolled {prose.when(enrolled)}"
    ranked = [row.key for row in prose.ranked(by_region)]
    if region in ranked and len(ranked) > 1 and not prose.hidden_rows(by_region):
        text += f", {_ordinal(ranked.index(region) + 1)} of {prose.in_words(len(ranked))} regions by number"
    rate, state = completion.total.value, state_completion.total.value
    if known(rate) and known(state):
        is_like_state = abs(rate - state) < POINT
        compared = "like the state" if is_like_state else f"{prose.compare(rate, state)} the state’s {share(state)}"
        text += f"; {share(rate)} of exits were completions, {compared}"
    return f"{prose.capital(text)}."


def _state_lead(enrolled: Answer, by_region: Answer, who: str) -> str:
    if any(row.note == WITHHELD for row in by_region.rows):
        shown = prose.join([f"{row.key} ({people(row.value)})" for row in prose.ranked(by_region)])
        text = (
            f"{prose.total_of(enrolled, who)} {prose.have(enrolled)} enrolled across the state {prose.when(enrolled)}"
        )
        return f"{text}. Of the regions, your view includes {shown or 'your own'}."
    return f"{prose.capital(who)} enrolled {prose.when(by_region)}: {prose.most_and_fewest(by_region, numbers=True)}."


def _ordinal(n: int) -> str:
    return _ORDINALS[n - 1] if n <= len(_ORDINALS) else f"number {n}"


def largest(answer: Answer, noun: str, *, of: str) -> str:
    """State the finding over a bar chart: "Groton and Norwich have the most residents enrolled: 142 each"."""
    rows = prose.ranked(answer)
    first = [row.key for row in rows if row.value == rows[0].value]
    if not first:
        return f"Too few to show by {noun}" if prose.hidden_rows(answer) else f"No {noun} has residents to show yet"
    if len(first) > 3:
        return f"{prose.capital(prose.plural(len(first), noun))} share the most {of}: {people(rows[0].value)} each"
    if len(first) == 1:
        return f"{first[0]} has the most {of}: {people(rows[0].value)}"
    return f"{prose.join(first)} have the most {of}: {people(rows[0].value)} each"


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


def of_state(enrolled: Answer, state: Answer, region: str | None) -> str:
    """Say what share of the state's residents enrolled are the region's."""
    part = share_of(enrolled.total.value, state.total.value)
    return f"{share(part)} of the state’s {people(state.total.value)}" if region and part is not None else ""


def with_state(rate: Answer, state: Answer, region: str | None) -> str:
    """Write what a rate counts, and the state's rate where a region is chosen."""
    row = rate.total
    if not known(row.value):
        return ""
    days = rate.measure.mature_days
    text = f"{people(row.numerator)} of {people(row.denominator)} exits" + (
        f" at least {days} days old" if days else ""
    )
    return f"{text} · state {share(state.total.value)}" if region and known(state.total.value) else text


def compared_table(
    *, enrolled: Answer, completion: Answer, placement: Answer, supports: Answer, expended: Answer
) -> list[dict[str, prose.Cell]]:
    """Return one table row a region."""
    return [
        {
            "Region": row.key,
            "Residents enrolled": row.value if known(row.value) else row.note,
            "Completion rate": prose.cell(completion, row.key),
            "Placement rate": prose.cell(placement, row.key),
            "Received a support": prose.cell(supports, row.key, part="any"),
            "Dollars spent": prose.cell(expended, row.key),
            "Reliability": reliability.of_rows(
                {
                    "Completion rate": completion.row(row.key),
                    "Placement rate": placement.row(row.key),
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
