"""A file of JSON lines that is only ever added to, and what could not be written to it yet.

Lines that a full disk or a missing folder turns away wait in memory, and are written in their order once it works again.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_WAITING = 10_000  # lines: some three megabytes of memory
log = logging.getLogger("dashboard.record")


class _RotatingFile(RotatingFileHandler):
    """A rotating file that only its owner may read. Used for its rotation: lines are written at once, not through its buffer, so
    that a line that failed is not written a second time later."""

    _is_torn = False  # whether the file ends within a line: a full disk takes what has room

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._is_torn = _ends_within_a_line(path)
        return open(path, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK, 0o600))

    def append(self, line: str) -> None:
        """Add one line. Raises OSError where it is not written to its end."""
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
            self._let_go()  # the next try opens whatever is there by then
            raise

    def _let_go(self) -> None:
        if self.stream is not None:
            with suppress(OSError):
                self.stream.close()
            self.stream = None


class Journal:
    """One process's lines. Safe for threads; never raises."""

    def __init__(self, path: Path, *, largest: int, backups: int) -> None:
        self.path = path
        self._file = _RotatingFile(path, maxBytes=largest, backupCount=backups, encoding="utf-8", delay=True)
        self._waiting: deque[str] = deque()
        self._dropped = 0
        self._is_failing = False
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many lines are not written yet."""
        return len(self._waiting)

    def write(self, line: str) -> None:
        """Add a line, after those that wait. Where it cannot be written it waits too, and the log says so once."""
        with self._lock:
            self._waiting.append(line)
            self._write_waiting()
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popleft()
                self._dropped += 1

    def is_writable(self) -> bool:
        """Whether every line has been written, and another could be now."""
        with self._lock:
            return self._write_waiting() and self._has_room()

    def finish(self) -> None:
        """Try once more at the end of the process, and say in the log what is lost."""
        with self._lock:
            if not self._write_waiting():
                log.error("lines of the record of use are lost: %d, for %s", len(self._waiting), self.path)

    def _write_waiting(self) -> bool:
        try:
            while self._waiting:
                self._file.append(self._waiting[0])
                self._waiting.popleft()
        except OSError as error:
            self._note_failure(error)
            return False
        if self._is_failing:
            log.warning("the record of use is written again in %s; lines dropped: %d", self.path, self._dropped)
            self._is_failing, self._dropped = False, 0
        return True

    def _note_failure(self, error: OSError) -> None:
        if not self._is_failing:
            why = error.strerror or error
            log.error("the record of use cannot be written in %s: %s; its lines wait in memory", self.path, why)
        self._is_failing = True

    def _has_room(self) -> bool:
        """Whether a line would fit: a full disk opens files and takes nothing into them."""
        probe = self.path.with_suffix(".probe")
        try:
            probe.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe.write_bytes(b"\n" * 4096)
        except OSError as error:
            log.debug("the record of use has no room: %s", error.strerror or error)
            return False
        finally:
            with suppress(OSError):
                probe.unlink()
        return True


def _is_at(stream: TextIOWrapper, path: Path) -> bool:
    """Whether an open file is still the one under its name: somebody may have moved or removed it."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except OSError:
        return False


def _ends_within_a_line(path: Path) -> bool:
    """Whether a file ends without a line end, as one does that was cut off by a full disk or a crash."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"
