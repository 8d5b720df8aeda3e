"""Periods: their keys as the SQL writes them (2026-11, 2026-Q4, FY2026, 2026) and the days they stand for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

MAX_PLAN_YEARS = 10
MONTHS_IN = {"month": 1, "quarter": 3, "fiscal_year": 12, "year": 12}
WORDS = {"month": "month", "quarter": "quarter", "fiscal_year": "fiscal year", "year": "year"}
_PATTERNS = {
    "month": r"(\d{4})-(\d{2})",
    "quarter": r"(\d{4})-Q([1-4])",
    "fiscal_year": r"FY(\d{4})",
    "year": r"(\d{4})",
}


@lru_cache(maxsize=10_000)
def days_of(key: str, by: str) -> tuple[date, date]:
    """Return the first and last day of a period, such as "2026-Q4" by "quarter".

    Raises:
        ValueError: The key is of another kind of period.
    """
    match = re.fullmatch(_PATTERNS[by], key)
    if match is None:
        raise ValueError(f"{key!r} is not a {WORDS[by]}")
    year = int(match[1])
    if by == "fiscal_year":
        first = date(year - 1, 7, 1)
    elif by == "year":
        first = date(year, 1, 1)
    else:
        first = date(year, (int(match[2]) - 1) * MONTHS_IN[by] + 1, 1)
    return first, _months_after(first, MONTHS_IN[by]) - timedelta(days=1)


def key_of(day: date, by: str) -> str:
    """Return the key of the period that a day is in."""
    if by == "month":
        return f"{day:%Y-%m}"
    if by == "quarter":
        return f"{day:%Y}-Q{(day.month + 2) // 3}"
    if by == "fiscal_year":
        return f"FY{day.year + (day.month >= 7)}"
    return f"{day:%Y}"


def every(first: date, last: date, by: str) -> list[str]:
    """Return the keys of all periods from the one with `first` to the one with `last`, oldest first."""
    keys, day = [], days_of(key_of(first, by), by)[0]
    while day <= last:
        keys.append(key_of(day, by))
        day = _months_after(day, MONTHS_IN[by])
    return keys


def full_periods(as_of: date, count: int, by: str) -> list[str]:
    """Return the keys of the last `count` periods that are over at the end of a day, oldest first."""
    current = days_of(key_of(as_of + timedelta(days=1), by), by)[0]
    return [key_of(_months_after(current, offset * MONTHS_IN[by]), by) for offset in range(-count, 0)]


def dates_open(as_of: date) -> tuple[date, date]:
    """Return the first and the last day a plan can be made for."""
    return as_of + timedelta(days=1), years_after(as_of, MAX_PLAN_YEARS)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; February 29 becomes February 28."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return (day - timedelta(days=1) if is_leap_day else day).replace(year=day.year + years)


def _months_after(first: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def day_words(day: date) -> str:
    """Write a day as in a sentence: "October 7, 2022"."""
    return f"{day:%B} {day.day}, {day.year}"
