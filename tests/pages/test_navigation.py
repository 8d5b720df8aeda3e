"""The menus of the navigation: which each reader sees, and the pages of the open one."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from components.page_list import PAGES, entry
from components.roles import demo_readers, first_page
from queries.access.rights import may_open
from tests.app_driver import html, say, text
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def demo(demo_store, use_store):
    use_store(demo_store)


def links(script: str, **address: str) -> list[str]:
    """Return the names in the navigation, those of the open menu's pages behind two spaces, the page on screen with a star."""
    nav = re.search(r'<nav class="pages".*?</nav>', html(run(script, **address)))
    assert nav
    names, depth = [], -1
    for tag, attributes, name in re.findall(r"<(/?ul|a|span)([^>]*)>([^<]*)", nav[0]):
        depth += {"ul": 1, "/ul": -1}.get(tag, 0)
        if name:
            names.append("  " * depth + name + ("*" if "aria-current" in attributes else ""))
    return names


def test_closed_menus_are_single_links():
    assert links("dashboard.py") == ["Overview*", "Regions", "Results", "Equity", "Money", "Data"]


def test_the_open_menu_lists_its_pages():
    pages = ["  Sectors", "  Providers*", "  Online courses", "  Job openings", "  Support services"]
    assert links("pages/providers.py") == ["Overview", "Regions", "Results", *pages, "Equity", "Money", "Data"]
    assert links("pages/equity.py")[3:6] == ["Equity*", "  One group", "  Gap plan"]
    assert links("pages/gap_plan.py")[3:6] == ["Equity", "  One group", "  Gap plan*"]
    assert links("pages/activity.py")[5:] == ["Data", "  Data quality", "  Activity*", "  Definitions"]


def test_a_director_has_my_region():
    director = {"as": "director:Eastern"}
    assert links("dashboard.py", **director) == ["Overview*", "My region", "Results", "Equity", "Money", "Definitions"]
    assert links("pages/regions.py", **director)[1:3] == ["My region", "  Regions*"]
    assert links("pages/my_region.py", region="Eastern")[1:4] == ["My region*", "  Regions", "Results"]


def test_a_page_that_a_reader_may_not_open_is_not_listed():
    assert links("pages/data_quality.py", **{"as": "governor"})[-1] == "Definitions"


def test_the_pages_of_a_menu_are_neighbors():
    menus = [menu for menu, _ in groupby(PAGES, lambda page: page.menu)]
    assert menus == ["Overview", "My region", "Results", "Equity", "Money", "Data"]


def test_each_role_may_open_its_first_page():
    for viewer in demo_readers(("Eastern",)).values():
        assert may_open(viewer, entry(first_page(viewer)).id)


@pytest.mark.parametrize(
    ("reader", "heading", "address"),
    [
        ("governor", "Overview", {"as": "governor"}),
        ("officer", "Equity", {}),
        ("analyst", "Data quality", {"as": "analyst"}),
        ("director:Eastern", "My region", {"as": "director:Eastern", "region": "Eastern"}),
    ],
)
def test_view_as_leads_to_the_first_page_of_that_reader(reader, heading, address):
    start = "director:Northwest" if reader == "officer" else "officer"
    page = say(run("dashboard.py", **{"as": start, "sector": "Manufacturing"}), "view-as", reader)
    assert re.findall(r"<h1[^>]*>([^<]+)", html(page)) == [heading]
    assert page.query_params == address


def test_view_as_ignores_a_reader_that_is_not_offered():
    page = say(run("pages/sectors.py", region="Eastern"), "view-as", "king")
    assert "Sectors" in text(page)
    assert page.query_params == {"region": "Eastern"}
