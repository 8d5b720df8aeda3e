"""What a command line prints, on any terminal.

The state of the store decides a command's exit code, not the state of its output. So text is printed on any encoding, and an
output that is closed, full, or read by nobody any more is dropped in silence.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


def use_any_encoding() -> None:
    """Print what the terminal's encoding does not have as a question mark instead of failing.

    A stream that is closed from the start stays None, which `print` and argparse understand. Its descriptor is taken, so that no
    file opened later, a database for example, gets the number that other programs write their output to.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def put(text: str) -> bool:
    """Print a text and a line end to standard output at once. Returns False where it did not get through."""
    if _write(sys.stdout, text):
        return True
    sys.stdout = _replaced(sys.stdout)
    return False


def put_error(text: str) -> bool:
    """Print a text and a line end to standard error at once. Returns False where it did not get through."""
    if _write(sys.stderr, text):
        return True
    sys.stderr = _replaced(sys.stderr)
    return False


def _write(stream: TextIO | None, text: str) -> bool:
    if stream is None:
        return False
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except (
        OSError,
        ValueError,
    ):  # a full disk or a broken pipe; a closed stream, or an encoding that lacks a character
        return False
    return True


def _replaced(stream: TextIO | None) -> TextIO:
    """A stream that discards everything, in place of one that failed. The failed one's descriptor is pointed at the null device
    too: Python flushes what is left in its buffer on its way out, and would complain and change the exit code."""
    try:
        descriptor = stream.fileno() if stream is not None else None
    except (OSError, ValueError):
        descriptor = None
    if descriptor is not None:
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, descriptor)
        finally:
            os.close(null)
    return _discarding()


def _discarding() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
