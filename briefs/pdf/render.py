"""Set a document with Typst as a tagged, accessible PDF (PDF/UA-1), or as pictures of its pages.

The document reaches the template as JSON, never as Typst source, so that no text of a delivery can be read as markup.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path

import typst

from briefs.model import Document
from briefs.pdf.encode import encode

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "document.typ"
_FONTS = _FOLDER / "fonts"
_DENSITIES = (0, 1, 2, 3, 4)  # tighter settings of document.typ, for documents that have to fit into a number of pages


def to_pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1."""
    compiler, inputs = _fitted(document)
    timestamp = _timestamp(document)
    return _pages(compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=timestamp))[0]


def to_pictures(document: Document, *, dots_per_inch: int = 110) -> list[bytes]:
    """Return the pages of a document as PNG."""
    compiler, inputs = _fitted(document)
    return _pages(compiler.compile(format="png", sys_inputs=inputs, ppi=dots_per_inch))


def _pages(compiled: bytes | list[bytes] | None) -> list[bytes]:
    """Return what the compiler made as a list: one file, or one picture a page."""
    if compiled is None:
        raise RuntimeError("Typst returned no content.")
    return [compiled] if isinstance(compiled, bytes) else compiled


def _fitted(document: Document) -> tuple[typst.Compiler, dict[str, str]]:
    """Return a compiler and its inputs, with the loosest setting that fits into the number of pages, or the tightest."""
    compiler = typst.Compiler(_TEMPLATE, root=_FOLDER, font_paths=[_FONTS], ignore_system_fonts=True)
    content = json.dumps(encode(document), ensure_ascii=False, allow_nan=False)
    inputs = {"document": content, "density": str(_DENSITIES[0])}
    for density in _DENSITIES:
        inputs = {"document": content, "density": str(density)}
        if document.most_pages is None or _page_count(compiler, inputs) <= document.most_pages:
            break
    return compiler, inputs


def _page_count(compiler: typst.Compiler, inputs: dict[str, str]) -> int:
    """Return how many pages the template sets."""
    compiler.compile(format="pdf", sys_inputs=inputs)
    return int(compiler.query("<page-count>", field="value", one=True))


def _timestamp(document: Document) -> int:
    """Return the date in the PDF's properties: the day its numbers hold for, so that the same numbers make the same file."""
    return int(datetime.combine(document.facts.as_of, time(12)).timestamp())
