"""The result of checking a delivery, which every later step works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb

from data import contract, reference
from data.contract import Table
from data.delivery import Delivery
from data.duckdb_sql import Sql
from data.read_files import Source
from data.report import Report


@dataclass
class Checked:
    """A checked delivery. Its working database is still open."""

    connection: duckdb.DuckDBPyConnection
    delivery: Delivery
    known: reference.Reference
    report: Report
    tables: dict[str, Table]
    sources: dict[str, Source] = field(default_factory=dict)
    earliest: date = contract.EARLIEST
    ready: dict[str, Sql] = field(
        default_factory=dict
    )  # by table of the store: a query of its rows, where they are made
    empty: dict[str, list[str]] = field(default_factory=dict)  # by table: columns that count as not supplied
    unusable: dict[str, set[str]] = field(
        default_factory=dict
    )  # by table: columns that are missing or cannot be read at all
