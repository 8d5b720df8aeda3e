"""Kinds of damage to a store's files, and a user without read access."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def _of_a_database() -> Iterator[tuple[str, Callable[[Path], object]]]:
    yield "missing", Path.unlink
    yield "a folder", lambda path: (path.unlink(), path.mkdir())
    yield "a link to nothing", lambda path: (path.unlink(), path.symlink_to("nowhere"))
    yield "a link to itself", lambda path: (path.unlink(), path.symlink_to(path.name))
    yield "a pipe", lambda path: (path.unlink(), os.mkfifo(path))
    for part in (0, 1, 100, 4096, 8192, 12288, 0.1, 0.3, 0.9, 0.999):
        yield (
            f"cut at {part}",
            lambda path, part=part: os.truncate(path, int(part * (path.stat().st_size if part < 1 else 1))),
        )
    for at in (0, 8, 100, 4096, 8192):
        yield f"garbage at {at}", lambda path, at=at: scribble(path, at, 64)
    yield "garbage all over", lambda path: [scribble(path, at, 400) for at in range(0, path.stat().st_size, 20_000)]


def scribble(path: Path, at: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xde\xad\xbe\xef" * (size // 4))


DATABASE = dict(_of_a_database())
SLIGHT = ("cut at 0.9", "cut at 0.999")  # the end of a file may not be needed for any query
# DuckDB opens what is left, if its catalog is in it; each query that needs more says that it cannot be read
MAY_OPEN = ("cut at 0.3", *SLIGHT)

LIST: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:20]),
    "garbage": lambda path: path.write_bytes(bytes(range(256))),
    "another thing": lambda path: path.write_text('["2026-11-13"]'),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "names what is not there": lambda path: path.write_text('{"delivery": "2030-01-01", "history": ["2030-01-01"]}'),
    "names no folder": lambda path: path.write_text('{"delivery": "../x", "history": ["../x"]}'),
    "deep": lambda path: path.write_text("[" * 100_000),
}


@contextmanager
def not_allowed(folder: Path) -> Iterator[None]:
    """Deny access to a folder inside the block. Root, who is denied nothing, becomes another user for that time."""
    before, is_root = folder.stat().st_mode, os.geteuid() == 0
    folder.chmod(0)
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(before)
