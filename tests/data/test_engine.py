"""What DuckDB would take for something else than a file is refused before it is opened."""

from __future__ import annotations

import pytest

from data import engine
from data.faults import WrongUse


def test_a_question_mark_in_a_path(tmp_path):
    folder = tmp_path / "what?"
    folder.mkdir()
    connection = engine.connect(tmp_path)
    try:
        with pytest.raises(WrongUse, match=r"cannot be in .*what\?, because that path has a question mark"):
            engine.attach(connection, folder / "a.duckdb", "a")
    finally:
        connection.close()
    assert not list(folder.iterdir())
