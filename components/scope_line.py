"""The line under a page's heading that says what is on screen: the date, the filters, and what does not apply here."""

from __future__ import annotations

from dataclasses import dataclass

from components import html_view, periods, release_limits
from components.page import Page
from components.page_list import COMPARE, PERIOD
from components.text import prose
from components.text.format import day
from queries.dimensions import FILTERS
from queries.privacy.family import is_limited


def draw(page: Page) -> None:
    """Draw the line."""
    html_view.add(html_view.render("scope_line", parts=_scope_parts(page), not_applied=_not_applied(page)))


@dataclass(frozen=True)
class _ScopePart:
    """A part of the line that says what is on screen. Chosen ones are bold."""

    text: str
    is_chosen: bool
    before: str = ""


def _scope_parts(page: Page) -> list[_ScopePart]:
    """Return what is on screen: the date, then every filter of this page."""
    parts = [_ScopePart(day(page.as_of), is_chosen=True, before="As of ")]
    for name, dimension in ((name, FILTERS[name]) for name in page.entry.filters if name in FILTERS):
        chosen = page.url_state.values.get(name)
        if chosen:
            parts.append(_ScopePart(page.choices.label(name, str(chosen)), is_chosen=True))
        else:
            parts.append(_ScopePart(prose.lower_first(dimension.all), is_chosen=False))
    if PERIOD in page.entry.filters:
        period = periods.described(page.scope.since, page.scope.until)
        recent = periods.recent(page.as_of, closed_only=is_limited(page.scope))
        news = f" and {periods.in_words(recent.since, recent.until, page.as_of)}" if page.entry.has_news else ""
        parts.append(_ScopePart(period or f"all time{news}", is_chosen=bool(period)))
    return parts


def _not_applied(page: Page) -> str:
    """Return a sentence about the filters that were chosen on other pages and do not apply here; "" if there are none."""
    values = page.url_state.values
    names = [FILTERS[name].words for name in FILTERS if name in values and name not in page.entry.filters]
    if {"from", "to"} & set(values) and PERIOD not in page.entry.filters:
        names.append("period")
    if COMPARE in values and COMPARE not in page.entry.filters:
        names.append("comparison")
    verb = "do" if len(names) > 1 else "does"
    elsewhere = f"The {' and '.join(names)} you chose elsewhere {verb} not apply on this page." if names else ""
    limits = release_limits.SENTENCE if is_limited(page.scope) else ""
    return " ".join(filter(None, (elsewhere, limits)))
