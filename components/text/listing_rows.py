"""Type the rows of the listings that narratives read. Each class follows queries/sql/reference/<name>.sql."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NotRequired, TypedDict

Listing = Sequence[Mapping[str, object]]  # as `Page.listing` returns it


class CheckedTable(TypedDict):
    """One table of a delivery: rows read = accepted + quarantined + duplicates. From check_tables."""

    table_name: str
    read: int
    accepted: int
    quarantined: int
    duplicates: int
    skipped: NotRequired[int]


class CheckReason(TypedDict):
    """How many rows of a table were excluded for a reason. From check_reasons."""

    table_name: str
    reason: str
    rows: int


class CheckNotice(TypedDict):
    """A notice of the check; no table where it is about the delivery. From check_notices."""

    table_name: str | None
    notice: str


class SuppliedColumn(TypedDict):
    """A column that the delivery supplies. From supplied."""

    table_name: str
    column_name: str


class Deadline(TypedDict):
    """A federal deadline; kind is "obligate" or "expend". From deadlines."""

    deadline: str
    falls_on: date
    kind: str


class BenchmarkRow(TypedDict):
    """A population benchmark; region is None for the state, share and margin (at 90%) are fractions. From benchmarks."""

    group_id: str
    region: str | None
    share: float | None
    base: str | None
    definition: str
    is_default: bool
    is_second: NotRequired[bool | None]
    margin: NotRequired[float | None]
    source: str
    year: str | int | None


class TargetRow(TypedDict):
    """A target as it was set on a day. From targets."""

    measure: str
    initiative: str | None
    region: str | None
    sector: str | None
    group_id: str | None
    set_on: date
    starts_on: date | None
    due_on: date | None
    value: float
    set_by: str
    reason: str
    source: str
