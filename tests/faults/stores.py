"""A store with three deliveries, each recognizable by its number of enrollments."""

from __future__ import annotations

from pathlib import Path

from data import duckdb_sql, publishing, store
from data.delivery import describe
from tests.data.deliveries import tables, write

DAYS = {"2024-06-28": 60, "2025-06-27": 70, "2026-06-26": 80}  # enrollments by delivery


def make_store(folder: Path) -> Path:
    """Publish the three deliveries into `folder/store`."""
    for day, rows in DAYS.items():
        publishing.publish(describe(write(folder, tables(rows), day=day)), into=folder / "store")
    return folder / "store"


def enrolled(where: Path, delivery_id: str) -> int:
    """Return how many enrollments a delivery's database holds, read in a separate instance."""
    with duckdb_sql.open_read_only(store.database(where, delivery_id)) as connection:
        return int(duckdb_sql.fetch_row(connection, "select count(*) from enrollments")[0])
