"""Test that unsafe settings stop the start with a sentence."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from types import SimpleNamespace

import pytest
import uvicorn
from uvicorn.protocols.http import h11_impl

from components import auth_session
from server import startup_checks, uvicorn_server
from tests.conftest import ROOT

GOOD = {
    "redirect_uri": "https://dashboard.example.gov/oauth2callback",
    "cookie_secret": "s" * 40,
    "client_id": "x",
    "client_secret": "y",
    "server_metadata_url": "https://login.example.gov/.well-known/openid-configuration",
}


@pytest.fixture
def provider(monkeypatch):
    """Sets the [auth] section; {} is an open demo."""

    def set_up(**section):
        monkeypatch.setattr(auth_session, "get_secrets_auth_section", lambda: section)
        monkeypatch.setattr(startup_checks, "get_secrets_auth_section", lambda: section)
        monkeypatch.setattr(startup_checks, "validate_auth_credentials", lambda name: None)

    return set_up


@pytest.fixture
def published(monkeypatch):
    def publish(*, is_synthetic):
        monkeypatch.setattr(startup_checks.cached_queries, "current", lambda: "2026-11-20")
        monkeypatch.setattr(
            startup_checks.cached_queries, "delivery_of", lambda _: SimpleNamespace(is_synthetic=is_synthetic)
        )

    return publish


def test_real_data_without_sign_in_is_for_this_machine_only(provider, published):
    provider()
    published(is_synthetic=False)
    for address in ("127.0.0.1", "::1", "localhost", "127.8.0.1"):
        assert startup_checks.faults(address) == []
    for address in ("0.0.0.0", "10.0.0.5", "::", "", "dashboard.example.gov", "192.168.1.1"):
        (fault,) = startup_checks.faults(address)
        assert "not synthetic" in fault
        assert "sign-in" in fault


def test_an_unreadable_store_counts_as_real_data(provider, monkeypatch):
    provider()
    monkeypatch.setattr(startup_checks.cached_queries, "current", lambda: 1 / 0)
    assert startup_checks.faults("0.0.0.0")
    assert not startup_checks.faults("127.0.0.1")


def test_an_open_demo_for_other_machines_needs_host_names(provider, published, monkeypatch):
    provider()
    published(is_synthetic=True)
    assert "DASHBOARD_HOSTS" in startup_checks.faults("0.0.0.0")[0]
    monkeypatch.setenv("DASHBOARD_HOSTS", "demo.example.org, other.example.org")
    assert startup_checks.faults("0.0.0.0") == []
    assert startup_checks.hosts("0.0.0.0") == ["demo.example.org", "other.example.org"]
    monkeypatch.setenv("DASHBOARD_HOSTS", "*")
    assert "not a host name" in startup_checks.faults("0.0.0.0")[0]


def test_sign_in_set_up_well_starts_anywhere(provider, published):
    provider(**GOOD)
    published(is_synthetic=False)
    assert startup_checks.faults("0.0.0.0") == []
    assert startup_checks.hosts("0.0.0.0") == ["dashboard.example.gov"]
    assert {"localhost", "127.0.0.1", "dashboard.example.gov"} <= set(startup_checks.hosts("127.0.0.1"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"cookie_secret": "short"}, "cookie_secret"),
        ({"cookie_secret": ""}, "cookie_secret"),
        ({"redirect_uri": "http://dashboard.example.gov/oauth2callback"}, "https://"),
        ({"redirect_uri": "https://dashboard.example.gov/"}, "oauth2callback"),
        ({"server_metadata_url": "http://login.example.gov/"}, "https://"),
    ],
)
def test_a_weak_sign_in_is_refused(provider, published, changes, problem):
    provider(**GOOD | changes)
    published(is_synthetic=False)
    assert problem in " ".join(startup_checks.faults("127.0.0.1"))


def test_a_session_has_a_length(provider, published, monkeypatch):
    provider()
    published(is_synthetic=True)
    for wrong in ("0", "-1", "eight", "1000", "nan"):
        monkeypatch.setenv("DASHBOARD_SESSION_HOURS", wrong)
        assert "DASHBOARD_SESSION_HOURS" in startup_checks.faults("127.0.0.1")[0]


def test_a_prefix_has_to_be_a_path_and_in_the_redirect_address(provider, published, monkeypatch):
    published(is_synthetic=True)
    provider(**GOOD)
    monkeypatch.setenv("DASHBOARD_PREFIX", "/a b")
    assert "DASHBOARD_PREFIX must be a path" in " ".join(startup_checks.faults("127.0.0.1"))
    monkeypatch.setenv("DASHBOARD_PREFIX", "/workforce")
    assert "redirect_uri must end in /workforce/oauth2callback" in " ".join(startup_checks.faults("127.0.0.1"))
    provider(**GOOD | {"redirect_uri": "https://dashboard.example.gov/workforce/oauth2callback"})
    assert startup_checks.faults("127.0.0.1") == []


def test_a_question_mark_in_the_store_s_path_is_refused(provider, published, monkeypatch, tmp_path):
    provider()
    published(is_synthetic=True)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "a?b"))
    (fault,) = startup_checks.faults("127.0.0.1")
    assert fault.startswith("DASHBOARD_STORE: the store's path has a question mark")


def test_serve_refuses_with_a_sentence_and_exit_code_1(tmp_path):
    env = {**os.environ, "DASHBOARD_STORE": str(tmp_path), "DASHBOARD_LOG": str(tmp_path / "log")}
    command = [sys.executable, "serve.py", "--port", "1", "--address", "0.0.0.0"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "Not started." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_reported():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        fault_text = uvicorn_server.fault("127.0.0.1", port)
        assert "Cannot listen on port" in fault_text
        assert "in use" in fault_text
    assert uvicorn_server.fault("127.0.0.1", port) == ""
    assert "is not a port" in uvicorn_server.fault("127.0.0.1", 65536)
    assert "is not a port" in uvicorn_server.fault("", 0)
    assert "Cannot listen" in uvicorn_server.fault("no such place", 8501)


def test_every_message_is_sent_at_once(monkeypatch):
    """Nagle's algorithm is off for every connection: a click would wait up to 40 ms for it."""
    no_delay, turns = [], []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    class Watched(h11_impl.H11Protocol):
        def connection_made(self, transport):
            super().connection_made(transport)
            no_delay.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    class Short(uvicorn.Server):
        async def main_loop(self):
            port = self.servers[0].sockets[0].getsockname()[1]
            await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/")

    def run(app, **settings):
        Short(uvicorn.Config(app, **settings | {"http": Watched})).run()

    monkeypatch.setattr(uvicorn_server.uvicorn, "run", run)
    monkeypatch.setattr(uvicorn_server.sys, "setswitchinterval", turns.append)
    serving = threading.Thread(target=uvicorn_server.serve, args=[app], kwargs={"address": "127.0.0.1", "port": 0})
    serving.start()  # a browser's test may have a loop of its own in this thread
    serving.join(60)
    assert no_delay
    assert all(no_delay)
    assert turns == [0.001], "seconds that a page is computed before a message is sent"


def test_page_modules_are_imported_before_the_first_reader_comes(monkeypatch, tmp_path, caplog):
    frozen, thresholds = [], []
    monkeypatch.setattr(startup_checks.gc, "freeze", lambda: frozen.append(1))
    monkeypatch.setattr(startup_checks.gc, "set_threshold", lambda *counts: thresholds.append(counts[0]))
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "nothing"))
    for name in [name for name in sys.modules if name.startswith("components.text.narratives.jobs")]:
        monkeypatch.delitem(sys.modules, name)
    startup_checks.warm_up()
    assert "components.text.narratives.jobs" in sys.modules
    assert frozen == [1]
    assert thresholds[0] > 2_000  # the default of newer Pythons

    def broken():
        raise OSError("gone")

    monkeypatch.setattr(startup_checks.cached_queries, "current", broken)
    startup_checks.warm_up()
    assert "could not prepare" in caplog.text
    assert frozen == [1, 1]
