"""The one number format. No Streamlit here: pages, charts, tables and briefs all write numbers through this module.

A value that cannot be shown is None; the caller says why. Nothing here ever returns "nan", "None" or a bare dash.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, TypeGuard

MISSING = "not known"
COUNTS = frozenset(
    {
        "residents",
        "enrollments",
        "people",
        "exits",
        "openings",
        "positions",
        "count",
        "rows",
        "courses",
        "completions",
        "workers",
        "applications",
        "registrations",
        "hours",
    }
)
_STEPS = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))


_once = lru_cache(
    maxsize=20_000, typed=True
)  # a page writes some numbers many times, and the same ones with the next click


def known(value: Any) -> TypeGuard[float]:
    """True for a finite number; False for None, nan and infinities."""
    if value is None or isinstance(value, (str, bytes, date)):
        return False
    try:
        return math.isfinite(value)
    except (TypeError, ValueError, OverflowError):
        return False


def _exact(value: Any) -> Decimal:
    return (
        value if isinstance(value, Decimal) else Decimal(repr(float(value)) if isinstance(value, float) else str(value))
    )


def _rounded(value: Any, places: int) -> Decimal:
    """Half away from zero, from the number as people read it (0.125 to two places is 0.13), and never minus zero."""
    number = (
        _exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if _small(value) else _exact(value)
    )
    return abs(number) if number == 0 else number


def _small(value: Any) -> bool:
    return abs(_exact(value)) < Decimal(10) ** 20


@_once
def fixed(value: Any, places: int = 0) -> str:
    """`value` with thousands separators and exactly `places` decimals."""
    if not known(value):
        return MISSING
    if type(value) is int and not places:
        return f"{value:,}" if abs(value) < 10**20 else f"{_exact(value):.2e}"
    if not _small(value):
        return f"{_exact(value):.2e}"
    return f"{_rounded(value, places):,.{places}f}"


@_once
def people(value: Any) -> str:
    """1108 to "1,108". Counts are whole; a fraction (a rate per week, say) keeps one decimal."""
    if not known(value):
        return MISSING
    whole = _small(value) and _rounded(value, 1) == _rounded(value, 0)
    return fixed(value, 0 if whole or abs(value) >= 100 else 1)


def a_month(value: Any) -> str:
    """A rate a month: whole from ten up ("62"), else with one decimal ("1.8")."""
    return people(round(value)) if known(value) and abs(value) >= 10 else people(value)


@_once
def share(value: Any, places: int | None = None) -> str:
    """0.62 to "62%". One decimal under 10% and next to 0 and 100, which are written only when exact."""
    if not known(value):
        return MISSING
    percent = _exact(value) * 100
    if places is None:
        places = 1 if 0 < abs(percent) < 10 or (99 <= percent < 100) else 0
        if places == 1 and abs(percent) >= Decimal("9.95") and abs(percent) < 10:
            places = 0
        if places == 1 and _rounded(percent, 1) == _rounded(percent, 0) and 1 <= abs(percent) < 99:
            places = 0
    if _small(percent):
        if 0 < percent < 1 and _rounded(percent, places) == 0:
            return f"under {'0.1' if places else '1'}%"
        if 99 <= percent < 100 and _rounded(percent, places) == 100:
            return f"over {'99.9' if places else '99'}%"
    return f"{fixed(percent, places)}%"


@_once
def dollars(value: Any) -> str:
    """12_400_000 to "$12.4 million", 999_950 to "$1.0 million", 8412 to "$8,412"."""
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


def days(value: Any) -> str:
    """41 to "41 days", 1 to "1 day", 40.5 to "40.5 days"."""
    text = people(value)
    return text if text == MISSING else f"{text} {'day' if text == '1' else 'days'}"


@_once
def ratio(value: Any) -> str:
    """0.84 to "0.84": two decimals; 1.00 is parity."""
    return fixed(value, 2)


def points(value: Any) -> str:
    """A difference of two shares: 0.042 to "+4.2 points"."""
    if not known(value):
        return MISSING
    return f"{signed(_exact(value) * 100, 1)} points"


def signed(value: Any, places: int = 0) -> str:
    """212 to "+212", -3 to "−3" (a true minus sign), 0 to "0"."""
    if not known(value):
        return MISSING
    text = fixed(abs(_exact(value)), places)
    if not any(digit in text for digit in "123456789"):
        return "0"
    return ("+" if value > 0 else "−") + text


def change(value: Any, unit: str = "residents") -> str:
    """A change with its sign in the unit of the measure: "+212", "+4.2 points", "+$1.2 million"."""
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
    """date(2022, 10, 7) to "October 7, 2022"."""
    return MISSING if value is None else f"{value:%B} {value.day}, {value.year}"


def month(value: date | None) -> str:
    """date(2022, 10, 7) to "October 2022"."""
    return MISSING if value is None else f"{value:%B} {value.year}"


def interval(low: Any, high: Any, unit: str = "share") -> str:
    """(0.58, 0.66) to "58% to 66%", in points "+1.2 to +4.0 points"; "" when either end is unknown."""
    if not (known(low) and known(high)):
        return ""
    if unit == "points":
        return f"{points(low).removesuffix(' points')} to {points(high)}"
    return f"{format_value(low, unit)} to {format_value(high, unit)}"


def format_value(value: Any, unit: str) -> str:
    """`value` in the unit of a measure (`Measure.unit`); an unknown unit is written out after the number."""
    if not known(value):
        return MISSING
    writers: dict[str, Callable[[Any], str]] = {
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
    return f"{people(value)} {unit}"


def value_of(row: Any, measure: Any) -> str:
    """A row's value as text in its measure's unit; when there is none, the row's own reason, never a blank."""
    if known(row.value):
        return format_value(row.value, measure.unit)
    return (row.note or MISSING).rstrip(".")


def axis(value: float, unit: str) -> str:
    """A short tick label: "2,000", "40%", "$20M", and in points "+5"."""
    if unit == "share":
        return share(value, 0 if abs(value) >= 0.01 or value == 0 else 1)
    if unit == "points":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value) * 100:.3g}"
    if unit == "dollars" and abs(value) >= 1e6:
        return f"${value / 1e6:,.10g}M" if abs(value) < 1e9 else f"${value / 1e9:,.10g}B"
    if unit == "dollars":
        return f"${value:,.10g}"
    return f"{value:,.10g}"
