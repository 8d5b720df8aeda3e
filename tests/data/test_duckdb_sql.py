"""DuckDB for publishing: paths it would not read as a file, files that are read as they are now, and rows that are inserted."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data import duckdb_sql
from data.errors import UsageError
from tests import processes


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


def test_a_statement_that_ran_before_takes_other_values_and_sees_other_tables(tmp_path):
    for table, value in (([1, 2], 2), ([5], 5), ([], 7)):
        with duckdb_sql.connect(tmp_path) as connection:
            duckdb_sql.run(connection, "create table numbers as select unnest($n::integer[]) as n", {"n": table})
            rows = duckdb_sql.run(connection, "select n from numbers where n = $value", {"value": value}).fetchall()
            assert rows == [(number,) for number in table if number == value]


def test_a_wrong_statement_is_refused_each_time(tmp_path):
    with duckdb_sql.connect(tmp_path) as connection:
        for _ in range(2):
            with pytest.raises(duckdb.ParserException):
                duckdb_sql.run(connection, "selec 1")
            with pytest.raises(duckdb.CatalogException):
                duckdb_sql.run(connection, "select * from {table}", table="nowhere")


def test_several_statements_and_very_long_ones_run_too(tmp_path):
    with duckdb_sql.connect(tmp_path) as connection:
        assert duckdb_sql.fetch_row(connection, "create table t (n integer); select count(*) from t") == (0,)
        assert duckdb_sql.fetch_row(connection, "select length({text})", text=duckdb_sql.literal("a" * 50_000)) == (
            50_000,
        )


def file_of(path: Path, number: int) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select unnest(range($n)) as n", {"n": number})
    return path


def count(path: Path) -> int:
    with duckdb_sql.open_read_only(path) as connection:
        return int(duckdb_sql.fetch_row(connection, "select count(*) from numbers")[0])


def test_a_file_is_read_as_it_is_now(tmp_path):
    path, other = file_of(tmp_path / "a.duckdb", 3), file_of(tmp_path / "b.duckdb", 5)
    assert count(path) == 3
    shutil.copyfile(other, path)
    assert count(path) == 5
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(duckdb.Error):
        count(path)
    assert count(other) == 5, "the next file is read after one that cannot be"
    path.unlink()
    assert count(file_of(path, 7)) == 7


def test_several_files_are_read_at_once(tmp_path):
    first, second = file_of(tmp_path / "a.duckdb", 3), file_of(tmp_path / "b.duckdb", 5)
    with duckdb_sql.open_read_only(first) as connection:
        assert count(second) == 5
        assert count(first) == 3
        assert processes.call(lambda: assert_count(first, 3)) == 0, "a forked process does not wait"
        tables = connection.execute("select count(*) from duckdb_tables()").fetchall()
    assert tables == [(1,)], "one file is not seen beside another"


def assert_count(path: Path, number: int) -> None:
    assert count(path) == number


def test_inserted_rows_are_what_was_given():
    rows = [
        (1, "a", None, Decimal("1.25"), date(2026, 1, 2), True),
        (2, None, 2, Decimal("-3.00"), None, None),
        (3, "it’s; '--", 3.5, None, date(1999, 12, 31), False),
    ]
    with duckdb.connect() as connection:
        connection.execute("create table t (id integer, a varchar, b double, c decimal(9, 2), d date, e boolean)")
        duckdb_sql.insert(connection, "t", [])
        duckdb_sql.insert(connection, "t", rows)
        duckdb_sql.insert(connection, "t", [(4, None, None, None, None, None)])
        assert connection.table("t").fetchall() == [*rows, (4, None, None, None, None, None)]
