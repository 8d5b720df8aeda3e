"""The funding ledger: allocations, obligations with amendments, monthly invoices and corrections.

Amounts are in cents until they are written. The ledger does not depend on the demo's size: the program has $70 million
with any number of residents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pyarrow as pa

from data.demo import catalog, plan
from data.demo.awards import EARLIER_ALLOCATIONS, PURCHASE_CENTS, Award, make_awards, split
from data.demo.defects import Row, with_defects
from data.demo.places import places
from data.demo.rng import generator, pseudonyms
from data.demo.writing import SCHEMAS

LAST = plan.DELIVERIES[-1]
_ALLOCATION_SHARES = {
    "training": 0.70, "child care": 0.055, "transportation": 0.042, "technology": 0.025, "outreach": 0.038,
    "administration": 0.14,
}  # fmt: skip
_ALLOWED = 0.955  # expenses stay under this share of what is obligated by their day
_CORRECTED_INVOICES, _DEOBLIGATED_AWARDS = 9, 4
_REPORTED_LATE = 0.012  # of invoices, by up to 60 days


@dataclass(frozen=True)
class Transaction:
    """A ledger row. Code -1 means empty. `known_on` is the day it first appears in an export."""

    award_id: str
    recipient: str
    initiative: str
    sector: int
    region: int
    category: str
    kind: str
    cents: int
    posted_on: date
    known_on: date


def funding(*, seed: int, delivery: int) -> pa.Table:
    """Return a delivery's funding table with its defects."""
    now = plan.DELIVERIES[delivery]
    rows = [(number, row) for number, row in enumerate(_ledger(seed)) if row.known_on <= now]
    ids = pseudonyms("T", np.array([number for number, _ in rows]), seed=seed).to_pylist()
    records = [
        {
            "transaction_id": transaction_id,
            "award_id": row.award_id,
            "recipient": row.recipient,
            "initiative": row.initiative,
            "sector": plan.SECTORS[row.sector] if row.sector >= 0 else None,
            "region": places().regions[row.region] if row.region >= 0 else None,
            "category": row.category,
            "kind": row.kind,
            "amount": Decimal(row.cents).scaleb(-2),
            "posted_on": row.posted_on,
        }
        for transaction_id, (_, row) in zip(ids, rows, strict=True)
    ]
    clean = pa.Table.from_pylist(records, schema=SCHEMAS["funding"])
    orders = [row.award_id for _, row in rows if row.recipient in catalog.PURCHASE_RECIPIENTS]

    def beyond_obligation(row: Row, rng: np.random.Generator, now: date) -> None:
        # A small order without other expenses, so that only this row is wrong.
        place = int(rng.integers(len(orders)))
        row |= {
            "award_id": orders[place],
            "recipient": catalog.PURCHASE_RECIPIENTS[place],
            "sector": None,
            "region": None,
        }
        row |= {"initiative": "CareerConneCT", "category": "outreach", "kind": "expended"}
        row["amount"] = Decimal(PURCHASE_CENTS + int(rng.integers(100_000, 900_000))).scaleb(-2)
        row["posted_on"] = now - timedelta(days=int(rng.integers(1, 30)))

    return with_defects(
        clean,
        breaks=(beyond_obligation, _near_sector, _posted_in_future),
        key="transaction_id",
        seed=seed,
        delivery=delivery,
    )


def _near_sector(row: Row, rng: np.random.Generator, now: date) -> None:
    row |= {"sector": "Helthcare", "kind": "expended", "amount": Decimal(int(rng.integers(9_000, 90_000))).scaleb(-2)}


def _posted_in_future(row: Row, rng: np.random.Generator, now: date) -> None:
    row |= {"kind": "expended", "amount": Decimal(int(rng.integers(9_000, 90_000))).scaleb(-2)}
    row["posted_on"] = now + timedelta(days=int(rng.integers(10, 200)))


@lru_cache(maxsize=1)
def _ledger(seed: int) -> tuple[Transaction, ...]:
    """Return every clean transaction up to the last delivery, by day."""
    rng = generator(seed, 3)
    rows = _allocations()
    for number, award in enumerate(make_awards(rng), start=1):
        rows += _award_rows(rng, award, award_id=f"A-{number:03d}")
    rows = _corrected(rng, rows)
    return tuple(sorted(rows, key=lambda row: row.posted_on))


def _allocations() -> list[Transaction]:
    """Return $70,000,000.00 for CareerConneCT over four years, by category, and the earlier initiatives' budgets."""
    years = list(plan.ALLOCATION_SHARES)
    amounts = split(plan.CAREERCONNECT_DOLLARS * 100, list(plan.ALLOCATION_SHARES.values()))
    budgets = [("CareerConneCT", when, cents) for when, cents in zip(years, amounts, strict=True)]
    budgets += [
        (initiative, when, dollars * 100)
        for initiative, by_day in EARLIER_ALLOCATIONS.items()
        for when, dollars in by_day.items()
    ]
    rows = []
    for initiative, when, cents in budgets:
        parts = split(cents, list(_ALLOCATION_SHARES.values()))
        award_id = f"B-{initiative.split()[0][:6].upper()}-{when:%Y-%m}"
        for category, part in zip(_ALLOCATION_SHARES, parts, strict=True):
            rows.append(
                Transaction(
                    award_id, catalog.TREASURY_RECIPIENT, initiative, -1, -1, category, "allocated", part, when, when
                )
            )
    return rows


def _award_rows(rng: np.random.Generator, award: Award, *, award_id: str) -> list[Transaction]:
    """Return an award's obligations, then its monthly invoices line by line."""
    category, sector, region, _ = award.lines[0]
    if award.recipient.endswith("Fund (demo)"):
        sector = -1
    signed = []
    for (first, last, _), cents in zip(award.tranches, split(award.cents, [t[2] for t in award.tranches]), strict=True):
        when = _workday(first + timedelta(days=int(rng.integers(0, (last - first).days + 1))), latest=last)
        signed.append((when, cents))
    rows = [
        Transaction(
            award_id, award.recipient, award.initiative, max(sector, -1), max(region, -1), category, "obligated", cents,
            when, when,
        )
        for when, cents in signed
    ]  # fmt: skip
    if not award.spent:
        return rows

    days = _invoice_days(rng, first=signed[0][0])
    weights = np.interp(
        [when.toordinal() for when in days], [when.toordinal() for when, _ in award.pace], [w for _, w in award.pace]
    )
    weights *= rng.lognormal(0, 0.22, len(days))
    wanted = np.cumsum(weights) / weights.sum() * award.cents * award.spent
    done = 0
    regions = np.bincount(places().town_region, weights=places().town_weight)
    sectors = np.array(plan.SECTOR_SHARES["CareerConneCT"])
    for when, reach in zip(days, wanted, strict=True):
        obligated = sum(cents for signed_on, cents in signed if signed_on < when)
        invoice = int(min(reach, obligated * _ALLOWED)) - done
        if invoice <= 0:
            continue
        done += invoice
        known = when + timedelta(days=int(rng.integers(10, 60)) if rng.random() < _REPORTED_LATE else 0)
        for line, cents in zip(award.lines, split(invoice, [line[3] for line in award.lines]), strict=True):
            drawn_sector = int(rng.choice(len(sectors), p=sectors / sectors.sum())) if line[1] == -2 else line[1]
            drawn_region = int(rng.choice(len(regions), p=regions / regions.sum())) if line[2] == -2 else line[2]
            rows.append(
                Transaction(
                    award_id, award.recipient, award.initiative, drawn_sector, drawn_region, line[0], "expended", cents,
                    when, known,
                )
            )  # fmt: skip
    return rows


def _invoice_days(rng: np.random.Generator, *, first: date) -> list[date]:
    """Return one workday a month, from three weeks after the first signature to the last delivery."""
    days = []
    year, month = first.year, first.month
    while (year, month) <= (LAST.year, LAST.month):
        latest = LAST.day if (year, month) == (LAST.year, LAST.month) else 26
        when = _workday(date(year, month, int(rng.integers(3, latest))), latest=LAST)
        if when >= first + timedelta(days=10):
            days.append(when)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return days


def _corrected(rng: np.random.Generator, rows: list[Transaction]) -> list[Transaction]:
    """Return the rows and a few corrections: part of an invoice refunded, part of an award released."""
    extra = []
    invoices = [row for row in rows if row.kind == "expended" and row.category == "training" and row.cents > 500_000]
    for place in rng.choice(len(invoices), _CORRECTED_INVOICES, replace=False):
        row = invoices[place]
        when = _workday(row.posted_on + timedelta(days=int(rng.integers(62, 100))), latest=LAST)
        cents = -int(row.cents * rng.uniform(0.1, 0.35))
        extra.append(replace(row, cents=cents, posted_on=when, known_on=when))
    signed = [
        row for row in rows if row.kind == "obligated" and row.posted_on.year == 2024 and row.category == "training"
    ]
    for place in rng.choice(len(signed), _DEOBLIGATED_AWARDS, replace=False):
        row = signed[place]
        when = _workday(date(2025, 2, 3) + timedelta(days=int(rng.integers(0, 500))), latest=LAST)
        total = sum(r.cents for r in rows if r.award_id == row.award_id and r.kind == "obligated")
        extra.append(replace(row, cents=-int(total * rng.uniform(0.008, 0.025)), posted_on=when, known_on=when))
    return rows + [row for row in extra if row.posted_on <= LAST]


def _workday(when: date, *, latest: date) -> date:
    """Return the day itself, the Monday after a weekend, or the Friday before if that is too late."""
    if when.weekday() < 5:
        return when
    monday = when + timedelta(days=7 - when.weekday())
    return monday if monday <= latest else when - timedelta(days=when.weekday() - 4)
