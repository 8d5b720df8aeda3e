"""The days of months that a period or an as-of date cuts, from the rows, or in a store without rows from rollup_days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from queries.aggregations.groups import MONTH
from queries.arrays import read_once
from queries.axes import Numbers, number_of
from queries.compiler import used
from queries.database import Store
from queries.rollups.cells import first_changed
from queries.rollups.facts import PLACES, VALUES
from queries.rollups.question import RollupQuestion

_CALENDAR = (date(1900, 1, 1), date(2200, 1, 1))  # the dates of a delivery, with a wide margin


def cut_days(store: Store, question: RollupQuestion) -> Mapping[str, Numbers]:
    """Return what counts on these days, and how rows of the full months have changed since these ended.

    Returns:
        By name, a number for each row: its `place` and `month`, what it adds (`VALUES`), and its answers about groups (`with_patterns`).
        They are the same for every breakdown and filter.
    """
    query = _days(question) if question.has_rows else _held_days(question)
    limits = {"first_day": _first_day(store, question), **_changed_dates(store, question)}
    parameters = used(query, question.parameters | limits)

    def read() -> Mapping[str, Numbers]:
        columns = {name: np.asarray(column) for name, column in store.columns(query, parameters).items()}
        return with_patterns(_with_values(store, columns) if question.has_rows else columns)

    columns: Mapping[str, Numbers] = read_once(store, ("days", query, *sorted(parameters.items())), read)
    return columns


def with_patterns(columns: Mapping[str, Numbers]) -> Mapping[str, Numbers]:
    """Return these columns with `patterns`, the distinct answers about groups, and the number of that of each row."""
    answers = columns["member_bits"].astype(np.int64) << 32 | columns["answered_bits"].astype(np.int64)
    distinct, pattern = np.unique(answers, return_inverse=True)
    patterns = np.stack((distinct >> 32, distinct & 0xFFFFFFFF), axis=1)
    others = {name: column for name, column in columns.items() if name not in ("member_bits", "answered_bits")}
    return {**others, "pattern": pattern, "patterns": patterns}


def _days(question: RollupQuestion) -> str:
    """Return the query of the rows of cut months, and of those that have changed since the full months ended.

    Columns: where the row is, its month, its answers, whether it counts on the as-of date and whether it did before; and whether it is
    a success then (1), is none (0) or is not known yet (-1).
    """
    fact, day = question.fact, question.fact.date
    limits = {"from_month": f"{day} >= $from_month", "to_month": f"{day} < $to_month"}
    is_full = f"({' and '.join(text for name, text in limits.items() if name in question.months)})"
    counted, before = [f"not {is_full}"], ("false", "false")
    if "seen_month" in question.months:
        where, success = (text.replace("$as_of", "$before") for text in (fact.where or "true", fact.success or "null"))
        before = (f"{is_full} and ({where})", success)
        counted += [
            f"{day} between $changed_from_{at} and $changed_to_{at}"
            if _follows_from(day, change)
            else f"{change} between $seen_month and $as_of"
            for at, change in enumerate(fact.changes)
        ]
    conditions = [*period(question, day), f"({' or '.join(counted)})"]
    conditions += [] if question.until else [f"{day} <= $as_of"]
    conditions += [f"{day} >= $first_day"] if question.is_cut_by_as_of else []
    on_days = {"now": (fact.where or "true", fact.success or "null"), "before": before}
    columns = [
        f"coalesce(cast(({text}) as tinyint), {missing}) as {name}_{day_name}"
        for day_name, texts in on_days.items()
        for name, text, missing in zip(("counts", "success"), texts, (0, -1), strict=True)
    ]
    where = "\n    and ".join(conditions)
    return (
        f"select rowid as at, {MONTH.format(date=day)} as month, member_bits, answered_bits, {', '.join(columns)}"
        f"\nfrom enrollments\nwhere {where}"
    )


def _with_values(store: Store, columns: Mapping[str, Numbers]) -> Mapping[str, Numbers]:
    """Return the columns of `_days` with the place of each row and what it adds: rows, successes and known outcomes."""

    def read() -> Numbers:
        joined = store.columns(_places_of_rows())
        places = np.zeros(len(joined["at"]), np.int16)
        places[np.asarray(joined["at"])] = np.asarray(joined["place"])
        return places

    values: dict[str, Numbers] = {name: np.zeros(len(columns["at"]), np.int8) for name in VALUES}
    for day_name, sign in (("now", 1), ("before", -1)):
        counts, success = columns[f"counts_{day_name}"], columns[f"success_{day_name}"]
        for name, least in zip(VALUES, (-1, 1, 0), strict=True):
            values[name] += sign * (counts * (success >= least))
    places: Numbers = read_once(store, ("places of rows",), read)
    answers = {name: columns[name] for name in ("month", "member_bits", "answered_bits")}
    return {**answers, **values, "place": places[columns["at"]]}


def _places_of_rows() -> str:
    places = " and ".join(f"places.{place} is not distinct from enrollments.{place}" for place in PLACES)
    return f"select enrollments.rowid as at, place from enrollments inner join rollup_places as places on {places}"


def _first_day(store: Store, question: RollupQuestion) -> date | None:
    """Return the first day of a fact that may count differently after the last full month, so that fewer rows are read."""
    if not question.is_cut_by_as_of or not question.has_rows:
        return None
    month = question.months["to_month"]
    return min(first_changed(store, question.rolled_name, month) or month, month)


def _follows_from(day: str, change: str) -> bool:
    """Return whether the day of a change depends on the fact's date alone, as 90 days after an exit does."""
    return re.findall(r"\w+_on\b", change) == [day]


def _changed_dates(store: Store, question: RollupQuestion) -> dict[str, date]:
    """Return the fact's dates for which a change that follows from them falls into the month that the as-of date cuts.

    A query with these limits reads a few blocks of the table; with the change itself, it would compute that for every row. By the parameters
    of `_days`; where no date does, the first is after the last.
    """
    day, limits = question.fact.date, dict[str, date]()
    if "seen_month" not in question.months:
        return limits
    for at, change in enumerate(question.fact.changes):
        if _follows_from(day, change):
            changes = _changes_by_date(store, day, change)
            first = np.searchsorted(changes, number_of(question.months["seen_month"]))
            last = np.searchsorted(changes, number_of(question.as_of), side="right") - 1
            limits[f"changed_from_{at}"] = _CALENDAR[0] + timedelta(days=int(first))
            limits[f"changed_to_{at}"] = _CALENDAR[0] + timedelta(days=int(last))
    return limits


def _changes_by_date(store: Store, day: str, change: str) -> Numbers:
    """Return the day of a change for each date of the calendar, in days since 1970."""
    parameters = dict(zip(("first", "last"), _CALENDAR, strict=True))
    query = _calendar(day, change)
    changes: Numbers = read_once(
        store, ("calendar", change), lambda: np.asarray(store.columns(query, parameters)["day"])
    )
    return changes


def _calendar(day: str, change: str) -> str:
    """Return the query of the day of a change, in days since 1970, for each date from $first to before $last."""
    dates = f"select cast(unnest(range($first, $last, interval 1 day)) as date) as {day}"
    return f"select date_diff('day', date '1970-01-01', cast({change} as date)) as day\nfrom ({dates})\norder by {day}"


def _held_days(question: RollupQuestion) -> str:
    """Return the query of what `_days` reads, from the days that a store without rows holds."""
    limits = {"from_month": "day >= $from_month", "to_month": "day < $to_month", "seen_month": "seen_on < $seen_month"}
    is_full = " and ".join(text for name, text in limits.items() if name in question.months)
    conditions = ["fact = $fact", *period(question, "day"), "seen_on <= $as_of", f"not ({is_full})"]
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in VALUES)
    where = "\n    and ".join(conditions)
    return (
        f"select place, member_bits, answered_bits, {MONTH.format(date='day')} as month, {sums}\nfrom rollup_days"
        f"\nwhere {where}\ngroup by all"
    )


def period(question: RollupQuestion, day: str) -> list[str]:
    """Return the conditions of the period on a day."""
    return [f"{day} >= $since"] * bool(question.spec.scope.since) + [f"{day} <= $until"] * bool(question.until)
