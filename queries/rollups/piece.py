"""Counts by side and key: what answers from the rollups are added up from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from queries.axes import Numbers
from queries.database import SqlRow
from queries.sides import SUMS

LATEST = 12 * 10_000  # after every month


@dataclass(frozen=True)
class Piece:
    """Counts to add up. keys: the columns of each value of the breakdown; counts: by side, key and SUMS."""

    keys: Sequence[SqlRow]
    counts: Numbers


def total(pieces: Sequence[Piece], sides: int) -> Piece:
    """Return the sum of pieces, by the keys of any of them in their order."""
    names = {tuple(key.values()): key for piece in pieces for key in piece.keys}
    order = {name: number for number, name in enumerate(sorted(names))}
    counts = np.zeros((sides, len(order), len(SUMS)), np.int64)
    for piece in pieces:
        at = np.array([order[tuple(key.values())] for key in piece.keys], np.int64)
        counts[:, at] += piece.counts  # a piece has each key once
    return Piece([names[name] for name in order], counts)


def with_months(keys: Sequence[SqlRow], numbers: Numbers, months: Numbers) -> tuple[list[SqlRow], Numbers]:
    """Return the keys by month, and the number of that of each cell."""
    first, last = int(months.min(initial=LATEST)), int(months.max(initial=0))
    span = range(first, last + 1)
    result = [{**key, "month_number": month} for key in keys for month in span]
    return result, numbers.astype(np.int64) * len(span) + (months - first)  # numbers may be of sixteen bits


def sums_by(numbers: Numbers, values: Numbers, size: int) -> Numbers:
    """Return the sums of values by number; exact, as they are far below 2**53."""
    result: Numbers = np.bincount(numbers, weights=values, minlength=size).astype(np.int64)
    return result


def without_empty(keys: Sequence[SqlRow], counts: Numbers) -> Piece:
    """Return these counts without keys for which nothing counts."""
    occurring = np.flatnonzero(counts.any(axis=(0, 2)))
    return Piece([keys[at] for at in occurring.tolist()], counts[:, occurring])
