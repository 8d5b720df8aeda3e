"""Printing never decides a command's exit code: any encoding, and a closed, full or abandoned output."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import terminal
from tests.conftest import ROOT

SCRIPT = """
import sys
from data.terminal import put, put_error, use_any_encoding
use_any_encoding()
results = [put("Prövider “A” 🚚 " + "x" * 100) for _ in range(3000)]
put_error(f"every line printed: {all(results)}")
sys.exit(7)
"""


def shell(redirection: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = f'"{sys.executable}" -c "$SCRIPT" {redirection}'
    env = {**os.environ, "SCRIPT": SCRIPT, **settings}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirection", "gets_through"),
    [("", True), (">&-", False), ("> /dev/full", False), ("| head -1; exit ${PIPESTATUS[0]}", False)],
)
def test_the_output_does_not_change_the_exit_code(redirection, gets_through):
    done = shell(redirection)
    assert done.returncode == 7
    assert done.stderr.decode() == f"every line printed: {gets_through}\n"


@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_neither_does_the_error_output(redirection):
    assert shell(redirection).returncode == 7


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_any_encoding_prints(encoding):
    done = shell("", PYTHONIOENCODING=encoding)
    assert done.returncode == 7
    assert b"every line printed: True" in done.stderr.replace(b"\0", b"")
    text = done.stdout.decode(encoding)
    assert text.count("\n") == 3000
    assert "Pr" in text


def test_an_encoding_that_was_not_prepared_is_no_traceback(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert not terminal.put("“quoted”")
    print("what comes after goes nowhere, quietly")


def test_a_failed_stream_is_replaced_silently(monkeypatch):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert not terminal.put("one")
        assert sys.stdout is not full
        assert terminal.put("two")
