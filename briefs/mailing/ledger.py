"""What was sent, on disk before and after each message, so that a run that was killed neither loses nor repeats one.

It is `subscriptions/sent.jsonl` in the folder of the audit log: one JSON object a line, appended and forced to disk. One run at a
time holds its lock, which the system releases when the process ends, however it ends. It holds no address and no account.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from briefs.model import BriefError
from data import audit_log
from data.journal import append_line

FOLDER, FILE, LOCK = "subscriptions", "sent.jsonl", "run.lock"
BUSY = "Another run is sending subscriptions. Nothing was sent by this one."
log = logging.getLogger("dashboard.subscriptions")


class Event(StrEnum):
    """What a line records."""

    STARTED = "started"  # the first run that saw the subscription, or the first with a figure to watch
    SENDING = "sending"  # the message is about to be given to the mail server
    SENT = "sent"  # the server took it
    REFUSED = "refused"  # the server refused it for good
    FAILED = "failed"  # the server certainly did not take it; the next run tries again
    WITHHELD = "withheld"  # the account had no role


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line.

    Attributes:
        event: What happened.
        key: The subscription (`Subscription.key`).
        occasion: What the message was for; "" for other lines.
        day: The day of the run.
        delivery: The delivery on screen.
        figure: The figure that the subscription watches, as its reader saw it.
    """

    event: Event
    key: str
    day: date
    occasion: str = ""
    delivery: str = ""
    figure: float | None = None

    def to_line(self) -> str:
        """Return the entry as JSON, with the time."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, **vars(self), "day": self.day.isoformat()})

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Return the entry of a line. Raises ValueError if it is damaged."""
        try:
            data = json.loads(line)
            figure = data["figure"]
            return cls(
                event=Event(data["event"]),
                key=str(data["key"]),
                day=date.fromisoformat(data["day"]),
                occasion=str(data["occasion"]),
                delivery=str(data["delivery"]),
                figure=None if figure is None else float(figure),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a line of the ledger: {error}") from error


@dataclass(kw_only=True)
class History:
    """What the ledger says about one subscription.

    Attributes:
        first_run: The day of the first run that saw it.
        first_delivery: The delivery on screen then.
        figure: The watched figure at the last message, or at the first run.
        finished: Occasions whose message was sent, or refused for good.
        unconfirmed: Occasions whose message was given to the server, without a record that the server took it.
        withheld_on: The last day on which nothing was sent because the account had no role.
    """

    first_run: date
    first_delivery: str
    figure: float | None = None
    finished: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    withheld_on: date | None = None

    def add(self, entry: Entry) -> None:
        """Take up a line."""
        if entry.event is Event.WITHHELD:
            self.withheld_on = entry.day
        elif entry.event is Event.SENDING:
            self.unconfirmed.add(entry.occasion)
        elif entry.event is Event.FAILED:
            self.unconfirmed.discard(entry.occasion)
        elif entry.event is not Event.STARTED:
            self.finished.add(entry.occasion)
        if entry.event in (Event.STARTED, Event.SENT):
            self.figure = entry.figure


class Ledger:
    """The ledger as it was read, and its file. Create it with `opened` or `read_only`."""

    def __init__(self, path: Path, *, is_written: bool) -> None:
        self._path, self._is_written = path, is_written
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        self._histories: dict[str, History] = {}
        for line in text.splitlines():
            try:
                self._take_up(Entry.from_line(line))
            except ValueError:
                log.warning("skipped a damaged line of %s", path.name)

    def history(self, key: str) -> History | None:
        """Return what is recorded about a subscription; None before its first run."""
        return self._histories.get(key)

    def append(self, entry: Entry) -> None:
        """Record an entry. In a ledger that was opened to write, it is on disk when this returns.

        Raises:
            OSError: It cannot be written.
        """
        if self._is_written:
            append_line(self._path, entry.to_line())
        self._take_up(entry)

    def _take_up(self, entry: Entry) -> None:
        known = self._histories.setdefault(entry.key, History(first_run=entry.day, first_delivery=entry.delivery))
        known.add(entry)


def read_only() -> Ledger:
    """Return the ledger for a dry run: what is appended stays in memory."""
    return Ledger(_folder() / FILE, is_written=False)


@contextmanager
def opened() -> Iterator[Ledger]:
    """Open the ledger for one run.

    Raises:
        BriefError: Another run has it open, or it cannot be opened.
    """
    folder = _folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise BriefError(f"{folder} cannot be written: {error.strerror}.") from None
    try:
        with _locked(lock):
            yield Ledger(folder / FILE, is_written=True)
    finally:
        os.close(lock)


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BriefError(BUSY) from None
    yield


def _folder() -> Path:
    return audit_log.folder() / FOLDER
