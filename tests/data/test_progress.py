"""The progress bar is shown on a terminal only, and only for work that takes a second."""

from __future__ import annotations

import io
import sys

import pytest

from data import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(monkeypatch, stream: io.StringIO | None, *, quiet_seconds: float = 0.0, is_shown: bool = True) -> str:
    """Return what two steps print to a stream that stands in for stderr."""
    monkeypatch.setattr(sys, "stderr", stream)  # here and not in a fixture: pytest sets its own before each test
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_QUIET_SECONDS", quiet_seconds)
    with progress.progress_bar(4, is_shown=is_shown) as show:
        show("Reading enrollments")
        show("Reading funding", 0.5)
    return stream.getvalue() if stream else ""


def test_a_terminal_shows_the_steps(monkeypatch):
    text = printed(monkeypatch, Terminal())
    assert "Reading enrollments" in text
    assert "Reading funding" in text
    assert "50%" in text


def test_short_work_shows_nothing(monkeypatch):
    assert printed(monkeypatch, Terminal(), quiet_seconds=60.0) == ""


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_without_a_terminal_nothing_is_shown(monkeypatch, stream):
    assert printed(monkeypatch, stream) == ""


def test_json_output_has_no_progress_bar(monkeypatch):
    assert printed(monkeypatch, Terminal(), is_shown=False) == ""
