"""Share readers and the demo's store among the tests of documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs.model import Document
from briefs.numbers import Number
from components.text.format import known
from queries.access import rights
from queries.access.viewer import Viewer
from tests.conftest import UseStore


@pytest.fixture
def demo(demo_store: Path, use_store: UseStore) -> Path:
    """Point the code at the demo's store."""
    use_store(demo_store)
    return demo_store


def viewer(role: str) -> Viewer | None:
    """Return the reader of "governor" or "director:Northwest"; None for ""."""
    name, _, region = role.partition(":")
    return rights.viewer(name, region or None) if name else None


def numbers_behind(document: Document) -> list[Number]:
    """Return every number of the answers behind a document, each once, in the order that they were asked."""
    numbers = [item.number(row) for item in document.answers for row in item.answer.rows if known(row.value)]
    return list({number.source: number for number in numbers}.values())
