"""Size limits, so that a damaged or hostile file ends with a sentence instead of a full disk.

Each limit has a default and an environment variable that replaces it (see docs/deploy.md).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from data.errors import UsageError, shown

RATIO_FREE_BYTES = 100_000_000  # files of blank rows compress a thousandfold; below this size the ratio means nothing


@dataclass(frozen=True)
class Limits:
    """The largest sizes that a delivery may have."""

    columns: int = 2_000
    line_bytes: int = 1_000_000
    unpacked_bytes: int = 20_000_000_000
    unpack_ratio: int = 200
    workbook_bytes: int = 2_000_000_000
    part_files: int = 10_000


VARIABLES = {limit.name: f"DASHBOARD_MOST_{limit.name.upper()}" for limit in fields(Limits)}


def load() -> Limits:
    """Return the limits of this machine.

    Raises:
        UsageError: A variable is not a whole number of 1 or more.
    """
    return Limits(**{name: _value(variable) for name, variable in VARIABLES.items() if os.environ.get(variable)})


def allowed(limit: str, most: int) -> str:
    """Return how much a limit allows and which variable raises it, for the end of a sentence."""
    return f"the limit is {most:,} ({VARIABLES[limit]} raises it)"


def _value(variable: str) -> int:
    text = os.environ[variable].replace(",", "").replace("_", "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and int(text) > 0):
        raise UsageError(f"{variable} is {shown(os.environ[variable])}. Set it to a whole number of 1 or more.")
    return int(text)
