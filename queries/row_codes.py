"""What each row of a small table counts for a fact, on any as-of date.

A row counts differently only from the days that facts.toml names (`changes`). So one query for each fact of a delivery reads what each row
counts, and from which day on; any date, period and filter is then a comparison of numbers. What a question's own query counts is the same
(tests/queries/test_small_deliveries.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from queries.arrays import read_once
from queries.award_places import award_numbers
from queries.axes import (
    NO_DAY,
    Flags,
    Numbers,
    are_recorded,
    axis_of,
    days_along,
    model_of,
    number_of,
    numbers_along,
    patterns_of,
    row_count,
)
from queries.compiler import Query, QuerySpec, filled
from queries.database import Store, delivery
from queries.dimensions import DIMENSIONS, MODELS
from queries.registry import Fact, facts
from queries.scope import RATES, Scope

MOST_ROWS = 200_000  # of the table: with more, rollups answer, or a query for each question
MOST_AMOUNTS = 3_000_000  # of a table whose medians are asked: sorting in a query takes four times as long, but arrays of more take too much memory
SUCCESS = 2  # a row's code
KNOWN = 1  # no success; 0 where that is not known, -1 where the row does not count


@dataclass(frozen=True)
class _Read:
    """What each row counts for a fact. It counts `codes[0]` at first, and `codes[n]` from the day `days[n - 1]` on."""

    codes: Sequence[Numbers]
    days: Sequence[Numbers]


def table_of(store: Store, spec: QuerySpec) -> str | None:
    """Return the table whose rows answer a question here; None where its own query has to."""
    fact = facts()[spec.fact]
    model = MODELS[fact.model]
    if not model.table or (model.rows and (not model.moved or spec.by in model.moved)):
        return None
    expressions = f"{fact.where} {fact.success} {fact.amount}"
    if "$received" in expressions or ("$as_of" in expressions and not fact.changes):
        return None
    most = MOST_AMOUNTS if spec.agg == "median_of_rows" else MOST_ROWS
    return model.table if delivery(store).has_rows and 0 < row_count(store, model.table) <= most else None


def codes_of(store: Store, spec: QuerySpec, table: str) -> Numbers:
    """Return what each row of the table counts for a question. A fact of first events counts every event."""
    days = days_along(store, table, facts()[spec.fact].date)
    codes: Numbers = np.where(
        is_known(store, spec, table) & is_in_period(days, spec.scope), _on_day(store, spec, table), -1
    )
    return codes


def is_known(store: Store, spec: QuerySpec, table: str) -> Flags:
    """Return which rows the filters keep, of those with a day up to the as-of date."""
    fact = facts()[spec.fact]
    result: Flags = days_along(store, table, fact.date) <= number_of(spec.scope.as_of)
    for name, value in spec.scope.filters.items():
        if fact.model in DIMENSIONS[name].columns:
            result &= _has(store, spec, table, name, value)
    return result


def first_places(store: Store, table: str, day: str, is_counted: Flags, *, by: str = "") -> Numbers:
    """Return the places of the first row that counts of each resident, or of each resident with each value of a dimension.

    Args:
        store: The delivery's tables.
        table: The table.
        day: The SQL of the day that says which row is first.
        is_counted: Which rows count.
        by: The dimension; "" for none.
    """
    resident = numbers_along(store, table, "resident")
    value = numbers_along(store, table, by) if by else np.zeros_like(resident)

    def read() -> Numbers:
        return np.lexsort((days_along(store, table, day), value, resident))

    order: Numbers = read_once(store, ("by resident and day", table, day, by), read)
    places = order[is_counted[order]]
    residents, values = resident[places], value[places]
    is_first = residents < 0  # has one row
    is_first[:1] = True
    is_first[1:] |= (residents[1:] != residents[:-1]) | (values[1:] != values[:-1])
    return places[is_first]


def are_counted(store: Store, spec: QuerySpec, table: str) -> Flags:
    """Return which rows count for a question, in its period or not."""
    result: Flags = is_known(store, spec, table) & (_on_day(store, spec, table) >= 0)
    return result


@dataclass(frozen=True)
class Amounts:
    """The amount of each row of a table, where it has one, and whether it lies inside the promised range."""

    values: npt.NDArray[np.float64]
    are_known: Flags
    are_inside: Flags


def amounts_of_rows(store: Store, table: str, fact: Fact) -> Amounts:
    """Return the amounts of a fact, as floating-point numbers."""

    def read() -> Amounts:
        rows = row_count(store, table)
        columns = store.columns(_amounts(fact, table).text)
        places = np.asarray(columns["place"])
        values, are_known, are_inside = np.zeros(rows), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        values[places], are_known[places], are_inside[places] = columns["amount"], True, columns["is_inside"]
        return Amounts(values, are_known, are_inside)

    amounts: Amounts = read_once(store, ("amounts and ranges", table, fact.amount, fact.inside), read)
    return amounts


def _amounts(fact: Fact, table: str) -> Query:
    is_inside = f"coalesce({fact.inside or 'false'}, false)"
    columns = f"rowid as place, cast({fact.amount} as double) as amount, {is_inside} as is_inside"
    return Query(f"select {columns}\nfrom {table}\nwhere {fact.amount} is not null", {})


def is_in_period(days: Numbers, scope: Scope) -> Flags:
    """Return which days are in the period."""
    result: Flags = days >= number_of(scope.since or date.min)
    return result & (days <= number_of(scope.until)) if scope.until else result


def _on_day(store: Store, spec: QuerySpec, table: str) -> Numbers:
    """Return what each row counts on the as-of date."""
    read = _read(store, spec, table)
    codes = read.codes[0]
    for later, day in zip(read.codes[1:], read.days, strict=True):
        codes = np.where(day <= number_of(spec.scope.as_of), later, codes)
    return codes


def _read(store: Store, spec: QuerySpec, table: str) -> _Read:
    """Read what each row counts for a fact. The rates that groups are compared by are read in one query."""
    names = RATES if spec.fact in RATES else (spec.fact,)
    read_facts = {name: filled(name, spec.support) for name in names}

    def read() -> dict[str, _Read]:
        row_count = len(days_along(store, table, facts()[spec.fact].date))
        if all(not (fact.where or fact.success) for fact in read_facts.values()):
            return {name: _Read([np.ones(row_count, np.int8)], []) for name in names}
        columns = store.columns(_query([*read_facts.values()], table).text)
        places = np.asarray(columns["place"])
        by_place: dict[str, Numbers] = {}
        for name, column in columns.items():
            by_place[name] = np.full(row_count, -1, np.int8 if name.startswith("code") else np.int32)
            by_place[name][places] = np.asarray(column)
        return {
            name: _Read(
                [by_place[f"code_{at}_{state}"] for state in range(len(fact.changes) + 1)],
                [by_place[f"day_{at}_{state}"] for state in range(1, len(fact.changes) + 1)],
            )
            for at, (name, fact) in enumerate(read_facts.items())
        }

    return read_once(store, ("codes", table, spec.support, names), read)[spec.fact]


def _query(read_facts: Sequence[Fact], table: str) -> Query:
    """Return the query of what each row counts for some facts: its code before and after each change, and the days of these."""
    columns = ["rowid as place"]
    for at, fact in enumerate(read_facts):
        for state, day in enumerate(fact.days()):
            where, success = (text.replace("$as_of", f"({day})") for text in (fact.where or "true", fact.success))
            code = f"case when {success} then 2 when ({success}) is null then 0 else 1 end" if success else "1"
            columns.append(f"cast(case when {where} then {code} else -1 end as tinyint) as code_{at}_{state}")
            if state:
                number = f"coalesce(date_diff('day', date '1970-01-01', {day}), {NO_DAY})"
                columns.append(f"cast({number} as integer) as day_{at}_{state}")
    listed = ",\n    ".join(columns)
    return Query(f"select\n    {listed}\nfrom {table}", {})


def _has(store: Store, spec: QuerySpec, table: str, name: str, value: str) -> Flags:
    """Return which rows a filter keeps."""
    if DIMENSIONS[name].is_membership:
        member, answered = patterns_of(store, table).T
        bit = spec.bits[value]
        sides = {"in": member & bit, "out": answered & ~member & bit, "undisclosed": ~answered & bit}
        is_on_side: Flags = (sides[spec.scope.group_side] > 0)[numbers_along(store, table, "group")]
        return is_on_side
    is_empty_word = value == model_of(table).empty
    is_moved = name in MODELS[facts()[spec.fact].model].moved
    number = None if is_moved and is_empty_word else axis_of(store, table, name).get(value)
    numbers = award_numbers(store, name, spec.scope.as_of) if is_moved else numbers_along(store, table, name)
    is_value: Flags = numbers == (-2 if number is None else number)
    # a provider may be called what rows without one are
    return is_value & are_recorded(store, table, name) if is_empty_word else is_value
