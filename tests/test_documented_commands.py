"""Every command that the documents tell a reader to type is one that the command line takes, from a fresh copy of the project."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from fnmatch import fnmatch
from pathlib import Path

import pytest

from briefs import __main__ as briefs_command
from data import cli
from queries import __main__ as queries_command
from tests.conftest import ROOT
from tests.source_code import relative

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PARSERS = {"data": cli._parser, "queries": queries_command._parser, "briefs": briefs_command._parser}
# it can hold residents' records, or numbers for one reader
WRITTEN = (
    "store", "pirl-store", "log", "demo", "deliveries", "empty", "messages", "packets", "problems", "access.toml", "subscriptions.toml",
    "store.tar.gz", "store.tar", "export.csv", "wioa-2026-11-20.csv", "board.pptx", "equity.pdf", "2026-11-13_workbook_synthetic.xlsx",
)  # fmt: skip


def lines_of(document: Path) -> list[str]:
    """Return the lines of a document's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)
    return [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]


def commands_of(document: Path) -> list[list[str]]:
    """Return the arguments of each `python -m …` in a document's shell blocks, the name of the module first."""
    parts = (re.search(r"python -m (.*)", line) for line in lines_of(document))
    return [shlex.split(part[1], comments=True) for part in parts if part]


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_the_command_line_takes_every_command_of_the_documents(document):
    for module, *arguments in commands_of(document):
        if module in PARSERS:
            parser: ArgumentParser = PARSERS[module]()
            parser.parse_args(arguments)  # ends the test with the parser's sentence


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_shell_blocks_name_the_python_of_the_project(document):
    """A plain `python` is another one, or none, in a fresh copy."""
    assert [line for line in lines_of(document) if re.search(r"(?<![\w./-])python3? ", line)] == []


def test_the_documents_have_commands():
    modules = {arguments[0] for document in DOCUMENTS for arguments in commands_of(document)}
    assert set(PARSERS) <= modules


@pytest.mark.parametrize("written", WRITTEN)
def test_what_the_commands_write_next_to_the_code_is_never_committed_or_put_into_an_image(written):
    for name in (".gitignore", ".dockerignore"):
        patterns = (ROOT / name).read_text(encoding="utf-8").split()
        assert any(fnmatch(written, pattern.strip("/")) for pattern in patterns), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_link_leads_to_a_heading(document):
    text = document.read_text(encoding="utf-8")
    dead = []
    for path, heading in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", text):
        target = (document.parent / path) if path else document
        if heading not in _anchors(target.read_text(encoding="utf-8")):
            dead.append(f"{path}#{heading}")
    assert dead == []


def _anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    return {heading.strip().replace(" ", "-") for heading in plain}
