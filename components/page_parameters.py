"""Percentages and dates that a page keeps in the address: how they are parsed, and the controls that write them back."""

from __future__ import annotations

import re
from datetime import date

from components import banners, controls, html_view
from components.html_view import EventHandler
from components.text.format import day
from components.url_state import NO_DATE, Dropped, iso_day

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


def draw_percent(
    name: str, label: str, default: float | None, *, value: str | None, write: EventHandler
) -> float | None:
    """Draw a field for a percentage.

    Args:
        name: the page parameter.
        label: of the field.
        default: a fraction that the field shows while the reader has chosen nothing.
        value: what the address says, parsed by `percent`.
        write: writes what the reader chooses to the address.

    Returns:
        The chosen fraction; None if the reader has chosen nothing.
    """
    shown = float(value) if value else None if default is None else round(default * 100, 2)
    clamped = None if shown is None else min(max(shown, LOWEST), HIGHEST)
    help_text = f"Between {LOWEST:g} and {HIGHEST:g}."
    html_view.add(controls.number(f"own-{name}", label, clamped, write, low=LOWEST, high=HIGHEST, help_text=help_text))
    return float(value) / 100 if value else None


def draw_day(
    name: str,
    label: str,
    default: date,
    *,
    value: str | None,
    write: EventHandler,
    earliest: date,
    latest: date,
) -> date | None:
    """Draw a field for a date between two days.

    A date in the address that is not between them gets a notice, and the default is shown.

    Args:
        name: the page parameter.
        label: of the field.
        default: what the field shows while the reader has chosen nothing.
        value: what the address says, parsed by `iso_date`.
        write: writes what the reader chooses to the address.
        earliest: the first day that can be chosen.
        latest: the last day that can be chosen.

    Returns:
        The chosen date; None if the reader has chosen nothing that can be used.
    """
    chosen = iso_day(value) if value else None
    if chosen is not None and not earliest <= chosen <= latest:
        banners.dropped([Dropped(name, str(value), f"is not from {day(earliest)} to {day(latest)}")])
        chosen = None
    html_view.add(controls.day(f"own-{name}", label, chosen or default, write, earliest=earliest, latest=latest))
    return chosen
