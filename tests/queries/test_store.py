"""The store under a running process: files that are touched, replaced, restored, damaged or made by another version."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import pytest

from data.duckdb_sql import sql
from data.store import FORMAT, MANIFEST, StoreDamagedError, database
from queries import AskError, Question, Scope, ask, formats, instances
from queries.database import DeliveryUnreadable, OtherFormat, open_store, question_mark
from tests.damages import DATABASE, SLIGHT, not_allowed

NEWEST, MIDDLE, OLDEST = "2026-11-13", "2024-06-28", "2022-10-07"
RESIDENTS = Question("residents_enrolled")


@pytest.fixture
def store(demo_store, tmp_path, use_store) -> Path:
    """A copy of the demo's store, to be changed."""
    copied = shutil.copytree(demo_store, tmp_path / "store")
    use_store(copied)
    return copied


def residents(delivery_id: str = NEWEST) -> float:
    return ask(RESIDENTS, Scope(delivery=delivery_id)).total.value


def restated(store: Path) -> Path:
    """The database of the newest delivery in another state: it holds what the delivery before it does."""
    path = shutil.copyfile(database(store, MIDDLE), store / "restated")
    change_database(path, "update delivery set delivery_id = ?", NEWEST)
    return path


def touch(path: Path, _: Path) -> None:
    path.touch()


def copy_back(path: Path, other: Path) -> None:
    """As a restore does: the same times, through another file."""
    shutil.copy2(other, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def overwrite(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


def remove_and_write(path: Path, other: Path) -> None:
    path.unlink()
    shutil.copyfile(other, path)


CHANGES = [touch, copy_back, overwrite, remove_and_write]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_is_read_as_it_is_now(store, change):
    path, other = database(store, NEWEST), restated(store)
    first = shutil.copyfile(path, store / "first")
    before, held = residents(), open_store(NEWEST)
    held.rows("select count(*) as n from enrollments")
    expected = before if change is touch else residents(MIDDLE)
    assert change is touch or expected != before
    change(path, other)
    assert residents() == expected
    assert open_store(NEWEST) is not held
    with pytest.raises(instances.StoreReplaced):
        held.rows("select count(*) as rows from enrollments")
    change(path, first)
    assert residents() == before


def test_a_restored_file_of_the_same_size_and_time_is_another_file(store):
    path, other = database(store, NEWEST), restated(store)
    size = max(path.stat().st_size, other.stat().st_size)
    for each in (path, other):
        os.truncate(each, size)
    times = path.stat()
    before, first = residents(), open_store(NEWEST)
    path.write_bytes(other.read_bytes())
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (times.st_size, times.st_mtime_ns)
    assert open_store(NEWEST) is not first
    assert residents() == residents(MIDDLE) != before


def change_database(path: Path, statement: str, *parameters: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement, parameters or None)


@pytest.mark.parametrize("change", [touch, copy_back])
def test_threads_that_query_meanwhile_get_the_old_or_the_new_number(store, change):
    path, other = database(store, NEWEST), restated(store)
    right = {residents(), residents(MIDDLE)} if change is copy_back else {residents()}
    copies = [shutil.copyfile(path, store / "a"), shutil.copyfile(other, store / "b")]
    seen: list[float] = []
    faults: list[BaseException] = []
    is_over = threading.Event()

    def count(turn: int) -> list[dict]:
        query = "select count(distinct enrollment_id) as n, $turn as turn from enrollments"
        return open_store(NEWEST).rows(query, {"turn": turn})  # no two are alike, so that every one is a query

    def viewer(by: str) -> None:
        turn = 0
        while not is_over.is_set():
            turn += 1
            try:
                assert instances.retried(partial(count, turn))[0]["turn"] == turn
                ask(Question("residents_enrolled", by), Scope(delivery=NEWEST))
                seen.append(residents())
            except instances.StoreReplaced:
                continue  # replaced twice within one question
            except BaseException as error:
                faults.append(error)
                return

    threads = [threading.Thread(target=viewer, args=[by]) for by in ("region", "sector", "month")]
    for thread in threads:
        thread.start()
    for turn in range(20):
        change(path, copies[turn % 2])
        assert residents() in right
    is_over.set()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert seen
    assert set(seen) <= right


def test_a_query_is_retried_when_its_file_is_replaced(store):
    """The query is stopped, its instance closed, and the retry reads the new file."""
    path, started, answers = database(store, NEWEST), threading.Event(), []
    slow = "select count(*) as n from enrollments a, enrollments b, enrollments c where a.rowid + b.rowid + c.rowid % 7 = 3"

    def work() -> list[dict]:
        held = open_store(NEWEST)
        started.set()
        query = slow if not answers else "select count(*) as n from enrollments"
        answers.append(query)
        return held.rows(query)

    results: list[list[dict]] = []
    thread = threading.Thread(target=lambda: results.append(instances.retried(work)))
    thread.start()
    started.wait(60)
    wait_until(lambda: any(not opened.is_idle for opened in instances._instances.values()))
    copy_back(path, restated(store))
    new = open_store(NEWEST).rows("select count(*) as n from enrollments")
    thread.join(60)
    assert results == [new]
    assert len(answers) == 2


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_000_000):
        if is_so():
            return
    pytest.fail("it never came to be so")


def test_the_number_of_open_files_is_limited_and_closed_files_reopen(store, monkeypatch):
    monkeypatch.setattr(instances, "MOST_OPEN", 1)
    stores = [open_store(each) for each in (NEWEST, MIDDLE, OLDEST)]
    for turn in range(3):
        for each in stores:
            assert (
                each.rows("select delivery_id, $turn as turn from delivery", {"turn": turn})[0]["delivery_id"]
                == each.id
            )
    assert len(instances._instances) == 1


# What cannot be read


@pytest.mark.parametrize("change", CHANGES[1:])
def test_the_database_of_another_delivery_is_refused(store, change):
    """As after a backup was restored to the wrong folder: its numbers would pass for those of this delivery."""
    path, right = database(store, NEWEST), residents()
    first = shutil.copyfile(path, store / "first")
    change(path, database(store, MIDDLE))
    with pytest.raises(
        DeliveryUnreadable, match=f"delivery {NEWEST}, .*: it holds another delivery.*publish the delivery"
    ):
        residents()
    assert residents(MIDDLE) > 0, "the others still answer"
    change(path, first)
    assert residents() == right


@pytest.mark.parametrize(
    "statement", ["delete from delivery", "insert into delivery select * replace ('' as delivery_id) from delivery"]
)
def test_a_database_that_does_not_name_its_delivery_is_refused(store, statement):
    change_database(database(store, NEWEST), statement)
    with pytest.raises(DeliveryUnreadable, match="it holds another delivery"):
        residents()


@pytest.mark.parametrize(
    "statement",
    ["select * from read_csv('/etc/passwd')", "attach 'other.duckdb'", "load httpfs", "drop table enrollments"],
)
def test_what_the_settings_forbid_is_no_damage(store, statement):
    opened = open_store(NEWEST)
    with pytest.raises(duckdb.Error):
        opened.rows(statement)
    assert not instances._instances[opened.file.path,].is_broken
    assert opened.rows("select delivery_id from delivery") == [{"delivery_id": NEWEST}]


def rows_of(table: str) -> list[dict] | None:
    """Every row of a table; None where it is said that the database cannot be read."""
    try:
        return open_store(NEWEST).rows(sql("select * from {table}", table=table))
    except DeliveryUnreadable as error:
        message = str(error)
        assert message.startswith(f"The database of delivery {NEWEST}, ")
        assert "cannot be read: " in message
        assert "publish" in message
        return None


# what protected readers may see; a store without these shows them statewide totals only
RELEASES = frozenset({"decided_cells", "hidden_cells", "release_shares", "releases"})
WRITTEN = formats.TABLES | RELEASES


@pytest.fixture(scope="module")
def right_rows(demo_store) -> dict[str, list[dict] | None]:
    """Every row of the demo's newest delivery, by table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(demo_store))
        rows = {table: rows_of(table) for table in WRITTEN}
    assert None not in rows.values()
    return rows


@pytest.mark.parametrize("damage", DATABASE)
def test_a_damaged_database_gives_its_rows_or_a_sentence(store, right_rows, damage):
    path = database(store, NEWEST)
    good = Path(shutil.copyfile(path, store / "good"))
    assert residents() > 0, "the process has the database open"
    DATABASE[damage](path)
    read = {table: rows_of(table) for table in WRITTEN}
    assert all(read[table] in (None, right_rows[table]) for table in read), "never a wrong row"
    assert damage in SLIGHT or None in read.values()
    assert residents(MIDDLE) > 0, "the others still answer"
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    good.rename(path)
    assert residents() > 0


def test_a_delivery_that_never_was_is_another_matter(store):
    for unknown in ("2020-01-01", "../store", "", "x" * 300):
        with pytest.raises(AskError, match="There is no published delivery"):
            open_store(unknown)


def test_a_folder_that_may_not_be_read(store):
    residents()
    with (
        not_allowed(store / "deliveries"),
        pytest.raises((DeliveryUnreadable, StoreDamagedError), match="cannot be read"),
    ):
        residents()
    assert residents() > 0


def test_a_question_mark_in_the_path_is_refused_with_a_sentence(store, use_store):
    moved = store.rename(store.with_name("a?b"))
    use_store(moved)
    with pytest.raises(DeliveryUnreadable, match="question mark"):
        residents()
    assert question_mark(moved)
    assert not question_mark(moved.parent)


# Other versions


def write_manifest(store: Path, content: object) -> None:
    (database(store, NEWEST).parent / MANIFEST).write_text(json.dumps(content))
    database(store, NEWEST).touch()


@pytest.mark.parametrize("number", [FORMAT + 1, FORMAT + 100, -1])
def test_another_format_is_refused_with_what_to_do(store, number):
    write_manifest(store, {"format": number})
    with pytest.raises(
        OtherFormat, match="published by another version of the dashboard; publish it again: python -m data"
    ):
        residents()
    write_manifest(store, {"format": FORMAT})
    assert residents() > 0


def test_format_4_is_read_where_it_has_no_rollups(store):
    write_manifest(store, {"format": 4})
    assert residents() > 0
    assert not formats.is_readable(4, formats.TABLES | formats.ROLLUPS)
    assert not formats.is_readable(3, formats.TABLES)


@pytest.mark.parametrize("content", [{"format": True}, {"format": "1"}, {}, [], None])
def test_a_manifest_that_says_nothing_leaves_it_to_the_tables(store, content):
    write_manifest(store, content)
    assert residents() > 0


@pytest.mark.parametrize("change", ["drop table ref_areas", "create table rollup_counts (bits integer)"])
def test_without_a_manifest_the_tables_decide(store, change):
    (database(store, NEWEST).parent / MANIFEST).unlink(missing_ok=True)
    changed = Path(shutil.copyfile(database(store, NEWEST), store / "changed"))
    change_database(changed, change)
    changed.replace(database(store, NEWEST))
    with pytest.raises(OtherFormat):
        residents()


def test_the_tables_that_are_expected_are_those_that_publishing_writes(store, hostile_store):
    for path in (database(store, NEWEST), *Path(hostile_store[0], "deliveries").glob("*/store.duckdb")):
        with duckdb.connect(shutil.copyfile(path, store / "copy"), read_only=True) as connection:
            written = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert written - formats.ROLLUPS - RELEASES == formats.TABLES
