"""The line under the heading that says what is on screen. Filters that were chosen are buttons that remove them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from components import html_view, periods, release_limits
from components.html_view import Choice
from components.page import Page
from components.page_list import COMPARE, PERIOD
from components.text import prose
from components.text.format import day
from queries.dimensions import FILTERS
from queries.privacy.family import is_limited


@dataclass(frozen=True)
class _Part:
    """A part of the line. Chosen ones are bold; `event` removes the filter. is_all: no value of a filter is chosen."""

    text: str
    is_chosen: bool = False
    is_all: bool = False
    before: str = ""
    event: Markup | None = None


def draw(page: Page) -> None:
    """Draw the line."""
    html_view.add(html_view.render("scope_line", parts=_parts(page), not_applied=_not_applied(page)))


def _parts(page: Page) -> list[_Part]:
    """Return what is on screen: the date, then every filter of this page."""
    if not page.entry.is_about_delivery:
        return [_Part("The audit log as it is now")]
    parts = [_Part(day(page.as_of), is_chosen=True, before="As of ")]
    for name, dimension in ((name, FILTERS[name]) for name in page.entry.filters if name in FILTERS):
        chosen = page.url_state.values.get(name)
        if chosen:
            parts.append(_chip(page, page.choices.label(name, str(chosen)), (name,)))
        else:
            parts.append(_Part(prose.lower_first(dimension.all), is_all=True))
    if PERIOD in page.entry.filters:
        period = periods.described(page.scope.since, page.scope.until)
        if page.scope.since and page.scope.since > page.as_of:
            period += ", after the date shown"
        elif period and page.scope.until and page.scope.until > page.as_of:
            period += ", so far"
        parts.append(_chip(page, period, ("since", "until")) if period else _Part(_all_time(page)))
    return parts


def _chip(page: Page, text: str, names: tuple[str, ...]) -> _Part:
    event = html_view.on_event(f"remove-{names[0]}", partial(_remove, page, names))
    return _Part(text, is_chosen=True, event=event)


def _remove(page: Page, names: tuple[str, ...], _: Choice) -> None:
    page.put(**dict.fromkeys(names))


def _all_time(page: Page) -> str:
    if not page.entry.has_news:
        return "all time"
    recent = periods.recent(page.as_of, closed_only=is_limited(page.scope))
    return f"all time and {periods.in_words(recent.since, recent.until, page.as_of)}"


def _not_applied(page: Page) -> str:
    """Return a sentence about the filters that were chosen on other pages and do not apply here; "" if there are none."""
    values = page.url_state.values
    names = [FILTERS[name].words for name in FILTERS if name in values and name not in page.entry.filters]
    if {"from", "to"} & set(values) and PERIOD not in page.entry.filters:
        names.append("period")
    if COMPARE in values and COMPARE not in page.entry.filters:
        names.append("comparison")
    verb = "do" if len(names) > 1 else "does"
    elsewhere = f"The {prose.join(names)} you chose elsewhere {verb} not apply on this page." if names else ""
    return " ".join(filter(None, (elsewhere, release_limits.sentence(page.scope))))
