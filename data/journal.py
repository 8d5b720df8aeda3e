"""Append-only files of JSON lines.

`append_line` is for a file that several processes share: the line is on disk when the call returns. A `Journal` is the file of one
process. If the disk is full or the folder is missing, its lines wait in memory and are written in order once writing works again.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import logging
import os
import threading
from collections import deque
from contextlib import suppress
from functools import cache
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_WAITING = 10_000  # lines, about three megabytes
log = logging.getLogger("dashboard.audit_log")


class _RotatingFile(RotatingFileHandler):
    """A rotating file that only its owner may read.

    Only the rotation of the base class is used. Lines are written at once, without its buffer, so that a failed line is not
    written again later.
    """

    _is_torn = False  # whether the file ends within a line, as after a write to a full disk

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._is_torn = _ends_within_a_line(path)
        return open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK, 0o600))

    def append(self, line: str) -> None:
        """Append a line. Raises OSError if it is not written completely."""
        try:
            if self.stream is not None and not _is_at(self.stream, Path(self.baseFilename)):
                self._let_go()
            if self.shouldRollover(logging.LogRecord("record", logging.INFO, "", 0, line, None, None)):
                self.doRollover()
            if self.stream is None:
                self.stream = self._open()
            rest = (b"\n" if self._is_torn else b"") + f"{line}\n".encode()
            while rest:
                rest = rest[os.write(self.stream.fileno(), rest) :]
                self._is_torn = True
            self._is_torn = False
        except OSError:
            self._let_go()  # the next attempt opens the file that is there by then
            raise

    def _let_go(self) -> None:
        if self.stream is not None:
            with suppress(OSError):
                self.stream.close()
            self.stream = None


class Journal:
    """The lines of one process. Safe for threads; never raises."""

    def __init__(self, path: Path, *, largest: int, backups: int) -> None:
        self.path = path
        self._file = _RotatingFile(path, maxBytes=largest, backupCount=backups, encoding="utf-8", delay=True)
        self._waiting: deque[str] = deque()
        self._dropped = 0
        self._is_failing = False
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        """Append a line after those that wait. If that fails, the line waits too, and the log says so once."""
        with self._lock:
            self._waiting.append(line)
            self._write_waiting()
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self._dropped += 1

    def is_writable(self) -> bool:
        """Return whether every line is written and another one could be."""
        with self._lock:
            return self._write_waiting() and can_append(self.path)

    def finish(self) -> None:
        """Try once more at the end of the process, and log how many lines are lost."""
        with self._lock:
            if not self._write_waiting():
                log.error("%d lines lost, for %s", len(self._waiting), self.path)

    def _write_waiting(self) -> bool:
        try:
            while self._waiting:
                self._file.append(self._waiting[0])
                self._waiting.popleft()
        except OSError as error:
            self._note_failure(error)
            return False
        if self._is_failing:
            log.warning("writing to %s works again; lines dropped: %d", self.path, self._dropped)
            self._is_failing, self._dropped = False, 0
        return True

    def _note_failure(self, error: OSError) -> None:
        if not self._is_failing:
            why = error.strerror or error
            log.error("cannot write to %s: %s; lines wait in memory", self.path, why)
        self._is_failing = True


@cache
def journal_of(folder: Path, process: str, *, largest: int, backups: int) -> Journal:
    """Return the file of one process in a folder, which ends with the process: see `Journal`."""
    journal = Journal(folder / f"{process}.jsonl", largest=largest, backups=backups)
    atexit.register(journal.finish)
    return journal


def _is_at(stream: TextIOWrapper, path: Path) -> bool:
    """Return whether an open file is still the one under its name. Somebody may have moved or removed it."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except OSError:
        return False


def _ends_within_a_line(path: Path) -> bool:
    """Return whether a file ends without a line end, as after a full disk or a crash."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


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
