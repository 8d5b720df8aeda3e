"""The pieces that an answer from the rollups is added up from.

Full months come from rollup_counts, the days of a month that is cut from the rows, or in a store without rows from rollup_days. Where
rollup_counts does not hold a question, every row is counted. In these, each row counts as if it were of another resident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from queries.aggregations.groups import MONTH
from queries.axes import Flags, Numbers
from queries.compiler import key_of, used
from queries.database import SqlRow, Store
from queries.dimensions import MODELS
from queries.rollups.cells import cells_of
from queries.rollups.cut_days import cut_days, period, with_patterns
from queries.rollups.facts import MODEL, VALUES
from queries.rollups.piece import LATEST, Piece, sums_by, with_months, without_empty
from queries.rollups.question import RollupQuestion
from queries.sides import EVERYONE, Side, are_on

EMPTY = MODELS[MODEL].empty
# which of a row's values each of SUMS is, where each row is of another resident
_SINGLE = (0, 1, 2, 1, 1, 2, 2, 0, 1)


def _single(values: Numbers) -> Numbers:
    """Return SUMS of counts by value (rows, successes, known) and others."""
    return np.moveaxis(values[list(_SINGLE)], 0, -1)


def months(store: Store, question: RollupQuestion, sides: Sequence[Side]) -> Piece:
    """Return the full months."""
    by_month = question.is_by_time or question.is_monthly
    cells = cells_of(store, question.rolled_name, question.months, by_month=by_month)
    keys, numbers = _keys(store, question, cells.places, cells.months)
    counts = np.zeros((len(VALUES), len(sides), len(keys) + 1), np.int64)
    for at, side in enumerate(sides):
        names = ("in", "out") if side.name == "answered" else (side.name,)
        for where in (cells.range_of(Side(side.bits, name)) for name in names):
            for value, column in enumerate(cells.values):
                counts[value, at] += sums_by(numbers[where], column[where], len(keys) + 1)
    return without_empty(keys, _single(counts[:, :, :-1]))


def days(store: Store, question: RollupQuestion, sides: Sequence[Side]) -> Piece:
    """Return the days of months that are cut, and how rows of the full months have changed since these ended."""
    columns = cut_days(store, question)
    keys, numbers = _keys(store, question, columns["place"], columns["month"])
    return _of_answers(columns, keys, numbers, sides)


def rows(store: Store, question: RollupQuestion, sides: Sequence[Side]) -> Piece:
    """Return every row, for places, weeks or pairs of groups that rollup_counts does not hold."""
    query, columns_of_key = _rows(question), _names(question)
    columns = dict(store.columns(query, used(query, question.parameters)))
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    values = list(zip(*(arrays[name].tolist() for name in columns_of_key), strict=True)) or [()] * len(arrays["n"])
    distinct = {value: number for number, value in enumerate(dict.fromkeys(values))}
    numbers = np.array([distinct[value] for value in values], np.int64)
    keys: list[SqlRow] = [dict(zip(columns_of_key, value, strict=True)) for value in distinct]
    if not question.compares_groups:  # the filter on a group is among the conditions
        arrays |= {name: np.zeros(len(arrays["n"]), np.int64) for name in ("member_bits", "answered_bits")}
        sides = [EVERYONE]
    return _of_answers(with_patterns(arrays), keys, numbers, sides)


def _keys(store: Store, question: RollupQuestion, places: Numbers, months: Numbers) -> tuple[list[SqlRow], Numbers]:
    """Return the keys of the answer, and the number of that of each cell; for cells that the filters leave out, one more."""
    keys, by_place = _keys_of_places(store, question.places)
    numbers = by_place[places]
    if question.is_by_time and not question.is_by_weeks:
        keys, numbers = _with_times(store, question, keys, numbers, months)
    if question.is_monthly:
        keys, numbers = with_months(keys, numbers, months)
    if not question.filters:
        return keys, numbers
    listed = (all(row[name] == value for name, value in question.filters.items()) for row in _places(store))
    is_included: Flags = np.array([False, *listed], np.bool_)
    return keys, np.where(is_included[places], numbers, len(keys))


def _places(store: Store) -> list[SqlRow]:
    query = "select * from rollup_places order by place"
    return store.get_or_compute(("places",), lambda: store.run(query))


def _keys_of_places(store: Store, columns: Sequence[str]) -> tuple[list[SqlRow], Numbers]:
    """Return the keys of a breakdown by some columns of places, and by place, which count from 1, the number of its key."""

    def read() -> tuple[list[SqlRow], Numbers]:
        names = ["key"] if len(columns) == 1 else columns
        values = [tuple(EMPTY if row[name] is None else row[name] for name in columns) for row in _places(store)]
        order = {value: number for number, value in enumerate(dict.fromkeys(values))}
        keys = [dict(zip(names, value, strict=True)) for value in order]
        return keys, np.array([0, *(order[value] for value in values)], np.int64)

    keys, by_place = store.get_or_compute(("keys of places", tuple(columns)), read)
    return list(keys), by_place


def _with_times(
    store: Store, question: RollupQuestion, keys: Sequence[SqlRow], numbers: Numbers, months: Numbers
) -> tuple[list[SqlRow], Numbers]:
    """Return the keys by unit of time, and the number of that of each cell."""
    first, last = int(months.min(initial=LATEST)), int(months.max(initial=0))
    times = (
        [row["key"] for row in store.rows(_times(question), {"first": first, "last": last + 1})]
        if first <= last
        else []
    )
    order = {time: number for number, time in enumerate(dict.fromkeys(times))}
    by_month = np.array([order[time] for time in times], np.int64)
    return [{**key, "key": time} for key in keys for time in order], numbers * len(order) + by_month[months - first]


def _times(question: RollupQuestion) -> str:
    """Return the query of the unit of time of each month from $first to before $last, counted from year 0."""
    key = key_of(question.spec.by, question.fact, "make_date(month // 12, month % 12 + 1, 1)")
    return f"select {key} as key from (select unnest(range($first, $last)) as month) order by month"


def _of_answers(
    columns: Mapping[str, Numbers], keys: Sequence[SqlRow], numbers: Numbers, sides: Sequence[Side]
) -> Piece:
    """Return the counts of rows that say what residents answered about groups."""
    patterns, size = columns["patterns"].reshape(-1, 2), len(keys) + 1
    at = columns["pattern"] * size + numbers
    sums = np.array([sums_by(at, columns[name], len(patterns) * size) for name in VALUES]).reshape(
        len(VALUES), len(patterns), size
    )
    flags = np.array([are_on(side, patterns) for side in sides], np.float64).reshape(len(sides), len(patterns))
    counts = (flags @ sums.astype(np.float64)).astype(np.int64)  # exact: far below 2**53
    return without_empty(keys, _single(counts[:, :, :-1]))


def _names(question: RollupQuestion) -> Mapping[str, str]:
    """Return the columns that name the key of a row, with their expressions."""
    day, by = question.fact.date, question.spec.by
    names = {"key": "" if by == "group" else key_of(by, question.fact, day)}
    names |= {"month_number": MONTH.format(date=day) if question.is_monthly else ""}
    return {name: text for name, text in names.items() if text}


def _rows(question: RollupQuestion) -> str:
    fact, success = question.fact, question.fact.success or "null"
    listed = [f"{text} as {name}" for name, text in _names(question).items()]
    listed += ["member_bits", "answered_bits"] if question.compares_groups else []
    listed += ["count(*) as n", f"count(*) filter (where {success}) as successes", f"count({success}) as known"]
    where = [*filter(None, [fact.where]), f"{fact.date} <= $as_of", *period(question, fact.date), *question.conditions]
    return f"select {', '.join(listed)}\nfrom enrollments\nwhere " + "\n    and ".join(where) + "\ngroup by all"
