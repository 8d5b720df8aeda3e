"""Write a file of each kind. The libraries that do are loaded for the first file: no page needs them, and a server holds them in memory."""

from __future__ import annotations

from briefs.contents import Contents
from briefs.model import Document


def pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1 (briefs/pdf/render.py)."""
    from briefs.pdf.render import to_pdf

    return to_pdf(document)


def slides(shown: Contents, *, most: int) -> bytes:
    """Return what a page or document shows as slides (briefs/slides.py). most: how many there may be."""
    from briefs.slides import render

    return render(shown, most=most)


def workbook(shown: Contents) -> bytes:
    """Return what a page or document shows as a workbook (briefs/workbook.py)."""
    from briefs.workbook import render

    return render(shown)
