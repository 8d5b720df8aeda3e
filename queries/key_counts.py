"""Counts, rates and sums of a small table by one breakdown, from what each row counts (queries/row_codes.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from queries.axes import OF, Numbers, amounts_along, axis_of, days_along, number_of, numbers_along
from queries.cell_sums import flags_of
from queries.compiler import QuerySpec
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, PERIODS, TIME
from queries.registry import Fact, facts
from queries.row_codes import KNOWN, SUCCESS, amounts_of_rows, are_counted, codes_of, first_places, is_in_period
from queries.sides import Side

Columns: TypeAlias = Mapping[str, Sequence[float]]  # values by key


def rows(store: Store, spec: QuerySpec, table: str) -> list[SqlRow] | None:
    """Return the rows of a question as its own query returns them; None where they cannot be counted here."""
    fact, count = facts()[spec.fact], COUNTED[spec.agg]
    is_by_group = spec.by not in PERIODS and bool(spec.by) and DIMENSIONS[spec.by or ""].is_membership
    if fact.first and (spec.agg != "count_residents" or not (spec.by is None or spec.by in PERIODS)):
        return None
    codes: Numbers
    if fact.first:
        places = first_places(store, table, fact.date, are_counted(store, spec, table))
        places = places[is_in_period(days_along(store, table, fact.date)[places], spec.scope)]
        codes = np.ones(len(places), np.int8)
    else:
        every = codes_of(store, spec, table)
        places = np.flatnonzero(every >= (SUCCESS if spec.agg == "successes_of_residents" else 0))
        codes = every[places]
    if spec.agg == "median_of_rows":
        has_amount = amounts_of_rows(store, table, fact).are_known[places]
        places, codes = places[has_amount], codes[has_amount]
    if is_by_group:  # a resident counts in each of their groups
        keys, numbers, at = _groups(store, spec, table, places)
        places, codes = places[at], codes[at]
    else:
        keys, numbers = _keys(store, spec, table, places)
    if not len(places):
        return []
    counted = np.bincount(numbers, minlength=len(keys))
    counted_rows = _Rows(
        store=store, fact=fact, table=table, places=places, codes=codes, numbers=numbers, key_count=len(keys)
    )
    values = count(counted_rows)
    if values is None:
        return None
    return [keys[at] | {name: column[at] for name, column in values.items()} for at in np.flatnonzero(counted).tolist()]


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """The rows that count: where they are in their table, their codes and the numbers of their keys."""

    store: Store
    fact: Fact
    table: str
    places: Numbers
    codes: Numbers
    numbers: Numbers
    key_count: int

    def events(self, least: int = 0) -> list[int]:
        """Return by key how many rows have at least this code."""
        counts: list[int] = np.bincount(self.numbers[self.codes >= least], minlength=self.key_count).tolist()
        return counts

    def residents(self, least: int = 0) -> list[int]:
        """Return by key how many residents have a row with at least this code."""
        if self.fact.first:
            return self.events(least)
        is_counted = self.codes >= least
        numbers = self.numbers[is_counted]
        residents = numbers_along(self.store, self.table, "resident")[self.places[is_counted]]
        is_repeated = residents >= 0  # the others have one row in the table
        more = int(residents.max(initial=0)) + 1
        pairs = np.unique(numbers[is_repeated].astype(np.int64) * more + residents[is_repeated])
        counts = np.bincount(numbers[~is_repeated], minlength=self.key_count)
        result: list[int] = (counts + np.bincount(pairs // more, minlength=self.key_count)).tolist()
        return result

    def sums(self) -> tuple[list[float], list[float]] | None:
        """Return by key the sum of the amounts and of those below zero; None where `amounts_along` has none."""
        amounts = amounts_along(self.store, self.table, self.fact.amount)
        if amounts is None:
            return None
        counted = amounts[self.places]
        every, below = (
            np.bincount(self.numbers, weights=each, minlength=self.key_count) / 100
            for each in (counted, np.minimum(counted, 0))
        )
        return every.tolist(), below.tolist()


def _keys(store: Store, spec: QuerySpec, table: str, places: Numbers) -> tuple[list[SqlRow], Numbers]:
    """Return the columns that say each value of the breakdown, and the number of the value of each of these rows."""
    if spec.by is None:
        return [{}], np.zeros(len(places), np.int64)
    day = facts()[spec.fact].date
    if spec.by in PERIODS and spec.by not in TIME:  # weeks back from the as-of date, in the order of text
        weeks, numbers = np.unique(
            (number_of(spec.scope.as_of) - days_along(store, table, day)[places]) // 7, return_inverse=True
        )
        names = weeks.astype(str)
        order = np.argsort(names)
        return [{"key": name} for name in names[order].tolist()], np.argsort(order)[numbers]
    name = f"{spec.by}{OF}{day}" if spec.by in TIME else spec.by
    return [{"key": key} for key in axis_of(store, table, name)], numbers_along(store, table, name)[places]


def _groups(store: Store, spec: QuerySpec, table: str, places: Numbers) -> tuple[list[SqlRow], Numbers, Numbers]:
    """Return a key for each group, and of each resident's row in each group: the number of the group, and where the row is in `places`."""
    groups = [group for group in sorted(spec.bits) if spec.of_group in (None, group)]
    flags = flags_of(store, table, [Side(spec.bits[group], "in") for group in groups])
    numbers, at = np.nonzero(flags[:, numbers_along(store, table, "group")[places]])
    return [{"key": group} for group in groups], numbers, at


def _rates(rows: _Rows) -> Columns:
    known, events = rows.events(KNOWN), rows.events()
    unknown = [every - each for every, each in zip(events, known, strict=True)]
    return {"numerator": rows.events(SUCCESS), "denominator": known, "unknown": unknown}


def _rates_of_known_residents(rows: _Rows) -> Columns:
    known, residents = rows.residents(KNOWN), rows.residents()
    unknown = [every - each for every, each in zip(residents, known, strict=True)]
    return {"numerator": rows.residents(SUCCESS), "denominator": known, "unknown": unknown}


def _sums(rows: _Rows) -> Columns | None:
    sums = rows.sums()
    return sums and {"value": sums[0], "rows": rows.events()}


def _dollars(rows: _Rows) -> Columns | None:
    sums = rows.sums()
    return sums and {"value": sums[0], "corrections": sums[1], "transactions": rows.events()}


def _medians(rows: _Rows) -> Columns:
    amounts = amounts_of_rows(rows.store, rows.table, rows.fact)
    values, counts = amounts.values[rows.places], rows.events()
    by_key = np.split(values[np.argsort(rows.numbers, kind="stable")], np.cumsum(counts)[:-1])
    quantiles = np.array([_quantiles(each) if len(each) else (0.0,) * len(_QUANTILES) for each in by_key]).T.tolist()
    columns: dict[str, Sequence[float]] = {**dict(zip(_QUANTILES, quantiles, strict=True)), "denominator": counts}
    if rows.fact.inside:
        is_inside = amounts.are_inside[rows.places]
        columns["inside"] = np.bincount(rows.numbers[is_inside], minlength=rows.key_count).tolist()
    return columns


def _quantiles(values: npt.NDArray[np.float64]) -> list[float]:
    """Return the median and the quartiles, interpolated between two values where they lie between them, as DuckDB does."""
    places = [(len(values) - 1) * quantile for quantile in _QUANTILES.values()]
    around = sorted({end for place in places for end in (int(place), -int(-place // 1))})
    ordered = np.partition(values, around)
    result = []
    for place in places:
        low, high = (float(ordered[end]) for end in (int(place), -int(-place // 1)))
        part = place - int(place)
        # in one rounding, as DuckDB's fused multiplication does
        result.append(float(np.longdouble(low) * np.longdouble(1 - part) + np.longdouble(high * part)))
    return result


_QUANTILES = {"value": 0.5, "quartile_low": 0.25, "quartile_high": 0.75}
# by function of queries/aggregations/rows.py
COUNTED: Mapping[str, Callable[[_Rows], Columns | None]] = {
    "count_rows": lambda rows: {"numerator": rows.events()},
    "count_residents": lambda rows: {"numerator": rows.residents()},
    "successes_of_residents": lambda rows: {"numerator": rows.residents()},
    "rate_of_rows": _rates,
    "rate_of_residents": lambda rows: {"numerator": rows.residents(SUCCESS), "denominator": rows.residents()},
    "rate_of_known_residents": _rates_of_known_residents,
    "sum_of_rows": _sums,
    "sum_of_dollars": _dollars,
    "median_of_rows": _medians,
}
