"""An example: Streamlit's own elements between two HTML views of a page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_driver import html, say, views


def script():
    import streamlit as st

    from components import open_page

    page = open_page("regions")
    page.lead("Above the button.")
    with page.native():
        st.write("Streamlit's own text")
        if st.button("Count"):
            st.session_state["presses"] = st.session_state.get("presses", 0) + 1
    page.note(f"Pressed {st.session_state.get('presses', 0)} times.")
    page.end()


@pytest.fixture
def app(published):
    return AppTest.from_function(script, default_timeout=30).run()


def order(app):
    """The elements of the page in order, and a phrase of each view."""
    names = []
    for element in app.main:
        if element.type == "bidi_component":
            names.append("above" if "Above the button" in str(element.proto.bytes) else "below")
        elif element.type in ("markdown", "button"):
            names.append(element.type)
    return names


def test_native_elements_stand_between_the_views(app):
    assert order(app) == ["above", "markdown", "button", "below"]
    assert len(views(app)) == 3, "the sidebar and the two parts of the page"


def test_a_native_button_runs_the_page(app):
    assert "Pressed 0 times" in html(app)
    app.button[0].click().run()
    assert "Pressed 1 times" in html(app)
    assert order(app) == ["above", "markdown", "button", "below"]


def test_native_elements_are_there_for_every_reader_and_after_every_choice(published):
    for _ in range(2):
        app = AppTest.from_function(script, default_timeout=30).run()
        assert app.button[0].label == "Count"
    say(app, "filter-region", "Eastern")
    assert "Eastern" in html(app)
    assert app.markdown[0].value == "Streamlit's own text"


def test_native_elements_cannot_stand_inside_of_html(published):
    def nested():
        from components import open_page

        page = open_page("regions")
        with page.side_by_side(), page.native():
            pass

    app = AppTest.from_function(nested, default_timeout=30).run()
    assert app.exception, "it raises"
