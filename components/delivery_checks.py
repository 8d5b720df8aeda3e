"""The deliveries in the inbox with the state of their checks. A server process runs one check at a time, in the background."""

from __future__ import annotations

import atexit
import logging
import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread

import streamlit as st

from components import page_guard, read_log, refusals
from components.refusals import Refusal
from data import inbox
from data.inbox import CheckError, WaitingDelivery
from data.masking import masked

log = logging.getLogger("dashboard")
_REQUEST = "requested-check"  # session state: the delivery to check, until a run of the page starts the check


@dataclass(frozen=True, kw_only=True)
class DeliveryCheck:
    """The last check of one delivery.

    Attributes:
        delivery: What was checked.
        path: Where it is.
        layout: The layout that reads it.
        ended_at: None while it runs.
        is_accepted: Whether it can be published.
        report: What was read of it and what is wrong; None while it runs, and where it failed.
        failure: Why there is no report.
    """

    delivery: WaitingDelivery
    path: Path
    layout: str | None = None
    ended_at: datetime | None = None
    is_accepted: bool = False
    report: Refusal | None = None
    failure: str = ""


@dataclass(frozen=True)
class InboxState:
    """The deliveries of the inbox, and the last check of each that was checked since the server started."""

    deliveries: tuple[WaitingDelivery, ...]
    checks: tuple[DeliveryCheck, ...]

    @property
    def is_checking(self) -> bool:
        """Whether a check runs."""
        return any(check.ended_at is None for check in self.checks)

    @property
    def last_ended(self) -> DeliveryCheck | None:
        """The check that ended last, unless its delivery changed since."""
        ended = [check for check in self.checks if check.ended_at and check.delivery in self.deliveries]
        return max(ended, key=lambda check: str(check.ended_at), default=None)


@dataclass
class _Checks:
    """The checks of this process, by the name of the delivery."""

    lock: Lock = field(default_factory=Lock)
    by_name: dict[str, DeliveryCheck] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self, check: DeliveryCheck) -> bool:
        """Start a check; False while another one runs."""
        with self.lock:
            if any(each.ended_at is None for each in self.by_name.values()):
                return False
            self.by_name[check.delivery.name] = check
        Thread(target=self._run, args=(check,), name="delivery-check", daemon=True).start()
        return True

    def _run(self, check: DeliveryCheck) -> None:
        try:
            report = inbox.check(check.path, layout=check.layout, on_start=self._set_process)
            ended = _ended(check, report)
        except CheckError as error:
            ended = replace(check, ended_at=datetime.now(UTC), failure=str(error))
        except Exception:
            log.exception("the check of a delivery in the inbox failed")
            ended = replace(check, ended_at=datetime.now(UTC), failure="The check could not be started.")
        self.by_name[check.delivery.name] = ended

    def _set_process(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def stop(self) -> None:
        """End the check that runs, with the server."""
        if self.process is not None:
            inbox.stop(self.process)


_checks = _Checks()
atexit.register(_checks.stop)


def _ended(check: DeliveryCheck, report: dict[str, object]) -> DeliveryCheck:
    now = datetime.now(UTC)
    content: dict[str, object] = {"source": check.delivery.name, "at": now.isoformat(), "report": report}
    content |= {name: report.get(name) for name in ("delivered_on", "faults", "problems")}
    return replace(check, ended_at=now, is_accepted=report["accepted"] is True, report=refusals.read(content))


def state() -> InboxState | None:
    """Return what is in the inbox now; None where the server has none. For a page of those who may check."""
    return read_log.read("inbox", _read_state)


def _read_state() -> InboxState | None:
    folder = inbox.folder()
    return None if folder is None else InboxState(inbox.waiting(folder), tuple(_checks.by_name.values()))


def is_checking() -> bool:
    """Return whether a check runs now."""
    return any(check.ended_at is None for check in _checks.by_name.values())


def request(name: str) -> None:
    """Ask, in an event handler, that the next run of the page starts a check. That run has checked who the reader is."""
    st.session_state[_REQUEST] = name


def start_requested(layout: str | None) -> None:
    """Start the check that this session's reader asked for, of a delivery that is in the inbox.

    Args:
        layout: The layout that reads it.
    """
    name: str | None = read_log.read("requested check", lambda: st.session_state.get(_REQUEST))
    folder = inbox.folder()
    if name is None or folder is None:
        return
    read_log.disable_cache()
    st.session_state.pop(_REQUEST, None)
    delivery = next((each for each in inbox.waiting(folder) if each.name == name), None)
    if delivery is not None and _checks.start(
        DeliveryCheck(delivery=delivery, path=folder / delivery.name, layout=layout)
    ):
        page_guard.log_action("checked", masked(delivery.name))
