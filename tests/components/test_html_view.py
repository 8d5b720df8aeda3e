"""An HTML view: what the browser may send, what is escaped, a table that opens and closes, a file that is sent once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import cached_queries, chart_view, navigation
from components.html_view.templating import in_words, spoken
from data import audit_log
from tests.app_driver import files, html, lead, say, send
from tests.conftest import ROOT

IS_OPEN = chart_view.is_open  # other tests have every table open


def controls():
    import streamlit as st

    from components import controls, html_view

    st.session_state.setdefault("choices", [])
    html_view.start()
    html_view.add(controls.pick_list("town", "Town", {"a": "A", "b": "B"}, "a", st.session_state["choices"].append))
    html_view.add(controls.button("press", "<b>Press</b>", st.session_state["choices"].append))
    html_view.end()


@pytest.fixture
def app():
    return AppTest.from_function(controls, default_timeout=30).run()


def choices(app):
    assert not app.exception
    return app.session_state["choices"]


def test_a_choice_and_a_press_reach_their_handler(app):
    say(app, "town", "b")
    say(app, "press", True)
    assert choices(app) == ["b", True]


@pytest.mark.parametrize("name", ["county", "", "__class__", None, ["town"], {"town": 1}])
def test_unknown_events_are_ignored(app, name):
    assert choices(say(app, name, "b")) == []


@pytest.mark.parametrize("value", ["x" * 4001, 1, 0.5, None, ["b"], {"b": True}, "\ud800"])
def test_values_that_no_control_sends_are_ignored(app, value):
    assert choices(say(app, "town", value)) == []


@pytest.mark.parametrize("action", ["town", ["town"], ["town", "b", "c"], {"town": "b"}, [], None])
def test_messages_of_another_shape_are_ignored(app, action):
    (view,) = app.get("bidi_component")
    assert choices(send(app, view.proto.id, action)) == []


def test_a_choice_is_handled_once(app):
    say(app, "town", "b")
    assert choices(app.run()) == ["b"]


@pytest.mark.parametrize(("choice", "expected"), [(["town", "b"], ["b"]), (["county", "b"], []), (["town"], [])])
def test_a_choice_sent_to_a_server_that_restarted_is_handled_once(app, choice, expected):
    """The page is open still; its session is new, and what the reader chose comes with the first run of it."""
    (view,) = app.get("bidi_component")
    restarted = AppTest(app._script_path, default_timeout=30)
    assert choices(send(restarted, view.proto.id, choice)) == expected
    assert choices(restarted.run()) == expected
    assert choices(say(restarted, "press", True)) == [*expected, True]


def hostile_data():
    from components import banners, controls, html_view, quotes, style

    hostile = """<img src=x onerror=alert(1)>"'&"""
    html_view.start()
    style.heading(2, hostile)
    banners.empty_state(hostile, hostile, hostile)
    banners.banner([hostile])
    quotes([hostile])
    html_view.add(controls.pick_list("a", hostile, {hostile: hostile}, hostile, print))
    html_view.add(controls.choice("b", hostile, {hostile: hostile}, hostile, print))
    html_view.add(controls.button(hostile, hostile, print))
    html_view.end()


def test_data_is_escaped():
    page = html(AppTest.from_function(hostile_data, default_timeout=30).run())
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 12
    assert "<img" not in page
    assert "\"'&" not in page


def test_a_symbol_is_a_word_for_screen_readers():
    assert spoken("A → B") == 'A <span aria-hidden="true">→</span><span class="visually-hidden">followed by</span> B'
    assert spoken("▼ <b>") == '<span aria-hidden="true">▼</span><span class="visually-hidden">lower:</span> &lt;b&gt;'
    assert spoken("▲ higher") == '<span aria-hidden="true">▲</span> higher', "the word stands next to it"
    assert in_words("A → B") == "A followed by B"
    assert spoken("plain <b>") == "plain <b>", "Jinja escapes it"


def interrupted():
    from components import html_view, open_page

    html_view.start()
    html_view.add("<p>of an interrupted run</p>")
    page = open_page("regions")
    page.lead("All is well.")
    page.end()


def test_an_interrupted_run_leaves_nothing_to_the_next(published, monkeypatch):
    page = AppTest.from_function(interrupted, default_timeout=30)
    assert lead(page.run()) == "All is well."
    assert "interrupted" not in html(page)
    monkeypatch.setattr(cached_queries, "choices", lambda delivery_id: 1 / 0)
    assert "cannot be read just now" in html(page.run()), "what is added before a view is open is drawn at once"


def test_a_page_that_raises_says_so():
    def script():
        from components import html_view
        from server.app import _broken_page

        html_view.start()
        try:
            with html_view.container("<section>", "</section>"):
                raise RuntimeError("secret detail")
        except RuntimeError as error:
            _broken_page(error)

    page = html(AppTest.from_function(script, default_timeout=30).run())
    assert "could not be finished" in page
    assert "under incident" in page
    assert "secret" not in page


def with_table():
    from components import chart_view, open_page
    from components.data_table import Table

    page = open_page("regions")
    page.lead("The table is closed.")
    table = Table.from_columns({"Town": ["Hartford", "Norwich"], "Residents": [12, 30]}, {"Residents": "residents"})
    with chart_view.chart_section("towns"):
        chart_view.table_below(table, name="towns")
    page.end()


@pytest.fixture
def page(published, monkeypatch, tmp_path):
    monkeypatch.setattr(chart_view, "is_open", IS_OPEN)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    return AppTest.from_function(with_table, default_timeout=30).run()


def test_a_table_opens_and_closes(page):
    assert "<table" not in html(page)
    assert "Show data" in html(page)
    say(page, "table-towns", True)
    assert '<th scope="row" data-position="1">Norwich</th><td class="number" data-position="1">30</td>' in html(page)
    assert 'data-event="save:towns"' in html(page)
    assert "<table" in html(page.run()), "it stays open"
    say(page, "table-towns", False)
    assert "<table" not in html(page)
    assert not page.exception


def test_a_file_is_sent_once_and_logged(page):
    say(page, "table-towns", True)
    assert not files(page)
    say(page, "save:towns", True)
    (file,) = files(page)
    assert file["name"] == "2026-11-13_regions_towns_chief-workforce-officer_synthetic.csv"
    assert file["text"].splitlines()[2].startswith("Norwich,30")
    assert not files(page.run()), "the run after it brings no file"
    say(page, "save:towns", True)
    assert files(page)[0]["id"] != file["id"], "the same file can be saved again"
    written = [event for event in audit_log.read() if event["event"] == "downloaded"]
    assert [(event["page"], event["what"]) for event in written] == [("regions", "towns.csv")] * 2


def test_no_file_of_a_table_that_is_closed(page):
    say(page, "save:towns", True)
    assert not files(page)
    assert not [event for event in audit_log.read() if event["event"] == "downloaded"]


@pytest.fixture
def leaving(monkeypatch, demo_store):
    """The front page, and the pages that its reader goes to."""
    monkeypatch.setenv("DASHBOARD_STORE", str(demo_store))
    targets = []
    monkeypatch.setattr(
        navigation.st, "switch_page", lambda script, query_params: targets.append((script, query_params))
    )
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run(), targets


def test_a_link_is_followed_with_its_filters(leaving):
    app, targets = leaving
    say(app, "go", "/regions?region=Eastern&as_of=2024-06-28")
    assert targets == [("pages/regions.py", {"region": "Eastern", "as_of": "2024-06-28"})]
    say(app, "go", "/")
    assert targets[1:] == [("dashboard.py", {})]


@pytest.mark.parametrize(
    "href",
    ["https://evil.example/regions", "//evil.example/regions", "/nowhere", "regions", "/pages/regions.py", "javascript:alert(1)",
     "http://[", "/regions/../../etc", "", True],
)  # fmt: skip
def test_only_links_to_existing_pages_are_followed(leaving, href):
    app, targets = leaving
    assert not say(app, "go", href).exception
    assert targets == []
