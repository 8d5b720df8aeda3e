"""Opening a page: the address, the filters, the banners, and what stands there while nothing can be shown."""

import pytest
from streamlit.testing.v1 import AppTest

from components import cached_queries, refusals
from components.page_list import entry
from queries.access.rights import viewer
from queries.dimensions import FILTERS
from tests.app_driver import html, say
from tests.components.conftest import CHOICES
from tests.components.rows import DELIVERY, counts


def script():
    import streamlit as st

    from components import figure, headline_row, open_page

    page = open_page("money", extras={"measure": ["a", "b"]})
    measure = page.choose("measure", "Measure", {"a": "First", "b": "Second"})
    headline_row([figure(page.ask("residents_enrolled"))], name="top")
    page.link_to("money", "Funding", sector=None)
    with page.native():
        st.text(f"scope={page.scope} measure={measure}")
    page.end()


@pytest.fixture
def app(published, monkeypatch):
    monkeypatch.setattr(cached_queries, "ask", lambda *_: counts(Total=1108))
    return AppTest.from_function(script, default_timeout=30)


def test_a_cold_deep_link_sets_the_scope_and_the_widgets(app):
    app.query_params.update(
        {"region": "Eastern", "from": "2025-07-01", "to": "2026-06-30", "group": "woman", "measure": "b"}
    )
    app.run()
    assert not app.exception
    assert "region='Eastern'" in app.text[0].value
    assert "measure=b" in app.text[0].value
    assert "group=None" in app.text[0].value
    assert '<option value="Eastern" selected>' in html(app)
    assert '<option value="fy2026" selected>' in html(app)
    assert 'href="/money?region=Eastern&amp;group=woman&amp;from=2025-07-01&amp;to=2026-06-30"' in html(app)
    assert "The group you chose elsewhere does not apply" in html(app)
    assert "Synthetic data" in html(app)
    assert 'data-event="filter-region"' in html(app)
    assert 'data-event="filter-group"' not in html(app)


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_in_force_is_in_the_sidebar_in_the_scope_line_and_in_the_question(app, name):
    value, label = next(iter(CHOICES.labels(name).items()))
    app.query_params[name] = label.upper()
    app.run()
    page, dimension = html(app), FILTERS[name]
    assert not app.exception
    if name in entry("money").filters:
        assert f"{name}='{value}'" in app.text[0].value
        assert f'aria-label="Remove filter: {label}"' in page
        assert f'<option value="{value}" selected>{label}</option>' in page
        assert f'<option value="">{dimension.all}</option>' in page
    else:
        assert f"{name}=None" in app.text[0].value
        assert f"The {dimension.words} you chose elsewhere does not apply on this page." in page
    say(app, "filter-clear", True)
    assert not dict(app.query_params)


def test_a_choice_writes_the_address_and_clearing_empties_it(app):
    app.query_params.update({"group": "woman"})
    app.run()
    say(app, "filter-region", "Southwest")
    assert dict(app.query_params) == {"region": "Southwest", "group": "woman"}
    say(app, "filter-as_of", "2024-06-28")
    assert app.query_params["as_of"] == "2024-06-28"
    assert "June 28, 2024" in html(app)
    say(app, "filter-clear", True)
    assert not dict(app.query_params)
    assert not app.exception


def test_custom_dates_open_with_the_period_on_screen(app):
    app.run()
    say(app, "filter-period", "custom")
    assert dict(app.query_params) == {"from": "2022-08-01", "to": "2026-11-13"}
    say(app, "filter-to", "2022-01-01")
    assert dict(app.query_params) == {"from": "2022-01-01", "to": "2022-08-01"}
    assert not app.exception


def test_a_hostile_address_gets_a_single_notice(app):
    app.query_params.update(
        {
            "region": "<script>alert(1)</script>",
            "sector": "x" * 10_000,
            "as_of": "2030-01-01",
            "zzz": "1",
            "from": "'; --",
        }
    )
    app.run()
    assert not app.exception
    assert html(app).count("Part of the address was left out") == 1
    assert "<script>" not in html(app)
    assert "&lt;script&gt;" in html(app)
    assert "x" * 50 not in html(app)
    assert "region=None" in app.text[0].value


def test_nothing_published_is_a_designed_page(app, monkeypatch):
    monkeypatch.setattr(cached_queries, "current", lambda: None)
    app.query_params["region"] = "Eastern"
    app.run()
    assert not app.exception
    assert "python -m data publish" in html(app)
    assert not app.text


def test_a_store_that_does_not_open_is_a_sentence(app, monkeypatch):
    monkeypatch.setattr(cached_queries, "choices", lambda delivery_id: 1 / 0)
    app.run()
    assert not app.exception
    assert "cannot be read just now" in html(app)
    assert not app.text


REFUSED = {
    "source": "/srv/in/2026-11-20",
    "delivered_on": "2026-11-20",
    "faults": ["enrollments: the column town is missing."],
}


def test_a_refused_delivery_is_a_link_for_viewers_who_correct_it(app, monkeypatch):
    monkeypatch.setattr(cached_queries, "refusal", lambda: refusals.read(REFUSED))
    app.query_params["region"] = "Eastern"
    app.run()
    assert "The November 20, 2026 delivery" not in html(app)
    assert "1,108" in html(app)
    assert 'The November 20 delivery was not accepted: 1 problem. <a href="/data_quality?region=Eastern"' in html(app)
    assert "/srv" not in html(app)
    assert "column town" not in html(app)


def test_other_viewers_read_what_a_refused_delivery_means_for_them(app, monkeypatch):
    monkeypatch.setattr(cached_queries, "refusal", lambda: refusals.read(REFUSED))
    app.query_params["as"] = "governor"
    app.run()
    page = html(app)
    assert "<p>The November 20 delivery was not accepted; you are looking at November 13.</p>" in page
    assert "problem" not in page
    assert "2026-11-20" not in page
    assert "column town" not in page


@pytest.mark.parametrize(
    ("delivered_on", "sentence"),
    [
        ("2027-01-08", "The January 8, 2027 delivery was not accepted; you are looking at November 13, 2026."),
        ("2026-11-13", "A new version of the November 13, 2026 delivery was not accepted; you are looking at the version before it."),
        (None, "The last delivery that was tried was not accepted; you are looking at November 13, 2026."),
        ("<b>soon</b>", "The last delivery that was tried was not accepted; you are looking at November 13, 2026."),
    ],
)  # fmt: skip
def test_the_sentence_is_true_whatever_the_dates_are(app, monkeypatch, delivered_on, sentence):
    monkeypatch.setattr(cached_queries, "refusal", lambda: refusals.read({"delivered_on": delivered_on}))
    app.query_params["as"] = "governor"
    assert f"<p>{sentence}</p>" in html(app.run())


def test_an_unexpected_error_is_a_sentence_with_a_number(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(cached_queries, "cached", broken)
    scope = cached_queries.queries.Scope(viewer=viewer("officer"))
    answer = cached_queries.ask(
        cached_queries.queries.Question("residents_enrolled"), scope, DELIVERY, DELIVERY.delivered_on
    )
    assert answer.status == "failed"
    assert answer.rows == ()
    assert answer.total.value is None
    assert "secret" not in answer.note
    assert "incident" in answer.note
    assert "secret detail" in caplog.text


def test_a_page_cannot_ask_without_a_viewer(caplog):
    answer = cached_queries.ask(
        cached_queries.queries.Question("residents_enrolled"),
        cached_queries.queries.Scope(),
        DELIVERY,
        DELIVERY.delivered_on,
    )
    assert answer.status == "failed"
    assert answer.rows == ()
    assert "without a viewer" in caplog.text
    with pytest.raises(PermissionError):
        cached_queries.listing("unknowns", cached_queries.queries.Scope(), DELIVERY.id)
