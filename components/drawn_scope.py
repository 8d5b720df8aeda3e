"""The date and the filters of a part of a page that follows others than the page: for the foot of its slide and of its picture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from components import cached_queries, periods
from components.file_facts import FILTERS, Facts, facts_of
from components.html_view import render
from components.text.format import day
from queries import Answer, dimensions

_SHOWN = ("as_of", *FILTERS)


def attribute(answer: Answer | None = None, facts: Facts | None = None, *, period: str = "") -> Markup:
    """Return the HTML attribute that says what a chart or a table follows; "" where that is what its page follows.

    Args:
        answer: The answer that it rests on, as `file_facts.facts_of` takes it.
        facts: Facts that differ from those of the answer or the page.
        period: The period that it draws, where that is not the answer's.
    """
    stated = facts_of(answer, facts)
    if not period and not _differs(stated):
        return Markup()
    return Markup(render("drawn_scope", text=_words(stated, period)))


def attribute_of(answers: Iterable[Answer | None]) -> Markup:
    """Return the attribute for several figures. Where not all of them follow the same filters, it names only those they share."""
    stated = [facts_of(answer) for answer in answers if answer is not None]
    if not any(map(_differs, stated)):
        return Markup()
    if all(_shown(each) == _shown(stated[0]) for each in stated):
        return Markup(render("drawn_scope", text=_words(stated[0], "")))
    shared = {name: value for name, value in stated[0].items() if all(each[name] == value for each in stated)}
    has_period = {"from", "to"} <= shared.keys()
    return Markup(render("drawn_scope", text=_words(dict.fromkeys(_SHOWN) | shared, "" if has_period else None)))


def _shown(facts: Facts) -> list[object]:
    return [facts[name] for name in _SHOWN]


def _differs(facts: Facts) -> bool:
    return _shown(facts) != _shown(facts_of())


def _words(facts: Facts, period: str | None) -> str:
    """Write the date, the filters and the period: "As of November 13, 2026 · Eastern · all time". period: "" for that of the facts, None for none."""
    chosen = [(name, str(facts[name])) for name in dimensions.FILTERS if facts[name]]
    # a delivery that was refused has no choices, and its tables no filters
    choices = cached_queries.choices(str(facts["delivery"])) if chosen and facts["delivery"] else None
    if period == "":
        period = periods.described(_day(facts["from"]), _day(facts["to"])) or "all time"
    as_of = _day(facts["as_of"])
    parts = [
        f"As of {day(as_of)}" if as_of else "",
        *(choices.label(name, value) if choices else value for name, value in chosen),
        period or "",
    ]
    return " · ".join(filter(None, parts))


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
