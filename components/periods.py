"""Periods a reader can choose: all time, state fiscal years (July to June), quarters, or any two dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from components.text.format import day


class Period(NamedTuple):
    """A period with a label. Both ends are included; None is open."""

    id: str
    label: str
    since: date | None
    until: date | None


ALL = Period("all", "All time", None, None)
CUSTOM = Period("custom", "Choose dates", None, None)


def presets(earliest: date, latest: date, quarters: int = 8) -> list[Period]:
    """Return all time, every state fiscal year from `earliest` to `latest`, the last quarters, newest first, and custom."""
    last_year = latest.year + (latest.month >= 7)
    first_year = max(earliest.year + (earliest.month >= 7), last_year - 15)
    years = [
        Period(f"fy{y}", f"Fiscal year {y} (July {y - 1} to June {y})", date(y - 1, 7, 1), date(y, 6, 30))
        for y in range(last_year, first_year - 1, -1)
    ]
    last_quarters: list[Period] = []
    start = date(latest.year, 3 * ((latest.month - 1) // 3) + 1, 1)
    while len(last_quarters) < quarters and start >= date(earliest.year, 1, 1):
        after = date(start.year + (start.month == 10), (start.month + 3 - 1) % 12 + 1, 1)
        end = after - timedelta(days=1)
        last_quarters.append(Period(f"q{start}", f"{start:%B} to {end:%B} {end.year}", start, end))
        start = date(start.year - (start.month == 1), (start.month - 3 - 1) % 12 + 1, 1)
    return [ALL, *years, *last_quarters, CUSTOM]


def of_days(since: date | None, until: date | None) -> Period:
    """Return the period between two days, labeled with them."""
    return Period("days", described(since, until), since, until)


def matching(periods: Sequence[Period], since: date | None, until: date | None) -> Period:
    """Return the preset with exactly these ends, else CUSTOM."""
    return next((p for p in periods if p.id != "custom" and (p.since, p.until) == (since, until)), CUSTOM)


def described(since: date | None, until: date | None) -> str:
    """Return a period in words: "July 1, 2025 to June 30, 2026", "since July 1, 2025", "" for all time."""
    if since and until:
        return f"{day(since)} to {day(until)}"
    if since:
        return f"since {day(since)}"
    return f"until {day(until)}" if until else ""
