"""A delivery without sector, region, provider or supports: no page claims that anything was held equal, or says twice what is missing."""

from __future__ import annotations

import pytest

from tests import edge_cases
from tests.app_driver import figures, lead, text
from tests.conftest import publish_tables
from tests.pages.test_pages import run

GONE = ["sector", "region", "town", "provider", "program", "child_care", "transportation", "technology"]


@pytest.fixture(scope="module")
def bare_store(tmp_path_factory):
    tables = edge_cases.frames(seed=42, rows=1500, undisclosed=0.0)
    tables = {name: tables[name] for name in ("enrollments", "completions")}
    tables["enrollments"] = tables["enrollments"].drop(columns=GONE)
    root = tmp_path_factory.mktemp("bare")
    layout = root / "layout"
    layout.mkdir()
    for name in tables:
        (layout / f"{name}.sql").write_text("select * from TABLE".replace("TABLE", name), encoding="utf-8")
    return publish_tables(tables, root, "--layout", str(layout))


def test_a_gap_has_no_parts_and_names_what_it_is_not_adjusted_for(bare_store, use_store):
    use_store(bare_store)
    page = run("pages/one_group.py", group="woman")
    assert not page.exception
    page_text = text(page)
    assert "within the same" not in lead(page)
    assert "being in other sectors" not in lead(page)
    assert "gap-parts" not in figures(page)
    assert "The parts of the gap cannot be shown: not supplied: no sector, region or provider." in page_text
    assert (
        "Not supplied, so not adjusted for: sector, region, provider, child care, transportation, and technology"
        in page_text
    )
    assert "The gap that remains if both sides had the same other groups, among those who answered." in page_text


def test_providers_are_not_supplied_and_no_adjustment_is_claimed(bare_store, use_store):
    use_store(bare_store)
    page = run("pages/providers.py")
    assert not page.exception
    assert "not supplied" in lead(page)
    assert "Each rate is compared with" not in text(page)
    assert not figures(page)


def test_without_sectors_the_page_says_so_once(bare_store, use_store):
    use_store(bare_store)
    page = run("pages/sectors.py")
    assert not page.exception
    assert text(page).count("It appears here once the exports include it.") == 1
