"""Every page as every role: no small count in its words, its tables or its files, and no number of somebody else's."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from components import roles, tables
from components.page_list import PAGES
from components.picks import RowFilter
from components.text.format import known
from queries.access.rights import may_open, viewer
from queries.access.viewer import Viewer
from queries.privacy.suppression import HIDDEN
from tests.app_driver import html, text
from tests.pages.test_pages import figures, run

SCRIPTS = {page.id: page.script for page in PAGES}
OF_PEOPLE = frozenset({"residents", "enrollments", "applications", "registrations", "workers", "completions"})
NOT_PEOPLE = frozenset(
    # residents still to come, or who did not; means of months, behind which the access rules look for the count
    {"Gap", "Target", "Additional people if rates were equal", "Needed per month", "Now per month"}
)
WHO = (
    r"(?:residents?|veterans?|women|immigrants?|enrollments?|exits?|registrations?|applications?|learners?|claimants?)"
)
SMALL = re.compile(
    rf"(?<![\d,.$–-])[1-9] (?!more )(?:\w+ ){{0,2}}{WHO}\b(?! short)|(?<![\d,.])[1-9] of [\d,]+(?! regions)"
)
NARROW = {"initiative": "CareerConneCT", "sector": "Life sciences", "group": "reentry"}
VIEWS = {
    "the state": {},
    "one group": {"group": "immigrant"},
    "a corner of the own region": {"region": "Eastern", **NARROW},
    "early on": {"initiative": "CareerConneCT", "as_of": "2022-09-30"},
    "a short period": {"region": "Eastern", "from": "2026-09-01", "to": "2026-10-31"},
}


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))


@pytest.fixture
def protected_directors(monkeypatch) -> None:
    """Show the demo's directors their own region protected, as access.toml can."""
    protect("director", monkeypatch)


def protect(role: str, monkeypatch) -> None:
    """Give the demo's readers of a role a protected clearance."""
    demo_readers = roles.demo_readers

    def readers(regions: tuple[str, ...] = ()) -> dict[str, Viewer]:
        return {
            name: replace(reader, clearance="protected") if reader.role == role else reader
            for name, reader in demo_readers(regions).items()
        }

    monkeypatch.setattr(roles, "demo_readers", readers)


def directors_of(region: str, monkeypatch) -> None:
    """Write the region of every director's account like this."""
    demo_readers = roles.demo_readers
    monkeypatch.setattr(
        roles,
        "demo_readers",
        lambda regions=(): {
            name: replace(reader, region=reader.region and region) for name, reader in demo_readers(regions).items()
        },
    )


@pytest.fixture
def drawn(monkeypatch) -> list[tables.Table]:
    """Every table a page draws, with all its rows."""
    tables_shown: list[tables.Table] = []
    draw = tables.draw

    def keep(table: tables.Table, *, alt: str, picked: RowFilter | None = None) -> None:
        tables_shown.append(table)
        draw(table, alt=alt, picked=picked)

    monkeypatch.setattr(tables, "draw", keep)
    return tables_shown


def small_cells(tables_shown: list[tables.Table]) -> list[tuple[str, object]]:
    """Cells of the files a page offers, that count people, and too few."""
    small = []
    for table in tables_shown:
        rows = list(csv.DictReader(io.StringIO(table.to_csv())))
        counted = {name for name, unit in table.units.items() if unit in OF_PEOPLE} - NOT_PEOPLE
        for name in counted & set(table.columns):
            values = [row[name] for row in rows if re.fullmatch(r"-?\d+(\.\d+)?", row[name])]
            small += [(name, value) for value in values if 0 < float(value) < 10]
    return small


@pytest.mark.parametrize("who", ["governor", "director:Eastern"])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page_id", [page for page in SCRIPTS if may_open(viewer("governor"), page)])
def test_no_small_count_is_on_a_page_or_in_its_files(page_id, view, who, drawn, protected_directors):
    page = run(SCRIPTS[page_id], **{"as": who, **VIEWS[view]})
    assert not page.exception
    page_text = text(page)
    assert "incident" not in page_text
    assert not re.search(r"\bnan\b|\bNone\b", page_text)
    assert not SMALL.findall(page_text)
    assert not small_cells(drawn)
    for figure in figures(page):
        assert not SMALL.findall(figure), "in hover text"


def test_the_same_pages_show_an_officer_small_counts(drawn):
    """Else the test above would hold whatever it looked at."""
    page_text = text(run(SCRIPTS["regions"], **{"as": "officer", **VIEWS["a corner of the own region"]}))
    assert SMALL.search(page_text) or small_cells(drawn)
    assert small_cells(drawn)


@pytest.mark.parametrize("page_id", ["dashboard.py", "pages/regions.py", "pages/sectors.py", "pages/equity.py"])
def test_an_officers_link_opened_by_a_director_says_so(page_id):
    link = {"region": "Southwest", "group": "veteran"}
    director, officer = run(page_id, **{"as": "director:Northwest"}, **link), run(page_id, **{"as": "officer"}, **link)
    assert not director.exception
    page_text, officer_text = text(director), text(officer)
    assert "another region" in page_text
    assert "another region" not in officer_text
    assert "veterans of Southwest" not in page_text


def test_a_director_sees_the_home_region_and_the_others():
    page_text = text(run("pages/regions.py", **{"as": "director:Northwest", "group": "veteran"}))
    assert "not part of your view" in page_text
    home_page = text(run("pages/regions.py", **{"as": "director:Northwest", "group": "veteran", "region": "Northwest"}))
    assert re.search(r"[\d,]+ veterans have enrolled in Northwest", home_page)


def test_the_region_of_an_account_may_be_written_in_small_letters(monkeypatch):
    directors_of("eastern", monkeypatch)
    assert "Eastern and the state" in text(run("pages/my_region.py", **{"as": "director:Northwest"}))


def test_an_earlier_delivery_is_not_described_to_protected_readers(monkeypatch):
    earlier = "in the previous delivery, of June 28, 2024"
    assert earlier in text(run("pages/data_quality.py", **{"as": "analyst"}))
    protect("analyst", monkeypatch)
    protected = text(run("pages/data_quality.py", **{"as": "analyst"}))
    assert "rows read, " in protected
    assert earlier not in protected


def test_an_account_for_a_region_that_the_delivery_lacks(monkeypatch):
    directors_of("Northeast", monkeypatch)
    page = run("pages/my_region.py", **{"as": "director:Northwest"})
    assert not page.exception
    assert "Your account is for the region “Northeast”, which this delivery does not have. Choose a region" in text(
        page
    )


def test_a_director_does_not_read_that_a_region_of_the_delivery_is_missing():
    chosen = {"region": "Eastern", "group": "disability", "from": "2025-07-01", "to": "2026-06-30"}
    page = text(run("pages/my_region.py", **chosen, **{"as": "director:Northwest"}))
    assert "Region “Eastern” is more than your role can combine" in page
    assert "Choose a region to compare it" in page and "does not have" not in page


@pytest.mark.parametrize("who", ["governor", "director:Eastern"])
def test_a_page_that_is_not_the_readers_is_closed_with_its_reason(who):
    for page_id in (page for page in SCRIPTS if not may_open(viewer("governor"), page)):
        page = run(SCRIPTS[page_id], **{"as": who})
        assert not page.exception
        assert "<h2" not in html(page), "nothing of the page is drawn"


def test_a_hidden_cell_reads_alike_on_screen_and_in_the_file(drawn, protected_directors):
    page_text = text(run("pages/regions.py", **{"as": "director:Eastern", "sector": "Life sciences"}))
    assert HIDDEN in page_text
    assert any(HIDDEN in table.to_csv() for table in drawn)
    assert not any(known(value) and 0 < value < 10 for table in drawn for value in table.columns.get("Exits", ()))
