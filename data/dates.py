"""Dates that mean "no date": 9999-12-31, 1900-01-01, infinity, and planned dates more than 20 years ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.contract import Column
from data.duckdb_sql import Sql, literal

_PLANNED = ("planned_end_on",)  # may be after the delivery, but at most _MOST_YEARS after it
_MOST_YEARS = 20
# What systems write for an unknown date: their first and last days, and the ends of centuries.
_STANDS_FOR_NONE = "{v} <= date '1900-01-01' or {v} >= date '2900-01-01' or {v} = date '2099-12-31'"
_ENDLESS = "{v} is null and lower({g}) in ('infinity', '-infinity', '+infinity', 'inf', '-inf', '+inf')"


@dataclass(frozen=True)
class Calendar:
    """The delivery's date, and the time zone that turns its timestamps into days."""

    delivered_on: date
    time_zone: str


def not_known(column: Column, calendar: Calendar) -> Sql | None:
    """Return a test over {v} (the day) and {g} (the text) for values that mean "no date". None for a required column."""
    if not column.optional:
        return None
    tests = [_STANDS_FOR_NONE, _ENDLESS]
    if column.name in _PLANNED:
        day = calendar.delivered_on
        last = day.replace(year=min(day.year + _MOST_YEARS, 9999), day=min(day.day, 28))
        tests.append(f"{{v}} > cast({literal(last.isoformat())} as date)")
    return Sql("coalesce(" + " or ".join(tests) + ", false)")


def notice(column: Column, rows: str) -> str:
    """Return the notice about rows whose date means "no date". `rows` is a count such as `3 rows`."""
    far = f", or more than {_MOST_YEARS} years after the delivery" if column.name in _PLANNED else ""
    return (
        f"{column.name}: {rows} with a placeholder date (9999-12-31, 1900-01-01, infinity or similar{far}), read as"
        " not known."
    )
