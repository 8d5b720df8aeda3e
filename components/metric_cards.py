"""Headline figures: a number, its change, what it means, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components import html_view
from components.provenance import how_made
from components.text import format
from queries import Answer, AnswerStatus, Measure, Row
from queries.calculators.counts import CountRow


@dataclass(frozen=True)
class MetricCard:
    """One headline figure, ready to draw.

    `is_number` is False where a reason stands in the number's place; `tone` is "good", "bad", or "" where no direction is
    good or nothing changed.
    """

    label: str
    value: str
    is_number: bool
    delta: str = ""
    since: str = ""
    tone: str = ""
    context: str = ""
    how: Answer | None = None


def figure(
    answer: Answer,
    *,
    label: str | None = None,
    before: Answer | None = None,
    since: str = "",
    context: str = "",
    row: Row | None = None,
    value: str | None = None,
) -> MetricCard:
    """Make a headline figure from an answer's total, or from one of its rows.

    Args:
        answer: The answer.
        label: What the number is called; else the measure's label.
        before: The answer whose total it is compared with.
        since: When that was, in words ("since last quarter").
        context: A small line below; a share or median without one says what it is computed from. Outcomes that are not
            known yet are counted after it.
        row: The row to show in place of the total.
        value: Other words for the number.
    """
    row, measure = row or answer.total, answer.measure
    title = label or measure.label
    if answer.status != AnswerStatus.OK or not format.known(row.value):
        reason = value or row.note or answer.note or format.MISSING
        return MetricCard(title, reason[:1].upper() + reason[1:], is_number=False, context=context, how=answer)
    delta, tone = "", ""
    if before is not None and format.known(before.total.value):
        delta, tone = _change(row.value - before.total.value, measure, answer.hidden_below)
    return MetricCard(
        title,
        value or format.value_of(row, measure),
        is_number=True,
        delta=delta,
        since=since if delta else "",
        tone=tone,
        context=" · ".join(filter(None, (context or _basis(row, measure), _not_known_yet(row)))),
        how=answer,
    )


def _change(difference: float, measure: Measure, hidden_below: int | None) -> tuple[str, str]:
    """Return the change in words ("up 212") and whether it is good or bad."""
    text = format.change(difference, measure.unit)
    if hidden_below and measure.unit in format.COUNTS and 0 < abs(difference) < hidden_below:
        text = f"fewer than {hidden_below}"
    if text == "0" or text.startswith("0 "):
        return "no change", ""
    direction = "up" if difference > 0 else "down"
    tone = "" if not measure.better else "good" if direction == measure.better else "bad"
    return f"{direction} {text.lstrip('+−')}", tone


def _basis(row: Row, measure: Measure) -> str:
    """Return "5 of 10 · 95% interval 25% to 75%" for a share, "median of 120 exits …" for a median."""
    if measure.agg == "median_of_rows" and measure.denominator and format.known(row.denominator):
        if row.denominator == 1:
            return "a single value"
        return f"median of {format.people(row.denominator)} {measure.denominator[0].lower()}{measure.denominator[1:]}"
    if measure.unit != "share" or None in (row.numerator, row.denominator):
        return ""
    text = f"{format.people(row.numerator)} of {format.people(row.denominator)}"
    span = format.interval(row.low, row.high)
    return f"{text} · 95% interval {span}" if span else text


def _not_known_yet(row: Row) -> str:
    """Return how many events of a rate are too recent to be in it: "37 not known yet"."""
    return f"{format.people(row.unknown)} not known yet" if isinstance(row, CountRow) and row.unknown else ""


def headline_row(figures: Sequence[MetricCard], *, name: str) -> None:
    """Draw figures in a row: two a row on a phone, all in one where there is room. name: unique on the page."""
    cards = [{"card": card, "arrow": _arrow(card.delta), "provenance": how_made(card.how)} for card in figures]
    html_view.add(html_view.render("metric_cards", name=name, cards=cards))


def _arrow(delta: str) -> str:
    return "▲ " if delta.startswith("up") else "▼ " if delta.startswith("down") else ""
