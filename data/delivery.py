"""One delivery as it was handed over: where it lies, its date, and what its delivery.json says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data.faults import Refused, WrongUse, shown

DESCRIPTION = "delivery.json"


@dataclass(frozen=True)
class Delivery:
    """`notices` say what had to be assumed."""

    path: Path
    delivered_on: date
    is_synthetic: bool = False
    note: str = ""
    notices: tuple[str, ...] = field(default=())


def describe(path: Path, *, asked: str | None = None, single_file: bool = False) -> Delivery:
    """The delivery at a path. Its date is `asked`, else delivery.json's, else one in the folder's name, else today.

    Raises WrongUse when there is nothing of the kind, Refused when its delivery.json cannot be understood.
    """
    if not path.exists():
        raise WrongUse(f"There is no delivery at {path}.")
    if not path.is_dir() and not single_file:
        raise WrongUse(f"A delivery is a folder, and {path} is a file; a single file needs a --layout.")
    said = _described(path / DESCRIPTION) if path.is_dir() else {}
    is_synthetic = said.get("is_synthetic", False)
    if not isinstance(is_synthetic, bool):
        raise Refused([f"{DESCRIPTION}: is_synthetic is {shown(is_synthetic)}, not true or false."])
    notices: list[str] = []
    if asked is not None:
        when = _date(asked)
        if when is None:
            raise WrongUse(f"--date {shown(asked)} is not a date: write YYYY-MM-DD.")
    elif "delivered_on" in said:
        when = _date(said["delivered_on"])
        if when is None:
            raise Refused([f"{DESCRIPTION}: delivered_on {shown(said['delivered_on'])} is not a date (YYYY-MM-DD)."])
    else:
        when = _date_in(path.resolve().name)
        if when is None:
            when = date.today()
            notices.append(f"No date was given with --date, in {DESCRIPTION} or in the name: taken as today, {when}.")
    return Delivery(path, when, is_synthetic, str(said.get("note") or "")[:2000], tuple(notices))


def _described(path: Path) -> dict:
    if not path.exists():
        return {}
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise Refused([f"{DESCRIPTION} is not valid JSON."]) from None
    if not isinstance(said, dict):
        raise Refused([f"{DESCRIPTION} does not hold an object with delivered_on, is_synthetic and note."])
    return said


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _date_in(name: str) -> date | None:
    return next((found for text in re.findall(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", name) if (found := _date(text))), None)
