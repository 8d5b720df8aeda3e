"""Check that names in the code are the field's words: none of the words of the private dialect that it once had."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

import pytest

from components.page_list import PAGES
from tests.conftest import ROOT
from tests.source_code import SCRIPTS, relative, tree

FOLDERS = ("data", "queries", "components", "briefs", "server", "pages", "benchmarks", "tests")
ANYWHERE = {
    "said", "told", "kept", "found", "whole", "alone", "together", "beside",
    "walked", "asked", "named", "one", "way", "grounds", "spot", "fold",
}  # fmt: skip
AT_THE_START = {"own"}
FILES = sorted(chain((ROOT / name for name in SCRIPTS), *((ROOT / folder).rglob("*.py") for folder in FOLDERS)))


def defined_names(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of everything that a module names: variables, parameters, attributes, functions and classes."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)) or isinstance(node, ast.alias):
            yield node.lineno, node.id if isinstance(node, ast.Name) else node.asname or ""
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name:
            yield node.lineno, node.name


def is_refused(name: str) -> bool:
    """Return whether a name holds a word of the list."""
    words = [word.lower() for word in name.split("_") if word]
    return bool(ANYWHERE.intersection(words)) or bool(words and words[0] in AT_THE_START)


def test_no_name_has_a_word_of_the_dialect():
    assert [
        f"{relative(path)}:{line} {name}"
        for path in FILES
        for line, name in defined_names(tree(path))
        if is_refused(name)
    ] == []


def test_no_file_has_a_word_of_the_dialect_in_its_name():
    addresses = {page.script for page in PAGES}  # readers see the name of a page's file in its address
    assert [name for path in FILES if (name := relative(path)) not in addresses and is_refused(path.stem)] == []


@pytest.mark.parametrize(
    "code",
    [
        "found = 1",
        "def f(*, asked): ...",
        "def kept(): ...",
        "class Told: ...",
        "self.alone = 1",
        "for one in rows: ...",
        "rows_found = [1]",
        "import x as whole",
        "with f() as _own_rows: ...",
        "(spot := 1)",
        "[named for named in rows]",
        "try: ...\nexcept E as said: ...",
    ],
)
def test_the_check_sees_every_place_of_a_name(code):
    assert any(is_refused(name) for _, name in defined_names(ast.parse(code)))


@pytest.mark.parametrize("name", ["foundation", "renamed", "phone", "owner", "rows", "is_wholesale", "alongside"])
def test_the_check_allows_longer_words(name):
    assert not is_refused(name)
