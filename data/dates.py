"""Dates that stand for no date: 9999-12-31, 1900-01-01, infinity, and plans for after everybody's working life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.contract import Column
from data.duckdb_sql import Sql, literal

_PLANNED = ("planned_end_on",)  # may lie after the delivery, but not this many years
_MOST_YEARS = 20
# What systems write where they have no date: their first and last day, and the ends of their centuries.
_STANDS_FOR_NONE = "{v} <= date '1900-01-01' or {v} >= date '2900-01-01' or {v} = date '2099-12-31'"
_ENDLESS = "{v} is null and lower({g}) in ('infinity', '-infinity', '+infinity', 'inf', '-inf', '+inf')"


@dataclass(frozen=True)
class Calendar:
    """What the days of a delivery are read against: its own day, and the time zone in which its days were lived."""

    delivered_on: date
    time_zone: str


def not_known(column: Column, calendar: Calendar) -> Sql | None:
    """A test over {v} (the day) and {g} (the text) for values that mean "no date"; None where a date must be given."""
    if not column.optional:
        return None
    tests = [_STANDS_FOR_NONE, _ENDLESS]
    if column.name in _PLANNED:
        day = calendar.delivered_on
        last = day.replace(year=min(day.year + _MOST_YEARS, 9999), day=min(day.day, 28))
        tests.append(f"{{v}} > cast({literal(last.isoformat())} as date)")
    return Sql("coalesce(" + " or ".join(tests) + ", false)")


def notice(column: Column, rows: str) -> str:
    """What to know about a column's rows (counted already, as `3 rows`) whose date stands for none."""
    far = f", or a day more than {_MOST_YEARS} years after the delivery" if column.name in _PLANNED else ""
    return (
        f"{column.name}: {rows} with a date that stands for none (9999-12-31, 1900-01-01, infinity and the like{far});"
        " read as not known."
    )
