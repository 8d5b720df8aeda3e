"""Realistic defects in under 1% of each table: extra rows that validation excludes, and exact duplicates that it drops.

A defective row copies a clean one, with a new key (and person) and one thing wrong, so that excluding it leaves every
number as planned.
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
_FIRST_DEFECT_NUMBER = 1 << 38  # far above every number used for clean rows
_NEAR_SECTORS = ("Health care", "Manufacturng", "Info technology", "CDL licencing", "Green job", "Life science")
_NEAR_TOWNS = ("Hartfrod", "Bridgport", "New Havn", "Stamfrod", "Watebury", "West Hartfort", "Norwhich")


def with_defects(
    rows: pa.Table,
    *,
    breaks: Sequence[Break],
    key: str,
    seed: int,
    delivery: int,
    batch: int = 0,
    person: str | None = None,
) -> pa.Table:
    """Append defective copies and exact duplicates to a table.

    Args:
        rows: Clean rows.
        breaks: Functions that each break a row, used in turn.
        key: The column that gets new ids. Their first letter stays.
        seed: The demo's seed.
        delivery: The index in plan.DELIVERIES.
        batch: The batch number.
        person: The column that gets new pseudonyms, if any.
    """
    rng = generator(seed, 9, batch, delivery, ord(key[0]), len(breaks))
    picks = rng.choice(rows.num_rows, sample_size(rows.num_rows, plan.DEFECT_SHARE), replace=False)
    broken = rows.take(pa.array(picks)).to_pylist()
    for column in filter(None, (key, person)):
        _renew(broken, column, first=_FIRST_DEFECT_NUMBER + (batch << 20), seed=seed)
    for place, row in enumerate(broken):
        breaks[place % len(breaks)](row, rng, plan.DELIVERIES[delivery])
    return with_duplicates(pa.concat_tables([rows, pa.Table.from_pylist(broken, schema=rows.schema)]), rng=rng)


def with_duplicates(rows: pa.Table, *, rng: np.random.Generator) -> pa.Table:
    """Append a few of the rows a second time."""
    again = rng.choice(rows.num_rows, sample_size(rows.num_rows, plan.DUPLICATE_SHARE), replace=False)
    return pa.concat_tables([rows, rows.take(pa.array(again))]).combine_chunks()


def sample_size(rows: int, share: float) -> int:
    """Return this share of the rows, but at least one where there are enough rows for it to stay under 1%."""
    return min(rows, max(round(rows * share), 1 if rows >= 250 else 0))


def _renew(rows: list[Row], column: str, *, first: int, seed: int) -> None:
    """Give the rows new pseudonyms that start with the column's letter."""
    if rows:
        fresh = pseudonyms(rows[0][column][0], first + np.arange(len(rows)), seed=seed)
        for row, pseudonym in zip(rows, fresh.to_pylist(), strict=True):
            row[column] = pseudonym


def near_sector(row: Row, rng: np.random.Generator, now: date) -> None:
    """Misspell the sector."""
    row["sector"] = str(rng.choice(_NEAR_SECTORS))


def near_town(row: Row, rng: np.random.Generator, now: date) -> None:
    """Misspell the town and empty the region."""
    row["town"] = str(rng.choice(_NEAR_TOWNS))
    if "region" in row:
        row["region"] = None


def enrolled_before_applied(row: Row, rng: np.random.Generator, now: date) -> None:
    """Move the enrollment before the application."""
    row["enrolled_on"] = row["applied_on"] - timedelta(days=int(rng.integers(3, 40)))


def applied_in_future(row: Row, rng: np.random.Generator, now: date) -> None:
    """Move the application after the delivery."""
    row["applied_on"] = now + timedelta(days=int(rng.integers(20, 400)))
    row["enrolled_on"] = row["started_on"] = row["planned_end_on"] = None


ENROLLMENT_BREAKS = (near_sector, near_town, enrolled_before_applied, applied_in_future)


def completions_with_defects(
    rows: pa.Table, *, waiting: list[tuple[str, int]], seed: int, delivery: int, batch: int
) -> pa.Table:
    """Append exits without an enrollment, and defective exits.

    Args:
        rows: Clean rows.
        waiting: Id and enrollment day of enrollments without an exit. They get the defective exits.
        seed: The demo's seed.
        delivery: The index in plan.DELIVERIES.
        batch: The batch number.
    """
    rng = generator(seed, 10, batch, delivery)
    now = plan.DELIVERIES[delivery]
    picks = rng.choice(rows.num_rows, sample_size(rows.num_rows, plan.DEFECT_SHARE), replace=False)
    broken = rows.take(pa.array(picks)).to_pylist()
    _renew(broken, "enrollment_id", first=_FIRST_DEFECT_NUMBER + (1 << 36) + (batch << 20), seed=seed)
    rng.shuffle(waiting)
    for place, row in enumerate(broken):
        if place % 4 == 0 or not waiting:
            continue
        row["enrollment_id"], enrolled = waiting.pop()
        row.update(dict.fromkeys(list(row)[3:]))
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
