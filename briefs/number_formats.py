"""How spreadsheets and slides show a value: its number format, and the value that the format takes."""

from __future__ import annotations

from components.text.format import COUNTS, known

DECIMALS = 4  # of every number in a file
_FORMATS = {
    "share": "0.0%",
    "ratio": "0.00",
    "days": "#,##0.0",
    "dollars": '"$"#,##0;−"$"#,##0',
    "dollars an hour": '"$"#,##0.00',
    "points": '+0.0" points";−0.0" points";0.0" points"',
}
COUNT, RATE, DATE = "#,##0", "#,##0.0", "mmmm d, yyyy"
MONEY_AXIS = '[>=1000000]"$"0.0,,"M";[<=-1000000]"−$"0.0,,"M";"$"#,##0'


def number_format(unit: str) -> str:
    """Return the number format of a measure's unit."""
    if unit in _FORMATS:
        return _FORMATS[unit]
    return COUNT if unit in COUNTS or not unit else RATE


def stored(value: float, unit: str) -> float:
    """Return the number to store: four decimals, and a difference of shares in points (0.042 as 4.2)."""
    return round(float(value) * (100 if unit == "points" else 1), DECIMALS) + 0.0  # adding zero makes -0.0 zero


def stored_or_none(value: object, unit: str) -> float | None:
    """Return the number to store; None for what is not a number."""
    return stored(value, unit) if known(value) and not isinstance(value, bool) else None
