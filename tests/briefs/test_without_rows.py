"""Every document can be made of a delivery without residents' rows, and says what could not be computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs import catalog
from queries.models import AnswerStatus
from queries.scope import Scope
from tests.briefs.test_office import READERS
from tests.conftest import UseStore


@pytest.mark.parametrize("name", catalog.PRODUCTS)
def test_a_document_is_made(name: str, demo_without_rows: Path, use_store: UseStore) -> None:
    use_store(demo_without_rows)
    reader = READERS["director" if name == "packet" else "officer"]
    scope = Scope(viewer=reader.viewer, region=reader.region)
    made = catalog.make(name, scope)
    assert made.content
    if name == "packet":  # it flags providers, which a model of single exits compares
        statuses = {number.answer.status for number in made.document.answers}
        assert AnswerStatus.NEEDS_ROWS in statuses
        assert AnswerStatus.OK in statuses
