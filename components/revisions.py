"""Find figures that a delivery revised after an earlier one had published them. No Streamlit here.

A figure is asked again for the same day in two deliveries. What happened after that day is no revision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from components.scoped_answers import ScopedAnswers
from components.text import changed
from components.text.format import known
from queries import Answer, AskError, Delivery
from queries.privacy.family import counts_people, is_limited

LARGE = 0.05  # of the number published first


@dataclass(frozen=True)
class Revision:
    """How a delivery revised a figure that an earlier one had published.

    Attributes:
        before: The number that was published first.
        now: The number that took its place.
        words: The mark of the figure: "Revised from 12,000 to 11,998 as of November 6, 2026".
    """

    before: float
    now: float
    words: str

    @property
    def is_large(self) -> bool:
        """Whether the number differs by so much that no growth can be read from it without knowing of the revision."""
        return abs(self.now - self.before) >= LARGE * abs(self.before)


def revised(view: ScopedAnswers, answer: Answer, *, is_numerator: bool = False) -> str:
    """Return the mark of a headline figure that was revised; "" where it was not, or where that is hidden from the reader.

    For the arguments, see `revision_of`.
    """
    revision = revision_of(view, answer, is_numerator=is_numerator)
    return revision.words if revision else ""


def revision_of(view: ScopedAnswers, answer: Answer, *, is_numerator: bool = False) -> Revision | None:
    """Return how a figure was revised; None where it was not, or where that is hidden from the reader.

    On the newest delivery it says what the delivery before had published, on an older one what the newest says now.

    Args:
        view: The page or the document.
        answer: The figure's answer.
        is_numerator: Whether the figure is what a rate counts, in place of the rate.
    """
    here = view.under(answer.scope)
    if not answer.rows or (is_limited(here.scope) and counts_people(answer.measure)):
        return None
    newest, previous = view.other_deliveries()
    unit = "residents" if is_numerator else answer.measure.unit
    if newest is not None and newest.id != view.delivery.id:
        before = _number(answer, is_numerator=is_numerator)
        now = _number(_at(here, answer, newest, view.as_of), is_numerator=is_numerator)
        return _revision(before, now, unit, lambda _, new: changed.revised_since(new, newest.delivered_on))
    if previous is None:
        return None
    day = min(view.as_of, previous.delivered_on)
    before, now = (
        _number(_at(here, answer, each, day), is_numerator=is_numerator) for each in (previous, view.delivery)
    )
    return _revision(before, now, unit, lambda old, new: changed.revised(old, new, day))


def _revision(before: float | None, now: float | None, unit: str, words: Callable[[str, str], str]) -> Revision | None:
    """Return a revision where both numbers are known and read differently."""
    if before is None or now is None:
        return None
    texts = changed.exact(before, unit), changed.exact(now, unit)
    return None if texts[0] == texts[1] else Revision(before, now, words(*texts))


def _at(view: ScopedAnswers, answer: Answer, delivery: Delivery, day: date) -> Answer | None:
    """Ask for the same figure in a delivery, as of a day; None where that delivery does not have what is filtered by."""
    as_of = None if day == delivery.delivered_on else day
    try:
        return view.ask(answer.measure.id, delivery=delivery.id, as_of=as_of)
    except AskError:
        return None


def _number(answer: Answer | None, *, is_numerator: bool) -> float | None:
    """Return the figure; None where there is none."""
    if answer is None:
        return None
    row = answer.total
    value = row.numerator if is_numerator else row.value
    return value if known(value) else None
