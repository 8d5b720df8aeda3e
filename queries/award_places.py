"""The region or sector that awards were obligated for, up to a day: what the model `awards` of dimensions.toml says in SQL."""

from __future__ import annotations

from datetime import date

import numpy as np

from queries.arrays import read_once
from queries.axes import Flags, Numbers, days_along, number_of, numbers_along
from queries.database import Store

TABLE = "funding"
_AWARDS = """
select rowid as place, cast(dense_rank() over (order by award_id) - 1 as integer) as number, kind = 'obligated' as is_obligated
from funding
where award_id is not null"""


def award_numbers(store: Store, name: str, as_of: date | None) -> Numbers:
    """Return for each row of the ledger the number of the value that all obligations of its award have; -1 where they have several.

    Args:
        store: The delivery's tables.
        name: The dimension: region or sector.
        as_of: Obligations count up to this day.
    """
    values, days = numbers_along(store, TABLE, name), days_along(store, TABLE, "posted_on")
    award, is_obligated = read_once(store, ("awards",), lambda: _read(store, len(values)))
    counted = np.flatnonzero(is_obligated & (days <= number_of(as_of)))
    lowest = np.full(award.max(initial=0) + 1, np.iinfo(values.dtype).max, values.dtype)
    highest = np.full(len(lowest), -1, values.dtype)
    np.minimum.at(lowest, award[counted], values[counted])
    np.maximum.at(highest, award[counted], values[counted])
    result: Numbers = np.where(award < 0, -1, np.where(lowest == highest, lowest, -1)[award])
    return result


def _read(store: Store, row_count: int) -> tuple[Numbers, Flags]:
    """Return the number of each row's award, -1 for none, and whether the row obligates dollars for one."""
    columns = store.columns(_AWARDS)
    places = np.asarray(columns["place"])
    award, is_obligated = np.full(row_count, -1, np.int32), np.zeros(row_count, np.bool_)
    award[places], is_obligated[places] = np.asarray(columns["number"]), np.asarray(columns["is_obligated"])
    return award, is_obligated
