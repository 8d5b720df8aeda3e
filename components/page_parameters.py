"""A page's own numbers and dates: how they are read from the address, and the widgets that write them back to it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from components import banners, controls, style
from components import filters as sidebar
from components.text.format import day
from components.url_state import NO_DATE, Dropped, iso_day

if TYPE_CHECKING:
    from components.page_frame import Page

LOWEST, HIGHEST = 1.0, 99.0  # percent a reader can ask for
_PERCENT = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?)\s?%?")
_FRACTION = re.compile(r"0?\.[0-9]{1,4}")


def percent(text: str) -> tuple[str, str]:
    """Reads "11", "11.5%" and the fraction "0.115" alike: percents as the address keeps them ("11.5"), or why not."""
    found = _PERCENT.fullmatch(text)
    value = float(text) * 100 if _FRACTION.fullmatch(text) else float(found.group(1)) if found else None
    if value is None:
        return text, "is not a percentage (11 or 11.5)"
    if not LOWEST <= round(value, 2) <= HIGHEST:
        return text, f"is not between {LOWEST:g}% and {HIGHEST:g}%"
    return f"{round(value, 2):g}", ""


def percent_text(value: float | None) -> str | None:
    """A fraction as the address keeps it: 0.115 is "11.5"."""
    return None if value is None else f"{round(value * 100, 2):g}"


def iso_date(text: str) -> tuple[str, str]:
    """Reads "2027-12-31", or says why not."""
    return (text, "") if iso_day(text) else (text, NO_DATE)


def draw_percent(page: Page, name: str, label: str, default: float | None) -> float | None:
    """A percentage, as a fraction; None where the default shown stands. `page.extras[name]` was read by `percent`."""
    kept = page.extras.get(name)
    shown = float(kept) if kept else None if default is None else round(default * 100, 2)
    within = None if shown is None else min(max(shown, LOWEST), HIGHEST)
    style.block(
        controls.number(
            f"own-{name}", label, within, lambda text: _write(page, name, text), low=LOWEST, high=HIGHEST,
            help_=f"Between {LOWEST:g} and {HIGHEST:g}.",
        )
    )  # fmt: skip
    return float(kept) / 100 if kept else None


def draw_day(page: Page, name: str, label: str, default: date, earliest: date, latest: date) -> date | None:
    """A date between two days; None where the default shown stands. One outside of them gets a notice, and the default."""
    kept = page.extras.get(name)
    when = iso_day(kept) if kept else None
    if when is not None and not earliest <= when <= latest:
        banners.dropped([Dropped(name, str(kept), f"is not from {day(earliest)} to {day(latest)}")])
        when = None
    style.block(
        controls.day(
            f"own-{name}",
            label,
            when or default,
            lambda text: _write(page, name, text),
            earliest=earliest,
            latest=latest,
        )
    )
    return when


def _write(page: Page, name: str, value: str) -> None:
    sidebar.write(page.url_state.values, {**page.extras, name: value})
