"""Set a document with Typst as a tagged, accessible PDF (PDF/UA-1).

The document reaches the template as JSON, never as Typst source, so that no text of a delivery can be read as markup.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

import typst

from briefs.model import Document
from briefs.pdf.encode import encode

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "document.typ"
_FONTS = _FOLDER / "fonts"
_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SQUARE, _LAST_LATIN = "□", "\u024f"
_DENSITIES = (0, 1, 2, 3, 4)  # tighter settings of document.typ, for documents that have to fit into a number of pages


def to_pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1.

    The standard allows no letter that is missing from all fonts, such as an emoji in a provider's name. These become
    white squares.
    """
    content = json.dumps(encode(document), ensure_ascii=False, allow_nan=False)
    try:
        return _exported(document, content)
    except typst.TypstError as error:
        missing = _missing_letters(error)
        if not missing:
            raise
        return _exported(document, content.translate(dict.fromkeys(map(ord, missing), _SQUARE)))


def _exported(document: Document, content: str) -> bytes:
    compiler = _fitted(document, content)
    return _pages(compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=_timestamp(document)))[0]


def _missing_letters(error: typst.TypstError) -> set[str]:
    """Return the letters that no font has, from Typst's list of what it could not export.

    The list names a letter together with its accents. Latin letters, which the font has, are not returned.
    """
    texts = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _MISSING.findall(error.diagnostic))
    return {letter for text in texts for letter in text if letter > _LAST_LATIN}


def _pages(compiled: bytes | list[bytes] | None) -> list[bytes]:
    """Return what the compiler made as a list: one file, or one picture a page."""
    if compiled is None:
        raise RuntimeError("Typst returned no content.")
    return [compiled] if isinstance(compiled, bytes) else compiled


def _fitted(document: Document, content: str) -> typst.Compiler:
    """Return a compiler with the loosest setting that fits into the document's number of pages, or that has fewest pages.

    A tighter setting never takes more pages, so the settings are searched by halves: setting a packet takes 0.1 seconds.
    """
    most = document.most_pages
    if most is None:
        return _compiler(content, _DENSITIES[0])

    @cache
    def pages(density: int) -> int:
        return int(_compiler(content, density).query("<page-count>", field="value", one=True))

    def loosest(most_pages: int) -> int:
        return bisect_left(_DENSITIES, True, key=lambda density: pages(density) <= most_pages)

    density = 0 if pages(_DENSITIES[0]) <= most else loosest(most)  # most briefs fit at once
    if density == len(_DENSITIES):
        density = loosest(pages(_DENSITIES[-1]))
    return _compiler(content, _DENSITIES[density])


def _compiler(content: str, density: int) -> typst.Compiler:
    inputs = {"document": content, "density": str(density)}
    return typst.Compiler(_TEMPLATE, root=_FOLDER, font_paths=_fonts(), sys_inputs=inputs)


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts of the templates: the one in this folder, and Typst's for letters that it does not have."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_FONTS])


def _timestamp(document: Document) -> int:
    """Return the date in the PDF's properties: the day its numbers hold for, so that the same numbers make the same file."""
    return int(datetime.combine(document.facts.as_of, time(12), tzinfo=UTC).timestamp())
