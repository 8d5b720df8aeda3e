"""Paths that DuckDB would not read as a file are refused before they are opened."""

from __future__ import annotations

import pytest

from data import duckdb_sql
from data.errors import UsageError


def test_a_question_mark_in_a_path(tmp_path):
    folder = tmp_path / "what?"
    folder.mkdir()
    connection = duckdb_sql.connect(tmp_path)
    try:
        with pytest.raises(UsageError, match=r"cannot be in .*what\?, because the path has a question mark"):
            duckdb_sql.attach(connection, folder / "a.duckdb", "a")
    finally:
        connection.close()
    assert not list(folder.iterdir())
