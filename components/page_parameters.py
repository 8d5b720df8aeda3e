"""Percentages and dates that a page keeps in the address: how they are parsed. `Page.percent` and `Page.day` draw their controls."""

from __future__ import annotations

import re

from components.url_state import NO_DATE, iso_day

LOWEST, HIGHEST = 1.0, 99.0  # percent that a reader can choose
_PERCENT = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?)\s?%?")
_FRACTION = re.compile(r"0?\.[0-9]{1,4}")


def percent(text: str) -> tuple[str, str]:
    """Parse "11", "11.5%" or the fraction "0.115".

    Returns:
        The percentage as it is written in the address ("11.5") and "", or the text and why it cannot be used.
    """
    match = _PERCENT.fullmatch(text)
    value = float(text) * 100 if _FRACTION.fullmatch(text) else float(match.group(1)) if match else None
    if value is None:
        return text, "is not a percentage (11 or 11.5)"
    if not LOWEST <= round(value, 2) <= HIGHEST:
        return text, f"is not between {LOWEST:g}% and {HIGHEST:g}%"
    return f"{round(value, 2):g}", ""


def percent_text(value: float | None) -> str | None:
    """Return a fraction as it is written in the address: 0.115 is "11.5"."""
    return None if value is None else f"{round(value * 100, 2):g}"


def iso_date(text: str) -> tuple[str, str]:
    """Parse "2027-12-31"; return it and "", or the text and why it cannot be used."""
    return (text, "") if iso_day(text) else (text, NO_DATE)


def any_text(text: str) -> tuple[str, str]:
    """Accept any text. The page compares it with what only the delivery knows, such as its towns."""
    return text, ""
