"""Say by how much a count or a sum changed: as a percentage only where that tells something, else in people or dollars."""

from __future__ import annotations

from components.text import format

MIN_BASE = 20  # people; a difference from fewer is given in people
MIN_DOLLARS = 10_000  # a difference from less is given in dollars
MOST_TIMES = 10  # a number more than so many times as large is not given as a percentage


def percentage(now: float, before: float, unit: str) -> str:
    """Return the size of a change as a percentage: "64%".

    "" where a percentage would mislead: from little or nothing, from or to less than zero (dollars can be taken back), or to a
    multiple.

    Args:
        now: The newer number.
        before: The number that it is compared with.
        unit: Of both, as measures have it.
    """
    least = MIN_DOLLARS if unit == "dollars" else MIN_BASE
    if before < least or now < 0 or now > MOST_TIMES * before:
        return ""
    return format.share(abs(now - before) / before, 0)


def size(now: float, before: float, unit: str) -> str:
    """Return the size of a change without its direction: "64%", or "3" people or "$65,824"."""
    return percentage(now, before, unit) or format.change(now - before, unit).lstrip("+−")
