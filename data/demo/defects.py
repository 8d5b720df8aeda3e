"""A little real dirt, under 1% of each table: extra rows that checking refuses, and exact duplicates that it drops.

A dirty row is a copy of a clean one with a key (and a person) of its own and one thing broken, so that refusing it
leaves every figure as planned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from data.demo import plan
from data.demo.rng import generator, pseudonyms

Row = dict[str, Any]
Break = Callable[[Row, np.random.Generator, date], None]
_DIRT_NUMBERS = 1 << 38  # far above every number used for clean rows
_NEAR_SECTORS = ("Health care", "Manufacturng", "Info technology", "CDL licencing", "Green job", "Life science")
_NEAR_TOWNS = ("Hartfrod", "Bridgport", "New Havn", "Stamfrod", "Watebury", "West Hartfort", "Norwhich")


def soiled(
    rows: pa.Table,
    *,
    breaks: Sequence[Break],
    key: str,
    seed: int,
    delivery: int,
    stretch: int = 0,
    person: str | None = None,
) -> pa.Table:
    """The table with broken copies and exact duplicates appended. Key is the column that gets a fresh id (its letter is
    taken over); person, if any, the column that gets a fresh pseudonym."""
    rng = generator(seed, 9, stretch, delivery, ord(key[0]), len(breaks))
    picks = rng.choice(rows.num_rows, how_many(rows.num_rows, plan.DIRT), replace=False)
    broken = rows.take(pa.array(picks)).to_pylist()
    for column in filter(None, (key, person)):
        _renew(broken, column, first=_DIRT_NUMBERS + (stretch << 20), seed=seed)
    for place, row in enumerate(broken):
        breaks[place % len(breaks)](row, rng, plan.DELIVERIES[delivery])
    return with_duplicates(pa.concat_tables([rows, pa.Table.from_pylist(broken, schema=rows.schema)]), rng=rng)


def with_duplicates(rows: pa.Table, *, rng: np.random.Generator) -> pa.Table:
    """The table with a few of its rows a second time."""
    again = rng.choice(rows.num_rows, how_many(rows.num_rows, plan.DUPLICATES), replace=False)
    return pa.concat_tables([rows, rows.take(pa.array(again))]).combine_chunks()


def how_many(rows: int, share: float) -> int:
    """The share of the rows, but one at least where there are enough rows for it to stay under 1%."""
    return min(rows, max(round(rows * share), 1 if rows >= 250 else 0))


def _renew(rows: list[Row], column: str, *, first: int, seed: int) -> None:
    """Give the rows pseudonyms of their own, with the letter that the column has."""
    if rows:
        fresh = pseudonyms(rows[0][column][0], first + np.arange(len(rows)), seed=seed)
        for row, pseudonym in zip(rows, fresh.to_pylist(), strict=True):
            row[column] = pseudonym


def near_sector(row: Row, rng: np.random.Generator, now: date) -> None:
    row["sector"] = str(rng.choice(_NEAR_SECTORS))


def near_town(row: Row, rng: np.random.Generator, now: date) -> None:
    row["town"] = str(rng.choice(_NEAR_TOWNS))
    if "region" in row:
        row["region"] = None


def enrolled_before_applied(row: Row, rng: np.random.Generator, now: date) -> None:
    row["enrolled_on"] = row["applied_on"] - timedelta(days=int(rng.integers(3, 40)))


def applied_in_future(row: Row, rng: np.random.Generator, now: date) -> None:
    row["applied_on"] = now + timedelta(days=int(rng.integers(20, 400)))
    row["enrolled_on"] = row["started_on"] = row["planned_end_on"] = None


ENROLLMENT_BREAKS = (near_sector, near_town, enrolled_before_applied, applied_in_future)


def soiled_completions(
    rows: pa.Table, *, waiting: list[tuple[str, int]], seed: int, delivery: int, stretch: int
) -> pa.Table:
    """Completions with exits of no enrollment, and broken exits of enrollments that have no other (waiting)."""
    rng = generator(seed, 10, stretch, delivery)
    now = plan.DELIVERIES[delivery]
    picks = rng.choice(rows.num_rows, how_many(rows.num_rows, plan.DIRT), replace=False)
    broken = rows.take(pa.array(picks)).to_pylist()
    _renew(broken, "enrollment_id", first=_DIRT_NUMBERS + (1 << 36) + (stretch << 20), seed=seed)
    rng.shuffle(waiting)
    for place, row in enumerate(broken):
        if place % 4 == 0 or not waiting:
            continue
        row["enrollment_id"], enrolled = waiting.pop()
        row |= dict.fromkeys(list(row)[3:])
        row["outcome"] = "withdrew"
        if place % 4 == 1:
            row["exited_on"] = _date(enrolled - int(rng.integers(3, 40)))
        elif place % 4 == 2:
            row["exited_on"] = _date(enrolled + 50)
            row["hourly_wage_before"] = -17.5
        else:
            row["exited_on"] = now + timedelta(days=int(rng.integers(20, 300)))
    return with_duplicates(pa.concat_tables([rows, pa.Table.from_pylist(broken, schema=rows.schema)]), rng=rng)


def _date(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
