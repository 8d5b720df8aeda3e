"""Run a `python -m data` command in a child process that is killed at its n-th step on the store's files.

Python calls audit hooks before it opens, renames, removes, creates or changes the mode of a file. The child counts the calls
that concern the test's folder and kills itself at one of them. It is forked from a process that has loaded everything, so a
trial takes a third of a second.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from data import __main__ as data_command

STEPS = (
    "open",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
    "tempfile.mkdtemp",
)
COMPLETED = 200  # added to the child's exit code, to distinguish it from a signal


def run_killed(arguments: list[str], *, folder: Path, at: int = 0, after: float | None = None) -> bool:
    """Run a command that is killed at its `at`-th step or after `after` seconds. Returns False if it ended before that."""
    child = os.fork()
    if child == 0:
        if after is not None:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, max(after, 0.001))
        else:
            _die_at(at, str(folder))
        with Path(os.devnull).open("w", encoding="utf-8") as sys.stdout:
            sys.stderr = sys.stdout
            os._exit(COMPLETED + data_command.main(arguments))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGALRM)
        return True
    code = os.WEXITSTATUS(status)
    assert code in (COMPLETED, COMPLETED + 1), f"exit code {code - COMPLETED}"
    return False


def timed(arguments: list[str]) -> float:
    """Return how many seconds a command takes in a child process."""
    began = time.monotonic()
    run_killed(arguments, folder=Path("/nowhere"), at=-1)
    return time.monotonic() - began


def _die_at(step: int, folder: str) -> None:
    taken = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        if event in STEPS and any(folder in str(argument) for argument in arguments):
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
