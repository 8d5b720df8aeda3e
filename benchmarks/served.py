"""Start and stop a server for the benchmark, and read the times of its runs and its memory."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_TIMEOUT = 120.0  # seconds


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_cleanly() -> None:
    """Make SIGTERM stop the servers too, as Ctrl+C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@dataclass(frozen=True)
class Run:
    """One run of a page: ms on the server, bytes and messages sent."""

    ms: float
    bytes: int
    messages: int


class Served:
    """The dashboard over a store, or the floor, on a free loopback port."""

    def __init__(self, store: Path, folder: Path, *, floor: bool = False) -> None:
        name = "floor" if floor else "dashboard"
        self._runs, self._log = folder / f"{name}-runs.jsonl", folder / f"{name}.log"
        self._command = [sys.executable, "-m", "benchmarks.launch", *(["--floor"] if floor else [])]
        self._settings = {
            **os.environ,
            "DASHBOARD_STORE": str(store),
            "DASHBOARD_LOG": str(folder / "record"),
            "BENCH_LOG": str(self._runs),
        }
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Start serving; returns when the server is ready for its first reader."""
        self._runs.write_text("")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._command, "--port", str(self._port)], cwd=ROOT, env=self._settings, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _TIMEOUT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("The server did not start: " + self._log.read_text()[-2000:])

    def stop(self) -> None:
        """Stop serving."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def runs(self) -> list[Run]:
        """Return every run since the start, oldest first."""
        return [Run(**json.loads(line)) for line in self._runs.read_text().splitlines()]

    def memory(self) -> float:
        """Return the server's resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
            return int(line.split()[1]) / 1000
        shown = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return int(shown.stdout) / 1000

    def incidents(self) -> int:
        """Return how many incidents the server logged since the benchmark began."""
        return self._log.read_text().count("incident ")
