"""The command line of publishing on Spark: what it says when Spark cannot be used."""

from __future__ import annotations

import socket
from contextlib import contextmanager, nullcontext

import pytest

from data import commands, store, store_files
from data.cli import main
from data.cluster import checkpoints, choice, spark
from data.cluster.spark import SparkEngine
from data.errors import STOPPED, UsageError
from tests.data.cluster.in_process import EngineHere
from tests.data.deliveries import tables, write


@pytest.fixture
def publish(tmp_path, monkeypatch, capsys):
    delivery = write(tmp_path, tables())
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.delenv(spark.REMOTE, raising=False)

    def run(*options: str) -> tuple[int, str]:
        code = main(["publish", str(delivery), *options])
        return code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--engine", "spark"], 2, "needs --remote sc://host:port, or SPARK_REMOTE"),
        (["--remote", "sc://host:1"], 2, "--remote needs --engine spark."),
        (["--engine", "spark", "--remote", "http://host:1"], 2, "not the address of a Spark Connect server"),
        (["--engine", "spark", "--remote", "sc://host:none"], 2, "not the address of a Spark Connect server"),
        (["--engine", "spark", "--remote", "sc://host:1/;token=abc"], 2, "goes into SPARK_REMOTE"),
    ],
)
def test_wrong_use(publish, options, code, sentence):
    result, text = publish(*options)
    assert result == code
    assert sentence in text
    assert "abc" not in text


def test_a_server_that_is_not_there(publish):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        code, text = publish("--engine", "spark", "--remote", f"sc://127.0.0.1:{taken.getsockname()[1]}")
    assert code == 1
    assert "No Spark Connect server answers at 127.0.0.1:" in text
    assert "The store was not changed." in text


def nobody_listens() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"sc://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("is_same", [True, False])
def test_a_server_that_is_gone_after_its_last_step(publish, is_same, tmp_path, monkeypatch):
    """It is not needed for the delivery that was counted, and for another one it is."""
    spark_options = ["--engine", "spark", "--remote", nobody_listens()]

    @contextmanager
    def reached(remote, *, memory_mb):
        yield type("Engine", (EngineHere,), {"memory_mb": memory_mb})()

    def stop(text, share=None):
        if text == "Building enrollments":
            raise KeyboardInterrupt

    with monkeypatch.context() as first:
        first.setattr(choice, "connected", reached)
        first.setattr(commands, "progress_bar", lambda number, is_shown: nullcontext(stop))
        assert publish(*spark_options)[0] == STOPPED
    unfinished = tmp_path / "store" / store_files.UNFINISHED
    assert checkpoints.steps_in(unfinished) == set(checkpoints.STEPS)
    if not is_same:
        write(tmp_path, tables(80))
    code, text = publish(*spark_options)
    assert (code, "No Spark Connect server answers" in text) == ((0, False) if is_same else (1, True))
    assert (store.current_id(tmp_path / "store") is not None) == is_same


def test_what_an_attempt_left_is_removed_on_demand(publish, tmp_path, capsys):
    assert publish()[0] == 0
    unfinished = tmp_path / "store" / store_files.UNFINISHED
    (unfinished / "key").mkdir(parents=True)
    (unfinished / "key" / "counts-0.arrow").touch()
    assert main(["prune", "--unfinished", "--keep", "3"]) == 2
    assert main(["prune", "--unfinished"]) == 0
    assert not unfinished.exists()
    capsys.readouterr()
    assert main(["prune", "--unfinished"]) == 0
    assert capsys.readouterr().out == "No attempt to publish on Spark left anything.\n"
    assert store.current_id(tmp_path / "store") == "2024-06-28"


def test_a_client_that_is_not_installed(publish, monkeypatch):
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(spark.importlib, "import_module", missing)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        code, text = publish("--engine", "spark", "--remote", f"sc://127.0.0.1:{server.getsockname()[1]}")
    assert code == 2
    assert "pip install -r requirements-spark.txt" in text


class _Stopped:
    interrupted = 0

    def interruptAll(self) -> None:
        self.interrupted += 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("StatusCode.UNAVAILABLE, Connection refused", "connection to the Spark server was lost"),
        ("ModuleNotFoundError: No module named 'data'", "lack this project or a package"),
        ("[PYTHON_VERSION_MISMATCH] 3.12", "another version of Python"),
        ("Job aborted: Anna Example, 078-05-1120", "stopped after trying its tasks again"),
    ],
)
def test_what_failed_on_spark_is_a_sentence_without_its_words(words, sentence):
    session = _Stopped()
    with pytest.raises(spark.ClusterError, match=sentence) as failed, SparkEngine(session, memory_mb=1).working():
        raise RuntimeError(words)
    assert "Anna" not in str(failed.value) and "078" not in str(failed.value)
    assert session.interrupted == (0 if "UNAVAILABLE" in words else 1)


def test_a_wrong_address_is_no_secret_in_a_sentence():
    with pytest.raises(UsageError) as wrong, spark.connected("sc://:x@/;token=abc", memory_mb=1):
        pass
    assert "abc" not in str(wrong.value)
