from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from components import source
from components.address import Choices
from queries.access import reader
from tests.components.rows import DELIVERY, counts

CHOICES = Choices(
    initiatives=(("CareerConneCT", "CareerConneCT"),),
    regions=(("Eastern", "Eastern"), ("Southwest", "Southwest")),
    sectors=(("Healthcare", "Healthcare"),),
    groups=(("woman", "Women"),),
    earliest=date(2022, 8, 1),
    latest=DELIVERY.delivered_on,
)


def script():
    import streamlit as st

    from components import figure, headline_row, open_page

    page = open_page(
        "regions", filters=("initiative", "region", "sector", "period", "as_of"), extras={"measure": ["a", "b"]}
    )
    measure = page.choose("measure", "Measure", {"a": "First", "b": "Second"})
    headline_row([figure(page.ask("residents_enrolled"))], name="top")
    st.text(f"scope={page.scope} measure={measure} link={page.link('funding', sector=None)}")


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr(source, "current", lambda: DELIVERY.id)
    monkeypatch.setattr(source, "history", lambda: ["2024-06-28", DELIVERY.id])
    monkeypatch.setattr(source, "delivery_of", lambda delivery_id: DELIVERY)
    monkeypatch.setattr(source, "choices", lambda delivery_id: CHOICES)
    monkeypatch.setattr(source, "refusal", lambda: None)
    monkeypatch.setattr(source, "ask", lambda *_: counts(Total=1108))
    return AppTest.from_function(script, default_timeout=30)


def words(app):
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_a_cold_deep_link_sets_the_scope_and_the_widgets(app):
    app.query_params.update(
        {"region": "Eastern", "from": "2025-07-01", "to": "2026-06-30", "group": "woman", "measure": "b"}
    )
    app.run()
    assert not app.exception
    assert (
        "region='Eastern'" in app.text[0].value
        and "measure=b" in app.text[0].value
        and "group=None" in app.text[0].value
    )
    assert (
        app.selectbox(key="filter-region").value == "Eastern" and app.selectbox(key="filter-period").value == "fy2026"
    )
    assert "link=/funding?region=Eastern&group=woman&from=2025-07-01&to=2026-06-30" in app.text[0].value
    assert "The group you chose elsewhere does not apply" in words(app) and "Synthetic data" in words(app)
    assert not [box for box in app.selectbox if box.key == "filter-group"]


def test_a_choice_writes_the_address_and_clearing_empties_it(app):
    app.query_params.update({"group": "woman"})
    app.run()
    app.selectbox(key="filter-region").select("Southwest").run()
    assert dict(app.query_params) == {"region": "Southwest", "group": "woman"}
    app.date_input(key="filter-as_of").set_value(date(2024, 6, 28)).run()
    assert app.query_params["as_of"] == "2024-06-28" and "June 28, 2024" in words(app)
    app.button(key="filter-clear").click().run()
    assert not dict(app.query_params) and not app.exception


def test_custom_dates_open_with_the_period_on_screen(app):
    app.run()
    app.selectbox(key="filter-period").select("custom").run()
    assert dict(app.query_params) == {"from": "2022-08-01", "to": "2026-11-13"}
    app.date_input(key="filter-to").set_value(date(2022, 1, 1)).run()
    assert dict(app.query_params) == {"from": "2022-01-01", "to": "2022-08-01"}
    assert not app.exception


def test_a_hostile_address_gets_one_calm_notice(app):
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
    assert not app.exception and words(app).count("Part of the address was left out") == 1
    assert "<script>" not in words(app) and "&lt;script&gt;" in words(app) and "x" * 50 not in words(app)
    assert "region=None" in app.text[0].value


def test_nothing_published_is_a_designed_page(app, monkeypatch):
    monkeypatch.setattr(source, "current", lambda: None)
    app.query_params["region"] = "Eastern"
    app.run()
    assert not app.exception and "python -m data publish" in words(app) and not app.text


def test_a_store_that_does_not_open_is_a_sentence(app, monkeypatch):
    monkeypatch.setattr(source, "choices", lambda delivery_id: 1 / 0)
    app.run()
    assert not app.exception and "cannot be read just now" in words(app) and not app.text


def test_a_refused_export_is_said_and_the_last_good_numbers_stay(app, monkeypatch):
    refusal = {"source": "/srv/in/2026-11-20", "at": "", "faults": ["enrollments: the column town is missing."]}
    monkeypatch.setattr(source, "refusal", lambda: refusal)
    app.run()
    assert "“2026-11-20”, was refused" in words(app) and "/srv" not in words(app) and "1,108" in words(app)


def test_an_unexpected_error_is_a_sentence_with_a_number(monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(source, "_keep", broken)
    scope = source.queries.Scope(reader=reader("officer"))
    found = source.ask(source.queries.Question("residents_enrolled"), scope, DELIVERY, DELIVERY.delivered_on)
    assert found.status == "failed" and found.rows == () and found.total.value is None
    assert "secret" not in found.note and "incident" in found.note and "secret detail" in caplog.text


def test_a_page_cannot_ask_for_nobody(caplog):
    found = source.ask(
        source.queries.Question("residents_enrolled"), source.queries.Scope(), DELIVERY, DELIVERY.delivered_on
    )
    assert found.status == "failed" and found.rows == () and "without a reader" in caplog.text
    with pytest.raises(PermissionError):
        source.listing("disclosure", source.queries.Scope(), DELIVERY.id)
