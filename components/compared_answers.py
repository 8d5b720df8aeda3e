"""Ask a page's questions again under the scope that the reader compares with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from components import periods
from components.comparison import Compared, Comparison, compare_with
from components.metric_cards import MetricCard, figure
from components.page import Page
from components.url_state import COMPARE
from queries.privacy.family import is_limited


def news_period(page: Page) -> periods.Period:
    """Return the period of the page's news: the reader's, else a recent one."""
    scope = page.scope
    if scope.since or scope.until:
        return periods.of_days(scope.since, scope.until)
    return periods.recent(page.as_of, closed_only=is_limited(scope))


def within(page: Page, *, since: date | None, until: date | None) -> Page:
    """Return a page whose questions are about another period."""
    return replace(page, scope=page.scope.but(since=since, until=until))


def comparison_of(page: Page, *, is_place: bool | None = None) -> Comparison | None:
    """Return what the reader compares with; the default where that does not fit these filters.

    Args:
        page: The page.
        is_place: Whether it must be another place, or must not; None for either.
    """
    for value in dict.fromkeys((page.url_state.text(COMPARE), None)):
        comparison = compare_with(value, page.scope, as_of=page.as_of, earliest=page.choices.earliest)
        if comparison is not None and is_place in (None, comparison.is_place):
            return comparison
    return None


def compared(page: Page, measure_id: str) -> Compared | None:
    """Ask for the total of a measure under the scope that the reader compares with."""
    comparison = comparison_of(page)
    if comparison is None:
        return None
    other = replace(page, scope=page.scope.but(**comparison.changes))
    return Compared(other.ask(measure_id), comparison)


def card(page: Page, measure_id: str, *, label: str | None = None, context: str = "") -> MetricCard:
    """Return the headline figure of a measure, compared as the reader chose. For label and context, see `figure`."""
    return figure(page.ask(measure_id), label=label, context=context, compared=compared(page, measure_id))
