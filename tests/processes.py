"""Run work in a process of its own that is forked from this one, so that it starts at once and with the test's patches."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess

FORK = multiprocessing.get_context("fork")
SECONDS = 120


def start(work: Callable[..., object], *arguments: object) -> BaseProcess:
    """Start a process that calls `work`. It ends with status 1 and a traceback if that raises."""
    process = FORK.Process(target=work, args=arguments)
    process.start()
    return process


def end(process: BaseProcess) -> int | None:
    """Wait for a process; return its exit code, negative for a signal. A process that does not end is killed and fails the test."""
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        raise AssertionError(f"the process did not end within {SECONDS} seconds")
    return process.exitcode


def call(work: Callable[..., object], *arguments: object) -> int | None:
    """Call `work` in a process of its own; return its exit code."""
    return end(start(work, *arguments))
