"""A sheet: what may be said to it, what it says, a table that opens and closes, a file that is handed over once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import cached_queries, chart_view, navigation
from data import audit_log
from tests.app_driver import files, html, lead, say, send
from tests.conftest import ROOT

AS_IT_IS = chart_view.is_open  # other tests have every fold open


def controls():
    import streamlit as st

    from components import controls, html_view, style

    st.session_state.setdefault("heard", [])
    html_view.start()
    style.block(controls.pick_list("town", "Town", {"a": "A", "b": "B"}, "a", st.session_state["heard"].append))
    style.block(controls.button("press", "<b>Press</b>", st.session_state["heard"].append))
    html_view.end()


@pytest.fixture
def app():
    return AppTest.from_function(controls, default_timeout=30).run()


def heard(app):
    assert not app.exception
    return app.session_state["heard"]


def test_a_choice_and_a_press_reach_their_act(app):
    say(app, "town", "b")
    say(app, "press", True)
    assert heard(app) == ["b", True]


@pytest.mark.parametrize("name", ["county", "", "__class__", None, ["town"], {"town": 1}])
def test_what_is_not_on_the_sheet_is_ignored(app, name):
    assert heard(say(app, name, "b")) == []


@pytest.mark.parametrize("value", ["x" * 4001, 1, 0.5, None, ["b"], {"b": True}, "\ud800"])
def test_what_no_control_says_is_ignored(app, value):
    assert heard(say(app, "town", value)) == []


@pytest.mark.parametrize("said", ["town", ["town"], ["town", "b", "c"], {"town": "b"}, [], None])
def test_what_has_another_shape_is_ignored(app, said):
    (html_view,) = app.get("bidi_component")
    assert heard(send(app, html_view.proto.id, said)) == []


def test_a_choice_is_heard_once(app):
    say(app, "town", "b")
    assert heard(app.run()) == ["b"]


@pytest.mark.parametrize("choice, expected", [(["town", "b"], ["b"]), (["county", "b"], []), (["town"], [])])
def test_a_choice_sent_to_a_server_that_restarted_reaches_its_act_once(app, choice, expected):
    """The page is open still; its session is new, and what the reader chose comes with the first run of it."""
    (html_view,) = app.get("bidi_component")
    restarted = AppTest(app._script_path, default_timeout=30)
    assert heard(send(restarted, html_view.proto.id, choice)) == expected
    assert heard(restarted.run()) == expected
    assert heard(say(restarted, "press", True)) == [*expected, True]


def words():
    from components import banners, controls, html_view, quotes, style

    hostile = """<img src=x onerror=alert(1)>"'&"""
    html_view.start()
    style.heading(2, hostile)
    banners.empty_state(hostile, hostile, hostile)
    banners.banner([hostile])
    quotes([hostile])
    style.block(controls.pick_list("a", hostile, {hostile: hostile}, hostile, print))
    style.block(controls.choice("b", hostile, {hostile: hostile}, hostile, print))
    style.block(controls.button(hostile, hostile, print))
    html_view.end()


def test_data_stays_data():
    said = html(AppTest.from_function(words, default_timeout=30).run())
    assert said.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;") >= 12
    assert "<img" not in said and "\"'&" not in said


def left_over():
    from components import html_view, open_page

    html_view.start()
    html_view.add("<p>of a run that never came to its end</p>")
    page = open_page("regions", filters=("region",))
    page.lead("All is well.")
    page.end()


def test_a_run_that_was_cut_off_leaves_nothing_to_the_next(published, monkeypatch):
    page = AppTest.from_function(left_over, default_timeout=30)
    assert lead(page.run()) == "All is well." and "never came" not in html(page)
    monkeypatch.setattr(cached_queries, "choices", lambda delivery_id: 1 / 0)
    assert "cannot be read just now" in html(page.run()), "what is said before a sheet is begun is drawn at once"


def test_a_page_that_breaks_half_way_says_so():
    def script():
        from components import html_view
        from server.app import _broken_page

        html_view.start()
        try:
            with html_view.container("<section>", "</section>"):
                raise RuntimeError("secret detail")
        except RuntimeError as error:
            _broken_page(error)

    said = html(AppTest.from_function(script, default_timeout=30).run())
    assert "could not be finished" in said and "Incident" in said and "secret" not in said


def folded():
    from components import chart_view, open_page
    from components.data_table import Table

    page = open_page("regions", filters=("region",))
    page.lead("The table is folded.")
    table = Table.from_columns({"Town": ["Hartford", "Norwich"], "Residents": [12, 30]}, {"Residents": "residents"})
    with chart_view.chart_section("towns"):
        chart_view.table_below(table, words="Residents by town.", name="towns")
    page.end()


@pytest.fixture
def fold(published, monkeypatch, tmp_path):
    monkeypatch.setattr(chart_view, "is_open", AS_IT_IS)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    return AppTest.from_function(folded, default_timeout=30).run()


def test_a_table_opens_and_closes_by_its_act(fold):
    assert "<table" not in html(fold) and "See the table" in html(fold)
    say(fold, "table-towns", True)
    assert '<th scope="row">Norwich</th><td class="number">30</td>' in html(fold)
    assert 'data-say="save:towns"' in html(fold)
    assert "<table" in html(fold.run()), "it stays open"
    say(fold, "table-towns", False)
    assert "<table" not in html(fold) and not fold.exception


def test_a_file_is_handed_over_once_and_written_down(fold):
    say(fold, "table-towns", True)
    assert not files(fold)
    say(fold, "save:towns", True)
    (file,) = files(fold)
    assert file["name"] == "2026-11-13_regions_towns_chief-workforce-officer_synthetic.csv" and file["text"].splitlines()[2].startswith("Norwich,30")
    assert not files(fold.run()), "the run after it brings no file"
    say(fold, "save:towns", True)
    assert files(fold)[0]["id"] != file["id"], "the same file can be saved again"
    written = [event for event in audit_log.read() if event["event"] == "downloaded"]
    assert [(event["page"], event["what"]) for event in written] == [("regions", "towns.csv")] * 2


def test_no_file_of_a_table_that_is_closed(fold):
    say(fold, "save:towns", True)
    assert not files(fold) and not [event for event in audit_log.read() if event["event"] == "downloaded"]


@pytest.fixture
def going(monkeypatch, demo_store, in_store):
    """Where the front page is left for."""
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    gone = []
    monkeypatch.setattr(navigation.st, "switch_page", lambda script, query_params: gone.append((script, query_params)))
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run(), gone


def test_a_link_is_followed_with_its_filters(going):
    app, gone = going
    say(app, "go", "/regions?region=Eastern&as_of=2024-06-28")
    assert gone == [("pages/regions.py", {"region": "Eastern", "as_of": "2024-06-28"})]
    say(app, "go", "/")
    assert gone[1:] == [("dashboard.py", {})]


@pytest.mark.parametrize(
    "href",
    ["https://evil.example/regions", "//evil.example/regions", "/nowhere", "regions", "/pages/regions.py", "javascript:alert(1)",
     "http://[", "/regions/../../etc", "", True],
)  # fmt: skip
def test_only_pages_that_exist_are_gone_to(going, href):
    app, gone = going
    assert not say(app, "go", href).exception and gone == []
