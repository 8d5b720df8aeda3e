"""Describe the map of the regions: what it is shaded by, its finding, and its values as text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from components.text import prose, ranking
from components.text.format import format_value, known, people
from components.text.narratives import enrollment_breakdown
from components.text.scope_words import filters, subject
from queries.models import Answer

RATE, COUNT = "rate", "count"
CHOICES = {
    RATE: "Enrolled per 10,000 residents",
    COUNT: "Residents enrolled",
    "completion_rate": "Completion rate",
    "placement_rate": "Placement rate",
}
SUFFIXES = {RATE: " per 10,000 residents"}
UNITS = {"Residents enrolled": "residents", "Population": "residents", "Per 10,000 residents": "residents"}


def legend(answer: Answer, chosen: str, *, who: str) -> str:
    """Say what the map is shaded by: "Veterans enrolled in Healthcare per 10,000 residents". chosen: a key of `CHOICES`."""
    if chosen in (RATE, COUNT):
        return f"{prose.capital(who)} enrolled{filters(answer)}{SUFFIXES.get(chosen, '')}"
    return f"{answer.measure.label}{subject(answer, who)}"


def title(answer: Answer, chosen: str, regions: Sequence[str], *, who: str) -> str:
    """State the finding. regions: all regions of the delivery."""
    if chosen == RATE and prose.ranked(answer):
        recorded = replace(answer, rows=tuple(row for row in answer.rows if not prose.is_unrecorded(row)))
        return f"{legend(answer, chosen, who=who)}: {ranking.most_and_fewest(recorded, regions, numbers=True)}"
    if chosen in (RATE, COUNT):
        return enrollment_breakdown.title(answer, "region", regions, who=who)
    return f"{legend(answer, chosen, who=who)} by region"


def words(answer: Answer, chosen: str, *, who: str) -> str:
    """Describe the values by region, with what each is taken of."""
    if chosen == COUNT:
        return enrollment_breakdown.words(answer, "region", who=who)
    unit = answer.measure.unit
    values = [
        f"{row.key} {format_value(row.value, unit)} ({people(row.numerator)} of {people(row.denominator)})"
        for row in prose.ranked(answer)
        if known(row.numerator) and known(row.denominator)
    ]
    hidden = [f"{row.key}: {row.note}" for row in prose.hidden_rows(answer)]
    return f"{legend(answer, chosen, who=who)}, by region. {'; '.join([*values, *hidden]) or 'There are no values'}."


def table(answer: Answer) -> dict[str, list[prose.Cell]]:
    """Return the columns of a table of rates per 10,000, made by `queries.arithmetic.per_10_000`."""
    hidden = {row.key: row.note for row in prose.hidden_rows(answer)}
    return {
        "Region": [row.key for row in answer.rows],
        "Residents enrolled": [hidden.get(row.key, row.numerator) for row in answer.rows],
        "Population": [row.denominator for row in answer.rows],
        "Per 10,000 residents": [row.value if known(row.value) else row.note for row in answer.rows],
    }


def notes(by_region: Answer, *, names: Collection[str], is_schematic: bool, source: str, has_rate: bool) -> list[str]:
    """Return what a reader needs to know about the map.

    Args:
        by_region: The answer on the map.
        names: The regions on the map.
        is_schematic: Whether its borders are made up.
        source: Where its boundaries come from; "" for nowhere.
        has_rate: Whether it is shaded by a rate of the population.
    """
    rest = [row for row in by_region.rows if row.key not in names and known(row.value)]
    values = "; ".join(f"{row.key}: {format_value(row.value, by_region.measure.unit)}" for row in rest)
    return [
        text
        for text in (
            f"Not on the map: {values}." if values else "",
            "This map is a schematic. Each cell surrounds the center of a town; borders are not real."
            if is_schematic
            else "",
            f"Boundaries: {source.rstrip('.')}." if source else "",
            "Population: residents of all ages." if has_rate else "",
        )
        if text
    ]
