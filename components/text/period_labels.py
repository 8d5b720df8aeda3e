"""Read and label period keys as queries write them: 2026-11, 2026-Q4, FY2026, 2026."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypedDict, TypeVar

from queries.models import Row
from queries.periods import days_of
from queries.privacy.suppression import HIDDEN

R = TypeVar("R", bound=Row)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_READERS: tuple[tuple[str, Callable[[re.Match[str]], date]], ...] = (
    (r"(\d{4})-(\d{2})-(\d{2})", lambda m: date(int(m[1]), int(m[2]), int(m[3]))),
    (r"(\d{4})-(\d{2})", lambda m: date(int(m[1]), int(m[2]), 1)),
    (r"(\d{4})-Q([1-4])", lambda m: date(int(m[1]), 3 * int(m[2]) - 2, 1)),
    (r"FY ?(\d{4})", lambda m: date(int(m[1]) - 1, 7, 1)),
    (r"(\d{4})", lambda m: date(int(m[1]), 1, 1)),
)


def no_line(by: str, *, is_hidden: bool) -> str:
    """Say why the last periods make no line. by: "month" or "quarter". is_hidden: whether one of them is hidden from the reader."""
    return HIDDEN if is_hidden else f"fewer than three {by}s"


class TimeTicks(TypedDict):
    """Tick positions and labels, as Plotly names them."""

    tickvals: list[date]
    ticktext: list[str]


@lru_cache(maxsize=2_000)
def starts_on(key: str) -> date | None:
    """Return the first day of a period key (2026-11, 2026-Q4, FY2026 from July 2025, 2026 or an ISO date), else None."""
    for pattern, to_date in _READERS:
        match = re.fullmatch(pattern, str(key))
        if match:
            try:
                return to_date(match)
            except ValueError:
                return None
    return None


def in_time(rows: Sequence[R]) -> list[tuple[date, R]]:
    """Return (first day, row) of the rows whose key is a period, oldest first."""
    dated = [(first_day, row) for row in rows if (first_day := starts_on(row.key)) is not None]
    return sorted(dated, key=lambda pair: pair[0])


@lru_cache(maxsize=2_000)
def period_label(key: str) -> str:
    """Label a period key: "Nov 2026", "Oct–Dec 2026", "FY 2026"."""
    if re.fullmatch(r"\d{4}-\d{2}", key):
        return f"{_MONTHS[int(key[5:]) - 1]} {key[:4]}" if 1 <= int(key[5:]) <= 12 else key
    if re.fullmatch(r"\d{4}-Q[1-4]", key):
        first = 3 * int(key[-1]) - 3
        return f"{_MONTHS[first]}–{_MONTHS[first + 2]} {key[:4]}"
    return f"FY {key[2:].strip()}" if re.fullmatch(r"FY ?\d{4}", key) else key


def quarter_label(key: str, as_of: date) -> str:
    """Label a quarter in which something is counted: "Jul–Sep 2026", "Oct–Dec 2026 so far" while it is not over."""
    return f"{period_label(key)} so far" if days_of(key, "quarter")[1] > as_of else period_label(key)


def days_label(first: date, last: date) -> str:
    """Label the days from one to another: "Jul 1–Nov 13, 2025", "Jul 1, 2024–Jun 30, 2025", or one day "Nov 13, 2025"."""
    start, end = (f"{_MONTHS[day.month - 1]} {day.day}" for day in (first, last))
    if first == last:
        return f"{end}, {last.year}"
    return f"{start}{'' if first.year == last.year else f', {first.year}'}–{end}, {last.year}"


def period_ticks(keys: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return which columns get a label, and the labels: at most six, by year where there are many columns."""
    if len(keys) > 12 and all(re.fullmatch(r"\d{4}-(\d{2}|Q[1-4])", key) for key in keys):
        first = [i for i, key in enumerate(keys) if key.endswith(("-01", "-Q1"))]
        first = first[:: max(1, -(-len(first) // 6))]
        return first, [keys[i][:4] for i in first]
    every = max(1, -(-len(keys) // 5))
    last = len(keys) - 1
    labeled = [i for i in range(len(keys)) if (last - i) % every == 0]
    return labeled, [period_label(keys[i]).replace(" ", "<br>") for i in labeled]


def time_ticks(first: date, last: date) -> TimeTicks:
    """Return at most five horizontal labels: years for a long span, months for a short one."""
    span = (last - first).days
    if span > 800:
        years = [y for y in range(first.year + (first > date(first.year, 1, 31)), last.year + 1)]
        years = years[:: max(1, -(-len(years) // 5))]
        return {"tickvals": [date(y, 1, 1) for y in years], "ticktext": [str(y) for y in years]}
    count = max(span // 30, 1)
    every = next((n for n in (1, 2, 3, 6) if count / n <= 5), 6)
    months = [(first.year * 12 + first.month - 1 + i) for i in range(0, count + 2, every)]
    days = [d for d in (date(m // 12, m % 12 + 1, 1) for m in months) if first <= d <= last] or [first]
    return {"tickvals": days, "ticktext": [f"{_MONTHS[d.month - 1]} {d.year}" for d in days]}
