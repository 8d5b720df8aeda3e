"""Deliveries that wait in a folder on the server, for the page that checks them.

The folder is DASHBOARD_INBOX. Only what is directly inside it is offered, so no path ever comes from a reader. A check is the
command `python -m data check` in a process of its own: it changes nothing in the store.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.errors import ACCEPTED, REFUSED
from data.file_names import WORKBOOK, ZIP

SETTING = "DASHBOARD_INBOX"
MAX_SECONDS = 600.0  # the time that a check may take
MAX_LISTED = 50
_MAX_ENTRIES = 10_000  # files of one delivery, and names in the inbox, that are looked at
_MAX_NAME = 120
_NICENESS = 10  # a check gives way to the pages
_CODE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class WaitingDelivery:
    """A delivery in the inbox. Two are equal while no file was added, removed or changed.

    Attributes:
        name: The name of the folder or file.
        files: How many files it has.
        size: In bytes.
        changed_at: When the newest file was changed, in nanoseconds since 1970.
    """

    name: str
    files: int
    size: int
    changed_at: int


class CheckError(Exception):
    """A check that ended without a report. The message is a sentence for the analyst and quotes no path."""


def folder() -> Path | None:
    """Return the inbox: the folder DASHBOARD_INBOX, None where it is not set."""
    setting = os.environ.get(SETTING)
    return Path(setting).resolve() if setting else None


def waiting(inbox: Path) -> tuple[WaitingDelivery, ...]:
    """Return the deliveries directly inside the inbox, the newest first: folders, zip files and workbooks.

    Links, folders with links in them, hidden names and names that cannot be printed are left out. An inbox that cannot be read
    has none.
    """
    deliveries: list[WaitingDelivery] = []
    for entry in _newest(inbox):
        with contextlib.suppress(OSError):  # removed in the meantime
            described = _described(entry)
            deliveries.extend([described] if described else [])
    return tuple(sorted(deliveries, key=lambda each: (-each.changed_at, each.name)))


def _newest(inbox: Path) -> list[os.DirEntry[str]]:
    """Return the names that may be deliveries, at most MAX_LISTED: those that were changed last."""
    try:
        with os.scandir(inbox) as entries:
            offered = [
                (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name, entry)
                for entry in islice(entries, _MAX_ENTRIES)
                if _is_delivery(entry)
            ]
    except OSError:
        return []
    return [entry for _, _, entry in sorted(offered, key=lambda each: each[:2], reverse=True)[:MAX_LISTED]]


def _is_delivery(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name.startswith((".", "~")) or not name.isprintable() or len(name) > _MAX_NAME:
        return False
    if entry.is_dir(follow_symlinks=False):
        return True
    return entry.is_file(follow_symlinks=False) and Path(name).suffix.lower() in (*ZIP, *WORKBOOK)


def _described(entry: os.DirEntry[str]) -> WaitingDelivery | None:
    """Describe a delivery; None for a folder with a link in it, which could lead out of the inbox."""
    is_folder = entry.is_dir(follow_symlinks=False)
    paths = list(islice(Path(entry.path).rglob("*"), _MAX_ENTRIES)) if is_folder else [Path(entry.path)]
    if any(path.is_symlink() for path in paths):
        return None
    files = [path.stat() for path in paths if path.is_file()]
    changed_at = max((each.st_mtime_ns for each in files), default=entry.stat(follow_symlinks=False).st_mtime_ns)
    return WaitingDelivery(
        name=entry.name, files=len(files), size=sum(each.st_size for each in files), changed_at=changed_at
    )


def command(verb: str, delivery: Path, *, layout: str | None = None, allow_older: bool = False) -> str:
    """Return the command line that checks or publishes a delivery. verb: "check" or "publish"."""
    older = ["--allow-older"] if allow_older else []
    return f"python -m data {shlex.join([*_arguments(verb, delivery, layout), *older])}"


def _arguments(verb: str, delivery: Path, layout: str | None) -> list[str]:
    return [verb, str(delivery), *(["--layout", layout] if layout else [])]


def check(
    delivery: Path,
    *,
    layout: str | None = None,
    seconds: float = MAX_SECONDS,
    on_start: Callable[[subprocess.Popen[bytes]], None] = lambda _: None,
) -> dict[str, object]:
    """Check a delivery in a process that gives way to others, and return the report as `check --json` prints it.

    Args:
        delivery: A folder or file of the inbox, as an absolute path.
        layout: The layout that reads it.
        seconds: After how long it is stopped.
        on_start: Called with the process, for who wants to stop it.

    Raises:
        CheckError: There is no report.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "data", *_arguments("check", delivery, layout), "--json"],
        cwd=_CODE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,  # in a session of its own, Linux would ignore its low priority
    )
    with process:
        on_start(process)
        _lower_priority(process.pid)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            stop(process)
            raise CheckError(f"The check was stopped because it took more than {seconds / 60:.0f} minutes.") from None
    return _report(output, process.returncode)


def _lower_priority(process_id: int) -> None:
    """Give a process a low priority, and let it be the first to end where memory runs out, as far as the system can do that."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process_id, _NICENESS)
    with contextlib.suppress(OSError):
        Path(f"/proc/{process_id}/oom_score_adj").write_text("1000")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a check and what it started."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


def _report(output: bytes, code: int) -> dict[str, object]:
    report: object = None
    with contextlib.suppress(ValueError):
        report = json.loads(output)
    if code not in (ACCEPTED, REFUSED) or not isinstance(report, dict) or "accepted" not in report:
        raise CheckError("The check ended without a report.")
    return report
