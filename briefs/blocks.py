"""The blocks that a document consists of, before any renderer draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from briefs.charts import Chart, Tone
from briefs.numbers import Number
from components.data_table import Table
from components.text.narratives.heat import Tone as CellTone


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
        revised: That a delivery revised the number after an earlier one had published it; "" where not.
    """

    label: str
    number: Number
    flow: str = ""
    change: str = ""
    tone: Tone = Tone.NEUTRAL
    context: str = ""
    revised: str = ""


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
class TableBlock:
    """A table. The first column names the rows.

    Attributes:
        title: The finding, or what the table holds.
        table: The values, with units. Cells without a number hold the reason.
        name: A short name for a file or sheet: "towns".
        tones: The colors of cells by (row, column); empty for a plain table.
        widths: The relative width of each column; empty for automatic widths.
        note: How to read it.
        filters: The filters of this table, where they differ from the document's; "" where not.
    """

    title: str
    table: Table
    name: str
    tones: dict[tuple[int, int], CellTone] = field(default_factory=dict)
    widths: Sequence[float] = ()
    note: str = ""
    filters: str = ""


@dataclass(frozen=True)
class SideBySide:
    """Two blocks next to each other where there is room. ratio: the width of the first, as a fraction."""

    left: Block
    right: Block
    ratio: float = 0.5


@dataclass(frozen=True)
class PageBreak:
    """The end of a page, sheet or slide."""


Block: TypeAlias = Heading | Figures | Sentences | Chart | TableBlock | SideBySide | PageBreak
