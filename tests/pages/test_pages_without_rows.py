"""Every page and document opens over a delivery without residents' rows, for every role, and says what cannot be computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.page_list import PAGES
from queries.access.rights import may_open, viewer
from tests.app_driver import text
from tests.conftest import UseStore
from tests.pages.test_pages import run

ROLES = ("analyst", "officer", "governor", "director:Northwest")
SENTENCE = "published without residents’ rows"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_a_page_opens(entry, role, demo_without_rows: Path, use_store: UseStore) -> None:
    use_store(demo_without_rows)
    page = run(entry.script, **{"as": role})
    assert not page.exception
    page_text = text(page)
    assert "incident" not in page_text
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", page_text)
    if entry.id == "providers" and may_open(viewer("analyst"), entry.id):
        assert SENTENCE in page_text
        assert "Needs residents’ rows" in page_text


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.id)
def test_a_page_opens_under_filters_that_the_store_does_not_keep(
    entry, demo_without_rows: Path, use_store: UseStore
) -> None:
    use_store(demo_without_rows)
    page = run(entry.script, region="Eastern", sector="Healthcare", group="veteran", **{"as_of": "2024-02-20"})
    assert not page.exception
    page_text = text(page)
    assert "incident" not in page_text
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", page_text)
    if entry.id == "data_quality":
        assert SENTENCE in page_text
