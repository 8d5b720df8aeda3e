"""Headline figures: a number, its change, what it means, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from briefs.contents import FigureText
from components import drawn_scope, html_view, page_contents
from components.compared_answers import compared as compared_answer
from components.compared_answers import no_earlier_year
from components.comparison import ON_THE_DATE, Compared
from components.provenance import how_made
from components.scoped_answers import ScopedAnswers
from components.sparkline import sparkline
from components.text.figure_words import FigureWords, figure_words
from components.text.format import people, value_of
from queries import Answer, Row


@dataclass(frozen=True, kw_only=True)
class MetricCard(FigureWords):
    """One headline figure, ready to draw.

    Attributes:
        trend: A sparkline.
        how: The answer that it is made of.
        row: The row of the answer that it shows in place of the total.
        number: Its number and unit, where `value` is in words of its own.
    """

    trend: str = ""
    how: Answer | None = None
    row: Row | None = None
    number: tuple[float, str] | None = None


def figure(
    answer: Answer,
    *,
    label: str | None = None,
    compared: Compared | None = None,
    context: str = "",
    row: Row | None = None,
    value: str | None = None,
    number: tuple[float, str] | None = None,
) -> MetricCard:
    """Make a headline figure: see `figure_words`. number: the number and unit of `value`, for a file."""
    words = figure_words(answer, label=label, compared=compared, context=context, row=row, value=value)
    return replace(worded(words, answer), row=row, number=number)


def worded(words: FigureWords, answer: Answer, *, trend: Answer | None = None) -> MetricCard:
    """Make a headline figure of its words. trend: the measure by month or quarter, for a sparkline."""
    drawing = Markup()
    if trend is not None and words.is_number:
        drawing = sparkline(trend, words.label if trend.measure.id == answer.measure.id else trend.measure.label)
    return MetricCard(**vars(words), trend=drawing, how=answer)


def card(
    view: ScopedAnswers,
    measure_id: str,
    *,
    label: str | None = None,
    context: str = "",
    is_place: bool | None = None,
) -> MetricCard:
    """Return the headline figure of a measure, compared as the reader chose.

    Args:
        view: The page.
        measure_id: The measure.
        label: See `figure_words`.
        context: See `figure_words`.
        is_place: See `comparison_of`. True for a figure that is compared with places only.
    """
    other = compared_answer(view, measure_id, is_place=is_place)
    made = figure(view.ask(measure_id), label=label, context=context, compared=other)
    is_first = made.is_number and other is None and is_place is None and measure_id not in ON_THE_DATE
    return replace(made, since=no_earlier_year(view)) if is_first else made


def headline_row(figures: Sequence[MetricCard], *, name: str) -> None:
    """Draw figures in a row: two a row on a phone, all in one where there is room. name: unique on the page."""
    if page_contents.collected() is not None:
        for item in figures:
            page_contents.add_figure(_text_of(item))
    cards = [
        {"card": card, "arrow": _arrow(card.delta), "provenance": how_made(card.how, subject=card.label)}
        for card in figures
    ]
    scope = drawn_scope.attribute_of(card.how for card in figures)
    html_view.add(html_view.render("metric_cards", name=name, cards=cards, scope=scope))


def _text_of(item: MetricCard) -> FigureText:
    """Return a figure for a file; its number where the words are those of the row shown, or else of the answer's total."""
    number, unit = item.number or (None, "")
    if item.is_number and item.number is None and item.how is not None:
        row, measure = item.row or item.how.total, item.how.measure
        if item.value == value_of(row, measure):
            number, unit = row.value, measure.unit
        elif item.value == people(row.numerator):
            number, unit = row.numerator, "residents"
    change = " ".join(filter(None, (item.delta, item.since)))
    details = tuple(filter(None, (item.flow, change, item.context, item.revised)))
    return FigureText(label=item.label, text=item.value, value=number, unit=unit, details=details)


def _arrow(delta: str) -> str:
    # a space that does not break, so that the arrow stays with its word
    return "▲\u00a0" if delta.startswith("up") else "▼\u00a0" if delta.startswith("down") else ""
