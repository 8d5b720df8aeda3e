"""Ask what the equity page shows, for the page and for the documents made of it. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.compared_answers import comparison_of
from components.comparison import Comparison
from components.scoped_answers import ScopedAnswers
from components.text.narratives.answer_data import EQUITY_QUESTIONS, OUTCOMES, EquityData
from components.text.narratives.heat_regions import PARTICIPATION
from queries.registry import measure as measure_of

_COMPARED = ("shares", "gaps", "steps", "outcomes")  # what the heat table shows in its cells


@dataclass(frozen=True)
class ComparedEquity:
    """The groups as they were, or are elsewhere, where the reader compares them. data: only the answers of the heat table differ."""

    data: EquityData
    comparison: Comparison


def equity_data_of(view: ScopedAnswers, outcome: str | None = None) -> EquityData:
    """Ask about all groups, with verdicts that allow for every comparison.

    Args:
        view: The page or document. A group chosen as a filter does not apply.
        outcome: The outcome that residents in two groups are compared by; the first of OUTCOMES by default.
    """
    supplied = {f"{row['table_name']}.{row['column_name']}" for row in view.listing("supplied")}
    return EquityData(
        **view.ask_all(EQUITY_QUESTIONS, group=None),
        pairs=view.ask("intersections", outcome=outcome or next(iter(OUTCOMES))),
        labels=view.choices.labels("group"),
        nouns={row["group_id"]: row["member_noun"] for row in view.listing("groups")},
        not_supplied=frozenset(name for name in OUTCOMES if not supplied.issuperset(measure_of(name).needs)),
    ).judged_as_family()


def compared_equity_of(view: ScopedAnswers, data: EquityData) -> ComparedEquity | None:
    """Ask the questions of the heat table under the scope that the reader compares with; None where nothing is compared."""
    comparison = comparison_of(view)
    if comparison is None:
        return None
    other = view.under(view.scope.but(**comparison.changes))
    answers = other.ask_all({name: EQUITY_QUESTIONS[name] for name in _COMPARED}, group=None)
    shares, gaps, steps, outcomes = (answers[name] for name in _COMPARED)
    return ComparedEquity(replace(data, shares=shares, gaps=gaps, steps=steps, outcomes=outcomes), comparison)


def compared_regions_of(view: ScopedAnswers, data: EquityData, measure: str) -> ComparedEquity | None:
    """Ask the question of the heat table by region for the time that the reader compares with; None where that is no time.

    Args:
        view: The page.
        data: The answers of the page.
        measure: A key of `heat_regions.CHOICES`.
    """
    comparison = comparison_of(view, is_place=False)
    if comparison is None:
        return None
    other = view.under(view.scope.but(**comparison.changes))
    if measure == PARTICIPATION:
        return ComparedEquity(replace(data, by_region=other.ask("gap_residents", "region", group=None)), comparison)
    outcomes = other.ask("outcome_ratio", "region", group=None)
    return ComparedEquity(replace(data, outcomes_by_region=outcomes), comparison)
