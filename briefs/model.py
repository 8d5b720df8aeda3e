"""A document before it is drawn: its title, its blocks, and the answers that its numbers come from.

Nothing here computes or draws. Each renderer (PDF, slides, workbook) takes a `Document`. Every number is a `Number`, which
knows the question, the scope and the row that it comes from, so that it can be stored, checked and asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from components.data_table import Table
from components.text.format import format_value, known
from queries.models import Answer, Delivery, Row
from queries.scope import Goal, Question, Scope


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a number comes from: the question, the scope it was answered under, and the row.

    Attributes:
        question: What was asked.
        scope: The filters in force, with the date, the delivery and the reader.
        key: The key of the row; "Total" without a breakdown.
        group: The group of the row, for measures of groups.
        part: The second key of the row, such as an outcome.
    """

    question: Question
    scope: Scope
    key: str = "Total"
    group: str | None = None
    part: str | None = None


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of an answer.

    Attributes:
        text: The number as readers see it; where there is none, the reason.
        value: The exact value; None where there is none or it is hidden from the reader.
        unit: The unit of the measure: "residents", "share", "dollars", …
        source: The question, scope and row.
    """

    text: str
    value: float | None
    unit: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class AskedAnswer:
    """An answer and the question it answers."""

    question: Question
    answer: Answer

    def number(self, row: Row, *, text: str | None = None) -> Number:
        """Return the number of one row. text: other words for it."""
        unit = self.answer.measure.unit
        value = row.value if known(row.value) else None
        scope = self.answer.scope
        source = Source(question=self.question, scope=scope, key=row.key, group=row.group, part=row.part)
        written = format_value(value, unit) if value is not None else (row.note or self.answer.note or "not known")
        return Number(text=text or written, value=value, unit=unit, source=source)

    def numbers(self) -> Iterator[Number]:
        """Yield the numbers of all rows that have a value."""
        return (self.number(row) for row in self.answer.rows if known(row.value))


def number_of(answer: Answer, row: Row | None = None, *, text: str | None = None, goal: Goal | None = None) -> Number:
    """Return a number of an answer without an outcome of its own: of this row, or its total."""
    question = Question(answer.measure.id, answer.by, goal=goal)
    return AskedAnswer(question=question, answer=answer).number(row or answer.total, text=text)


class Tone(StrEnum):
    """Whether a change or a finding is good news. Words and arrows say the same, so that color is never alone."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One headline figure.

    Attributes:
        label: What the number is called.
        number: The number.
        flow: What was added in a period: "216 since July 1, 2026".
        change: The change and what it is compared with: "down 64% from 598 in the same days a year earlier".
        tone: Whether the change is good news.
        context: A small line below: the base, the interval.
    """

    label: str
    number: Number
    flow: str = ""
    change: str = ""
    tone: Tone = Tone.NEUTRAL
    context: str = ""


@dataclass(frozen=True)
class Figures:
    """A row of headline figures."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Heading:
    """The heading of a section, with a line of text below."""

    text: str
    words: str = ""


class SentenceStyle(StrEnum):
    """How sentences are set."""

    PLAIN = "plain"
    LIST = "list"  # findings, points to raise
    QUOTES = "quotes"  # ready to read out or copy
    SMALL = "small"  # how to read a chart or a table


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """Sentences, each a paragraph or a list item. title: a heading above them."""

    items: tuple[str, ...]
    style: SentenceStyle = SentenceStyle.PLAIN
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of a chart. numbers: one for each category; None where there is nothing to draw.

    Attributes:
        name: What the series is called: "Fiscal year 2027".
        numbers: One for each category of the chart.
        is_context: Whether it only gives context to another series, and is drawn in gray.
        open_at: The positions of periods that are not over, which are drawn lighter.
    """

    name: str
    numbers: tuple[Number | None, ...]
    is_context: bool = False
    open_at: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class _Chart:
    """What all charts have.

    Attributes:
        title: The finding.
        alt: The text alternative: the finding and the key values.
        unit: The unit of all values.
        note: A line of reading help; "" where none is needed.
    """

    title: str
    alt: str
    unit: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnChart(_Chart):
    """Vertical columns by period; a context series stands behind the others."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True)
class LineChart(_Chart):
    """Lines over periods."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A horizontal bar. is_highlighted: whether it is the one the document is about."""

    label: str
    number: Number
    is_highlighted: bool = True


@dataclass(frozen=True, kw_only=True)
class BarChart(_Chart):
    """Horizontal bars."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A value with its 95% interval.

    Attributes:
        label: What it is about.
        number: The value.
        low: Lower end of the interval.
        high: Upper end of the interval.
        is_clear: Whether a difference from the reference is unlikely to be chance; drawn filled, else hollow.
        tone: Whether it is good or bad.
        words: What the dot means, such as "lower than expected".
    """

    label: str
    number: Number
    low: float | None = None
    high: float | None = None
    is_clear: bool = False
    tone: Tone = Tone.NEUTRAL
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class DotChart(_Chart):
    """Dots with intervals on a common scale. reference: a value that they are compared with, and its name."""

    dots: tuple[Dot, ...]
    reference: tuple[float, str] | None = None


@dataclass(frozen=True, kw_only=True)
class MapArea:
    """An area of a map.

    Attributes:
        name: The town or region.
        rings: Its outline, one or more rings of points; x to the right and y down, in units of the map's width.
        shade: From 0 (lowest values) up; None without a value.
        number: Its number; None where there is no row.
    """

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    shade: int | None
    number: Number | None


@dataclass(frozen=True, kw_only=True)
class Map(_Chart):
    """A map whose areas are shaded by value. legend: the words of each shade, the lowest first. height: its width is 1."""

    areas: tuple[MapArea, ...]
    legend: tuple[str, ...]
    height: float


class CellTone(StrEnum):
    """The color of a table cell; its words say the same."""

    LOWER = "lower"
    HIGHER = "higher"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class TableBlock:
    """A table. The first column names the rows.

    Attributes:
        title: The finding, or what the table holds.
        table: The values, with units. Cells without a number hold the reason.
        name: A short name for a file or sheet: "towns".
        answers: The answers that the values come from.
        tones: The colors of cells by (row, column); empty for a plain table.
        widths: The relative width of each column; empty for automatic widths.
        note: How to read it.
    """

    title: str
    table: Table
    name: str
    answers: tuple[Answer, ...] = ()
    tones: dict[tuple[int, int], CellTone] = field(default_factory=dict)
    widths: Sequence[float] = ()
    note: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Two blocks next to each other where there is room. ratio: the width of the first, as a fraction."""

    left: Block
    right: Block
    ratio: float = 0.5


@dataclass(frozen=True)
class PageBreak:
    """The end of a page, sheet or slide."""


class BriefError(ValueError):
    """A document that cannot be made as requested; its message is a full sentence for the reader."""


Chart: TypeAlias = ColumnChart | LineChart | BarChart | DotChart | Map
Block: TypeAlias = Heading | Figures | Sentences | Chart | TableBlock | SideBySide | PageBreak


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every page of a document states.

    Attributes:
        as_of: The day the numbers hold for.
        delivery: The delivery.
        scope: The filters, with the reader.
        filters: The filters in words: ("CareerConneCT", "Northwest"); empty for the state and all time.
        period: The period in words; "all time" without one.
        reader: The reader's role in words; "" for the operator.
    """

    as_of: date
    delivery: Delivery
    scope: Scope
    filters: tuple[str, ...] = ()
    period: str = "all time"
    reader: str = ""


@dataclass(frozen=True)
class Footnote:
    """The definition of a measure that the document shows."""

    term: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document, without any decision about how it is drawn.

    Attributes:
        name: The name in the catalog: "friday".
        title: The title.
        lead: The answer, in one or two sentences.
        more: What else to know, in the same paragraph or below.
        blocks: The content, in order.
        facts: Date, filters, delivery, reader.
        footnotes: The definitions of its measures.
        answers: Every question asked to make it, with its answer.
        most_pages: The most pages it may take; None for no limit.
    """

    name: str
    title: str
    lead: str
    more: str = ""
    blocks: tuple[Block, ...]
    facts: Facts
    footnotes: tuple[Footnote, ...] = ()
    answers: tuple[AskedAnswer, ...] = ()
    most_pages: int | None = None

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number of the answers behind the document, each once, in the order that they were asked."""
        by_source = {number.source: number for asked in self.answers for number in asked.numbers()}
        return tuple(by_source.values())
