"""The search box: from a name to the page and the filter that show it, within the reader's rights."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components import search
from components.page_list import entry
from queries import Scope, listing, measures
from tests import edge_cases
from tests.app_driver import html, lead, say, text, views
from tests.conftest import publish
from tests.pages.test_pages import run


@pytest.fixture(autouse=True)
def demo(demo_store, use_store):
    use_store(demo_store)


def heading(page) -> str:
    return re.findall(r"<h1[^>]*>([^<]+)", html(page))[0]


def suggested(page) -> list[str]:
    names = re.search(r'<datalist id="search-names" data-details="(\w+)"></datalist>', html(page))
    assert names
    options = next(view["details"][names[1]] for view in views(page) if names[1] in view.get("details", {}))
    return re.findall(r"<option>(.*?)</option>", options)


@pytest.mark.parametrize(
    ("name", "page_heading", "address"),
    [
        ("Bridgeport", "Regions", {"region": "Southwest", "town": "Bridgeport"}),
        ("eastern", "Regions", {"region": "Eastern"}),
        ("Manufacturing", "Sectors", {"sector": "Manufacturing"}),
        ("Women", "One group", {"group": "woman"}),
        ("bright meadow", "Providers", {"provider": "Bright Meadow Energy School (demo)"}),
        ("Completion rate", "Definitions", {"measure": "completion_rate"}),
        ("gap plan", "Gap plan", {}),
        ("accessibility", "Definitions", {"first": "accessibility"}),
        ("targets", "Definitions", {"first": "targets"}),
    ],
)
def test_a_name_leads_to_its_page_and_filter(name, page_heading, address):
    page = say(run("dashboard.py"), "search", name)
    assert heading(page) == page_heading
    assert page.query_params == address


@pytest.mark.parametrize(
    ("text", "name"),
    [("woman", "Women"), ("Women’s", "Women"), ("disability", "People with disabilities"), ("veteran", "Veterans")],
)
def test_singular_and_plural_lead_to_the_same_name(text, name):
    page = say(run("dashboard.py"), "search", text)
    assert heading(page) == "One group" and name in html(page)


def test_a_common_word_does_not_lead_to_a_single_name_that_contains_it():
    drawn = html(say(run("dashboard.py"), "search", "jobs"))
    assert re.findall(r"<h1[^>]*>([^<]+)", drawn)[0] == "Overview"
    assert "Job openings (page)" in drawn and "Green jobs (sector)" in drawn


def test_a_town_is_answered_first():
    page = say(run("dashboard.py"), "search", "Bridgeport")
    assert "in Southwest" in lead(page)
    assert re.search(
        r'class="lead-more">Bridgeport: [\d,]+ residents enrolled in Southwest as of .*, \d+\.\d per 10,000', html(page)
    )


def test_a_town_outside_the_region_on_screen_is_not_answered():
    assert 'class="lead-more">Bridgeport' not in html(run("pages/regions.py", region="Eastern", town="Bridgeport"))


def test_a_measure_is_defined_first():
    page = run("pages/definitions.py", measure="completion_rate")
    assert text(page).index(measures()["completion_rate"].definition) < text(page).index("Enrollment")


def test_a_program_leads_to_its_provider_or_its_sector():
    for row in listing("programs", Scope())[:12]:
        page = say(run("dashboard.py"), "search", row["program"])
        wanted = {"provider": row["provider"]} if row["provider"] else {"sector": row["sector"]}
        assert page.query_params == wanted, row


def test_the_reader_the_delivery_and_the_date_stay_and_other_filters_go():
    address = {"as": "analyst", "delivery": "2024-06-28", "sector": "Manufacturing"}
    page = say(run("dashboard.py", **address), "search", "Eastern")
    assert page.query_params == {"as": "analyst", "delivery": "2024-06-28", "region": "Eastern"}
    page = say(run("dashboard.py", **address), "search", "Equity")
    assert page.query_params == address, "a page is opened under the same filters"


def test_several_matches_are_listed_as_links():
    page = say(run("pages/money.py"), "search", "rate")
    assert heading(page) == "Money"
    assert "The first 8 matches for “rate”:" in text(page)
    results = re.search(r'aria-label="Search results".*?</nav>', html(page))
    assert results
    assert results[0].count("<a ") == 8
    assert "(definition)" in results[0]
    assert "matches for" not in text(page.run()), "the next run does not repeat it"


def test_what_matches_nothing_is_reported_and_escaped():
    page = say(run("pages/money.py", region="Eastern"), "search", "<img src=x>")
    assert "Nothing matches “&lt;img src=x&gt;”." in html(page)
    assert "<img" not in html(page)
    assert page.query_params == {"region": "Eastern"}


def test_only_pages_that_a_reader_may_open_are_offered():
    assert "Data quality" in suggested(run("pages/sectors.py"))
    governor = run("pages/sectors.py", **{"as": "governor"})
    assert not {"Data quality", "Activity", "My region"} & set(suggested(governor))
    assert "Nothing matches" in text(say(governor, "search", "Data quality"))


def test_a_director_goes_to_their_own_region():
    page = say(run("dashboard.py", **{"as": "director:Eastern"}), "search", "Eastern")
    assert heading(page) == "My region"
    assert "My region" in suggested(page)


def test_suggestions_fit_their_limit():
    names = suggested(run("dashboard.py"))
    assert {"Bridgeport", "Manufacturing", "Women", "Providers"} <= set(names)
    assert sum(len(f"<option>{name}</option>".encode()) for name in names) <= search.MAX_SUGGESTED


def test_a_delivery_without_places_has_a_search(tmp_path: Path, use_store):
    delivery, layout = edge_cases.write_like_job_corps(tmp_path / "like-job-corps", seed=22)
    publish(delivery, tmp_path / "store", "--layout", str(layout), "--max-quarantined", "100")
    use_store(tmp_path / "store")
    page = say(run("dashboard.py"), "search", "Sectors")
    assert not page.exception
    assert heading(page) == "Sectors"


def test_matches_prefer_the_exact_name():
    targets = [
        search.Target(name=name, kind="page", page_id="sectors") for name in ("New Haven", "North Haven", "Haven")
    ]
    assert [target.name for target in search.matches(targets, " haven ")] == ["Haven"]
    assert [target.name for target in search.matches(targets, "haven or")] == ["North Haven"]
    assert search.matches(targets, " ") == []
    assert entry(targets[0].page_id).name == "Sectors"
