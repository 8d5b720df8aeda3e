"""Describe the map of the regions: what it is shaded by, its finding, and its values as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from components.data_table import Table
from components.text import prose
from components.text.format import format_value, known
from components.text.scope_words import filters, subject
from queries.models import Answer

RATE, COUNT = "enrolled_per_10000", "residents_enrolled"
CHOICES = {
    RATE: "Enrolled per 10,000 residents",
    COUNT: "Residents enrolled",
    "completion_rate": "Completion rate",
    "placement_rate": "Job rate",
}
IN_A_SENTENCE = 3  # regions, so that a sentence can be read aloud
UNITS = {"Residents enrolled": "residents", "Population": "residents"}


def options(by_region: Mapping[str, Answer]) -> dict[str, str]:
    """Return what the map can be shaded by: not by a rate of the population where there is none, as for one group."""
    return {
        measure: label for measure, label in CHOICES.items() if measure != RATE or prose.has_values(by_region[RATE])
    }


def legend(answer: Answer, *, who: str) -> str:
    """Say what the map is shaded by: "Residents enrolled in Healthcare per 10,000 residents"."""
    if answer.measure.id in (RATE, COUNT):
        rate = " per 10,000 residents" if answer.measure.id == RATE else ""
        return f"{prose.capital(who)} enrolled{filters(answer)}{rate}"
    return f"{answer.measure.label}{subject(answer, who)}"


def title(answer: Answer, *, who: str) -> str:
    """Name the map. Nothing is ranked: regions differ in size, and chance could explain the order of rates."""
    return f"{legend(answer, who=who)} by region"


def words(answer: Answer) -> str:
    """Say what the number on each region is, and why one has none."""
    if answer.measure.id == COUNT:
        text = "A resident enrolled in two regions counts once in each and once in the total."
    else:
        text = "The number on each region is its rate. On the page, “Show data” gives the counts behind it."
    hidden = [f"{row.key}: {row.note}" for row in prose.hidden_rows(answer)]
    return f"{text} {prose.in_sentences(hidden, IN_A_SENTENCE)}".rstrip()


def compared(answer: Answer, values: Mapping[str, str], *, who: str) -> str:
    """Write the values of the region chosen and of the region it is compared with; "" without two.

    Args:
        answer: What the map is shaded by, by region.
        values: The value of each of the two regions, with its base.
        who: Whom the numbers count.
    """
    if len(values) != 2:
        return ""
    first, second = (f"{name}: {value}." for name, value in values.items())
    has_period = bool(answer.scope.since or answer.scope.until)  # which the legend names
    return f"{legend(answer, who=who)}{'' if has_period else f', {prose.when(answer)}'}. {first} Compared with {second}"


def table(answer: Answer) -> Table:
    """Return the table of a rate per 10,000."""
    columns: dict[str, list[object]] = {
        "Region": [row.key for row in answer.rows],
        "Residents enrolled": [row.numerator if known(row.numerator) else row.note for row in answer.rows],
        "Population": [row.denominator for row in answer.rows],
        "Per 10,000 residents": [row.value if known(row.value) else row.note for row in answer.rows],
    }
    return Table.from_columns(columns, {**UNITS, "Per 10,000 residents": answer.measure.unit})


def not_on_map(answer: Answer, regions: Collection[str]) -> str:
    """Name the values of no region on the map; "" where there are none."""
    rest = [row for row in answer.rows if row.key not in regions and known(row.value)]
    values = "; ".join(f"{row.key}: {format_value(row.value, answer.measure.unit)}" for row in rest)
    return f"Not on the map: {values}." if values else ""


def notes(rest: str, *, is_schematic: bool, source: str) -> list[str]:
    """Return what a reader needs to know about the map.

    Args:
        rest: What is not on it, as a sentence; "" for nothing.
        is_schematic: Whether its borders are made up.
        source: Where its boundaries come from; "" for nowhere.
    """
    schematic = "This map is a schematic. Each cell surrounds the center of a town; borders are not real."
    texts = (rest, schematic if is_schematic else "", f"Boundaries: {source.rstrip('.')}." if source else "")
    return [text for text in texts if text]
