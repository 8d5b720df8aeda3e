"""Period keys as the SQL writes them (2026-11, 2026-Q4, FY2026, 2026), and the days they stand for."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS_IN = {"month": 1, "quarter": 3, "fiscal_year": 12, "year": 12}
WORDS = {"month": "month", "quarter": "quarter", "fiscal_year": "fiscal year", "year": "year"}
_PATTERNS = {
    "month": r"(\d{4})-(\d{2})",
    "quarter": r"(\d{4})-Q([1-4])",
    "fiscal_year": r"FY(\d{4})",
    "year": r"(\d{4})",
}


def days_of(key: str, by: str) -> tuple[date, date]:
    """The first and last day of a period: days_of("2026-Q4", "quarter"). Raises ValueError for another kind of key."""
    found = re.fullmatch(_PATTERNS[by], key)
    if found is None:
        raise ValueError(f"{key!r} is not a {WORDS[by]}")
    year = int(found[1])
    if by == "fiscal_year":
        first = date(year - 1, 7, 1)
    elif by == "year":
        first = date(year, 1, 1)
    else:
        first = date(year, (int(found[2]) - 1) * MONTHS_IN[by] + 1, 1)
    return first, _after(first, MONTHS_IN[by]) - timedelta(days=1)


def key_of(day: date, by: str) -> str:
    """The period a day falls in."""
    if by == "month":
        return f"{day:%Y-%m}"
    if by == "quarter":
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    if by == "fiscal_year":
        return f"FY{day.year + (day.month >= 7)}"
    return f"{day:%Y}"


def every(first: date, last: date, by: str) -> list[str]:
    """The keys of all periods from the one `first` falls in to the one `last` falls in, oldest first."""
    keys, day = [], days_of(key_of(first, by), by)[0]
    while day <= last:
        keys.append(key_of(day, by))
        day = _after(day, MONTHS_IN[by])
    return keys


def _after(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
