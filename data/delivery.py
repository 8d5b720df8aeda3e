"""One delivery as it was handed over: where it lies, its date, and what its delivery.json says."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data import regular
from data.errors import Refused, WrongUse, listed, shown
from data.file_names import WORKBOOK, ZIP
from data.masking import masked

DESCRIPTION = "delivery.json"
KEYS = ("delivered_on", "is_synthetic", "note", "time_zone")
TIME_ZONE = "America/New_York"
_LONGEST_DESCRIPTION = 1_000_000


@dataclass(frozen=True)
class Delivery:
    """`notices` say what had to be assumed. A moment with an offset from UTC happened on its day in `time_zone`."""

    path: Path
    delivered_on: date
    is_synthetic: bool = False
    note: str = ""
    notices: tuple[str, ...] = field(default=())
    time_zone: str = TIME_ZONE


def describe(
    path: Path, *, asked: str | None = None, single_file: bool = False, today: date | None = None
) -> Delivery:
    """The delivery at a path. Its date is `asked`, else delivery.json's, else one in the folder's name, else today.

    Args:
        path: A folder, a zip file of one, or an Excel workbook; under a layout any single file.
        asked: A date from the command line.
        single_file: Whether a layout reads it, so that it may be any file.
        today: The current date, for tests.

    Raises WrongUse when there is nothing of the kind, Refused when its delivery.json cannot be understood or its date is
    in the future.
    """
    today = today or date.today()
    _must_be_a_delivery(path, single_file=single_file)
    said = _described(path)
    is_synthetic = said.get("is_synthetic", False)
    if not isinstance(is_synthetic, bool):
        raise Refused([f"{DESCRIPTION}: is_synthetic is {shown(is_synthetic)}, not true or false."])
    time_zone = _time_zone(said.get("time_zone", TIME_ZONE))
    notices: list[str] = []
    if unknown := [key for key in said if key not in KEYS]:
        notices.append(f"{DESCRIPTION}: not read, not among {', '.join(KEYS)}: {listed(map(shown, unknown), 20)}.")
    when, source = _dated(path, asked, said)
    if when is None:
        when = today
        notices.append(f"No date was given with --date, in {DESCRIPTION} or in the name: taken as today, {when}.")
    # A day of grace: where the delivery was made it may be tomorrow already.
    if when > today + timedelta(days=1):
        raise Refused([f"The delivery is dated {when} ({source}), and today is {today}: a delivery cannot come from the"
                       " future. Correct the date and send it again."])  # fmt: skip
    note = said.get("note")
    text = masked(str(note or "").replace("\0", " ").encode("utf-8", "replace").decode())[:2000]
    return Delivery(path, when, is_synthetic, text, tuple(notices), time_zone)


def _must_be_a_delivery(path: Path, *, single_file: bool) -> None:
    if path.is_dir():
        return
    if not path.exists():
        raise WrongUse(f"There is no delivery at {path}.")
    if wrong := regular.fault(path, str(path)):
        raise WrongUse(wrong)
    if not single_file and path.suffix.lower() not in (*ZIP, *WORKBOOK):
        raise WrongUse(f"A delivery is a folder (or a zip file or workbook), and {path} is a file; a single file needs a"
                       " --layout.")  # fmt: skip


def _dated(path: Path, asked: str | None, said: dict[str, object]) -> tuple[date | None, str]:
    """The date of a delivery and where it stands; None where nothing says it."""
    if asked is not None:
        when = _date(asked)
        if when is None:
            raise WrongUse(f"--date {shown(asked)} is not a date: write YYYY-MM-DD.")
        return when, "--date"
    if "delivered_on" in said:
        when = _date(said["delivered_on"])
        if when is None:
            raise Refused([f"{DESCRIPTION}: delivered_on {shown(said['delivered_on'])} is not a date (YYYY-MM-DD)."])
        return when, DESCRIPTION
    return _date_in(path.resolve().name), "in its name"


def _described(path: Path) -> dict[str, object]:
    """What a delivery's delivery.json says; nothing where it has none."""
    text = _description(path)
    if text is None:
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused([f"{DESCRIPTION} is not valid JSON."]) from None
    if not isinstance(said, dict):
        raise Refused([f"{DESCRIPTION} does not hold an object with {', '.join(KEYS)}."])
    return said


def _description(path: Path) -> str | None:
    """The text of a delivery.json, in a folder or a zip file."""
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
        raise Refused([f"{DESCRIPTION} is not written in UTF-8; save it as UTF-8."]) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        return None  # unpacking the delivery meets the same trouble, and says so


def _is_description(name: str) -> bool:
    return name.rpartition("/")[2] == DESCRIPTION and name.count("/") <= 1


def _time_zone(name: object) -> str:
    try:
        if isinstance(name, str) and ("/" in name or name == "UTC"):
            return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise Refused([
        f"{DESCRIPTION}: time_zone {shown(name)} is not a time zone. Write a name such as {TIME_ZONE} or UTC."
    ])  # fmt: skip


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _date_in(name: str) -> date | None:
    return next((found for text in re.findall(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", name) if (found := _date(text))), None)
