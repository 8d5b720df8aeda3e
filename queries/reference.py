"""Reference and report tables of a delivery, one SQL file each in queries/sql/reference."""

from __future__ import annotations

from functools import lru_cache

from queries.compiler import read
from queries.database import SqlRow, Store


@lru_cache(maxsize=256)
def reference_rows(store: Store, name: str) -> list[SqlRow]:
    """Return every row of queries/sql/reference/<name>.sql, a file without parameters. Do not change the result."""
    return store.rows(read("sql/reference", name))
