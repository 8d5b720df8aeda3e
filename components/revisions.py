"""Find figures that a delivery revised after an earlier one had published them. No Streamlit here.

A figure is asked again for the same day in two deliveries. What happened after that day is no revision.
"""

from __future__ import annotations

from datetime import date

from components.scoped_answers import ScopedAnswers
from components.text import changed
from components.text.format import known
from queries import Answer, AskError, Delivery
from queries.privacy.family import counts_people, is_limited


def revised(view: ScopedAnswers, answer: Answer, *, is_numerator: bool = False) -> str:
    """Return the mark of a headline figure that was revised; "" where it was not, or where that is hidden from the reader.

    On the newest delivery it says what the delivery before had published, on an older one what the newest says now.

    Args:
        view: The page or the document.
        answer: The figure's answer.
        is_numerator: Whether the figure is what a rate counts, in place of the rate.
    """
    here = view.under(answer.scope)
    if not answer.rows or (is_limited(here.scope) and counts_people(answer.measure)):
        return ""
    newest, previous = view.other_deliveries()
    if newest is not None and newest.id != view.delivery.id:
        text = _text(answer, is_numerator=is_numerator)
        now = _text(_at(here, answer, newest, view.as_of), is_numerator=is_numerator)
        return changed.revised_since(now, newest.delivered_on) if _differ(text, now) else ""
    if previous is None:
        return ""
    day = min(view.as_of, previous.delivered_on)
    before, now = (_text(_at(here, answer, each, day), is_numerator=is_numerator) for each in (previous, view.delivery))
    return changed.revised(before, now, day) if _differ(before, now) else ""


def _at(view: ScopedAnswers, answer: Answer, delivery: Delivery, day: date) -> Answer | None:
    """Ask for the same figure in a delivery, as of a day; None where that delivery does not have what is filtered by."""
    as_of = None if day == delivery.delivered_on else day
    try:
        return view.ask(answer.measure.id, delivery=delivery.id, as_of=as_of)
    except AskError:
        return None


def _text(answer: Answer | None, *, is_numerator: bool) -> str:
    """Return the figure as a reader sees it, dollars in full; "" where there is none."""
    if answer is None:
        return ""
    row = answer.total
    value = row.numerator if is_numerator else row.value
    return changed.exact(value, "residents" if is_numerator else answer.measure.unit) if known(value) else ""


def _differ(before: str, now: str) -> bool:
    return bool(before and now) and before != now
