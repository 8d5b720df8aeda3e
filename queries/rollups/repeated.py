"""What residents with several applications change: they count once each, and not once for each row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from queries.axes import OF, REPEATED, Numbers, axis_of, days_along, grid_of, number_of, numbers_along, row_count
from queries.cell_sums import added, flags_of, several
from queries.database import SqlRow, Store
from queries.rollups.piece import Piece, sums_by, with_months, without_empty
from queries.rollups.question import RollupQuestion
from queries.row_codes import are_counted, codes_of, first_places, is_in_period
from queries.sides import EVENTS, RESIDENTS, SUMS, Side


def of_several(store: Store, question: RollupQuestion, sides: Sequence[Side]) -> Piece:
    """Return what residents with several applications add, as they count once each and not once a row."""
    if not row_count(store, REPEATED):
        return Piece([], np.zeros((len(sides), 0, len(SUMS)), np.int64))
    if question.is_of_first_days:
        return _first_days(store, question, sides)
    spec, codes = question.spec, codes_of(store, question.spec, REPEATED)
    by = () if spec.by in (None, "group") else (_along(question),)
    grid = grid_of(store, REPEATED, by)
    more = several(codes, grid)
    counts = np.zeros((len(sides), len(grid.keys), len(SUMS)), np.int64)
    counts[:, :, len(SUMS) - len(more) :] = added(more, flags_of(store, REPEATED, sides), grid)
    return without_empty(grid.keys, counts)


def _first_days(store: Store, question: RollupQuestion, sides: Sequence[Side]) -> Piece:
    """Return what is too much where a resident counts on one day: every row that counts, less the first of each resident."""
    spec, fact = question.spec, question.fact
    days = days_along(store, REPEATED, fact.date)
    is_single = codes_of(store, spec, REPEATED) >= 0
    by = _along(question) if spec.by not in (None, "group") and not question.is_by_weeks else ""
    if fact.first:
        firsts = first_places(store, REPEATED, fact.date, are_counted(store, spec, REPEATED))
        firsts = firsts[is_in_period(days[firsts], spec.scope)]
    else:
        firsts = first_places(store, REPEATED, fact.date, is_single, by=by)
    singles = np.flatnonzero(is_single)
    places = np.concatenate((singles, firsts))
    change = np.concatenate((np.full(len(singles), -1), np.ones(len(firsts), np.int64)))
    keys: list[SqlRow] = [{}]
    numbers: Numbers = np.zeros(len(places), np.int64)
    if question.is_by_weeks:
        weeks, numbers = np.unique((number_of(question.as_of) - days[places]) // 7, return_inverse=True)
        keys = [{"key": str(week)} for week in weeks.tolist()]
    elif by:
        keys, numbers = (
            [{"key": value} for value in axis_of(store, REPEATED, by)],
            numbers_along(store, REPEATED, by)[places],
        )
    if question.is_monthly:
        in_months = days[places].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        keys, numbers = with_months(keys, numbers, in_months)
    counts = np.zeros((len(sides), len(keys), len(SUMS)), np.int64)
    patterns = numbers_along(store, REPEATED, "group")[places]
    for at, flags in enumerate(flags_of(store, REPEATED, sides)):
        is_on = flags[patterns]
        sums = sums_by(numbers[is_on], change[is_on], len(keys))
        counts[at, :, EVENTS] = counts[at, :, RESIDENTS] = sums
    return without_empty(keys, counts)


def _along(question: RollupQuestion) -> str:
    """Return the name of the breakdown as a dimension of rows (queries/axes.py)."""
    return f"{question.spec.by}{OF}{question.fact.date}" if question.is_by_time else str(question.spec.by)
