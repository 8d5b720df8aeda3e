from dataclasses import replace

import duckdb
import pytest

from queries import Row, database, instances
from queries.models import ComparedRow

SETTINGS = "select current_setting('threads') as threads, current_setting('disabled_optimizers') as optimizers"
NEEDED = {"filter_pushdown", "unused_columns"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "numbers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select range as n from range(10)")
    yield instances.file_state(path)
    instances.close(path)


def settings_of(file):
    with instances.cursor_on(file) as cursor:
        threads, optimizers = cursor.execute(SETTINGS).fetchone()
    return threads, set(filter(None, optimizers.split(",")))


def test_a_small_file_is_planned_with_what_moves_filters_and_columns_only(file):
    threads, disabled = settings_of(file)
    known = {name for (name,) in duckdb.sql("select name from duckdb_optimizers()").fetchall()}
    assert threads == 1
    assert disabled == known - NEEDED
    assert known > NEEDED


def test_a_large_file_is_planned_with_all_that_duckdb_has(file, monkeypatch):
    monkeypatch.setattr(instances, "SMALL", 0)
    assert settings_of(file)[1] == set()


def test_an_old_state_does_not_close_the_file_that_replaced_it(file, tmp_path):
    path = tmp_path / "numbers.duckdb"
    settings_of(file)
    instances.close(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table more as select 1 as n")
    new = instances.file_state(path)
    with instances.cursor_on(new) as cursor:
        with pytest.raises(instances.StoreReplaced), instances.cursor_on(file):
            pass
        assert cursor.execute("select n from more").fetchall() == [(1,)]


def test_a_link_that_leads_to_another_file_is_followed(file, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(file.path)
    assert database._state_of(link).path == file.path
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    link.unlink()
    link.symlink_to(other)
    assert database._state_of(link).path == str(other)
    link.unlink()
    assert database._state_of(link) is None


@pytest.mark.parametrize(
    "row", [Row(key="A", value=1.0, note="some"), ComparedRow(key="B", value=None, p=0.5)], ids=lambda row: row.key
)
def test_a_changed_copy_of_a_row_is_what_replace_makes(row):
    copy = row.but(value=2.0, group="veteran")
    assert copy == replace(row, value=2.0, group="veteran")
    assert type(copy) is type(row)
    assert row.value != copy.value
