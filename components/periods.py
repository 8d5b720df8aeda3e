"""Periods a reader can choose: all time, state fiscal years (July to June), quarters, or any two dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from components.text.format import day
from components.text.period_labels import period_label
from queries.periods import days_of, every, full_periods, key_of, years_after
from queries.scope import Scope


class Period(NamedTuple):
    """A period with a label. Both ends are included; None is open."""

    id: str
    label: str
    since: date | None
    until: date | None


ALL = Period("all", "All time", None, None)
CUSTOM = Period("custom", "Choose dates", None, None)
_MAX_YEARS = 16  # fiscal years in the list
MIN_YEAR_DAYS = 28  # a fiscal year that is younger says little yet


def presets(earliest: date, latest: date, quarters: int = 8) -> list[Period]:
    """Return all time, the last twelve months and four quarters, every state fiscal year, the last quarters, and custom.

    Fiscal years reach from `earliest` to `latest`, the newest first. `latest` is the delivery's date.
    """
    four = [days_of(key, "quarter") for key in full_periods(latest, 4, "quarter")]
    rolling = [
        Period("months", "Last 12 months", years_after(latest, -1) + timedelta(days=1), latest),
        Period("four", "Last 4 full quarters", four[0][0], four[-1][1]),
    ]
    years = [
        Period(f"fy{key[2:]}", _year_label(int(key[2:]), latest), *days_of(key, "fiscal_year"))
        for key in reversed(every(earliest, latest, "fiscal_year")[-_MAX_YEARS:])
    ]
    last_quarters: list[Period] = []
    for key in reversed(every(date(earliest.year, 1, 1), latest, "quarter")[-quarters:]):
        first, last = days_of(key, "quarter")
        so_far = " so far" if last > latest else ""
        last_quarters.append(Period(f"q{first}", f"{period_label(key)}{so_far}", first, last))
    return [ALL, *years[:1], *rolling, *years[1:], *last_quarters, CUSTOM]


def _year_label(year: int, latest: date) -> str:
    """Return the name of a fiscal year, short enough for the sidebar."""
    return f"Fiscal year to June {year}" if date(year, 6, 30) <= latest else f"Fiscal year {year} so far"


def end_of(scope: Scope, as_of: date) -> date:
    """Return the last day that a reader's choice of a period counts: its end, or the date where that is earlier or open."""
    return min(scope.until or as_of, as_of)


def recent(as_of: date, *, closed_only: bool) -> Period:
    """Return the period whose events are the news of a day: the fiscal year so far; the last full quarter while that is short.

    Args:
        as_of: The day.
        closed_only: Whether the reader can ask about periods that are over only (queries/privacy/family.toml).
    """
    year = days_of(key_of(as_of, "fiscal_year"), "fiscal_year")
    if not closed_only and (as_of - year[0]).days >= MIN_YEAR_DAYS:
        return Period("recent", f"since {day(year[0])}", *year)
    key = full_periods(as_of, 1, "quarter")[0]
    return Period("recent", period_label(key), *days_of(key, "quarter"))


def of_days(since: date | None, until: date | None) -> Period:
    """Return the period between two days, labeled with them."""
    return Period("days", described(since, until), since, until)


def kind_of(since: date | None, until: date | None) -> str | None:
    """Return the kind of a period that is whole, "quarter" or "fiscal_year"; None for any other."""
    if since is None or until is None:
        return None
    return next(
        (kind for kind in ("quarter", "fiscal_year") if days_of(key_of(since, kind), kind) == (since, until)), None
    )


def matching(periods: Sequence[Period], since: date | None, until: date | None) -> Period:
    """Return the preset with exactly these ends, else CUSTOM."""
    return next((p for p in periods if p.id != "custom" and (p.since, p.until) == (since, until)), CUSTOM)


def described(since: date | None, until: date | None) -> str:
    """Return a period in words: "July 1, 2025 to June 30, 2026", "since July 1, 2025", "" for all time."""
    if since and since == until:
        return day(since)
    if since and until:
        return f"{day(since)} to {day(until)}"
    if since:
        return f"since {day(since)}"
    return f"until {day(until)}" if until else ""


def in_words(since: date | None, until: date | None, as_of: date) -> str:
    """Name a period as it stands in a sentence: "since July 1, 2026", "in Jul–Sep 2026", "from … to …", "on July 1, 2026"."""
    if since is None:
        return f"until {day(until)}" if until else "in all"
    if since > as_of:
        return f"in the period from {day(since)}, after the date shown"
    if until is None or until > as_of:
        return f"since {day(since)}"
    kind = kind_of(since, until)
    if kind:
        key = key_of(since, kind)
        return f"in {period_label(key)}" if kind == "quarter" else f"in fiscal year {key[2:]}"
    return f"on {day(since)}" if since == until else f"from {day(since)} to {day(until)}"
