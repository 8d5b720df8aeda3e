"""Several rates of the same rows, and by several breakdowns, from one query.

A page that compares groups asks for six rates, of everybody, by region and by sector. Each has a short query of its own, the one that
"How is this calculated" shows; most of the time goes into planning it. So where the rows are few, one query reads what each row
counts for each rate, and numpy adds it up for every breakdown. The rows are those of the rates' own queries
(tests/queries/test_several_rates.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from queries.aggregations.groups import SIDE_SUMS
from queries.axes import Numbers, are_on_sides, axis_of, numbers_along, patterns_of
from queries.cache import BoundedCache
from queries.compiler import Query, QuerySpec, write_codes
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, PERIODS
from queries.facts import facts
from queries.rollups.facts import MODEL
from queries.scope import SIDES

Keys: TypeAlias = Sequence[str | None]

MOST_ROWS = 200_000  # of the table: with more, a query for each rate is faster
_MOST_BYTES = 20_000_000
_SUCCESS = 2  # see `write_codes`


@dataclass(frozen=True)
class Codes:
    """What rows count: where each row is in its table, and its code for each rate."""

    places: Numbers
    rates: tuple[Numbers, ...]

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return int(sum(each.nbytes for each in (self.places, *self.rates)))


_CODES: BoundedCache[Codes] = BoundedCache(_MOST_BYTES, lambda codes: codes.size)


def rows(store: Store, specs: Sequence[QuerySpec]) -> Mapping[str, list[SqlRow]] | None:
    """Return the rows of each rate by its fact, as its own query returns them; None where they cannot be counted together.

    Args:
        store: The delivery's tables.
        specs: The rates, which differ only in their fact.
    """
    first = specs[0]
    if first.agg not in _ROWS or not _is_possible(store, specs):
        return None
    query = write_codes(specs)
    key = (store.file, query.text, *query.parameters.items())
    codes = _CODES.get_or_compute(key, lambda: _read(store, query))
    keys = list(axis_of(store, MODEL, first.by)) if first.by else [None]
    tables = (_sums(store, codes.places, each, by=first.by, keys=len(keys)) for each in codes.rates)
    return {spec.fact: _ROWS[first.agg](store, spec, keys, table) for spec, table in zip(specs, tables, strict=True)}


def _is_possible(store: Store, specs: Sequence[QuerySpec]) -> bool:
    by, kinds = specs[0].by, [facts()[spec.fact] for spec in specs]
    if any(kind.model != MODEL or kind.first or kind.amount or not kind.success for kind in kinds):
        return False
    if by is not None and (by in PERIODS or DIMENSIONS[by].is_membership):
        return False
    return int(store.rows("select count(*) as rows from enrollments")[0]["rows"]) <= MOST_ROWS


def _read(store: Store, query: Query) -> Codes:
    columns = {name: np.asarray(column) for name, column in store.columns(query.text, query.parameters).items()}
    places = columns.pop("place").astype(np.int32)
    return Codes(places, tuple(columns.values()))


def _sums(store: Store, places: Numbers, codes: Numbers, *, by: str | None, keys: int) -> Numbers:
    """Return what a rate counts, for each key and combination of answers about groups; the last axis is as in `_SUMS`.

    A resident with several applications counts in hh, hm and mm with the squares of the sums (Rao and Scott 1992).
    """
    counts = codes >= 0
    places, codes = places[counts], codes[counts]
    answers, combinations = numbers_along(store, MODEL, "group")[places], len(patterns_of(store, MODEL))
    cell = answers.astype(np.int64)
    if by:
        cell += combinations * numbers_along(store, MODEL, by)[places].astype(np.int64)
    successes, known = (codes == _SUCCESS).astype(np.int64), (codes > 0).astype(np.int64)
    events = np.ones_like(cell)
    resident = numbers_along(store, MODEL, "resident")[places]
    is_repeated = resident >= 0
    if is_repeated.any():
        # one row for each resident and key in place of that resident's rows
        cells, size = cell[is_repeated], keys * combinations
        _, first, unit = np.unique(
            resident[is_repeated].astype(np.int64) * size + cells, return_index=True, return_inverse=True
        )
        repeated = [np.bincount(unit, each[is_repeated]).astype(np.int64) for each in (events, successes, known)]
        events, successes, known = (
            np.concatenate([each[~is_repeated], more])
            for each, more in zip((events, successes, known), repeated, strict=True)
        )
        cell = np.concatenate([cell[~is_repeated], cells[first]])
    sums = (events, successes, known, successes * successes, successes * known, known * known)
    added = [np.bincount(cell, each, keys * combinations) for each in sums]
    return np.rint(np.stack(added, axis=-1)).astype(np.int64).reshape(keys, combinations, len(_SUMS))


def _by_side(store: Store, spec: QuerySpec, keys: Keys, table: Numbers) -> list[SqlRow]:
    bits = dict(sorted(spec.bits.items(), key=lambda item: item[1]))
    sides = are_on_sides(patterns_of(store, MODEL), bits)
    # exact: the sums are far below 2**53
    sums = (
        np.rint(np.tensordot(sides.astype(np.float64), table.astype(np.float64), axes=(1, 1))).astype(np.int64).tolist()
    )
    return [
        _row(key, {"group_id": group, "side": side}, values)
        for (group, side), by_key in zip(product(bits, SIDES), sums, strict=True)
        if spec.of_group in (None, group)
        for key, values in zip(keys, by_key, strict=True)
        if values[0]
    ]


def _by_answers(store: Store, _: QuerySpec, keys: Keys, table: Numbers) -> list[SqlRow]:
    answers = [
        {"member_bits": member, "answered_bits": answered} for member, answered in patterns_of(store, MODEL).tolist()
    ]
    return [
        _row(key, given, values)
        for key, by_answers in zip(keys, table.tolist(), strict=True)
        for given, values in zip(answers, by_answers, strict=True)
        if values[0]
    ]


def _row(key: str | None, of: SqlRow, values: Sequence[int]) -> SqlRow:
    """Return a row with the columns of the query; the number of events is none of them."""
    row: SqlRow = {} if key is None else {"key": key}
    return row | of | dict(zip(SIDE_SUMS, values[1:], strict=True))


_SUMS = ("events", *SIDE_SUMS)
# by aggregation of queries/aggregations/groups.py
_ROWS = {"rate_by_side": _by_side, "rate_by_answers": _by_answers}
