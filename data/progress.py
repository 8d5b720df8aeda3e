"""A progress bar on stderr for long work, drawn only on a terminal and only after the work has taken a second."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich import progress as bars
from rich.console import Console

_QUIET_SECONDS = 1.0


class Progress(Protocol):
    """Called when a step starts, with its name and, if known, the share of the work done so far (0 to 1)."""

    def __call__(self, step: str, share: float | None = None) -> None:
        """Start a step."""


def silent(step: str, share: float | None = None) -> None:
    """Show nothing."""


@contextmanager
def progress_bar(steps: int, *, is_shown: bool) -> Iterator[Progress]:
    """Yield a progress bar for work with this number of steps; it is erased at the end."""
    if not is_shown or sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    columns = (
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TimeElapsedColumn(),
        bars.TextColumn("{task.description}"),
    )
    console = Console(stderr=True)
    bar = bars.Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task, started = bar.add_task("", total=1.0), time.monotonic()
    steps_before = itertools.count()

    def show(step: str, share: float | None = None) -> None:
        steps_done = next(steps_before)
        done = steps_done / steps if share is None else share
        bar.update(task, description=step, completed=min(1.0, done))
        if time.monotonic() - started >= _QUIET_SECONDS:
            bar.start()

    try:
        yield show
    finally:
        bar.stop()
