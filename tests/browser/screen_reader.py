"""Read a page as a screen reader does, in Chromium's accessibility tree, and find what it would not say, or would say twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page

# What a reader operates or asks for by name.
NEED_NAME = {
    "button",
    "link",
    "image",
    "combobox",
    "textbox",
    "spinbutton",
    "radio",
    "table",
    "heading",
    "DisclosureTriangle",
    "DisclosureTriangleGrouped",
}
DRAWN = {"SvgRoot", "graphics-symbol", "graphics-object", "graphics-document"}
SYMBOLS = re.compile("[▲▼→×↕]")
LANDMARKS = {"banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search"}
LONE_MARK = re.compile(r"\s[.,:;](\s|$)")


@dataclass
class Node:
    """A node that a screen reader meets, with what it says of it and the nodes inside of it."""

    role: str
    name: str
    description: str
    inside: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """Go through this node and those inside of it, in reading order."""
        yield self
        for node in self.inside:
            yield from node.all()

    def rows(self) -> list[list[Node]]:
        """Return the cells of each row of a table."""
        cells = ("cell", "columnheader", "rowheader")
        return [[cell for cell in row.inside if cell.role in cells] for row in self.all() if row.role == "row"]


def read(page: Page) -> Node:
    """Return the page, without what is hidden from screen readers."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()

    def exposed(key: str) -> list[Node]:
        node = nodes[key]
        inside = [each for child in node.get("childIds", ()) if child in nodes for each in exposed(child)]
        role = node.get("role", {}).get("value", "")
        if node["ignored"] or role in ("none", "generic", "InlineTextBox"):
            return inside
        return [Node(role, *(node.get(name, {}).get("value", "").strip() for name in ("name", "description")), inside)]

    return exposed(next(iter(nodes)))[0]


def faults(page: Page) -> list[str]:
    """Return what a screen reader would not say, would say twice, or would say as the name of a symbol."""
    root = read(page)
    result = []
    for node in root.all():
        where = f"{node.role} {node.name[:60]}"
        if node.role in NEED_NAME and not node.name:
            result.append(f"without a name: {node.role}")
        if node.role in DRAWN:
            result.append(f"a drawing that is read piece by piece: {where}")
        if node.description and node.description.casefold() in node.name.casefold():
            result.append(f"read twice: {where}")
        if node.role in NEED_NAME and SYMBOLS.search(node.name):
            result.append(f"a symbol: {where}")
        if node.role == "group" and any(each.role == "table" and each.name in node.name for each in node.inside):
            result.append(f"read twice, before its table: {where}")
        if node.role in LANDMARKS and not node.inside:
            result.append(f"a landmark with nothing in it: {where}")
        if node.role in ("heading", "link") and any(each.role == "image" for each in node.all()):
            result.append(f"read in pieces, around an image: {where}")
        if node.role == "status":
            result.append(f'read as "status bar", without its text: {where}')
        if LONE_MARK.search(node.name) and node.role in NEED_NAME:
            result.append(f"a mark by itself, read as its name: {where}")
        if node.role == "table":
            result += _table_faults(node)
        # a name that repeats the text which stands before it
        result += [f"reads the text before it again: {after.name[:60]}" for before, after in _neighbors(node)]
    return result


def _table_faults(table: Node) -> list[str]:
    """Return the rows without a heading, and headings that are read with each cell and say what pressing them does."""
    first, *others = table.rows()
    result = [] if {cell.role for cell in first} == {"columnheader"} else [f"without headings: {table.name}"]
    result += [f"a row without a heading: {table.name}" for row in others if row and row[0].role != "rowheader"]
    verbs = ("Filter by", "Open the list", "Sort")
    result += [
        f"a heading says what it does: {cell.name}" for row in others for cell in row if cell.name.startswith(verbs)
    ]
    return result


def _neighbors(node: Node) -> Iterator[tuple[Node, Node]]:
    for before, after in zip(node.inside, node.inside[1:], strict=False):
        if (
            before.role == "StaticText"
            and after.role == "button"
            and len(before.name) > 20
            and before.name in after.name
        ):
            yield before, after
