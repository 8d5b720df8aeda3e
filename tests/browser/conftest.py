"""Start one dashboard server and one browser for all browser tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.find import HELP, installed
from tests.browser.shared_page import WINDOW, listening, make_new
from tests.conftest import ROOT
from tests.queries.test_measures import accepted_facts

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    # without this the browser opens a second page, its toolbar, for every page
    "--disable-features=InitialWebUI,WebUIReloadButton",
]


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
    """Wait until an address answers.

    Raises:
        AssertionError: If the server's process ends, or does not answer in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            pass
        try:
            status = process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the server ended with status {status}")
    raise AssertionError(f"{url} did not answer within {seconds} seconds")


class Server:
    """The dashboard over one store, served on a loopback port as `make run` serves it."""

    def __init__(self, store: Path, log: Path, *, port: int | None = None, **settings: str) -> None:
        """Start serving.

        Args:
            store: The folder of published deliveries.
            log: The file for the server's output.
            port: The port to listen on; any free port by default.
            **settings: Environment variables for the server.
        """
        self.store, self.log, self.settings = store, log, settings
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start the process and wait until it is healthy."""
        command = [sys.executable, "serve.py", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "DASHBOARD_STORE": str(self.store), **self.settings},
                stdout=log,
                stderr=log,
            )
        try:
            wait_until_healthy(f"{self.url}/healthz", self.process)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()}") from None

    def stop(self) -> None:
        """Stop the process."""
        self.process.terminate()
        self.process.wait(20)

    def restart(self) -> None:
        """Stop and start again: caches are cold and sessions are gone."""
        self.stop()
        self.start()


@pytest.fixture(scope="session")
def server(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the demo."""
    running = Server(demo_store, tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one browser for all tests."""
    path = installed()
    if path is None:
        pytest.fail(HELP, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared_page(browser: Browser) -> Iterator[Page]:
    """Open the page that tests use in turn."""
    context = browser.new_context(viewport=WINDOW, color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(shared_page: Page, server: Server) -> Iterator[Page]:
    """Lend the page that tests share: 1440 by 900, light, and as new."""
    yield shared_page
    make_new(shared_page, f"{server.url}/healthz")


@pytest.fixture
def errors(page: Page) -> Iterator[list[str]]:
    """Collect the page's violations of the content policy and its errors."""
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            messages.append(message.text)

    with listening(page, console=note, pageerror=lambda error: messages.append(str(error))):
        yield messages


@pytest.fixture(scope="session")
def frame(demo_store: Path, demo_deliveries: list[Path]) -> pd.DataFrame:
    """Read the accepted rows of the demo's last delivery, for computing answers in pandas."""
    return accepted_facts(demo_store, demo_deliveries[-1])
