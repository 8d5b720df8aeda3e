"""Round values for a numeric axis, and how they are written."""

from __future__ import annotations

from components.text.format import COUNTS, axis


def value_ticks(top: float, unit: str) -> tuple[list[float], list[str]]:
    """Return up to five round values from zero up to `top`, and their labels; counts have no fractions."""
    step = _round_step(top / 3.4)
    step = max(step, 1) if unit in COUNTS else step
    values = [round(i * step, 10) for i in range(5) if i * step <= top]
    return values, [axis(value, unit) for value in values]


def range_ticks(low: float, high: float, unit: str) -> dict[str, object]:
    """Return the round values of a range and their labels, as an axis of Plotly takes them."""
    values, texts = values_between(low, high, unit)
    return {"tickvals": values, "ticktext": texts}


def values_between(low: float, high: float, unit: str) -> tuple[list[float], list[str]]:
    """Return about four round values between low and high, and their labels."""
    step = _round_step((high - low) / 4 or 1)
    first = -int(-low // step) if low > 0 else int(low / step)
    values = [round(i * step, 10) for i in range(first, first + 9) if low <= i * step <= high]
    decimals = 2 if step < 0.1 else 1
    return values, [f"{value:.{decimals}f}" if unit == "ratio" else axis(value, unit) for value in values]


def _round_step(rough: float) -> float:
    """Return the first of 1, 2, 2.5, 5 or 10 times a power of ten that is at least `rough`."""
    size = 10.0 ** int(f"{rough:e}".split("e")[1])
    return next((factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough), 10 * size)
