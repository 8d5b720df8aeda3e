"""What PDF/UA-1 asks of a file, as far as a program can tell: a fault is a sentence. It does not replace veraPDF and a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

from tests.briefs.pdf_text import fonts, reader

DRAWS = {b"Tj", b"TJ", b"'", b'"', b"Do", b"sh", b"f", b"f*", b"F", b"B", b"B*", b"b", b"b*", b"s", b"S"}
HEADINGS = ("/H1", "/H2", "/H3", "/H4")
PARENTS = {
    "/TR": ("/Table", "/THead", "/TBody", "/TFoot"),
    "/TH": ("/TR",),
    "/TD": ("/TR",),
    "/LI": ("/L",),
    "/LBody": ("/LI",),
}


def faults(content: bytes) -> list[str]:
    """Return what a document breaks of the rules that are checked here."""
    file = reader(content)
    root = file.trailer["/Root"]
    return [*_of_the_file(file, root), *_of_tags(root), *_of_pages(file), *_of_fonts(content)]


def _of_the_file(file: PdfReader, root: DictionaryObject) -> Iterator[str]:
    info = root["/Metadata"].get_data()
    if not _is_set(root["/MarkInfo"], "/Marked") or _is_set(root["/MarkInfo"], "/Suspects"):
        yield "the file is not marked as tagged"
    if root.get("/Lang") != "en-US":
        yield "the file has no language"
    if (
        not _is_set(root["/ViewerPreferences"], "/DisplayDocTitle")
        or not file.metadata.title
        or b"dc:title" not in info
    ):
        yield "the file has no title, or windows do not show it"
    if b"pdfuaid:part" not in info:
        yield "the file does not say that it is PDF/UA"
    if file.is_encrypted:
        yield "the file is encrypted"


def _of_tags(root: DictionaryObject) -> Iterator[str]:
    levels = []
    for node, parent in _nodes(root["/StructTreeRoot"]["/K"], "/StructTreeRoot"):
        role = str(node["/S"])
        if role in HEADINGS:
            levels.append(HEADINGS.index(role) + 1)
        if role == "/Figure" and not node.get("/Alt"):
            yield "a figure has no text alternative"
        if parent not in PARENTS.get(role, (parent,)):
            yield f"{role} stands in {parent}"
        if role == "/TH" and _attribute(node, "/Scope") not in ("/Column", "/Row", "/Both"):
            yield "a header cell does not say what it is a header of"
        if role == "/TD" and not _attribute(node, "/Headers"):
            yield "a cell does not name its header"
        if role == "/Table":
            yield from _of_table(node)
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"the headings start with level {levels[:1]}"
    if any(below > above + 1 for above, below in pairwise(levels)):
        yield "a level of heading is left out"


def _of_table(table: DictionaryObject) -> Iterator[str]:
    rows = [node for node, _ in _nodes(table["/K"], "/Table") if node["/S"] == "/TR"]
    counts = {sum(int(_attribute(cell, "/ColSpan") or 1) for cell, _ in _nodes(row["/K"], "/TR")
                  if cell["/S"] in ("/TH", "/TD")) for row in rows}  # fmt: skip
    if len(counts) != 1:
        yield f"the rows of a table have different numbers of cells: {sorted(counts)}"
    if not any(cell["/S"] == "/TH" for cell, _ in _nodes(rows[0]["/K"], "/TR")):
        yield "a table has no header cell"


def _of_pages(file: PdfReader) -> Iterator[str]:
    """Yield what is drawn on a page and neither part of a tag nor marked as decoration."""
    for number, page in enumerate(file.pages, start=1):
        if "/StructParents" not in page:
            yield f"page {number} is not part of the tags"
        open_marks: list[bool] = []
        for operands, operator in ContentStream(page.get_contents(), file).operations:
            if operator in (b"BDC", b"BMC"):
                properties = operands[1] if len(operands) > 1 else {}
                has_id = isinstance(properties, DictionaryObject) and "/MCID" in properties
                open_marks.append(operands[0] == "/Artifact" or has_id)
            elif operator == b"EMC":
                open_marks.pop()
            elif operator in DRAWS and not any(open_marks):
                yield f"page {number} draws something that is neither tagged nor decoration"
                break


def _of_fonts(content: bytes) -> Iterator[str]:
    descriptors = list(fonts(content))
    if not descriptors or not all("/FontFile2" in each or "/FontFile3" in each for each in descriptors):
        yield "a font is not embedded"
    for page in reader(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            if "/ToUnicode" not in font.get_object():
                yield "letters of a font cannot be read out"


def _is_set(flags: DictionaryObject, name: str) -> bool:
    """Return whether a flag is there and true; pypdf's objects for true and false both count as true."""
    return bool(getattr(flags.get(name), "value", False))


def _attribute(node: DictionaryObject, name: str) -> object:
    attributes = node.get("/A", ())
    attributes = attributes if isinstance(attributes, ArrayObject) else [attributes]
    return next((each[name] for each in (item.get_object() for item in attributes) if name in each), None)


def _nodes(node: object, parent: str) -> Iterator[tuple[DictionaryObject, str]]:
    """Yield each structure element, in reading order, with the role of the element that it stands in."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _nodes(child, parent)
    elif isinstance(node, DictionaryObject):
        role = str(node["/S"]) if "/S" in node else parent
        if "/S" in node:
            yield node, parent
        if "/K" in node:
            yield from _nodes(node["/K"], role)
