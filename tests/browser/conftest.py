"""A real server over the demo and a real browser, each started once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.find import HOW, installed
from tests.conftest import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    # the browser's own toolbar is a page of its own, made anew for every page that is opened
    "--disable-features=InitialWebUI,WebUIReloadButton",
]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The dashboard served as `make run` serves it, but for what is worked out ahead, on a free loopback port over one store;
    `restart` makes it cold again. settings: environment variables."""

    def __init__(self, store: Path, log: Path, *, port: int | None = None, **settings: str) -> None:
        self.store, self.log, self.settings = store, log, settings
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start serving; returns when the server is healthy."""
        command = [sys.executable, "serve.py", "--no-ahead", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "DASHBOARD_STORE": str(self.store), **self.settings},
                stdout=log,
                stderr=log,
            )
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError("the server did not start: " + self.log.read_text())

    def stop(self) -> None:
        """Stop serving."""
        self.process.terminate()
        self.process.wait(20)

    def restart(self) -> None:
        """Stop and start: every cache cold, no session left."""
        self.stop()
        self.start()


@pytest.fixture(scope="session")
def server(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the demo."""
    running = Server(demo_store, tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    path = installed()
    if path is None:
        pytest.fail(HOW, pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()
