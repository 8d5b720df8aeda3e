"""A Spark Connect server on this machine with two worker processes, for tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_SECONDS_TO_START = 180
_EXECUTOR = "CoarseGrainedExecutorBackend"


def why_not() -> str | None:
    """Return why no server can be started here, or None."""
    package = importlib.util.find_spec("pyspark")
    if package is None or not (Path(package.origin or "").parent / "jars").is_dir():
        return "there is no Spark in this environment: make test-spark"
    return None if shutil.which("java") else "there is no Java here"


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int

    @property
    def remote(self) -> str:
        return f"sc://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """Return the ids of the processes that run tasks. They are children of the server."""
        every = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        server = {self.process.pid}
        while more := {pid for pid, parent in every.items() if parent in server} - server:
            server |= more
        return [pid for pid in server if _EXECUTOR in _command(pid)]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


@contextmanager
def running(folder: Path, *, python_path: Path = ROOT) -> Iterator[Server]:
    """Start a server and yield it when it answers and has its workers. `python_path`: where they find this project."""
    import pyspark

    home = Path(pyspark.__file__).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.port": port, "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.ui.enabled": "false", "spark.local.dir": folder, "spark.executorEnv.PYTHONPATH": python_path,
        "spark.driver.maxResultSize": 0,
    }  # fmt: skip
    environment = os.environ | {
        "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(python_path),
        "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost", "SPARK_LOCAL_DIRS": str(folder), "SPARK_WORKER_DIR": str(folder),
    }  # fmt: skip
    command = [
        str(home / "bin" / "spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--master", "local-cluster[2,1,1024]", *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        "spark-internal",
    ]  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    server = Server(process, port)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(server: Server) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
            continue
        if len(server.workers()) == 2:
            return
        time.sleep(0.5)
    raise RuntimeError("the Spark server did not start")
