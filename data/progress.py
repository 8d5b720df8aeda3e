"""A progress bar on stderr for long work: one line, drawn only where somebody can see it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

# Called when a step begins, with its name and, if the step knows it, the share done of the whole (0 to 1).
Progress = Callable[..., None]

_QUIET_FOR = 1.0
_WIDTH = 24


def silent(step: str, share: float | None = None) -> None:
    """Progress that nobody watches."""


class Bar:
    """Draws `[#####.....] 45%  Reading enrollments  0:41`. Shows itself only once the work has taken a second."""

    def __init__(self, steps: int, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._steps, self._step, self._drawn = max(1, steps), -1, False
        self._began = time.monotonic()

    def __call__(self, step: str, share: float | None = None) -> None:
        """Begins a step."""
        self._step += 1
        share = min(1.0, self._step / self._steps) if share is None else share
        seconds = time.monotonic() - self._began
        if seconds < _QUIET_FOR:
            return
        full = round(_WIDTH * share)
        bar = "#" * full + "." * (_WIDTH - full)
        line = f"[{bar}] {share:4.0%}  {int(seconds) // 60}:{int(seconds) % 60:02}  {step}"
        self._stream.write("\r\x1b[2K" + line[: shutil.get_terminal_size().columns - 1])
        self._stream.flush()
        self._drawn = True

    def close(self) -> None:
        """Wipes the line, so that the report begins on a clean one."""
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()


def watched() -> bool:
    """Whether stderr is a terminal; it may be closed."""
    return sys.stderr is not None and sys.stderr.isatty()
