"""Check that no page file reads or shows anything before the page guard lets the reader in."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from components import auth_session, cached_queries, page_guard
from data import audit_log
from queries.access.viewer import Viewer
from tests.app_driver import figures, html
from tests.conftest import ROOT

PAGE_FILES = ["dashboard.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))]
NOBODY: dict[str, object] = {}
STRANGER = {"is_logged_in": True, "sub": "1", "email": "x@example.com", "email_verified": True, "iat": time.time()}
EXPIRED = {**STRANGER, "sub": "2", "email": "o@example.gov", "iat": time.time() - 9 * 3600}


@pytest.fixture
def guarded(monkeypatch):
    """Set up sign-in with a role for the officer only; return the list of reads of the store."""
    read = []
    monkeypatch.setattr(auth_session, "is_provider_configured", lambda: True)
    monkeypatch.setattr(
        auth_session.roles, "reader_for", lambda claims: Viewer("officer") if claims.get("sub") == "2" else None
    )
    for name in ("current", "history", "choices", "ask", "listing", "delivery_of", "refusal"):
        monkeypatch.setattr(cached_queries, name, lambda *_, _name=name, **__: read.append(_name))
    return read


@pytest.mark.parametrize("script", PAGE_FILES)
@pytest.mark.parametrize(
    ("claims", "message"), [(NOBODY, "signed out"), (STRANGER, "no role"), (EXPIRED, "session has ended")]
)
def test_nothing_is_read_or_shown_before_the_page_guard(guarded, monkeypatch, script, claims, message):
    monkeypatch.setattr(page_guard.st, "user", type("User", (), {"to_dict": lambda self: claims})())
    app = AppTest.from_file(str(ROOT / script), default_timeout=60)
    app.query_params["region"] = "Eastern"
    app.query_params["as"] = "officer"
    app.run()
    shown = html(app)
    assert not app.exception and message in shown and guarded == []
    assert 'class="lead"' not in shown and "<table" not in shown and not figures(app)
    assert "data-event" not in shown, "no control and no link"


def test_a_denial_is_logged_once(guarded, monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    monkeypatch.setattr(page_guard.st, "user", type("User", (), {"to_dict": lambda self: STRANGER})())
    app = AppTest.from_file(str(ROOT / "pages/equity.py"), default_timeout=60)
    app.run().run()
    (event,) = audit_log.read()
    assert (event["event"], event["account"], event["page"], event["why"]) == (
        "denied",
        "x@example.com",
        "equity",
        "no role",
    )
