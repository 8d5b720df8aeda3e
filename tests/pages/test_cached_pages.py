"""A page is rendered once for viewers of the same rights, shown to no others, and rendered again when anything it read changes."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from components import auth_session, cached_queries, chart_view, page_frame, page_guard
from components.auth_session import AuthSession
from components.html_view.cache import Variants
from components.memoize import RENDERED
from components.page_list import PAGES
from data import audit_log, store
from queries import database, instances
from queries.access import rights
from queries.access.viewer import Viewer
from tests.app_driver import files, html, say, text, views
from tests.conftest import ROOT, publish

NEVER_CACHED = "activity"  # shows what has just happened
SCRIPTS = {entry.id: entry.script for entry in PAGES}
IS_OPEN = chart_view.is_open  # other tests have every table open


@pytest.fixture(autouse=True)
def demo(demo_store, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(demo_store))
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(chart_view, "is_open", IS_OPEN)
    database.ANSWERS.clear()


@pytest.fixture
def questions(monkeypatch) -> list[str]:
    """The measures that pages ask for."""
    measures, ask = [], cached_queries.ask
    monkeypatch.setattr(
        cached_queries, "ask", lambda question, *rest: measures.append(question.measure) or ask(question, *rest)
    )
    return measures


def opened(script: str = "dashboard.py", **address: str) -> AppTest:
    """A page in a new session."""
    page = AppTest.from_file(str(ROOT / script), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


@pytest.mark.parametrize("page_id", [page_id for page_id in SCRIPTS if page_id != NEVER_CACHED])
@pytest.mark.parametrize("address", [{}, {"region": "Eastern", "as": "governor"}], ids=["the state", "a region"])
def test_the_next_viewer_gets_the_same_page_without_a_question(page_id, address, monkeypatch):
    if not rights.may_open(page_frame.roles.demo_readers(("Eastern",))[address.get("as", "officer")], page_id):
        address = {**address, "as": "officer"}
    first = views(opened(SCRIPTS[page_id], **address))
    choices = cached_queries.choices(cached_queries.current())
    monkeypatch.setattr(cached_queries, "choices", lambda _: choices)
    monkeypatch.setattr(cached_queries, "ask", lambda *_: pytest.fail("asked again"))
    monkeypatch.setattr(cached_queries, "listing", lambda *_: pytest.fail("looked up again"))
    again = opened(SCRIPTS[page_id], **address)
    assert not again.exception
    assert len(first) > 1
    assert views(again) == first


@pytest.mark.parametrize(
    "other", [{"as": "governor"}, {"region": "Eastern"}, {"as_of": "2024-06-28"}, {"delivery": "2024-06-28"}, {"region": "Atlantis"}]
)  # fmt: skip
def test_another_right_or_address_is_another_page(other, questions):
    first = opened()
    del questions[:]
    second = opened(**other)
    assert questions
    assert views(second) != views(first)
    assert views(opened()) == views(first)


def refuse_a_delivery(monkeypatch, tmp_path):
    """The store gets a note of a delivery that was not accepted."""
    file = tmp_path / store.REFUSED
    file.write_text(json.dumps({"delivered_on": "2026-11-20", "faults": ["enrollments is empty."]}))
    monkeypatch.setattr(store, "REFUSED", str(file))


def move_the_browser(monkeypatch, _):
    context = SimpleNamespace(url="https://dashboard.example.gov/", theme=SimpleNamespace(type="light"))
    monkeypatch.setattr(cached_queries.st, "context", context)


def touch_the_delivery(monkeypatch, _):
    def touched(path):
        state = instances.state_or_none(path)
        return state and state._replace(modified_at=1)

    monkeypatch.setattr(cached_queries, "state_or_none", touched)


def open_a_table(monkeypatch, _):
    session = {chart_view._OPEN_TABLES: {"table-a": True}}
    monkeypatch.setattr(chart_view, "st", SimpleNamespace(session_state=session))


CHANGES = {
    "the theme": lambda monkeypatch, _: monkeypatch.setattr(page_frame, "theme", lambda: "dark"),
    "the browser's address": move_the_browser,
    "the refusal": refuse_a_delivery,
    "the history": lambda monkeypatch, _: monkeypatch.setattr(store, "history", lambda _: ("2026-11-13",)),
    "the delivery's file": touch_the_delivery,
    "the open tables": open_a_table,
}


def reads_everything():
    """A page that shows all that a page can read."""
    from components import open_page
    from components.cached_queries import origin
    from components.chart_view import is_open
    from components.page_frame import theme

    page = open_page("regions")
    enrolled = page.ask("residents_enrolled")
    page.lead(f"{enrolled.total.value} {page.listing('regions')[0]['region']} {page.main_initiative}")
    page.note(f"{page.history()} {page.refusal()} {origin()} {theme()} {is_open('table-a')}")
    page.end()


def runs(script) -> tuple[list[dict], bool]:
    """What a new session on this page gets, and whether its script ran to the end."""
    before = RENDERED.weight
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return views(page), RENDERED.weight != before


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_runs_again_when_anything_that_it_read_changes(change, monkeypatch, tmp_path):
    first, ran = runs(reads_everything)
    assert ran
    assert runs(reads_everything) == (first, False), "nothing changed"
    with monkeypatch.context() as changed:
        CHANGES[change](changed, tmp_path)
        assert runs(reads_everything)[1], f"{change} changed"
    assert runs(reads_everything) == (first, False), "it is as it was before"


def reads_something_new():
    """A page whose author reads something that the dashboard has no function for yet."""
    import os

    from components import open_page, read_log

    page = open_page("regions")
    page.lead(read_log.read("a new input", lambda: os.environ.get("NEW_INPUT", "")))
    page.end()


def test_a_page_that_reads_something_new_is_never_stale(monkeypatch):
    assert '<p class="lead">first</p>' not in html(AppTest.from_function(reads_something_new, default_timeout=60).run())
    for value in ("first", "second", "first"):
        monkeypatch.setenv("NEW_INPUT", value)
        page = AppTest.from_function(reads_something_new, default_timeout=60).run()
        assert f'<p class="lead">{value}</p>' in html(page)


def test_a_new_delivery_is_on_screen_at_once(demo_deliveries, tmp_path, use_store):
    store = tmp_path / "store"
    use_store(store)
    publish(demo_deliveries[0], store)
    first = text(opened())
    publish(demo_deliveries[1], store)
    second = text(opened())
    assert "As of  October 7, 2022" in first
    assert "As of  June 28, 2024" in second


def test_a_table_is_open_for_the_reader_who_opened_it_only():
    mine, yours = opened(), opened()
    closed = views(yours)
    say(mine, "table-enrollment-trend", True)
    assert "<table" in html(mine)
    assert views(yours.run()) == closed
    say(yours, "table-enrollment-trend", True)
    assert views(yours) == views(mine)
    assert not yours.exception
    say(mine, "table-enrollment-trend", False)
    assert views(mine) == closed
    assert "<table" in html(yours.run())


def test_a_file_is_sent_once_to_the_reader_who_requested_it():
    mine, yours = opened(), opened()
    for page in (mine, yours):
        say(page, "table-enrollment-trend", True)
    say(mine, "save:enrollment-trend", True)
    (first,) = files(mine)
    assert "_enrollment-trend_" in first["name"]
    assert not files(yours.run())
    assert not files(mine.run())
    say(yours, "save:enrollment-trend", True)
    (second,) = files(yours)
    assert (second["name"], second["text"]) == (first["name"], first["text"])
    assert not files(mine)
    assert [event["what"] for event in audit_log.read() if event["event"] == "downloaded"] == [
        "enrollment-trend.csv"
    ] * 2


def test_a_choice_on_a_cached_page_is_that_reader_s_only():
    mine, yours = opened(), opened()
    say(yours, "filter-region", "Eastern")
    assert dict(yours.query_params) == {"region": "Eastern"}
    assert dict(mine.query_params) == {}
    assert views(mine.run()) != views(yours)
    assert 'aria-label="Remove filter: Eastern"' in html(yours)


def test_a_number_that_could_not_be_computed_is_tried_again(monkeypatch):
    with monkeypatch.context() as now:
        now.setattr(cached_queries.queries, "ask", lambda *_: 1 / 0)
        assert "could not be computed just now" in text(opened(region="Eastern"))
    assert "could not be computed" not in text(opened(region="Eastern"))


def test_every_denial_is_logged(monkeypatch):
    ask = cached_queries.ask

    def deny_credentials(question, *rest):
        answer = ask(question, *rest)
        return replace(answer, rows=(), status="not_allowed", note="") if question.measure == "credentials" else answer

    monkeypatch.setattr(cached_queries, "ask", deny_credentials)
    opened()
    opened()
    denied = [event for event in audit_log.read() if event["event"] == "denied" and event.get("what") == "credentials"]
    assert len(denied) == 2


def test_every_opening_is_logged():
    opened()
    opened()
    assert [event["page"] for event in audit_log.read() if event["event"] == "opened"] == ["overview"] * 2


def test_the_audit_log_is_read_on_every_run():
    before = html(opened(SCRIPTS[NEVER_CACHED], **{"as": "analyst"}))
    audit_log.write("published", account="somebody", delivery="2026-11-20")
    after = html(opened(SCRIPTS[NEVER_CACHED], **{"as": "analyst"}))
    assert "somebody" in after
    assert "somebody" not in before


def test_a_role_that_was_taken_away_sees_no_cached_page(monkeypatch):
    opened()
    monkeypatch.setattr(rights, "may_open", lambda viewer, page_id: False)
    page = opened()
    assert "You don’t have access" in html(page)
    assert not any(view.get("figures") for view in views(page))


def test_what_a_browser_sends_is_checked(monkeypatch):
    """The cache holds it: it is short, and one of few values, whatever a hostile client sends."""
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
    assert cached_queries.origin() == "https://dash.example.gov:8501"
    assert page_frame.theme() == "light"


def test_a_cached_page_weighs_more_than_what_it_sends():
    opened()
    cached = [view for _, entry in RENDERED.items() if isinstance(entry, Variants) for view in entry.views]
    assert cached
    assert all(view.weight > sum(len(part.data) for part in view.parts) for view in cached)
    assert RENDERED.weight >= sum(view.weight for view in cached)


def test_two_people_with_the_same_role_share_a_page_and_not_their_accounts(questions, monkeypatch):
    monkeypatch.setattr(auth_session, "is_provider_configured", lambda: True)
    monkeypatch.setattr(page_guard, "watch", lambda page_viewer: None)
    pages = []
    for account in ("ann@example.gov", "bob@example.gov"):
        session = AuthSession("ok", account, Viewer("officer"), 2e9)
        monkeypatch.setattr(auth_session, "session_of", lambda _, session=session: session)
        pages.append(html(opened()))
        questions.append(account)
    assert questions.index("ann@example.gov") == len(questions) - 2, "nothing was asked for the second"
    assert "ann@example.gov" in pages[0]
    assert "bob@example.gov" not in pages[0]
    assert "bob@example.gov" in pages[1]
    assert "ann@example.gov" not in pages[1]
