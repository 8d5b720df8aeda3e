"""Every page, run over the demo, over awkward data and over nothing: no exception, and the answer comes first."""

from __future__ import annotations

import json
import re
import shutil

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from components import cached_queries
from components.page_list import PAGES
from queries.database import ANSWERS
from queries.dimensions import FILTERS
from tests.app_driver import figures as drawn
from tests.app_driver import html, text
from tests.conftest import ROOT

SCRIPTS = [entry.script for entry in PAGES]
HOSTILE_ADDRESS = {
    "initiative": "x" * 10_000,
    "region": "'; drop table enrollments; --",
    "sector": "<img src=x onerror=alert(1)>",
    "group": "{{7*7}}",
    "provider": "Riverbend\u0000",
    "from": "2026-13-45",
    "to": "\u202e\u0000",
    "as_of": "9999-99-99",
    "delivery": "../../etc/passwd",
    "outcome": "none of these",
}


def run(script: str, **address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / script), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def figures(page: AppTest) -> list[str]:
    """Return every figure on a page as JSON, hover text included. Plotly refuses a property it does not know."""
    return [json.dumps(go.Figure(figure) and figure, ensure_ascii=False) for figure in drawn(page).values()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_answers_over_the_demo(script, demo_store, use_store):
    use_store(demo_store)
    page = run(script)
    assert not page.exception
    page_text = text(page)
    assert "Synthetic data" in page_text
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b|undefined", page_text), page_text
    figures(page)  # Plotly refuses a word it does not know


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_survives_every_filter(script, demo_store, use_store):
    use_store(demo_store)
    page = run(
        script,
        initiative="CareerConneCT",
        region="Eastern",
        sector="Green jobs",
        group="veteran",
        provider="Bright Meadow Energy School (demo)",
        **{"as_of": "2024-02-29"},
    )
    assert not page.exception
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", text(page))


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("entry", [entry for entry in PAGES if entry.filters], ids=lambda entry: entry.id)
def test_a_page_says_which_filter_is_in_force(entry, name, demo_store, use_store):
    use_store(demo_store)
    value, label = list(cached_queries.choices("2026-11-13").labels(name).items())[-1]
    page = run(entry.script, **{name: value})
    assert not page.exception
    page_text = text(page)
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", page_text)
    if name in entry.filters:
        assert f'aria-label="Remove filter: {label}"' in html(page)
    else:
        assert f"The {FILTERS[name].words} you chose elsewhere does not apply on this page." in page_text


def test_the_line_on_what_is_shown_lists_filters_of_other_pages_and_a_period_to_come(demo_store, use_store):
    use_store(demo_store)
    address = {"initiative": "SkillUp CT", "sector": "Healthcare", "provider": "Bright Meadow Energy School (demo)"}
    page = text(run("pages/online_courses.py", **address, **{"as_of": "2024-06-28", "from": "2026-01-05"}))
    assert "The initiative, sector, and provider you chose elsewhere do not apply on this page." in page
    assert "since January 5, 2026, after the date shown" in page and ", so far" not in page


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_before_anything_happened(script, demo_store, use_store):
    use_store(demo_store)
    page = run(script, initiative="CareerConneCT", as_of="2022-08-02", region="Eastern", group="reentry")
    assert not page.exception
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", text(page))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_hostile_address_gets_the_page_and_a_notice(script, demo_store, use_store):
    use_store(demo_store)
    page = run(script, **HOSTILE_ADDRESS)
    assert not page.exception
    page_text = text(page)
    assert "Part of the address was left out" in page_text
    assert "x" * 500 not in page_text


def test_the_notice_calls_a_choice_of_the_page_as_the_page_does(demo_store, use_store):
    use_store(demo_store)
    assert "Compare by “x” is not a choice of this page." in text(run("pages/equity.py", by_region="x"))
    assert "What to raise “x” is not a choice of this page." in text(run("pages/gap_plan.py", group="woman", what="x"))
    assert "Show first “x” is not a choice of this page." in text(run("pages/definitions.py", first="x"))


def test_a_reader_learns_what_the_role_can_combine_where_it_applies(demo_store, use_store):
    use_store(demo_store)
    chosen = {"sector": "Healthcare", "group": "veteran", "as": "director:Eastern"}
    elsewhere = text(run("dashboard.py", region="Northwest", **chosen))
    assert "outside Eastern your role can combine two filters, or one filter and a period." in elsewhere
    assert "Part of what you chose was left out. " in elsewhere and "Part of the address" not in elsewhere
    home = text(run("dashboard.py", region="Eastern", **chosen))
    assert "can combine" not in home and "left out." not in home
    governor = text(run("dashboard.py", region="Northwest", **{"as": "governor"}))
    assert "or one filter and a period." in governor


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_with_nothing_published_says_what_to_do(script, tmp_path, use_store):
    use_store(tmp_path / "nothing")
    page = run(script)
    assert not page.exception
    assert "No delivery has been published yet" in text(page)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("hostile_store", ["all undisclosed"], indirect=True)
def test_a_page_over_awkward_data(script, hostile_store, use_store):
    use_store(hostile_store[0])
    page = run(script)
    assert not page.exception
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", text(page))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_where_no_number_can_be_worked_out(script, demo_store, use_store, monkeypatch):
    use_store(demo_store)
    ANSWERS.clear()
    monkeypatch.setattr(cached_queries.queries, "ask", lambda *_: 1 / 0)
    page = run(script)
    assert not page.exception
    assert not re.search(r"\bnan\b|\bNone\b|\bNaN\b", text(page))


def test_the_published_figure_is_on_the_front_page(demo_store, use_store):
    use_store(demo_store)
    page_text = text(run("dashboard.py", initiative="CareerConneCT", as_of="2022-10-07"))
    assert "1,108 residents have enrolled in CareerConneCT as of October 7, 2022" in page_text


def test_a_store_that_does_not_open_gets_a_sentence(demo_store, tmp_path, use_store):
    broken = tmp_path / "broken"
    shutil.copytree(demo_store, broken)
    for database in broken.glob("deliveries/*/store.duckdb"):
        database.write_bytes(b"not a database")
    use_store(broken)
    page = run("dashboard.py")
    assert not page.exception
    assert "did not open" in text(page)
