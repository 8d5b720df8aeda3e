"""Ask a page's or a document's questions again under the scope that its reader compares with. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from components import periods
from components.comparison import BEFORE, ON_THE_DATE, Compared, Comparison, compare_with, is_first_year
from components.scoped_answers import FilterValue, ScopedAnswers
from components.text.format import day
from queries import Question, Scope
from queries.privacy.family import is_limited

View = TypeVar("View", bound=ScopedAnswers)


def news_period(view: ScopedAnswers) -> periods.Period:
    """Return the period of the news: the reader's, else a recent one."""
    scope = view.scope
    if scope.since or scope.until:
        return periods.of_days(scope.since, scope.until)
    return periods.recent(view.as_of, closed_only=is_limited(scope))


def within(view: View, *, since: date | None, until: date | None) -> View:
    """Return the same reader's answers about another period."""
    return view.under(view.scope.but(since=since, until=until))


def comparison_of(view: ScopedAnswers, *, is_place: bool | None = None) -> Comparison | None:
    """Return what the reader compares with; the default where that does not fit these filters.

    Args:
        view: The page or document.
        is_place: Whether it must be another place, or must not; None for either.
    """
    earliest = view.choices.first_day(view.scope.initiative)
    for value in dict.fromkeys((view.compared_with, None)):
        comparison = compare_with(value, view.scope, as_of=view.as_of, earliest=earliest)
        if comparison is not None and is_place in (None, comparison.is_place):
            return comparison
    return None


def no_earlier_year(view: ScopedAnswers) -> str:
    """Say why nothing is compared in a program's first year: "no earlier year to compare (CareerConneCT began on August 1, 2022)".

    Where the reader chose the period before, it is "no earlier period".

    "" where something is compared, in later years, and where the delivery does not state when the program began.
    """
    initiative = view.scope.initiative
    began = view.choices.began_on(initiative)
    if began is None or comparison_of(view) is not None:
        return ""
    if not is_first_year(view.scope, as_of=view.as_of, earliest=view.choices.first_day(initiative)):
        return ""
    what = "period" if view.compared_with == BEFORE else "year"
    return f"no earlier {what} to compare ({initiative or 'the first program'} began on {day(began)})"


def recent_comparison(view: ScopedAnswers, *, has_news: bool) -> Comparison | None:
    """Return what the figures of a page are compared with. has_news: whether they are about its recent period."""
    if not has_news:
        return comparison_of(view)
    period = news_period(view)
    return comparison_of(within(view, since=period.since, until=period.until))


def compared(view: ScopedAnswers, measure_id: str, *, is_place: bool | None = None) -> Compared | None:
    """Ask for the total of a measure under the scope that the reader compares with. is_place: see `comparison_of`."""
    comparison = comparison_of(view, is_place=is_place)
    if comparison is None or (measure_id in ON_THE_DATE and {"since", "until"} & comparison.changes.keys()):
        return None
    return Compared(view.under(view.scope.but(**comparison.changes)).ask(measure_id), comparison)


def questions_of(
    view: ScopedAnswers, measures: Iterable[str], by: str | None = None, **changes: FilterValue
) -> list[tuple[Question, Scope]]:
    """Return questions that a page is about to ask, for `ask_ahead`: measures by one breakdown, None for totals."""
    scope = view.scope.but(**changes)
    return [(Question(measure, by), scope) for measure in measures]


def compared_region(view: ScopedAnswers) -> str | None:
    """Return the other region that the reader compares with; None where it is something else."""
    comparison = comparison_of(view, is_place=True)
    region = comparison.changes.get("region") if comparison else None
    return region if isinstance(region, str) else None


def with_compared(
    view: ScopedAnswers, measures: Iterable[str], *, is_place: bool | None = None
) -> list[tuple[Question, Scope]]:
    """Return the totals of measures and, where the reader compares them with something, the totals of that."""
    comparison = comparison_of(view, is_place=is_place)
    scopes = [view.scope, *([view.scope.but(**comparison.changes)] if comparison else [])]
    return [(Question(measure), scope) for scope in scopes for measure in measures]
