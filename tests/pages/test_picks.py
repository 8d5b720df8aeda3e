"""Picking a value that is chosen already leads to the list behind it, with all filters."""

from __future__ import annotations

import re

import pytest

from components import navigation
from tests.app_driver import html, say
from tests.pages.test_pages import run


@pytest.fixture
def targets(monkeypatch, demo_store, use_store):
    """Where the page goes."""
    use_store(demo_store)
    went: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(navigation.st, "switch_page", lambda script, query_params: went.append((script, query_params)))
    return went


def pick(page, value):
    """Press a value's name in a table under a chart, and return what its button says."""
    button = re.search(rf'<button [^>]*data-event="(pick [^"]*: {value})" title="([^"]*)"', html(page))
    say(page, button[1], value)
    return button[2]


def test_the_first_pick_filters_and_the_second_opens_the_list(targets):
    page = run("pages/sectors.py", region="Eastern")
    assert pick(page, "Healthcare") == "Filter by Healthcare"
    assert page.query_params["sector"] == "Healthcare" and targets == []
    assert pick(page, "Healthcare") == "Open the list behind Healthcare"
    assert targets == [("pages/providers.py", {"region": "Eastern", "sector": "Healthcare"})]


def test_another_value_becomes_the_filter(targets):
    page = run("pages/sectors.py", sector="Healthcare")
    pick(page, "Manufacturing")
    assert page.query_params["sector"] == "Manufacturing" and targets == []


def test_the_list_of_a_region_is_the_page_about_it(targets):
    page = run("pages/online_courses.py", region="Eastern", **{"as": "governor"})
    pick(page, "Eastern")
    assert targets == [("pages/regions.py", {"as": "governor", "region": "Eastern"})]


def test_on_the_page_of_its_list_the_map_leads_to_the_towns(targets):
    page = run("pages/regions.py", region="Eastern")
    [chosen] = re.findall(r'<a [^>]*aria-current="true"[^>]*>', html(page).split('<figure class="map"')[1])
    assert 'data-command="jump" data-to="chart-by-town"' in chosen and "Press again for its towns." in chosen
    assert 'data-name="chart-by-town"' in html(page)
    assert "Open the list behind Eastern" not in html(page)
