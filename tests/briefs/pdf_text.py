"""Read a PDF back: its words, its tags, and what PDF/UA asks for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


@dataclass(frozen=True)
class Tag:
    """One structure element: its role and its text alternative."""

    role: str
    alt: str


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """Return the text of all pages with single spaces."""
    return plain(" ".join(page.extract_text() for page in reader(content).pages))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def without_spaces(text: str) -> str:
    """Return a text without white space: where a line breaks is not part of what it says."""
    return re.sub(r"\s+", "", text)


def tags(content: bytes) -> list[Tag]:
    """Return the structure elements of a PDF, in reading order."""
    return list(_walk(reader(content).trailer["/Root"]["/StructTreeRoot"]["/K"]))


def _walk(node: object) -> Iterator[Tag]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _walk(child)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield Tag(str(node["/S"]), str(node.get("/Alt", "")))
        if "/K" in node:
            yield from _walk(node["/K"])


def fonts(content: bytes) -> Iterator[DictionaryObject]:
    """Yield the font descriptors of all pages."""
    for page in reader(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for descendant in font.get_object().get("/DescendantFonts", [font]):
                yield descendant.get_object()["/FontDescriptor"].get_object()
