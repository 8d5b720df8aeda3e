"""Slides for PowerPoint: native charts and tables that can be edited, a finding as each title, definitions in the speaker notes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from briefs import slide_charts
from briefs.contents import Contents, Exhibit, FigureText, SentenceGroup, filters_text, stamp
from briefs.slide_parts import (
    BODY,
    HEIGHT,
    MOST_COLUMNS,
    SMALLEST,
    WIDTH,
    Box,
    add_slide,
    add_table,
    add_text,
    height_of,
    row_heights,
    write_notes,
)
from components.text import format, prose

MOST_ROWS = 10  # of a table on a slide
MOST_SENTENCES = 5
MOST_FIGURES = 4
_LEAST_BELOW, _MOST_BELOW = 0.75, 1.6  # inches, of the words below a chart
_END = HEIGHT - 0.55  # where the line at the foot of a slide begins
_LABEL = 0.65  # inches, of the label of a figure: two lines
_SHORT_LEAD, _SHORT_NUMBER, _LONGEST_NUMBER, _SHORT_LIST = 200, 8, 18, 650  # letters
_SYNTHETIC = "Synthetic data: made up for demonstration"


def render(contents: Contents, *, most: int | None = None) -> bytes:
    """Return a deck: the answer with the figures, the charts, then the sentences.

    Args:
        contents: What to show.
        most: The most slides; charts come before tables where not all fit. None for no limit.
    """
    deck: Deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _set_properties(deck, contents)
    footer = stamp(contents.facts, synthetic=_SYNTHETIC)
    _add_opening(deck, contents, footer)
    room = None if most is None else most - 1 - len(contents.sentences)
    for exhibit in _chosen(contents.exhibits, room):
        _add_exhibit(deck, exhibit, contents, footer)
    for group in contents.sentences:
        _add_sentences(deck, group, contents, footer)
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def _set_properties(deck: Deck, contents: Contents) -> None:
    properties, facts = deck.core_properties, contents.facts
    at = datetime.combine(facts.delivery.delivered_on, datetime.min.time(), UTC).replace(tzinfo=None)
    properties.title, properties.subject = contents.title, filters_text(facts)
    properties.author = properties.last_modified_by = "Connecticut workforce dashboard"
    properties.language, properties.comments = "en-US", _SYNTHETIC if facts.delivery.is_synthetic else ""
    properties.created = properties.modified = at


def _chosen(exhibits: tuple[Exhibit, ...], room: int | None) -> list[Exhibit]:
    """Return the exhibits that get a slide, in their order: charts first where there is not room for all."""
    fitting = [each for each in exhibits if not each.is_detail and (each.chart is not None or each.table.row_count)]
    if room is None or len(fitting) <= room:
        return fitting
    ranked = sorted(range(len(fitting)), key=lambda place: (fitting[place].chart is None, place))
    return [fitting[place] for place in sorted(ranked[:room])]


def _add_opening(deck: Deck, contents: Contents, footer: str) -> None:
    """Add the first slide: its title is the answer; then what else to know, and the headline figures."""
    answer, rest = _split(contents.lead)
    slide = add_slide(deck, answer or contents.title, footer)
    place = Box(BODY.left, 0.05, BODY.width, 0.35)
    add_text(slide, [contents.title], place, size=14, is_quiet=True, name="What this is")
    more = " ".join(filter(None, (rest, contents.more)))
    if more:
        size = 20 if len(more) <= _SHORT_LEAD else 16
        add_text(slide, [more], Box(BODY.left, BODY.top, BODY.width, 1.9), size=size, name="What else to know")
    figures = contents.figures[:MOST_FIGURES]
    width = BODY.width / max(len(figures), 1)
    for number, figure in enumerate(figures):
        box = Box(BODY.left + number * width, BODY.top + 2.1, width - 0.2, 2.8)
        _add_figure(deck, figure, box)
    write_notes(slide, [*filter(None, (contents.lead, contents.more)), *_definitions(contents)])


def _split(lead: str) -> tuple[str, str]:
    """Return the first sentence of the answer, without its period, and the rest."""
    first, *rest = re.split(r"(?<=[\w%)]{3}[.?!]) (?=[A-Z])", lead, maxsplit=1)
    return first.removesuffix("."), "".join(rest)


def _add_figure(deck: Deck, figure: FigureText, box: Box) -> None:
    slide = deck.slides[len(deck.slides) - 1]
    is_number = any(letter.isdigit() for letter in figure.text) and len(figure.text) <= _LONGEST_NUMBER
    add_text(
        slide,
        [figure.label],
        Box(box.left, box.top, box.width, _LABEL),
        size=16,
        is_quiet=True,
        name=f"{figure.label}, label",
    )
    number_box = Box(box.left, box.top + _LABEL, box.width, 0.7)
    size = 16 if not is_number else 32 if len(figure.text) <= _SHORT_NUMBER else 24
    add_text(slide, [figure.text], number_box, size=size, is_bold=is_number, name=figure.label)
    if figure.details:
        details_box = Box(box.left, box.top + _LABEL + 0.7, box.width, box.height - _LABEL - 0.7)
        needed = sum(height_of(text, 14, details_box.width) for text in figure.details)
        size = 14 if needed <= details_box.height else SMALLEST
        add_text(slide, figure.details, details_box, size=size, name=f"{figure.label}, details")


def _add_exhibit(deck: Deck, exhibit: Exhibit, contents: Contents, footer: str) -> None:
    """Add one chart, or one table where there is no chart, with how to read it below."""
    slide = add_slide(deck, exhibit.title, footer)
    heights = [] if exhibit.chart else _heights(exhibit)
    words = " ".join(filter(None, (_left_out(exhibit, len(heights) - 1) if heights else "", exhibit.words)))
    size = 14 if len(words) <= _SHORT_LEAD else SMALLEST
    notes = [exhibit.title, words]
    if exhibit.chart is not None:
        below = min(max(_LEAST_BELOW, height_of(words, size, BODY.width)), _MOST_BELOW) if words else 0.0
        height = BODY.height - below
        slide_charts.add_chart(slide, exhibit.chart, replace(BODY, height=height))
        notes.append(exhibit.chart.alt)
    else:
        height = sum(heights)
        add_table(slide, exhibit.table, BODY, title=exhibit.title, most_rows=len(heights) - 1)
    top = BODY.top + height + 0.05
    room = _END - top
    if shown := _fitting(words, size, room):
        add_text(slide, [shown], Box(BODY.left, top, BODY.width, room), size=size, is_quiet=True, name="How to read it")
    write_notes(slide, [*dict.fromkeys(filter(None, notes)), *_definitions(contents)])


def _fitting(words: str, size: int, room: float) -> str:
    """Return as many sentences as the room takes, in inches; where not all do, that the notes have the rest."""
    if not words or height_of(words, size, BODY.width) <= room:
        return words
    more, shown = "The speaker notes say more.", ""
    for sentence in re.split(r"(?<=[.?!]) (?=[A-Z“])", words):
        longer = f"{shown} {sentence}".lstrip()
        if height_of(f"{longer} {more}", size, BODY.width) > room:
            break
        shown = longer
    return f"{shown} {more}".lstrip()


def _heights(exhibit: Exhibit) -> list[float]:
    """Return the heights, in inches, of the headings and of the rows of a table that a slide has room for."""
    heights = row_heights(exhibit.table.first(MOST_ROWS), BODY.width)
    while len(heights) > 2 and sum(heights) > BODY.height:
        heights.pop()
    return heights


def _left_out(exhibit: Exhibit, shown: int) -> str:
    """Say which rows and columns of a table a slide has no room for; "" where it has all. shown: its rows on the slide."""
    rows, columns = exhibit.table.row_count, list(exhibit.table.columns)[MOST_COLUMNS:]
    parts = [f"The first {shown} of {format.people(rows)} rows"] if rows > shown else []
    parts += [f"without the {prose.noun(len(columns), 'column')} {prose.join(columns)}"] if columns else []
    return f"{prose.capital(', '.join(parts))}; the workbook has all." if parts else ""


def _add_sentences(deck: Deck, group: SentenceGroup, contents: Contents, footer: str) -> None:
    slide = add_slide(deck, group.title, footer)
    shown, count = group.sentences[:MOST_SENTENCES], len(group.sentences)
    size = 20 if sum(map(len, shown)) <= _SHORT_LIST else 16
    more = 0.4 if count > MOST_SENTENCES else 0.0
    add_text(slide, shown, replace(BODY, height=BODY.height - more), size=size, is_list=True, name=group.title)
    if more:
        text = f"The first {MOST_SENTENCES} of {format.people(count)}; the speaker notes have all."
        place = Box(BODY.left, BODY.top + BODY.height - more, BODY.width, more)
        add_text(slide, [text], place, size=14, is_quiet=True, name="What is left out")
    write_notes(slide, [*group.sentences, *_definitions(contents)])


def _definitions(contents: Contents) -> list[str]:
    return (
        ["Definitions", *(f"{note.term}: {note.text}" for note in contents.definitions)] if contents.definitions else []
    )
