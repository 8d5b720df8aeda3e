"""Percentages and dates that a page keeps in the address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from components import page_parameters
from components.url_state import parse
from tests.app_driver import html, say
from tests.characters import CHARACTERS
from tests.components.conftest import CHOICES


@pytest.mark.parametrize(
    ("text", "value"), [("11", "11"), ("11.5", "11.5"), ("11.50%", "11.5"), ("0.11", "11"), (".0795", "7.95"), ("99", "99")]
)  # fmt: skip
def test_a_percentage_is_read(text, value):
    assert page_parameters.percent(text) == (value, "")


@pytest.mark.parametrize("text", ["0", "100", "-5", "1e3", "11,5", "eleven", "nan", "0.001", "11.555", "١١", "1" * 200])
def test_what_is_no_percentage_says_why(text):
    assert page_parameters.percent(text)[1]


@given(st.integers(100, 9900))
def test_a_percentage_comes_back_as_it_was_written(hundredths):
    assert page_parameters.percent(page_parameters.percent_text(hundredths / 10_000)) == (
        page_parameters.percent_text(hundredths / 10_000),
        "",
    )


@given(st.text(CHARACTERS, max_size=40))
def test_no_text_raises(text):
    state = parse(
        {"target": [text], "due": [text]},
        CHOICES,
        extras={"target": page_parameters.percent, "due": page_parameters.iso_date},
    )
    assert set(state.extras) | {part.name for part in state.dropped} <= {"target", "due"}


def script():
    import streamlit as st

    from components import open_page, page_parameters

    page = open_page("gap_plan", extras={"target": page_parameters.percent, "due": page_parameters.iso_date})
    from datetime import date

    with page.controls():
        target = page.percent("target", "Goal", 0.25)
        due = page.day("due", "By", date(2027, 1, 1), earliest=date(2026, 11, 14), latest=date(2036, 11, 13))
    with page.native():
        st.text(f"target={target} due={due} here={page.here(target='12')}")
    page.end()


@pytest.fixture
def app(published):
    return AppTest.from_function(script, default_timeout=30)


def shown(app):
    return re.findall(r'<input id="own-.*?" .*?value="(.*?)"', html(app))


def test_defaults_are_shown_and_stand(app):
    app.run()
    assert app.text[0].value.startswith("target=None due=None")
    assert shown(app) == ["25", "2027-01-01"]


def test_the_widgets_follow_the_address_and_write_it(app):
    app.query_params.update({"region": "Eastern", "target": "11.5", "due": "2028-02-29"})
    app.run()
    assert "target=0.115 due=2028-02-29 here=/gap_plan?region=Eastern&target=12&due=2028-02-29" in app.text[0].value
    say(app, "own-target", "40")
    assert dict(app.query_params) == {"region": "Eastern", "target": "40", "due": "2028-02-29"}
    say(app, "own-due", "2030-05-01")
    assert app.query_params["due"] == "2030-05-01"
    assert "target=0.4 due=2030-05-01" in app.text[0].value
    say(app, "own-target", "")
    assert "target" not in app.query_params
    assert not app.exception


@pytest.mark.parametrize(
    ("name", "value"), [("target", "101"), ("target", "<b>"), ("due", "2027-02-30"), ("due", "2020-01-01"), ("due", "2099-01-01")]
)  # fmt: skip
def test_what_cannot_be_used_gets_a_notice_and_the_default(app, name, value):
    app.query_params[name] = value
    app.run()
    assert not app.exception
    assert "Part of the address was left out" in html(app)
    assert "<b>“" not in html(app)
    assert app.text[0].value.startswith("target=None due=None")
    assert shown(app) == ["25", "2027-01-01"]
