"""Flag rates that rest on few people or have a wide interval, as federal statistical agencies do.

The National Center for Health Statistics (Parker et al. 2017, Vital and Health Statistics 2(175)) suppresses proportions on
fewer than 30 or with an interval wider than 30 points. Here they are shown and flagged: they count everyone and are no sample.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.text.format import known
from queries.models import Row
from queries.statistics import wilson

MIN_BASE = 30
MAX_WIDTH = 0.30
FEW = f"fewer than {MIN_BASE}"
WIDE = "interval over 30 points"
RELIABLE = "reliable"


def flag(numerator: float | None, denominator: float | None) -> str:
    """Return the flag of a rate of counts: "fewer than 30", "interval over 30 points", "reliable", or "" without a rate."""
    if not (known(numerator) and known(denominator)) or denominator <= 0:
        return ""
    if denominator < MIN_BASE:
        return FEW
    interval = wilson(round(numerator), round(denominator))
    return WIDE if interval is not None and interval[1] - interval[0] > MAX_WIDTH else RELIABLE


def of_row(row: Row) -> str:
    """Return the flag of a row whose numerator and denominator are counts; "" where they are hidden."""
    return flag(row.numerator, row.denominator)


def of_interval(low: float | None, high: float | None) -> str:
    """Return the flag of a difference of rates that is shown with its interval; "" without one."""
    if not (known(low) and known(high)):
        return ""
    return WIDE if high - low > MAX_WIDTH else RELIABLE


def of_rows(rows: Mapping[str, Row | None]) -> str:
    """Return the flags of a table row with several rates, by heading: "Placement rate: fewer than 30"."""
    flags = {name: of_row(row) for name, row in rows.items() if row is not None}
    weak = [f"{name}: {text}" for name, text in flags.items() if text in (FEW, WIDE)]
    return "; ".join(weak) or (RELIABLE if RELIABLE in flags.values() else "")


def least(*flags: str) -> str:
    """Return the worst of several flags, for a row of a table with several rates."""
    return next((word for word in (FEW, WIDE, RELIABLE) if word in flags), "")
