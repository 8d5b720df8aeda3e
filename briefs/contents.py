"""What a workbook or a deck of slides shows, taken from a document or collected from a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from briefs.blocks import Block, Figures, Heading, PageBreak, Sentences, SentenceStyle, SideBySide, TableBlock
from briefs.charts import DotChart, Map
from briefs.model import Document, Facts, Footnote, footnotes
from briefs.native_charts import NativeChart, of_chart, table_of
from components.data_table import Table
from components.text.format import day
from components.text.prose import capital
from components.text.scope_words import delivery_day
from queries.dimensions import FILTERS


@dataclass(frozen=True, kw_only=True)
class FigureText:
    """A headline figure: its label, its number as readers see it, and the lines below. value: None where there is none."""

    label: str
    text: str
    value: float | None
    unit: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A table, and a chart of it if it has one.

    Attributes:
        name: A short name, unique in the file: "by-town".
        title: The finding, or what the table holds.
        table: The values.
        words: How to read it.
        chart: A chart of the values.
        is_detail: Whether it only adds to the one before; slides leave it out.
        filters: The filters of this table, where they differ from the page's; "" where not.
    """

    name: str
    title: str
    table: Table
    words: str = ""
    chart: NativeChart | None = None
    is_detail: bool = False
    filters: str = ""


@dataclass(frozen=True)
class SentenceGroup:
    """Sentences under one title: points to raise, findings, sentences to read out."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a file shows.

    Attributes:
        title: The title.
        lead: The answer, in one or two sentences.
        more: What else to know.
        facts: Date, delivery, filters, reader.
        figures: Headline figures.
        exhibits: Tables and charts, in order.
        sentences: Findings, points to raise, sentences to read out.
        definitions: The definitions of its measures.
    """

    title: str
    lead: str
    more: str = ""
    facts: Facts
    figures: tuple[FigureText, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    sentences: tuple[SentenceGroup, ...] = ()
    definitions: tuple[Footnote, ...] = ()


def of_document(document: Document) -> Contents:
    """Return what a document shows, without its layout."""
    blocks = [*_flat(document.blocks)]
    figures = [figure for block in blocks if isinstance(block, Figures) for figure in block.items]
    return Contents(
        title=document.title,
        lead=document.lead,
        more=document.more,
        facts=document.facts,
        figures=tuple(
            FigureText(
                label=figure.label,
                text=figure.number.text,
                value=figure.number.value,
                unit=figure.number.unit,
                details=tuple(filter(None, (figure.flow, figure.change, figure.context, figure.revised))),
            )
            for figure in figures
        ),
        exhibits=(*_exhibits(blocks), *(replace(each, is_detail=True) for each in _exhibits(document.details))),
        sentences=tuple(_sentences(blocks)),
        definitions=footnotes(item.answer for item in document.answers) or document.footnotes,
    )


def filters_text(facts: Facts) -> str:
    """Return the filters, the period and the comparison in one line: "Northwest · from July 1, 2025"."""
    compared = [facts.comparison.stated] if facts.comparison else []
    return " · ".join([*(facts.filters or ("Connecticut, all filters open",)), facts.period, *compared])


def stamp(facts: Facts, *, synthetic: str, filters: str = "") -> str:
    """Return the date, the filters and the delivery in one line.

    Args:
        facts: What the document states.
        synthetic: What else to say of synthetic data.
        filters: The filters, where they are not those of the document.
    """
    marked = [synthetic] if facts.delivery.is_synthetic else []
    filters = filters or filters_text(facts)
    return " · ".join([f"As of {day(facts.as_of)}", filters, f"Delivery of {delivery_day(facts.delivery)}", *marked])


def scope_lines(facts: Facts) -> Mapping[str, str]:
    """Return every filter by its label, with the words for "all" where it is open."""
    lines = {dimension.label: facts.labels.get(name, dimension.all) for name, dimension in FILTERS.items()}
    compared = {"Comparison": capital(facts.comparison.stated)} if facts.comparison else {}
    return {**lines, "Period": facts.period, **compared}


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from _flat((block.left, block.right))
        else:
            yield block


def _sentences(blocks: Sequence[Block]) -> Iterator[SentenceGroup]:
    """Yield the lists and the sentences to read out, each under its title or the heading above."""
    heading = "Findings"
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Sentences) and block.style in (SentenceStyle.LIST, SentenceStyle.QUOTES):
            yield SentenceGroup(block.title or heading, block.items)


def _exhibits(blocks: Sequence[Block]) -> Iterator[Exhibit]:
    """Yield the tables and charts of a document. A map is left out: the table next to it has its numbers."""
    heading = "Values"
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, TableBlock):
            title = block.title or heading
            yield Exhibit(name=block.name, title=title, table=block.table, words=block.note, filters=block.filters)
        elif not isinstance(block, Figures | Sentences | PageBreak | SideBySide | Map):
            chart = of_chart(block)
            name = _chart_name(block.title, heading)
            words = without_dots(block.note) if isinstance(block, DotChart) else block.note
            yield Exhibit(name=name, title=block.title, table=table_of(block), words=words, chart=chart)


def _chart_name(title: str, heading: str) -> str:
    """Return a short name for a chart: "By month" where its title says so, else the heading that it stands under."""
    match = re.search(r", (by [\w ]{1,20})$", title)
    return capital(match[1]) if match else heading


def without_dots(note: str) -> str:
    """Return a note without the sentences and clauses about filled and hollow dots and diamonds: Office programs draw bars."""
    sentences = re.split(r"(?<=\.) ", re.sub(r"; filled: [^.;]*", "", note))
    return " ".join(sentence for sentence in sentences if not sentence.startswith(("Filled", "Hollow", "Diamond")))
