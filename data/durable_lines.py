"""Append lines to a file that several processes share, on disk when the call returns."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path


def append_line(path: Path, line: str) -> None:
    """Append a line, after the lines of other processes. A line that an earlier process left unfinished is ended first.

    Args:
        path: The file. It and its folder are created, readable by their owner only.
        line: The line, without its end.

    Raises:
        OSError: It is not written completely.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        content = (b"\n" if is_torn else b"") + f"{line}\n".encode()
        if os.write(descriptor, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def can_append(path: Path) -> bool:
    """Return whether a line could be appended. A full disk opens files but writes nothing to them."""
    probe = path.with_suffix(".probe")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(b"\n" * 4096)
        return not path.exists() or os.access(path, os.W_OK)
    except OSError:
        return False
    finally:
        with suppress(OSError):  # another process may be looking too
            probe.unlink()
