"""The documents that can be made, by name. To add one, add an entry to PRODUCTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from briefs import writers
from briefs.answers import withdrawn_words
from briefs.blocks import Sentences, SentenceStyle
from briefs.contents import of_document
from briefs.equity import equity
from briefs.friday import friday
from briefs.model import BriefError, Document
from briefs.packet import packet
from briefs.treasury import treasury
from components.file_facts import slug
from components.text.note_words import note_line
from queries.access.rights import may_open, why_closed
from queries.dated_notes import label_of, notes_for
from queries.dimensions import FILTERS
from queries.scope import Scope

_LONGEST_NAME = 160
_MOST_SLIDES = 6  # of a deck for a meeting


@dataclass(frozen=True)
class FileFormat:
    """A kind of file.

    Attributes:
        extension: Of the file, without the dot.
        media_type: Of the file, for a browser.
        render: Draw a document into the bytes of a file.
    """

    extension: str
    media_type: str
    render: Callable[[Document], bytes]


_PDF = FileFormat("pdf", "application/pdf", writers.pdf)
_SLIDES = FileFormat(
    "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    lambda document: writers.slides(of_document(document), most=_MOST_SLIDES),
)
_WORKBOOK = FileFormat(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    lambda document: writers.workbook(of_document(document)),
)


@dataclass(frozen=True, kw_only=True)
class Product:
    """One document that can be made.

    Attributes:
        label: What readers call it: "Friday brief (PDF)".
        page: The page that it is made of (components/page_list.py). Readers who may not open it do not get the document.
        build: Ask for the document's answers under a scope, compared as requested. Raises BriefError where it cannot be made.
        file_format: What kind of file it is.
        compares: Whether its figures are compared with something that the reader can choose.
    """

    label: str
    page: str
    build: Callable[[Scope, str | None], Document]
    file_format: FileFormat
    compares: bool = True


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A file, ready to save or send, and the document in it.

    Attributes:
        name: A name that sorts by date: "2026-11-13_packet_northwest_board-director-northwest_synthetic.pdf".
        content: The bytes.
        media_type: For a browser.
        document: The document, with every number and its source.
    """

    name: str
    content: bytes
    media_type: str
    document: Document


def _board(scope: Scope, compared_with: str | None = None, *, has_details: bool = False) -> Document:
    """Ask for what a board or the Governor's office presents: the packet of a region, else the Friday brief."""
    return packet(scope, compared_with, has_details=has_details) if scope.region else friday(scope, compared_with)


def _plain(build: Callable[[Scope], Document]) -> Callable[[Scope, str | None], Document]:
    """Return the builder of a document without a comparison in the form of the others."""
    return lambda scope, _: build(scope)


PRODUCTS: Mapping[str, Product] = {
    "friday": Product(label="Friday brief (PDF)", page="overview", build=friday, file_format=_PDF),
    "packet": Product(label="Board packet (PDF)", page="my_region", build=packet, file_format=_PDF),
    "equity": Product(label="Equity brief (PDF)", page="equity", build=equity, file_format=_PDF),
    "slides": Product(label="Board slides (PowerPoint)", page="overview", build=_board, file_format=_SLIDES),
    "equity-slides": Product(label="Equity slides (PowerPoint)", page="equity", build=equity, file_format=_SLIDES),
    "workbook": Product(
        label="Workbook (Excel)", page="overview", build=partial(_board, has_details=True), file_format=_WORKBOOK
    ),
    "treasury": Product(
        label="Treasury workbook (Excel)", page="money", build=_plain(treasury), file_format=_WORKBOOK, compares=False
    ),
}


def make(name: str, scope: Scope, *, compared_with: str | None = None) -> MadeFile:
    """Make one document under a scope, with the rights of the scope's reader.

    Args:
        name: A key of PRODUCTS.
        scope: The filters, the date, the delivery and the reader.
        compared_with: What its figures are compared with: year, before, state or a region; None for the default. Where that does
            not fit the filters, the default applies, as on a page.

    Raises:
        BriefError: There is no such document or nothing like `compared_with`, the reader may not have it, or it cannot be made under this scope.
        AskError: A filter has an unknown value; the message is a sentence.
        NothingPublished: Nothing has been published yet.
    """
    product = PRODUCTS.get(name)
    if product is None:
        raise BriefError(f"There is no document “{name[:40]}”. Choose one of: {', '.join(PRODUCTS)}.")
    if scope.viewer is not None and not may_open(scope.viewer, product.page):
        raise BriefError(why_closed(product.page))
    if compared_with and not product.compares:
        raise BriefError(
            f"The document “{name}” compares with nothing that can be chosen. Make it without a comparison."
        )
    document = _with_notes(_with_withdrawn(product.build(scope, compared_with)))
    return MadeFile(
        name=file_name(name, document, product.file_format.extension),
        content=product.file_format.render(document),
        media_type=product.file_format.media_type,
        document=document,
    )


def file_name(name: str, document: Document, extension: str) -> str:
    """Return a file name that sorts by date and says the filters and the reader; letters, digits, "-" and "_" only."""
    facts = document.facts
    scope = facts.scope
    parts = [
        facts.as_of.isoformat(),
        name,
        *(scope.filters[each] for each in FILTERS if each in scope.filters),
        *(f"{word}-{day}" for word, day in (("from", scope.since), ("to", scope.until)) if day),
        f"compare-{facts.comparison.label.partition(' (')[0]}" if facts.comparison else None,
        None if facts.delivery.id == facts.as_of.isoformat() else f"delivery-{facts.delivery.id}",
        facts.reader,
        "synthetic" if facts.delivery.is_synthetic else None,
    ]
    return "_".join(slug(part) for part in parts if part)[:_LONGEST_NAME].rstrip("-_") + f".{extension}"


def _with_withdrawn(document: Document) -> Document:
    """Return the document with a sentence that an earlier delivery is shown, where a rollback put it on screen; else as it is."""
    words = withdrawn_words(document.facts.delivery)
    return replace(document, more=f"{words} {document.more}".rstrip()) if words else document


def _with_notes(document: Document) -> Document:
    """Return the document with the latest notes that concern its answers; as it is where there are none."""
    notes = notes_for(*(item.answer for item in document.answers))
    if not notes:
        return document
    block = Sentences(
        items=tuple(note_line(note, label_of(note)) for note in notes), style=SentenceStyle.LIST, title="Notes"
    )
    return replace(document, blocks=(*document.blocks, block))
