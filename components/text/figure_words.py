"""Put a headline figure in words: the number, its change, and what it is computed from. Pages and documents share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from components.comparison import ON_THE_DATE, Compared
from components.text import format, growth
from components.text.prose import capital
from queries.calculators.counts import CountRow
from queries.models import Answer, AnswerStatus, Row
from queries.registry import Measure


@dataclass(frozen=True, kw_only=True)
class FigureWords:
    """One headline figure in words.

    Attributes:
        label: What the number is called.
        value: The number, or the reason why there is none.
        is_number: Whether `value` is a number.
        flow: What happened in a period, next to a total.
        delta: The change of the flow, or else of the number.
        since: What the change is measured from.
        tone: "good", "bad", or "" where no direction is good or nothing changed.
        context: A small line below.
        revised: That a delivery revised the number after an earlier one had published it; "" where not.
    """

    label: str
    value: str
    is_number: bool
    flow: str = ""
    delta: str = ""
    since: str = ""
    tone: str = ""
    context: str = ""
    revised: str = ""


def figure_words(
    answer: Answer,
    *,
    label: str | None = None,
    compared: Compared | None = None,
    flow: Answer | None = None,
    flow_words: str = "",
    context: str = "",
    row: Row | None = None,
    value: str | None = None,
    revised: str = "",
) -> FigureWords:
    """Describe an answer's total, or one of its rows.

    Args:
        answer: The answer.
        label: What the number is called; else the measure's label.
        compared: What the flow, or without one the answer, is compared with.
        flow: The same measure in a period, where the answer is a total of all time.
        flow_words: The period of the flow, as it follows a number: "since July 1, 2026".
        context: A small line below; a share or median without one says what it is computed from. Outcomes that are not
            known yet are counted after it.
        row: The row to show in place of the total.
        value: Other words for the number.
        revised: That a delivery revised the number: see `components.revisions`.
    """
    row, measure = row or answer.total, answer.measure
    title = label or measure.label
    if answer.status != AnswerStatus.OK or not format.known(row.value):
        reason = value or row.note or answer.note or format.MISSING
        return FigureWords(label=title, value=capital(reason), is_number=False, context=context)
    recent = flow.total if flow is not None else None
    has_recent = recent is not None and format.known(recent.value)
    change = _change(recent or row, compared) if compared and (recent is None or has_recent) else NO_CHANGE
    return FigureWords(
        label=title,
        value=value or format.value_of(row, measure),
        is_number=True,
        flow=f"{format.value_of(recent, measure)} {flow_words}" if recent and has_recent else "",
        delta=change.text,
        since=change.since,
        tone=change.tone,
        context=" · ".join(filter(None, (context or _basis(row, measure), _not_known_yet(row)))),
        revised=revised,
    )


class Change(NamedTuple):
    """A change in words ("down 64%"), what it is from, and whether it is "good" or "bad"."""

    text: str = ""
    since: str = ""
    tone: str = ""


NO_CHANGE = Change()


def _change(row: Row, compared: Compared) -> Change:
    """Compare a number with the total of another answer.

    Only counts and dollars of two periods have a change. Of a rate or a median, and of another place, the other number is shown with
    its interval and nothing is concluded: whether two rates differ by more than chance is for the pages about it, and counts of
    two regions differ with their size. A total so far can only rise, so that it rose since an earlier day is neither good nor bad.
    """
    other, measure = compared.answer.total, compared.answer.measure
    if not format.known(other.value) or not format.known(row.value):
        return NO_CHANGE
    comparison, text = compared.comparison, format.value_of(other, measure)
    adds_up = measure.unit in format.COUNTS or (measure.unit == "dollars" and not measure.per)
    if comparison.is_place or not adds_up:
        span = format.interval(other.low, other.high) if measure.unit == "share" else ""
        size = ", a region of another size" if adds_up and comparison.changes.get("region") else ""
        return Change(since=f"{text}{f' ({span})' if span else ''} {comparison.words}{size}")
    difference = row.value - other.value
    if other.value < 0:  # "up from −$18,906" would read as growth
        return Change(since=f"{text} {comparison.words}, after corrections")
    since = f"from {text} {comparison.words}"
    if not any(digit in format.change(difference, measure.unit) for digit in "123456789"):
        return Change("no change", since)
    if not other.value:
        return Change(since=f"none {comparison.words}")
    if "as_of" in comparison.changes and difference > 0 and measure.id not in ON_THE_DATE:
        return Change(
            f"{format.change(difference, measure.unit).lstrip('+')} more", f"than the {text} {comparison.words}"
        )
    direction = "up" if difference > 0 else "down"
    tone = "" if not measure.better else "good" if direction == measure.better else "bad"
    size = growth.size(row.value, other.value, measure.unit)
    if text == format.value_of(row, measure):  # "down 4% from $1.3 million" next to $1.3 million
        size = format.change(difference, measure.unit).lstrip("+−")
    return Change(f"{direction} {size}", since, tone)


def _basis(row: Row, measure: Measure) -> str:
    """Return "5 of 10 exits … · 95% interval 25% to 75%" for a share, "median of 120 exits …" for a median."""
    if measure.agg == "median_of_rows" and measure.denominator and format.known(row.denominator):
        return "a single value" if row.denominator == 1 else f"median of {_base(row, measure)}"
    if measure.unit != "share" or None in (row.numerator, row.denominator):
        return ""
    text = f"{format.people(row.numerator)} of {_base(row, measure)}"
    span = format.interval(row.low, row.high)
    return f"{text} · 95% interval {span}" if span else text


def _base(row: Row, measure: Measure) -> str:
    """Return what a number is computed from, with how many they are: "12 exits that completed or withdrew"."""
    words = (measure.denominator or "").removeprefix("Distinct ")
    noun, _, rest = words.partition(" ")
    noun = noun.lower().removesuffix("s" if row.denominator == 1 else "")
    return " ".join(filter(None, (format.people(row.denominator), noun, rest)))


def _not_known_yet(row: Row) -> str:
    """Return how many events of a rate are too recent to be in it: "37 not known yet"."""
    return f"{format.people(row.unknown)} not known yet" if isinstance(row, CountRow) and row.unknown else ""
