"""Facts that say only a day, such as the day of enrollment: which rows count, and residents at their first one, without a query.

*Overview* asks for new residents a dozen times. Few rows are counted faster than such a query is planned. The rows equal those of the
queries (tests/queries/test_small_deliveries.py).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from queries.axes import OF, Flags, Numbers, axis_of, days_along, numbers_along, patterns_of
from queries.compiler import QuerySpec
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, MODELS, PERIODS, TIME
from queries.facts import facts
from queries.rollups.facts import MODEL
from queries.scope import Scope


def is_plain(spec: QuerySpec) -> bool:
    """Return whether rows count for a fact by their day and the filters alone."""
    fact = facts()[spec.fact]
    return not (fact.where or fact.success or fact.amount) and fact.model == MODEL


def are_counted(store: Store, spec: QuerySpec) -> Flags:
    """Return which rows of the table count."""
    days = days_along(store, MODEL, facts()[spec.fact].date)
    result: Flags = _is_known(store, spec) & _is_in_period(days, spec.scope)
    return result


def first_rows(store: Store, spec: QuerySpec) -> list[SqlRow] | None:
    """Return the residents at their first event, in total or by time, as the question's own query does; None for other questions."""
    if spec.agg != "count_residents" or not (spec.by is None or spec.by in PERIODS):
        return None
    day = facts()[spec.fact].date
    days = days_along(store, MODEL, day)
    places = _first(store, day, _is_known(store, spec))
    places = places[_is_in_period(days[places], spec.scope)]
    if spec.by is None:
        return [{"numerator": len(places)}] if len(places) else []
    if spec.by not in TIME:  # weeks back from the as-of date
        weeks, counted = np.unique((_number(spec.scope.as_of) - days[places]) // 7, return_counts=True)
        return [
            {"key": key, "numerator": count}
            for key, count in sorted(zip(map(str, weeks), counted.tolist(), strict=True))
        ]
    name = f"{spec.by}{OF}{day}"
    keys = list(axis_of(store, MODEL, name))
    counts = np.bincount(numbers_along(store, MODEL, name)[places], minlength=len(keys)).tolist()
    return [{"key": key, "numerator": count} for key, count in zip(keys, counts, strict=True) if count]


def _is_known(store: Store, spec: QuerySpec) -> Flags:
    """Return which rows the filters keep, of those with a day up to the as-of date."""
    result: Flags = days_along(store, MODEL, facts()[spec.fact].date) <= _number(spec.scope.as_of)
    for name, value in spec.scope.filters.items():
        result &= _has(store, spec, name, value)
    return result


def _is_in_period(days: Numbers, scope: Scope) -> Flags:
    first, last = _number(scope.since or date.min), _number(scope.until)
    result: Flags = (days >= first) & (days <= last)
    return result


def _first(store: Store, day: str, is_counted: Flags) -> Numbers:
    """Return the place of the first counted row of each resident."""
    resident = numbers_along(store, MODEL, "resident")

    def read() -> Numbers:
        return np.lexsort((days_along(store, MODEL, day), resident))

    order: Numbers = store.get_or_compute(("by resident and day", MODEL, day), read)
    places = order[is_counted[order]]
    residents = resident[places]
    is_first = residents < 0  # has one row
    is_first[:1] = True
    is_first[1:] |= residents[1:] != residents[:-1]
    return places[is_first]


def _has(store: Store, spec: QuerySpec, name: str, value: str) -> Flags:
    """Return which rows a filter keeps."""
    if DIMENSIONS[name].is_membership:
        member, answered = patterns_of(store, MODEL).T
        bit = spec.bits[value]
        sides = {"in": member & bit, "out": answered & ~member & bit, "undisclosed": ~answered & bit}
        is_on_side: Flags = (sides[spec.scope.group_side] > 0)[numbers_along(store, MODEL, "group")]
        return is_on_side
    is_recorded = value != MODELS[MODEL].empty
    number = axis_of(store, MODEL, name).get(value) if is_recorded else None
    is_value: Flags = numbers_along(store, MODEL, name) == (-2 if number is None else number)
    return is_value


def _number(day: date | None) -> int:
    """Return a day as `days_along` does; None is after every other day."""
    return ((day or date.max) - date(1970, 1, 1)).days
