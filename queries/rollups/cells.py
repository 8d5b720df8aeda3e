"""The counts of a fact in full months, by side of each group and place: read from rollup_counts once, and added up as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from queries.arrays import read_once
from queries.axes import Flags, Numbers
from queries.compiler import read
from queries.database import Store
from queries.rollups.facts import VALUES
from queries.scope import SIDES
from queries.sides import Side

SIDE_NUMBER = {name: number for number, name in enumerate(SIDES)}  # as in the enum of rollup_counts


@dataclass(frozen=True)
class Cells:
    """Counts of one fact, sorted by side and place.

    Attributes:
        slices: The sides that have cells.
        starts: The first cell of each, and the number of cells.
        places: The place of each cell, as in rollup_places.
        months: Its month, counted from year 0.
        values: Its rows, successes and known outcomes.
    """

    slices: Numbers
    starts: Numbers
    places: Numbers
    months: Numbers
    values: Numbers

    def range_of(self, side: Side) -> slice:
        """Return where the cells of a side are."""
        number = side.bits * len(SIDES) + SIDE_NUMBER[side.name]
        at = int(np.searchsorted(self.slices, number))
        is_there = at < len(self.slices) and self.slices[at] == number
        return slice(int(self.starts[at]), int(self.starts[at + 1])) if is_there else slice(0, 0)


def cells_of(store: Store, fact: str, limits: Mapping[str, date], *, by_month: bool) -> Cells:
    """Return the counts of a fact in full months.

    Args:
        store: The delivery's tables.
        fact: The name under which the fact is rolled up.
        limits: The limits of the months (queries/rollups/question.py).
        by_month: Whether each month has cells; else months are added up.
    """
    numbers = {name: month_number(day) for name, day in limits.items()}
    return read_once(store, ("cells", fact, by_month, *numbers.items()), lambda: _added(store, fact, numbers, by_month))


def first_changed(store: Store, fact: str, seen_month: date) -> date | None:
    """Return the first month, by its first day, with rows of a fact that count differently from `seen_month` on; None without any."""
    columns = _columns(store, fact)
    everyone = slice(0, np.searchsorted(columns["slice"], len(SIDES)))
    months = columns["month"][everyone][columns["seen"][everyone] >= month_number(seen_month)]
    return date(int(months.min()) // 12, int(months.min()) % 12 + 1, 1) if len(months) else None


def month_number(day: date) -> int:
    """Return the month of a day, counted from year 0."""
    return day.year * 12 + day.month - 1


def _added(store: Store, fact: str, limits: Mapping[str, int], by_month: bool) -> Cells:
    columns = _columns(store, fact)
    is_in = np.ones(len(columns["slice"]), np.bool_)
    if "from_month" in limits:
        is_in &= columns["month"] >= limits["from_month"]
    if "to_month" in limits:
        is_in &= columns["month"] < limits["to_month"]
    if "seen_month" in limits:
        is_in &= columns["seen"] < limits["seen_month"]
    values = np.array([columns[name] for name in VALUES])
    slices, places, months = columns["slice"], columns["place"], columns["month"]
    if by_month:
        slices, places, months, values = slices[is_in], places[is_in], months[is_in], values[:, is_in]
    elif len(slices):
        firsts = _starts((slices[1:] != slices[:-1]) | (places[1:] != places[:-1]))
        values = np.add.reduceat(np.where(is_in, values, 0), firsts, axis=1, dtype=np.int64)
        slices, places, months = slices[firsts], places[firsts], np.zeros(len(firsts), np.int32)
    starts = _starts(slices[1:] != slices[:-1]) if len(slices) else np.zeros(0, np.int64)
    return Cells(slices[starts], np.append(starts, len(slices)), places, months, values)


def _starts(is_other: Flags) -> Numbers:
    """Return where something begins. is_other: for each place but the first, whether it differs from the one before."""
    return np.append(0, np.flatnonzero(is_other) + 1)


def _columns(store: Store, fact: str) -> Mapping[str, Numbers]:
    """Return the columns of rollup_counts for a fact, sorted by side and place."""

    def columns() -> Mapping[str, Numbers]:
        rows = store.columns(read("rollups/sql", "cells"), {"fact": fact})
        return {name: np.asarray(column) for name, column in rows.items()}

    return read_once(store, ("rollup", fact), columns)
