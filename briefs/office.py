"""Documents as files of Office programs: slides for a board meeting or about equity, workbooks."""

from __future__ import annotations

from briefs import slides, workbook
from briefs.contents import of_document
from briefs.friday import friday
from briefs.model import Document
from briefs.packet import packet
from queries.scope import Scope

MOST_SLIDES = 6  # of a deck for a meeting
PPTX = ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation")
XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def board(scope: Scope, compared_with: str | None = None, *, has_details: bool = False) -> Document:
    """Ask for what a board or the Governor's office presents: the packet of a region, else the Friday brief.

    Args:
        scope: The filters, the date, the delivery and the reader.
        compared_with: What the figures are compared with: see `answers_under`.
        has_details: Whether to add the tables that only a workbook has.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: There is nothing to report under these filters.
        NothingPublished: Nothing has been published yet.
    """
    return packet(scope, compared_with, has_details=has_details) if scope.region else friday(scope, compared_with)


def to_slides(document: Document) -> bytes:
    """Return a document as slides."""
    return slides.render(of_document(document), most=MOST_SLIDES)


def to_workbook(document: Document) -> bytes:
    """Return a document as a workbook."""
    return workbook.render(of_document(document))
