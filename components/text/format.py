"""Format numbers and dates for readers. Pages, charts, tables and briefs all use this module; it does not use Streamlit.

A value that cannot be shown is None, and the caller gives the reason. No function returns "nan", "None" or a bare dash.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from numbers import Real
from typing import TypeGuard

from queries.models import Row
from queries.periods import day_words
from queries.registry import Measure

Number = int | float | Decimal
MISSING = "not known"
COUNTS = frozenset({
    "residents", "enrollments", "people", "exits", "openings", "positions", "count", "rows", "courses", "completions", "credentials", "workers",
    "applications", "registrations", "hours",
})  # fmt: skip
_STEPS = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
# A page formats the same numbers many times, and again on the next click.
_memoized = lru_cache(maxsize=20_000, typed=True)


def known(value: object) -> TypeGuard[float]:
    """True for a finite number; False for None, nan and infinities."""
    if not isinstance(value, Real | Decimal):
        return False
    try:
        return math.isfinite(value)
    except (ValueError, OverflowError):
        return False


def _exact(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    return Decimal(repr(float(value)) if isinstance(value, float) else str(value))


def _rounded(value: Number, places: int) -> Decimal:
    """Round half away from zero, from the number as people read it (0.125 to two places is 0.13). Never returns minus zero."""
    number = _exact(value)
    if _can_round(value):
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(number) if number == 0 else number


def _can_round(value: Number) -> bool:
    return abs(_exact(value)) < Decimal(10) ** 20


@_memoized
def fixed(value: Number | None, places: int = 0) -> str:
    """Format `value` with thousands separators, exactly `places` decimals and a true minus sign."""
    if not known(value):
        return MISSING
    if type(value) is int and not places:
        text = f"{value:,}" if abs(value) < 10**20 else f"{_exact(value):.2e}"
    elif not _can_round(value):
        text = f"{_exact(value):.2e}"
    else:
        text = f"{_rounded(value, places):,.{places}f}"
    return f"−{text[1:]}" if text.startswith("-") else text


@_memoized
def people(value: Number | None) -> str:
    """Format a count: 1108 as "1,108". A fraction under 100 (a weekly rate, for example) keeps one decimal."""
    if not known(value):
        return MISSING
    is_integer = _can_round(value) and _rounded(value, 1) == _rounded(value, 0)
    return fixed(value, 0 if is_integer or abs(value) >= 100 else 1)


@_memoized
def share(value: Number | None, places: int | None = None) -> str:
    """Format a fraction as a percentage: 0.62 as "62%".

    Keeps one decimal under 10% and near 0% and 100%. "0%" and "100%" are written only when they are exact.
    """
    if not known(value):
        return MISSING
    percent = _exact(value) * 100
    if places is None:
        places = 1 if 0 < abs(percent) < 10 or (99 <= percent < 100) else 0
        if places == 1 and abs(percent) >= Decimal("9.95") and abs(percent) < 10:
            places = 0
        if places == 1 and _rounded(percent, 1) == _rounded(percent, 0) and 1 <= abs(percent) < 99:
            places = 0
    if _can_round(percent):
        if 0 < percent < 1 and _rounded(percent, places) == 0:
            return f"under {'0.1' if places else '1'}%"
        if 99 <= percent < 100 and _rounded(percent, places) == 100:
            return f"over {'99.9' if places else '99'}%"
    return f"{'−' if percent < 0 and _rounded(percent, places) else ''}{fixed(abs(percent), places)}%"


@_memoized
def dollars(value: Number | None) -> str:
    """Format dollars: 12_400_000 as "$12.4 million", 999_950 as "$1.0 million", 8412 as "$8,412"."""
    if not known(value):
        return MISSING
    amount = abs(_exact(value))
    sign = "−" if value < 0 else ""
    if amount >= Decimal(10) ** 15:
        return f"{sign}${amount:.2e}"
    for size, name in _STEPS:
        if amount >= size * Decimal("0.99995"):
            return f"{sign}${_rounded(amount / size, 1):,.1f} {name}"
    cents = amount != 0 and amount < 100 and amount != amount.to_integral_value()
    text = fixed(amount, 2 if cents else 0)
    return f"{'' if Decimal(text.replace(',', '')) == 0 else sign}${text}"


def dollar_range(low: Number, high: Number) -> str:
    """Format a range of dollars, both ends in one unit: "$1.0 million to $1.1 million", "$40,000 to $1,100,000"."""
    size, name = next(((size, name) for size, name in _STEPS if high >= size), (Decimal(1), ""))
    if not name or low >= size or low <= 0:
        return f"{dollars(low)} to {dollars(high)}"
    is_small = low * 10 < size
    return (
        f"${fixed(low)} to ${fixed(high)}" if is_small else f"${fixed(_exact(low) / size, 1)} {name} to {dollars(high)}"
    )


def tenths(value: Number | None) -> str:
    """Format with one decimal: 31.42 as "31.4", 0.02 as "under 0.1". "0.0" is written only for exactly zero."""
    return "under 0.1" if known(value) and value > 0 and not _rounded(value, 1) else fixed(value, 1)


def days(value: Number | None) -> str:
    """Format days: 41 as "41 days", 1 as "1 day", 40.5 as "40.5 days"."""
    text = people(value)
    return text if text == MISSING else f"{text} {'day' if text == '1' else 'days'}"


@_memoized
def ratio(value: Number | None) -> str:
    """Format a ratio with two decimals, such as "0.84"; 1.00 is parity."""
    return fixed(value, 2)


def points(value: Number | None) -> str:
    """Format a difference of two shares: 0.042 as "+4.2 points"."""
    if not known(value):
        return MISSING
    return f"{signed(_exact(value) * 100, 1)} points"


def points_apart(difference: Number) -> str:
    """Format how far two shares are apart, whichever is larger: 0.042 and -0.042 as "4.2 points"."""
    return points(difference).lstrip("+−")


def signed(value: Number | None, places: int = 0) -> str:
    """Format a number with its sign: 212 as "+212", -3 as "−3" (a true minus sign), 0 as "0"."""
    if not known(value):
        return MISSING
    text = fixed(abs(_exact(value)), places)
    if not any(digit in text for digit in "123456789"):
        return "0"
    return ("+" if value > 0 else "−") + text


def change(value: Number | None, unit: str = "residents") -> str:
    """Format a change with its sign in the measure's unit: "+212", "+4.2 points", "+$1.2 million"."""
    if not known(value):
        return MISSING
    if unit in ("share", "points"):
        return points(value)
    if unit in COUNTS:
        return signed(value)
    text = format_value(abs(value), unit)
    if not any(digit in text for digit in "123456789"):
        return "0"
    return ("+" if value > 0 else "−") + text


def day(value: date | datetime | None) -> str:
    """Format a date: date(2022, 10, 7) as "October 7, 2022"."""
    return MISSING if value is None else day_words(value)


def month(value: date | None) -> str:
    """Format a month: date(2022, 10, 7) as "October 2022"."""
    return MISSING if value is None else f"{value:%B} {value.year}"


def interval(low: Number | None, high: Number | None, unit: str = "share") -> str:
    """Format an interval: (0.58, 0.66) as "58% to 66%", in points "+1.2 to +4.0 points"; "" when either end is unknown."""
    if not (known(low) and known(high)):
        return ""
    if unit == "points":
        return f"{points(low).removesuffix(' points')} to {points(high)}"
    return f"{format_value(low, unit)} to {format_value(high, unit)}"


def format_value(value: Number | None, unit: str) -> str:
    """Format `value` in the unit of a measure (`Measure.unit`). An unknown unit is written after the number."""
    if not known(value):
        return MISSING
    writers: dict[str, Callable[[Number | None], str]] = {
        "share": share,
        "dollars": dollars,
        "days": days,
        "ratio": ratio,
        "points": points,
    }
    if unit in writers:
        return writers[unit](value)
    if unit == "dollars an hour":
        return f"{'−' if value < 0 else ''}${fixed(abs(value), 2)} an hour"
    if unit in COUNTS or not unit:
        return people(value)
    if unit.startswith("per "):
        return f"{tenths(value) if value else fixed(value)} {unit}"
    return f"{people(value)} {unit}"


def without_unit(value: Number | None, unit: str) -> str:
    """Format `value` without the words of its unit, where a heading says them: "37", "62%"."""
    return format_value(value, unit).removesuffix(f" {unit}")


def value_of(row: Row, measure: Measure) -> str:
    """Format a row's value in its measure's unit; without a value, return the row's reason, never a blank."""
    if known(row.value):
        return format_value(row.value, measure.unit)
    return (row.note or MISSING).rstrip(".")


def axis(value: float, unit: str) -> str:
    """Format a short tick label: "2,000", "40%", "$20M", or "+5" in points."""
    if unit == "share":
        return share(value, 0 if abs(value) >= 0.01 or value == 0 else 1)
    if unit == "points":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value) * 100:.3g}"
    sign, size = "−" if value < 0 else "", abs(value)
    if unit == "dollars" and size >= 1e6:
        return f"{sign}${size / 1e6:,.10g}M" if size < 1e9 else f"{sign}${size / 1e9:,.10g}B"
    return f"{sign}{'$' if unit == 'dollars' else ''}{size:,.10g}"
