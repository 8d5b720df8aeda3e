"""The whole period that is nearest to any two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from queries.periods import day_words, days_of, every

_MIN_OVERLAP = 0.5  # of the days in either of two periods; below, all time is nearer


def nearest_period(
    since: date | None, until: date | None, delivered_on: date, kinds: Sequence[str]
) -> tuple[date | None, date | None, str | None]:
    """Return the first and last day of the nearest period, and what to say if it is another than the reader's.

    Args:
        since: The reader's first day; None for an open end.
        until: The reader's last day.
        delivered_on: The date of the delivery, which ends a period without a last day.
        kinds: The periods to choose from: "quarter", "fiscal_year".
    """
    if since is None:
        return None, None, None if until is None else "for all time"
    last = until or max(delivered_on, since)
    latest = delivered_on if since <= delivered_on else date.max
    candidates = [days_of(key, kind) for kind in kinds for key in every(since, last, kind)]
    if (since, until) in candidates:
        return since, until, None

    def overlap(days: tuple[date, date]) -> float:
        """Nothing is recorded after the delivery: a fiscal year that is not over has the days until then."""
        return _overlap((days[0], max(days[0], min(days[1], latest))), (since, max(since, min(last, latest))))

    nearest = max(candidates, key=overlap)
    if overlap(nearest) < _MIN_OVERLAP:
        return None, None, "for all time"
    return *nearest, f"from {' to '.join(map(day_words, nearest))}"


def _overlap(first: tuple[date, date], second: tuple[date, date]) -> float:
    """Return the days in both of two periods divided by the days in either."""
    both = min(first[1], second[1]) - max(first[0], second[0]) + timedelta(days=1)
    either = max(first[1], second[1]) - min(first[0], second[0]) + timedelta(days=1)
    return max(both / either, 0.0)
