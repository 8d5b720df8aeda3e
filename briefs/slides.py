"""Slides for PowerPoint: native charts and tables that can be edited, a finding as each title, definitions in the speaker notes."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from briefs import slide_charts
from briefs.contents import Contents, Exhibit, FigureText, SentenceGroup, filters_text, stamp
from briefs.slide_parts import BODY, HEIGHT, WIDTH, Box, add_slide, add_table, add_text, write_notes
from components.text import format

MOST_ROWS = 10  # of a table on a slide
MOST_SENTENCES = 5
MOST_FIGURES = 4
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
    place = Box(BODY.left, 0.12, BODY.width, 0.35)
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
        Box(box.left, box.top, box.width, 0.5),
        size=16,
        is_quiet=True,
        name=f"{figure.label}, label",
    )
    number_box = Box(box.left, box.top + 0.55, box.width, 0.8)
    size = 16 if not is_number else 32 if len(figure.text) <= _SHORT_NUMBER else 24
    add_text(slide, [figure.text], number_box, size=size, is_bold=is_number, name=figure.label)
    if figure.details:
        details_box = Box(box.left, box.top + 1.35, box.width, 1.45)
        add_text(slide, figure.details, details_box, size=14, name=f"{figure.label}, details")


def _add_exhibit(deck: Deck, exhibit: Exhibit, contents: Contents, footer: str) -> None:
    """Add one chart, or one table where there is no chart, with how to read it below."""
    slide = add_slide(deck, exhibit.title, footer)
    rows, words = exhibit.table.row_count, exhibit.words
    if exhibit.chart is None and rows > MOST_ROWS:
        words = f"{words} The first {MOST_ROWS} of {format.people(rows)} rows; the workbook has all.".strip()
    below = 0.75 if words else 0.0
    box = Box(BODY.left, BODY.top, BODY.width, BODY.height - below)
    notes = [exhibit.title, words]
    if exhibit.chart is not None:
        slide_charts.add_chart(slide, exhibit.chart, box)
        notes.append(exhibit.chart.alt)
    else:
        add_table(slide, exhibit.table, box, title=exhibit.title, most_rows=MOST_ROWS)
    if words:
        place = Box(BODY.left, BODY.top + box.height + 0.05, BODY.width, below)
        size = 14 if len(words) <= _SHORT_LEAD else 12
        add_text(slide, [words], place, size=size, is_quiet=True, name="How to read it")
    write_notes(slide, [*dict.fromkeys(filter(None, notes)), *_definitions(contents)])


def _add_sentences(deck: Deck, group: SentenceGroup, contents: Contents, footer: str) -> None:
    slide = add_slide(deck, group.title, footer)
    shown = group.sentences[:MOST_SENTENCES]
    size = 20 if sum(map(len, shown)) <= _SHORT_LIST else 16
    add_text(slide, shown, BODY, size=size, is_list=True, name=group.title)
    write_notes(slide, [*group.sentences, *_definitions(contents)])


def _definitions(contents: Contents) -> list[str]:
    return (
        ["Definitions", *(f"{note.term}: {note.text}" for note in contents.definitions)] if contents.definitions else []
    )
