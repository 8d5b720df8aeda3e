"""Print to any terminal.

A command's exit code depends on the store, not on its output. So text is printed in any encoding, and output to a stream
that is closed or full is dropped without an error.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


def use_any_encoding() -> None:
    """Print a question mark for characters that the terminal's encoding does not have, instead of failing.

    A stream that is closed from the start stays None, which `print` and argparse can handle. Its descriptor is taken, so that
    no file opened later, such as a database, gets the number that other programs write their output to.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def put(text: str) -> bool:
    """Print a line to standard output at once. Returns whether that worked."""
    return _put("stdout", text)


def put_error(text: str) -> bool:
    """Print a line to standard error at once. Returns whether that worked."""
    return _put("stderr", text)


def _put(name: str, text: str) -> bool:
    stream: TextIO | None = getattr(sys, name)
    if _write(stream, text):
        return True
    setattr(sys, name, _replaced(stream))
    return False


def _write(stream: TextIO | None, text: str) -> bool:
    if stream is None:
        return False
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except (OSError, ValueError):  # a full disk or a broken pipe; a closed stream or an encoding without a character
        return False
    return True


def _replaced(stream: TextIO | None) -> TextIO:
    """Return a stream that discards everything, to replace one that failed.

    The failed stream's descriptor is redirected to the null device. Otherwise Python would flush its buffer at exit, fail,
    and change the exit code.
    """
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
    return Path(os.devnull).open("w", encoding="utf-8")
