"""A layout's settings.toml: what differs from the contract's rules, and what to tell people about its files.

- `earliest_date`: dates before it are set aside as mistakes (default: contract.EARLIEST).
- `header_hint`: what to do when the first line of a file is no header.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from data import regular
from data.contract import EARLIEST
from data.errors import Refused, listed, shown

FILE = "settings.toml"
_KNOWN = ("earliest_date", "header_hint")


@dataclass(frozen=True)
class Settings:
    """What a layout says of its exports."""

    earliest: date = EARLIEST
    header_hint: str = ""


def read(folder: Path) -> Settings:
    """Return the settings of the layout in a folder; the defaults where it has no settings.toml.

    Raises Refused when it cannot be understood.
    """
    path, label = folder / FILE, f"{FILE} of the layout {folder.resolve().name}"
    if not path.exists() and not path.is_symlink():
        return Settings()
    try:
        given = tomllib.loads(regular.read_text(path, label))
    except tomllib.TOMLDecodeError:
        raise Refused([
            f"{label} is not written as TOML: one name = value on each line, text in quotation marks."
        ]) from None
    if unknown := [name for name in given if name not in _KNOWN]:
        raise Refused([f"{label} has {listed(map(shown, unknown))}; it may have only: {', '.join(_KNOWN)}."])
    earliest, hint = given.get("earliest_date", Settings.earliest), given.get("header_hint", "")
    if not isinstance(earliest, date) or isinstance(earliest, datetime):
        raise Refused([f"{label}: earliest_date {shown(earliest)} is not a date: write earliest_date = 1970-01-01."])
    if not isinstance(hint, str):
        raise Refused([f"{label}: header_hint {shown(hint)} is not text in quotation marks."])
    return Settings(earliest, hint)
