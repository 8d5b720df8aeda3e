"""A page is said once for readers of the same rights, and to nobody else, and never past the day it was true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import auth_session, cached_queries, chart_view, page_frame, page_guard, refusals
from components.auth_session import AuthSession
from components.html_view.cache import VIEWS
from components.page_list import PAGES
from data import audit_log
from queries.access.viewer import Viewer
from queries.models import Answer, AnswerStatus
from tests.app_driver import files, html, say, sheets, text
from tests.conftest import ROOT, publish

OF_THE_MOMENT = "usage"  # shows what has just happened
SCRIPTS = {entry.id: entry.script for entry in PAGES}
AS_IT_IS = chart_view.is_open  # other tests have every fold open


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, in_store, tmp_path, monkeypatch):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    in_store.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(chart_view, "is_open", AS_IT_IS)
    st.cache_resource.clear()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What was asked, measure by measure."""
    found, ask = [], cached_queries.ask
    monkeypatch.setattr(cached_queries, "ask", lambda question, *rest: found.append(question.measure) or ask(question, *rest))
    return found


def opened(script: str = "dashboard.py", **address: str) -> AppTest:
    """A session of its own on a page."""
    page = AppTest.from_file(str(ROOT / script), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


@pytest.mark.parametrize("page_id", [page_id for page_id in SCRIPTS if page_id != OF_THE_MOMENT])
@pytest.mark.parametrize("address", [{}, {"region": "Eastern", "as": "governor"}], ids=["the state", "a region"])
def test_the_next_reader_gets_the_same_page_without_a_question(page_id, address, monkeypatch):
    if not page_frame.roles.may_open(page_frame.roles.demo_readers(("Eastern",))[address.get("as", "officer")], page_id):
        address = {**address, "as": "officer"}
    first = sheets(opened(SCRIPTS[page_id], **address))
    choices = cached_queries.choices(cached_queries.current())
    monkeypatch.setattr(cached_queries, "choices", lambda _: choices)
    monkeypatch.setattr(cached_queries, "ask", lambda *_: pytest.fail("asked again"))
    monkeypatch.setattr(cached_queries, "listing", lambda *_: pytest.fail("looked up again"))
    again = opened(SCRIPTS[page_id], **address)
    assert not again.exception and len(first) > 1 and sheets(again) == first


@pytest.mark.parametrize(
    "other", [{"as": "governor"}, {"region": "Eastern"}, {"as_of": "2024-06-28"}, {"delivery": "2024-06-28"}, {"region": "Atlantis"}]
)  # fmt: skip
def test_another_right_or_address_is_another_page(other, asked):
    first = opened()
    del asked[:]
    second = opened(**other)
    assert asked and sheets(second) != sheets(first)
    assert sheets(opened()) == sheets(first)


@pytest.mark.parametrize(
    ("where", "name", "now"),
    [(page_frame, "theme", "dark"), (cached_queries, "origin", "https://dashboard.example.gov"), (cached_queries, "refusal", None)],
)
def test_what_the_browser_or_the_store_says_is_part_of_it(where, name, now, asked, monkeypatch):
    opened()
    del asked[:]
    told = refusals.read({"delivered_on": "2026-11-20", "faults": ["enrollments is empty."]})
    monkeypatch.setattr(where, name, lambda: now or told)
    assert asked == [] and ("was not accepted" in text(opened())) == (name == "refusal") and asked


def test_a_page_holds_for_a_day(asked, monkeypatch):
    opened()
    del asked[:]
    monkeypatch.setattr(page_frame, "date", type("Tomorrow", (date,), {"today": classmethod(lambda cls: date(2030, 1, 1))}))
    opened()
    assert asked


def test_a_new_delivery_is_on_screen_at_once(demo_deliveries, tmp_path, in_store):
    store = tmp_path / "store"
    in_store.setenv("DASHBOARD_STORE", str(store))
    publish(demo_deliveries[0], store)
    first = text(opened())
    publish(demo_deliveries[1], store)
    second = text(opened())
    assert "As of  October 7, 2022" in first and "As of  June 28, 2024" in second


def test_what_one_reader_opens_is_open_for_nobody_else():
    mine, yours = opened(), opened()
    closed = sheets(yours)
    say(mine, "table-enrollment-trend", True)
    assert "<table" in html(mine) and sheets(yours.run()) == closed
    say(yours, "table-enrollment-trend", True)
    assert sheets(yours) == sheets(mine) and not yours.exception
    say(mine, "table-enrollment-trend", False)
    assert sheets(mine) == closed and "<table" in html(yours.run())


def test_a_file_comes_once_to_the_reader_who_asked_for_it():
    mine, yours = opened(), opened()
    for page in (mine, yours):
        say(page, "table-enrollment-trend", True)
    say(mine, "save:enrollment-trend", True)
    assert "_enrollment-trend_" in files(mine)[0]["name"] and not files(yours.run()) and not files(mine.run())
    say(yours, "save:enrollment-trend", True)
    assert files(yours)[0]["text"] == files(mine)[0]["text"] if files(mine) else files(yours)
    assert [event["what"] for event in audit_log.read() if event["event"] == "downloaded"] == ["enrollment-trend.csv"] * 2


def test_a_choice_on_a_kept_page_moves_its_own_reader():
    mine, yours = opened(), opened()
    say(yours, "filter-region", "Eastern")
    assert dict(yours.query_params) == {"region": "Eastern"} and dict(mine.query_params) == {}
    assert sheets(mine.run()) != sheets(yours) and "<b>Eastern</b>" in html(yours)


def test_what_could_not_be_worked_out_is_tried_again(monkeypatch):
    with monkeypatch.context() as now:
        now.setattr(cached_queries.queries, "ask", lambda *_: 1 / 0)
        assert "could not be worked out just now" in text(opened(region="Eastern"))
    assert "could not be worked out" not in text(opened(region="Eastern"))


def test_every_denial_is_written_down(monkeypatch):
    answer = cached_queries.ask
    monkeypatch.setattr(
        cached_queries, "ask", lambda question, *rest: replace(Answer.failed(question, rest[0], rest[1], rest[2], ""), status=AnswerStatus.NOT_ALLOWED)
        if question.measure == "placements" else answer(question, *rest)
    )  # fmt: skip
    opened()
    opened()
    assert (
        len([event for event in audit_log.read() if event["event"] == "denied" and event.get("what") == "placements"]) == 2
    )


def test_every_opening_is_written_down():
    opened()
    opened()
    assert [event["page"] for event in audit_log.read() if event["event"] == "opened"] == ["headlines"] * 2


def test_the_record_of_use_is_read_anew():
    before = html(opened(SCRIPTS[OF_THE_MOMENT], **{"as": "analyst"}))
    audit_log.write("published", account="somebody", delivery="2026-11-20")
    after = html(opened(SCRIPTS[OF_THE_MOMENT], **{"as": "analyst"}))
    assert "somebody" in after and "somebody" not in before


def test_a_role_taken_away_sees_no_kept_page(monkeypatch):
    opened()
    monkeypatch.setattr(page_frame.roles, "may_open", lambda viewer, page_id: False)
    said = opened()
    assert "Not one of your pages" in html(said) and not any(sheet.get("figures") for sheet in sheets(said))


def test_what_a_browser_says_of_itself_is_not_taken_at_its_word(monkeypatch):
    """The key of a kept page holds it: it is short, and one of few, whatever a hostile client sends."""
    for url in (
        "http://[",
        "javascript:alert(1)",
        "https://a b/",
        f"https://{'x' * 3000}/",
        "https://e/../?",
        "",
        None,
    ):
        monkeypatch.setattr(cached_queries.st, "context", SimpleNamespace(url=url))
        assert len(cached_queries.origin()) < 20
    monkeypatch.setattr(
        cached_queries.st,
        "context",
        SimpleNamespace(url="https://dash.example.gov:8501/regions?x=1", theme=SimpleNamespace(type="x" * 900)),
    )
    assert cached_queries.origin() == "https://dash.example.gov:8501" and page_frame.theme() == "light"


def test_a_kept_page_weighs_more_than_what_it_sends():
    opened()
    sheets_kept = VIEWS.items()
    assert VIEWS.weight == sum(sheet.weight for _, sheet in sheets_kept) > len(sheets_kept) * 5_000


def test_two_people_of_one_role_share_a_page_and_not_their_names(asked, monkeypatch):
    monkeypatch.setattr(auth_session, "is_provider_configured", lambda: True)
    monkeypatch.setattr(page_guard, "watch", lambda page_viewer: None)
    said = []
    for account in ("ann@example.gov", "bob@example.gov"):
        monkeypatch.setattr(auth_session, "session_of", lambda _, account=account: AuthSession("ok", account, Viewer("officer"), 2e9))
        said.append(html(opened()))
        asked.append(account)
    assert asked.index("ann@example.gov") == len(asked) - 2, "nothing was asked for the second"
    for own, other, page in (("ann", "bob", said[0]), ("bob", "ann", said[1])):
        assert f"{own}@example.gov" in page and f"{other}@example.gov" not in page
