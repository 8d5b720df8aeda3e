"""The check in every page: when nothing may be shown to anybody, and who is looking."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from components import audit_view, auth_session, page_guard
from data import audit_log
from data.hosts import is_this_machine
from queries.access.viewer import Viewer

NOW = 1_800_000_000.0


@pytest.fixture
def serving(monkeypatch):
    """A running server: with a provider or not, on this machine only or not, real data or not."""

    def set_up(*, provider, loopback, synthetic, behind=True, published=True):
        real = type("Runtime", (), {})
        monkeypatch.setattr(page_guard, "Runtime", real)
        monkeypatch.setattr(page_guard.runtime, "exists", lambda: True)
        monkeypatch.setattr(page_guard.runtime, "get_instance", real)
        monkeypatch.setattr(page_guard.serving, "is_behind_server", lambda: behind)
        monkeypatch.setattr(auth_session, "is_provider_configured", lambda: provider)
        monkeypatch.setattr(auth_session, "serves_loopback_only", lambda: loopback)
        monkeypatch.setattr(page_guard.cached_queries, "current", lambda: "2026-11-20" if published else None)
        monkeypatch.setattr(page_guard.cached_queries, "delivery_of", lambda _: SimpleNamespace(is_synthetic=synthetic))

    return set_up


@pytest.mark.parametrize("loopback", [True, False])
@pytest.mark.parametrize("synthetic", [True, False])
@pytest.mark.parametrize("provider", [True, False])
def test_real_numbers_need_a_sign_in_or_this_machine(serving, provider, loopback, synthetic):
    serving(provider=provider, loopback=loopback, synthetic=synthetic)
    assert bool(page_guard.why_closed()) == (not provider and not loopback and not synthetic)


def test_a_real_delivery_closes_an_open_demo_that_others_reach(serving):
    serving(provider=False, loopback=False, synthetic=True)
    assert not page_guard.why_closed()
    serving(provider=False, loopback=False, synthetic=False)
    assert "real numbers" in page_guard.why_closed()


def test_without_its_server_only_synthetic_numbers(serving):
    serving(provider=True, loopback=True, synthetic=True, behind=False)
    assert "make run" in page_guard.why_closed()
    serving(provider=False, loopback=True, synthetic=False, behind=False)
    assert "make run" in page_guard.why_closed()
    serving(provider=False, loopback=True, synthetic=True, behind=False)
    assert not page_guard.why_closed()


def test_an_open_demo_that_others_reach_names_no_account(serving, monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    for account in (auth_session.DEMO_ACCOUNT, "operator"):
        audit_log.write("opened", account=account)

    def accounts(viewer):
        assert sum(row.accounts for row in audit_view.days(viewer)) == len(audit_view.events(viewer))
        return {event["account"] for event in audit_view.events(viewer)}

    serving(provider=False, loopback=False, synthetic=True)
    assert accounts(Viewer("analyst")) == {auth_session.DEMO_ACCOUNT}
    serving(provider=False, loopback=True, synthetic=True)
    assert accounts(Viewer("analyst")) == {auth_session.DEMO_ACCOUNT, "operator"}
    serving(provider=True, loopback=False, synthetic=False)
    assert accounts(Viewer("analyst")) == {auth_session.DEMO_ACCOUNT, "operator"}
    assert accounts(Viewer("governor")) == set() == accounts(None)


@pytest.fixture
def officer(monkeypatch):
    monkeypatch.setattr(
        auth_session.roles, "reader_for", lambda claims: Viewer("officer") if claims.get("email") == "o@x" else None
    )
    return {"is_logged_in": True, "sub": "1", "email": "o@x", "email_verified": True, "iat": NOW - 60}


def test_a_session(officer):
    session = auth_session.session_of(officer, now=NOW)
    assert session.status == "ok"
    assert session.account == "o@x"
    assert session.ends_at == NOW - 60 + 8 * 3600
    assert auth_session.session_of({}, now=NOW).status == "signed_out"
    assert auth_session.session_of(officer | {"email": "x@x"}, now=NOW).status == "no_role"
    assert auth_session.session_of(officer, now=NOW - 60 + 8 * 3600).status == "expired"
    assert auth_session.session_of(officer, now=NOW - 60 + 8 * 3600 - 1).status == "ok"
    for iat in (None, "", "x", 0, NOW + 10_000, float("nan"), float("inf"), True, str(NOW - 60), [NOW - 60]):
        assert auth_session.session_of(officer | {"iat": iat}, now=NOW).status == "expired", iat


def test_a_session_lasts_as_long_as_the_setting_says(officer, monkeypatch):
    monkeypatch.setenv("DASHBOARD_SESSION_HOURS", "0.5")
    assert auth_session.session_of(officer, now=NOW - 60 + 1800 - 1).status == "ok"
    assert auth_session.session_of(officer, now=NOW - 60 + 1800).status == "expired"


@pytest.mark.parametrize("changes", [{"sub": 1}, {"sub": True}, {"sub": ["1"]}, {"sub": " "}, {"sub": None},
                                     {"is_logged_in": "false"}, {"is_logged_in": 1}, {"is_logged_in": "True"}])  # fmt: skip
def test_a_claim_of_another_type_signs_nobody_in(officer, changes):
    assert auth_session.session_of(officer | changes, now=NOW).status == "signed_out"


@pytest.mark.parametrize("verified", [False, "false", "False", 0, "0", "no", None, 1, "yes", []])
def test_an_address_that_is_not_verified_is_not_an_account(officer, verified):
    assert auth_session.account_of(officer | {"email_verified": verified}) == "1"


def test_an_address_nobody_checked_is_not_an_account(officer):
    assert auth_session.account_of(officer | {"email_verified": False}) == "1"
    assert auth_session.account_of(officer | {"email_verified": True}) == "o@x"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "[::1]", "localhost", "LOCALHOST", "127.1.2.3"])
def test_this_machine(address):
    assert is_this_machine(address)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "10.0.0.1", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_not_this_machine(address):
    assert not is_this_machine(address)


def test_a_session_ends_even_if_the_clock_jumps(officer):
    assert auth_session.session_of(officer | {"iat": time.time() + 500}).status == "expired"
