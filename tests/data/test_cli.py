"""The command line: exit codes, sentences, JSON, and never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from data import cli, commands
from queries.command_line import run as run_command
from tests.data.deliveries import tables, write

ROOT = Path(__file__).parents[2]


Done = subprocess.CompletedProcess[str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command of `python -m data` in this process, with its own store."""

    def command(*arguments: object, code: int, **environment: str) -> Done:
        words = [str(argument) for argument in arguments]
        for name, value in ({"DASHBOARD_STORE": str(tmp_path / "store")} | environment).items():
            monkeypatch.setenv(name, value)
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            try:
                returned = cli.main(words)
            except SystemExit as wrong_use:  # of the parser
                returned = wrong_use.code
        return checked(Done(words, returned, out.getvalue(), errors.getvalue()), code)

    return command


@pytest.fixture
def run_process(tmp_path: Path):
    """Run `python -m data …` in a separate process with its own store."""

    def command(*arguments: object, code: int) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "data", *map(str, arguments)],
            cwd=ROOT, env=os.environ | {"DASHBOARD_STORE": str(tmp_path / "store")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return checked(done, code)

    return command


def checked(done: Done, code: int) -> Done:
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == code, done.stderr + done.stdout
    return done


def test_a_delivery_from_check_to_rollback(run, run_process, tmp_path):
    first, second = (write(tmp_path, tables(), day=day) for day in ("2024-06-28", "2025-06-27"))
    output = run_process("check", first, code=0).stdout
    assert "enrollments" in output
    assert "Accepted: this delivery can be published." in output
    assert not (tmp_path / "store").exists()
    assert "Published: 2024-06-28 is now on screen." in run("publish", first, code=0).stdout
    assert json.loads(run("publish", second, "--json", code=0).stdout)["delivery"] == "2025-06-27"
    assert "before the current one" in run("publish", first, code=1).stderr
    older = "can be published with --allow-older: it is dated 2024-06-28, before the current one (2025-06-27)."
    assert older in run("check", first, code=0).stdout, "what a check says holds for publishing"
    listed = json.loads(run("deliveries", "--json", code=0).stdout)
    assert [entry["delivery"] for entry in listed] == ["2024-06-28", "2025-06-27"]
    assert listed[1]["rows"]["enrollments"] == 60
    assert "Rolled back: 2024-06-28 is on screen again." in run_process("rollback", code=0).stdout
    assert "so there is nothing to roll back to" in run("rollback", code=1).stderr
    output = run("deliveries", code=0).stdout
    assert "2024-06-28     on screen" in output
    assert "2025-06-27     rolled back" in output


def test_json_of_a_refused_delivery(run, tmp_path):
    path = write(tmp_path, tables())
    done = run("check", path, "--date", "2020-01-01", "--json", code=1)
    output = json.loads(done.stdout)
    assert list(output)[:2] == ["delivery", "accepted"]
    assert output["accepted"] is False
    assert len(output["faults"]) == 3
    for table in output["tables"].values():
        assert table["read"] == table["accepted"] + table["quarantined"] + table["duplicates"]
        assert set(table) == {
            "read",
            "accepted",
            "quarantined",
            "duplicates",
            "skipped",
            "reasons",
            "notices",
            "supplied",
        }
    (path / "funding.parquet").write_bytes(b"PK\x03\x04")
    output = json.loads(run("publish", path, "--json", code=1).stdout)
    assert "is a zip archive" in output["faults"][0]
    assert output["tables"]["enrollments"]["read"] == 60
    assert output["tables"]["funding"]["read"] == 0
    assert json.loads((tmp_path / "store" / "refused.json").read_text())["faults"] == output["faults"]


def test_quarantined_rows_of_a_refused_delivery_can_be_seen(run, tmp_path):
    path = write(tmp_path, tables())
    run("check", path, "--date", "2020-01-01", "--quarantine", tmp_path / "seen", code=1)
    assert len((tmp_path / "seen" / "enrollments.csv").read_text().splitlines()) == 61


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("unknown",),
        ("check",),
        ("check", "/nowhere/at/all"),
        ("check", __file__),
        ("check", ".", "--layout", "no such layout"),
        ("check", ".", "--date", "yesterday"),
        ("check", ".", "--date", "2024-02-30"),
        ("check", ".", "--max-quarantined", "200"),
        ("check", ".", "--max-quarantined", "few"),
        ("check", ".", "--max-quarantined", "nan"),
        ("demo",),
        ("demo", "/tmp", "--residents", "-3"),
        ("demo", "/tmp", "--residents", "0"),
        ("demo", __file__, "--residents", "5"),
    ],
)
def test_wrong_use(run, arguments):
    assert run(*arguments, code=2).stderr


def test_a_folder_without_a_delivery(run, tmp_path):
    output = run("check", tmp_path, code=1).stdout
    assert output.count("The required table") == 3
    assert "Refused for 3 reasons" in output
    (tmp_path / "delivery.json").write_text("{")
    assert "delivery.json is not valid JSON." in run("check", tmp_path, code=1).stderr


def test_a_store_that_cannot_be_written(run, tmp_path):
    path = write(tmp_path, tables())
    (tmp_path / "file").write_text("in the way")
    output = run("publish", path, code=1, DASHBOARD_STORE=str(tmp_path / "file" / "store")).stderr
    assert output.count("\n") == 1
    assert "The store was not changed." in output
    run("rollback", code=1, DASHBOARD_STORE=str(tmp_path / "file"))
    assert "Nothing has been published yet." in run("deliveries", code=0).stdout


DAMAGED_LISTS = {"empty": "", "cut": "[1, 2", "another shape": '{"delivery": 3}', "a list": "[]", "not text": "\udcff"}


@pytest.mark.parametrize("damage", DAMAGED_LISTS)
def test_no_command_changes_a_store_whose_list_cannot_be_read(run, tmp_path, damage):
    delivery = write(tmp_path, tables())
    run("publish", delivery, code=0)
    run("backup", tmp_path / "before.tar", code=0)
    current = tmp_path / "store" / "current.json"
    current.write_text(DAMAGED_LISTS[damage], encoding="utf-8", errors="surrogateescape")
    before = contents(tmp_path / "store")
    for command in (
        ("publish", delivery), ("rollback",), ("deliveries",), ("verify",), ("prune", "--keep", "2"),
        ("backup", tmp_path / "x.tar"), ("demo", tmp_path / "demo", "--publish"),
        ("demo", tmp_path / "demo", "--publish", "--unless-published"),
    ):  # fmt: skip
        assert "cannot be read" in run(*command, code=1).stderr
        assert contents(tmp_path / "store") == before
    assert "rebuilt from its copy: 1 delivery. 2024-06-28 is on screen." in run("repair", code=0).stdout
    assert "is intact" in run("repair", code=0).stdout
    run("publish", delivery, code=0)


def test_a_missing_list_is_not_an_empty_store(run, tmp_path):
    delivery = write(tmp_path, tables())
    run("publish", delivery, code=0)
    (tmp_path / "store" / "current.json").unlink()
    assert "is missing, but 1 delivery is in deliveries/" in run("publish", delivery, code=1).stderr
    assert "is missing" in run("demo", tmp_path / "demo", "--publish", "--unless-published", code=1).stderr
    assert not (tmp_path / "demo").exists()
    run("repair", code=0)
    assert "on screen" in run("deliveries", code=0).stdout


def contents(store: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def events(tmp_path: Path) -> list[str]:
    lines = [line for path in sorted((tmp_path / "log").glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [json.loads(line)["event"] for line in lines]


def test_the_audit_log_records_each_delivery(run, tmp_path):
    log = {"DASHBOARD_LOG": str(tmp_path / "log")}
    good, late = (write(tmp_path, tables(), day=day) for day in ("2024-06-28", "2024-06-29"))
    run("publish", good, code=0, **log)
    (late / "funding.parquet").unlink()
    run("publish", late, code=1, **log)  # its report has faults
    (late / "delivery.json").write_text("{")
    run("publish", late, code=1, **log)  # it cannot be described
    run("publish", good, "--date", "2020-01-01", code=1, **log)  # it is too old
    (tmp_path / "store" / "current.json").write_text("")
    run("publish", good, code=1, **log)  # the store is damaged
    run("repair", code=0, **log)
    assert events(tmp_path) == ["published", "refused", "refused", "refused", "refused", "repaired"]


ENDS = [
    "{command} >&-",
    "{command} 2>&-",
    "{command} >&- 2>&-",
    "{command} > /dev/full",
    "{command} | head -c 1 >/dev/null",
]


# The same command line without what publishing prepares for protected readers, which takes half of the time.
PLAIN = "-c 'import sys; from data import cli; sys.exit(cli.main())'"


@pytest.mark.parametrize(
    ("end", "encoding", "program"), [*((end, "ascii", PLAIN) for end in ENDS), (ENDS[-1], "utf-8", "-m data")]
)
def test_the_outcome_does_not_depend_on_the_terminal(tmp_path, end, encoding, program):
    frames = tables()
    frames["enrollments"].loc[1, "sector"] = "Ästrologie"
    delivery = write(tmp_path, frames)
    command = f"{sys.executable} {program} publish {delivery} --max-quarantined 100"
    environment = os.environ | {"DASHBOARD_STORE": str(tmp_path / "store"), "PYTHONIOENCODING": encoding}
    script = "set -o pipefail; " + end.format(command=command)
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "was not changed" not in done.stderr
    assert json.loads((tmp_path / "store" / "current.json").read_text())["delivery"] == "2024-06-28"


def test_a_failure_after_the_switch_reports_the_change(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    delivery = write(tmp_path, tables())

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(commands, "_print_report", broken)
    assert cli.main(["publish", str(delivery)]) == 0
    assert "The command had already done its work: 2024-06-28 is on screen" in capsys.readouterr().err


def test_any_error_ends_with_a_sentence(monkeypatch, capsys):
    for error, code in (
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
        (PermissionError(13, "Permission denied", "/x"), 1),
        (RuntimeError("odd"), 1),
    ):

        def broken(raised: BaseException = error) -> None:
            raise raised

        monkeypatch.setattr("data.published.deliveries", broken)
        assert cli.main(["deliveries"]) == code
        output = capsys.readouterr().err
        assert output.count("\n") == 1
        assert output.endswith(".\n")


def test_ctrl_c_within_a_statement_stops_the_command(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def work(*_: object) -> None:
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        # of several threads, the main one may wait for the others until the statement ends
        with duckdb.connect(config={"threads": "1"}) as connection:
            connection.execute("select sum(sqrt(n)) from range(10000000000) as numbers(n)")

    monkeypatch.setattr("data.published.deliveries", work)
    try:
        assert cli.main(["deliveries"]) == 130
        assert run_command(work) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == "Stopped. The store was not changed.\n"


def test_demo(run, tmp_path):
    output = run("demo", tmp_path / "demo", "--residents", "1,200", "--seed", "7", code=0).stdout
    assert "2026-11-13" in output
    assert json.loads(run("check", tmp_path / "demo" / "2024-06-28", "--json", code=0).stdout)["is_synthetic"] is True
