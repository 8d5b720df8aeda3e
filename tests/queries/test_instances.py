import threading
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


def test_a_file_is_not_closed_for_another_before_its_query_begins(file, tmp_path, monkeypatch):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    other = instances.file_state(path)
    monkeypatch.setattr(instances, "MOST_OPEN", 1)
    used = instances._Instance.used

    def used_later(self, cursor):
        if self.files == (file,):
            with instances.cursor_on(other) as between:  # another reader's query
                between.execute("select 1")
        return used(self, cursor)

    monkeypatch.setattr(instances._Instance, "used", used_later)
    with instances.cursor_on(file) as cursor:
        assert cursor.execute("select count(*) from numbers").fetchone() == (10,)
    instances.close(path)


def test_a_query_that_begins_while_its_file_is_closed_is_stopped(file):
    is_open, go_on, cursors, ended = threading.Event(), threading.Event(), [], []

    def ask():
        try:
            with instances.cursor_on(file) as cursor:
                cursors.append(cursor)
                is_open.set()
                assert go_on.wait(30)
                cursor.execute("select sum(sqrt(range)) from range(100000000000)")
        except instances.StoreReplaced:
            ended.append(True)

    threads = [threading.Thread(target=ask, daemon=True)]
    threads[0].start()
    assert is_open.wait(30)
    instance = instances._instances[file.path,]
    threads.append(threading.Thread(target=instances.close, args=[file.path], daemon=True))
    threads[1].start()
    while not instance._is_closed:
        threads[1].join(0.01)
    with instance._changed:  # it waits for the query now, and has told it to stop
        go_on.set()
    for thread in threads:
        thread.join(5)
    are_over = not any(thread.is_alive() for thread in threads)
    if not are_over:  # so that the test ends
        cursors[0].interrupt()
    threads[0].join(30)
    assert are_over
    assert ended == [True]
