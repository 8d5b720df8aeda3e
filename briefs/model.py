"""A document before it is drawn: its title, its blocks, and the answers that its numbers come from.

Nothing here computes or draws. Each renderer (PDF, slides, workbook) takes a `Document`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from briefs.blocks import Block, TableBlock
from briefs.numbers import AskedAnswer
from components.comparison import Comparison
from queries.models import Answer, Delivery
from queries.scope import AskError, Scope


class BriefError(AskError):
    """A document that cannot be made as requested; its message is a full sentence for the reader."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every page of a document states.

    Attributes:
        as_of: The day the numbers hold for.
        delivery: The delivery.
        scope: The filters, with the reader.
        filters: The filters in words: ("CareerConneCT", "Northwest"); empty for the state and all time.
        labels: The value of each chosen filter as on screen: {"group": "Women"}.
        period: The period in words; "all time" without one.
        reader: The reader's role in words; "" for the operator.
        comparison: What the reader chose to compare with; None where they chose nothing.
    """

    as_of: date
    delivery: Delivery
    scope: Scope
    filters: tuple[str, ...] = ()
    labels: Mapping[str, str]
    period: str = "all time"
    reader: str = ""
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Footnote:
    """The definition of a measure that the document shows."""

    term: str
    text: str


def footnotes(answers: Iterable[Answer]) -> tuple[Footnote, ...]:
    """Return the definitions of the measures of answers, each once, in their order."""
    measures = {answer.measure.id: answer.measure for answer in answers}
    return tuple(Footnote(entry.label, entry.definition) for entry in measures.values() if entry.definition)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document, without any decision about how it is drawn.

    Attributes:
        title: The title.
        lead: The answer, in one or two sentences.
        more: What else to know, in the same paragraph or below.
        blocks: The content, in order.
        facts: Date, filters, delivery, reader.
        details: Tables that only a workbook has.
        footnotes: The definitions of its measures.
        answers: Every question asked to make it, with its answer.
        most_pages: The pages to fit it into, by setting it tighter; None for no limit.
    """

    title: str
    lead: str
    more: str = ""
    blocks: tuple[Block, ...]
    facts: Facts
    details: tuple[TableBlock, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    answers: tuple[AskedAnswer, ...] = ()
    most_pages: int | None = None
