"""A delivery as it was sent: its path, its date, and the content of its delivery.json."""

from __future__ import annotations

import json
import os
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data import regular
from data.errors import RefusedError, UsageError, listed, shown
from data.file_names import WORKBOOK, ZIP
from data.masking import masked
from data.remote_objects import InPlace

DESCRIPTION = "delivery.json"
KEYS = ("delivered_on", "is_synthetic", "note", "time_zone")
TIME_ZONE = "America/New_York"
_LONGEST_DESCRIPTION = 1_000_000


@dataclass(frozen=True)
class Delivery:
    """A delivery.

    Attributes:
        path: The folder or file.
        delivered_on: Its date.
        is_synthetic: Whether its data are invented.
        note: Free text from delivery.json.
        notices: Sentences about what had to be assumed.
        time_zone: The time zone that decides on which day a timestamp with a UTC offset falls.
        in_place: Its files that stay in an object store. At `path` there are files that stand for them.
    """

    path: Path
    delivered_on: date
    is_synthetic: bool = False
    note: str = ""
    notices: tuple[str, ...] = field(default=())
    time_zone: str = TIME_ZONE
    in_place: InPlace | None = None

    @property
    def size(self) -> int:
        """How many bytes its files have. A file that cannot be read has none: opening it says why."""
        paths = self.path.rglob("*") if self.path.is_dir() else (self.path,)
        return sum(path.stat().st_size for path in paths if path.is_file() and os.access(path, os.R_OK))


def describe(
    path: Path, *, requested_date: str | None = None, single_file: bool = False, today: date | None = None
) -> Delivery:
    """Describe the delivery at a path.

    Its date is `requested_date`, else the one in delivery.json, else the one in the folder's name, else today.

    Args:
        path: A folder, a zip file of one, or an Excel workbook; with a layout, any single file.
        requested_date: A date from the command line.
        single_file: Whether a layout reads it, so that it may be any file.
        today: The current date, for tests.

    Raises:
        UsageError: There is no such delivery, or `requested_date` is not a date.
        RefusedError: delivery.json cannot be read, or the date is in the future.
    """
    today = today or date.today()
    _must_be_a_delivery(path, single_file=single_file)
    description = _described(path)
    is_synthetic = description.get("is_synthetic", False)
    if not isinstance(is_synthetic, bool):
        raise RefusedError([f"{DESCRIPTION}: is_synthetic is {shown(is_synthetic)}. Write true or false."])
    time_zone = _time_zone(description.get("time_zone", TIME_ZONE))
    notices: list[str] = []
    if unknown := [key for key in description if key not in KEYS]:
        notices.append(
            f"{DESCRIPTION}: ignored {listed(map(shown, unknown), 20)}. The known keys are {', '.join(KEYS)}."
        )
    when, source = _dated(path, requested_date, description)
    if when is None:
        when = today
        notices.append(f"There is no date in --date, {DESCRIPTION} or the name. Today's date was used: {when}.")
    # One day of grace: where the delivery was made, it may already be tomorrow.
    if when > today + timedelta(days=1):
        raise RefusedError([f"The delivery is dated {when} ({source}), but today is {today}. Correct the date and send it"
                       " again."])  # fmt: skip
    note = description.get("note")
    text = masked(str(note or "").replace("\0", " ").encode("utf-8", "replace").decode())[:2000]
    return Delivery(path, when, is_synthetic, text, tuple(notices), time_zone)


def _must_be_a_delivery(path: Path, *, single_file: bool) -> None:
    if path.is_dir():
        return
    if not path.exists():
        raise UsageError(f"There is no delivery at {path}.")
    if wrong := regular.fault(path, str(path)):
        raise UsageError(wrong)
    check_kind(path.name, str(path), single_file=single_file)


def check_kind(name: str, where: str, *, single_file: bool) -> None:
    """Check that a file's name is that of a delivery.

    Args:
        name: The file's name.
        where: Its path or address, for the sentence.
        single_file: Whether a layout reads it, so that it may be any file.

    Raises:
        UsageError: It is not a zip file or workbook.
    """
    if not single_file and Path(name).suffix.lower() not in (*ZIP, *WORKBOOK):
        raise UsageError(f"{where} is not a delivery. A delivery is a folder, a zip file or a workbook; any other file needs a"
                       " --layout.")  # fmt: skip


def _dated(path: Path, requested_date: str | None, description: dict[str, object]) -> tuple[date | None, str]:
    """Return the delivery's date and its source. The date is None where nothing gives one."""
    if requested_date is not None:
        when = _date(requested_date)
        if when is None:
            raise UsageError(f"--date {shown(requested_date)} is not a date. Write it as YYYY-MM-DD.")
        return when, "--date"
    if "delivered_on" in description:
        when = _date(description["delivered_on"])
        if when is None:
            raise RefusedError(
                [
                    f"{DESCRIPTION}: delivered_on {shown(description['delivered_on'])} is not a date. Write it as YYYY-MM-DD."
                ]
            )
        return when, DESCRIPTION
    return _date_in(path.resolve().name), "in its name"


def _described(path: Path) -> dict[str, object]:
    """Return the content of a delivery's delivery.json, or an empty dict."""
    text = _description(path)
    if text is None:
        return {}
    try:
        description = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError([f"{DESCRIPTION} is not valid JSON."]) from None
    if not isinstance(description, dict):
        raise RefusedError([f"{DESCRIPTION} must hold an object with some of these keys: {', '.join(KEYS)}."])
    return description


def _description(path: Path) -> str | None:
    """Return the text of a delivery.json in a folder or a zip file."""
    if path.is_dir():
        file = path / DESCRIPTION
        return regular.read_text(file, DESCRIPTION) if file.exists() or file.is_symlink() else None
    if path.suffix.lower() not in ZIP:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            member = next((m for m in archive.infolist() if _is_description(m.filename)), None)
            if member is None or member.file_size > _LONGEST_DESCRIPTION:
                return None
            return archive.read(member).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError([f"{DESCRIPTION} is not in UTF-8. Save it as UTF-8."]) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return None  # unpacking the delivery reports the same problem


def _is_description(name: str) -> bool:
    return name.rpartition("/")[2] == DESCRIPTION and name.count("/") <= 1


def _time_zone(name: object) -> str:
    try:
        if isinstance(name, str) and ("/" in name or name == "UTC"):
            return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise RefusedError([
        f"{DESCRIPTION}: time_zone {shown(name)} is not a time zone. Write a name such as {TIME_ZONE} or UTC."
    ])  # fmt: skip


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _date_in(name: str) -> date | None:
    return next((day for text in re.findall(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", name) if (day := _date(text))), None)
