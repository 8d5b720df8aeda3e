"""Counts of small deliveries from one reading of the rows, for several facts and by several breakdowns.

A page that compares groups asks for six rates, of everybody, by region and by sector, and for the residents in each group and in two
groups at once. Each question has a query of its own, the one that "About this number" shows; planning it and joining the groups
take most of its time. So where the rows are few, what each row counts is read once (queries/row_codes.py), and numpy adds it up for every
breakdown and side of a group. The rows are those of the questions' own queries (tests/queries/test_small_deliveries.py).
"""

from __future__ import annotations

import numpy as np

from queries import key_counts, row_codes
from queries.aggregations.groups import PLACES
from queries.axes import OF, Grid, Numbers, grid_of, patterns_of
from queries.cell_sums import added, flags_of, several, single
from queries.compiler import QuerySpec
from queries.database import SqlRow, Store
from queries.dimensions import DIMENSIONS, PERIODS, TIME
from queries.registry import facts
from queries.rollups.facts import MODEL
from queries.sides import SUMS, Counts, compared, rows_of, sums_of

# by function of queries/aggregations/groups.py, whether its fact has successes
_HAVE_SUCCESSES = {
    "rate_by_side": True, "rate_by_answers": True, "rate_by_pair": True, "rate_with_repeats": True, "cells_by_side": True,
    "participation": False, "participation_by_pair": False,
}  # fmt: skip


def rows(store: Store, spec: QuerySpec) -> list[SqlRow] | None:
    """Return the rows of a question as its own query returns them; None where they cannot be counted here."""
    table = row_codes.table_of(store, spec)
    if table is None:
        return None
    if spec.agg in key_counts.COUNTED:
        return key_counts.rows(store, spec, table)
    if not _is_possible(spec):
        return None
    by = PLACES if spec.agg == "cells_by_side" else (spec.by,) if spec.by else ()
    if spec.by in PERIODS:
        by = (f"{spec.by}{OF}{facts()[spec.fact].date}",)
    grid, codes = grid_of(store, table, by), row_codes.codes_of(store, spec, table)
    sums = single(codes, grid)
    sums[SUMS.index("hh") :] += several(codes, grid)
    if spec.agg == "rate_by_answers":
        return _by_answers(patterns_of(store, table), grid, sums)
    counts: Counts = added(sums, flags_of(store, table, compared(spec)), grid).tolist()
    return rows_of(spec, grid.keys, counts)


def _is_possible(spec: QuerySpec) -> bool:
    if spec.agg not in _HAVE_SUCCESSES:
        return False
    if spec.by and spec.by not in TIME and (spec.by in PERIODS or DIMENSIONS[spec.by].is_membership):
        return False
    fact = facts()[spec.fact]
    is_wanted = bool(fact.success) == _HAVE_SUCCESSES[spec.agg]
    return fact.model == MODEL and is_wanted and not fact.amount and not fact.first


def _by_answers(patterns: Numbers, grid: Grid, sums: Numbers) -> list[SqlRow]:
    keys = np.repeat(np.arange(len(grid.keys)), np.diff(grid.starts, append=len(grid.answers))).tolist()
    return [
        {"member_bits": member, "answered_bits": answered} | grid.keys[key] | sums_of(values)
        for key, (member, answered), values in zip(keys, patterns[grid.answers].tolist(), sums.T.tolist(), strict=True)
        if values[0]
    ]
