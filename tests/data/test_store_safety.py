"""Published deliveries are never lost: file modes, digests, repair, backup and restore, retention."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import duckdb
import pytest

from data import backup, duckdb_sql, manifest, publishing, repair, retention, store, work_folder
from data.__main__ import main
from data.delivery import describe
from data.errors import RefusedError, UsageError
from data.publishing import PublishOptions
from data.store import DeliveryList, StoreDamagedError
from tests.data.deliveries import tables, write

DAYS = ("2024-06-28", "2025-06-27", "2026-06-26")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def where(three_deliveries: Path, tmp_path: Path) -> Path:
    """A store with three deliveries of 60, 70 and 80 enrollments."""
    return Path(shutil.copytree(three_deliveries, tmp_path / "store"))


def publish(delivery: Path, into: Path, **options: object) -> str:
    return publishing.publish(describe(delivery), PublishOptions(**options), into=into).delivery  # type: ignore[arg-type]


def enrolled(where: Path, delivery_id: str) -> int:
    with duckdb_sql.open_read_only(store.database(where, delivery_id)) as connection:
        row = connection.execute("select count(*) from enrollments").fetchone()
    assert row is not None
    return row[0]


def modes(folder: Path) -> set[tuple[str, int]]:
    every = [folder, *folder.rglob("*")]
    return {("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode)) for path in every}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
@pytest.mark.parametrize(("access", "expected"), [
    ("", {("folder", 0o700), ("file", 0o600)}), ("group", {("folder", 0o750), ("file", 0o640)}),
])  # fmt: skip
def test_only_its_owner_reads_a_store(tmp_path, monkeypatch, umask, access, expected):
    frames = tables()
    frames["enrollments"].loc[1, "sector"] = "Astrology"
    delivery = write(tmp_path, frames)
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "new" / "store"))
    monkeypatch.setenv("DASHBOARD_STORE_ACCESS", access)
    before = os.umask(umask)
    try:
        publishing_options = ["--max-quarantined", "9", "--quarantine", str(tmp_path / "aside")]
        assert main(["publish", str(delivery), *publishing_options]) == 0
        assert main(["backup", str(tmp_path / "new" / "b.tar.gz")]) == 0
    finally:
        os.umask(before)
    actual_modes = modes(tmp_path / "new") | modes(tmp_path / "aside")
    assert actual_modes == expected, "only the publishing account may read the store, whatever its umask"
    assert list((tmp_path / "aside").glob("*.csv"))


def test_a_wrong_access_setting_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE_ACCESS", "everybody")
    with pytest.raises(UsageError, match="Set it to owner or group"):
        publish(write(tmp_path, tables()), tmp_path / "store")


def test_a_publish_under_an_older_umask_is_tightened(where):
    folder = store.delivery_folder(where, DAYS[2])
    (folder / "report.json").chmod(0o644)
    restored = where.parent / "again"
    backup.back_up(where, where.parent / "b.tar")
    backup.restore(restored, where.parent / "b.tar")
    assert modes(restored / "deliveries") == {("folder", 0o700), ("file", 0o600)}


DAMAGES = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "changed": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link to itself": lambda path: (path.unlink(), path.symlink_to(path)),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", [store.DATABASE, store.REPORT, store.MANIFEST])
def test_verify_reports_only_the_damaged_delivery(where, name, damage):
    assert repair.verify(where) == {day: [] for day in DAYS}
    DAMAGES[damage](store.delivery_folder(where, DAYS[1]) / name)
    faults = repair.verify(where)
    assert faults.pop(DAYS[1])
    assert set(map(tuple, faults.values())) == {()}


def test_verify_compares_rows_with_the_report(where):
    database = store.database(where, DAYS[0])
    database.chmod(0o600)
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from enrollments where resident = 1")
    manifest.write(database.parent)  # as if the digests were of another file
    (fault,) = [sentence for sentence in repair.verify(where)[DAYS[0]] if "enrollments has" in sentence]
    assert "but the report says that 60 were accepted" in fault


def test_repair_restores_the_list(where):
    publishing.rollback(where)
    before = store.read_list(where)
    assert before == DeliveryList(DAYS[:2], DAYS[2:])
    (where / "current.json").write_text("")
    assert repair.repair(where).listed == before == store.read_list(where)
    assert not repair.repair(where).is_new


def test_repair_without_a_copy_goes_by_the_reports(where):
    publishing.rollback(where)
    (where / "current.json").unlink()
    (where / "current-copy.json").write_text("{")
    repaired = repair.repair(where)
    assert repaired.listed == DeliveryList(DAYS, ())
    assert "python -m data rollback" in " ".join(repaired.notices)


def test_repair_leaves_a_damaged_delivery_out_and_says_so(where):
    (where / "current.json").unlink()
    DAMAGES["changed"](store.database(where, DAYS[2]))
    repaired = repair.repair(where)
    assert repaired.listed == DeliveryList(DAYS[:2])
    assert DAYS[2] in " ".join(repaired.notices)
    assert store.database(where, DAYS[2]).exists()
    for day in DAYS:
        DAMAGES["empty"](store.database(where, day))
    (where / "current.json").unlink()
    with pytest.raises(RefusedError, match="Every delivery in the store is damaged"):
        repair.repair(where)
    assert not (where / "current.json").exists()


def test_repair_of_an_empty_store_and_of_none(tmp_path):
    with pytest.raises(RefusedError, match="nothing to repair"):
        repair.repair(tmp_path / "none")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current.json").write_text("{")
    assert repair.repair(tmp_path / "store").listed == DeliveryList()


def test_a_rollback_to_a_damaged_delivery_is_refused(where):
    DAMAGES["changed"](store.database(where, DAYS[1]))
    with pytest.raises(RefusedError, match=r"is damaged\. Nothing was rolled back"):
        publishing.rollback(where)
    assert store.current_id(where) == DAYS[2]


@pytest.mark.parametrize("name", ["store.tar", "store.tar.gz", "store.tgz"])
def test_a_backup_restored_elsewhere_rolls_back(where, tmp_path, name):
    publishing.rollback(where)
    assert backup.back_up(where, tmp_path / name) == []
    with pytest.raises(UsageError, match="already exists"):
        backup.back_up(where, tmp_path / name)
    assert backup.back_up(where, tmp_path / name, overwrite=True) == []
    other = tmp_path / "fresh" / "machine"
    restored = backup.restore(other, tmp_path / name)
    assert restored.listed == store.read_list(where) == store.read_list(other)
    assert restored.moved_to is None
    assert repair.verify(other) == {day: [] for day in DAYS}
    assert publishing.rollback(other) == (DAYS[1], DAYS[0])
    assert enrolled(other, DAYS[0]) == 60


def test_a_restore_over_deliveries_needs_an_option_and_loses_nothing(where, tmp_path):
    backup.back_up(where, tmp_path / "b.tar")
    publish(write(tmp_path, tables(90), day="2026-07-31"), where)
    with pytest.raises(UsageError, match="--replace"):
        backup.restore(where, tmp_path / "b.tar")
    (where / "current.json").write_text("{")  # a restore must work on a damaged store
    restored = backup.restore(where, tmp_path / "b.tar", replace=True)
    assert store.current_id(where) == DAYS[2]
    assert restored.moved_to is not None
    assert (restored.moved_to / "deliveries" / "2026-07-31" / "store.duckdb").is_file()


def test_a_damaged_backup_changes_nothing(where, tmp_path):
    good = tmp_path / "good.tar"
    backup.back_up(where, good)
    content = good.read_bytes()
    for number, cut in enumerate((0, 10, 600, 5_000, len(content) // 2, len(content) - 20_000)):
        bad = tmp_path / f"bad{number}.tar"
        bad.write_bytes(content[:cut])
        with pytest.raises(RefusedError, match="Nothing was changed"):
            backup.restore(tmp_path / "new", bad)
    middle = len(content) // 2
    (tmp_path / "flipped.tar").write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    with pytest.raises(RefusedError, match="Nothing was changed"):
        backup.restore(tmp_path / "new", tmp_path / "flipped.tar")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(__file__, arcname="../evil.py")
    with pytest.raises(RefusedError, match="is not a backup of this dashboard"):
        backup.restore(tmp_path / "new", tmp_path / "other.tar")
    assert store.read_list(tmp_path / "new") == DeliveryList()
    assert not list((tmp_path / "new").glob("building-*"))


def test_a_backup_with_an_entry_outside_the_store_is_refused(where, tmp_path):
    backup.back_up(where, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        tar.add(__file__, arcname="deliveries/2024-06-28/../../../evil.py")
    with pytest.raises(RefusedError, match="which its list does not mention"):
        backup.restore(tmp_path / "new", tmp_path / "b.tar")
    assert not (tmp_path / "evil.py").exists()


def test_retention_exempts_needed_deliveries(where, tmp_path, monkeypatch):
    monkeypatch.setenv(retention.SETTING, "2")
    publish(write(tmp_path, tables(90), day="2026-07-03"), where)
    publishing.rollback(where)  # 2026-06-26 is on screen, 2025-06-27 before it, 2026-07-03 rolled back and newest
    retention.pin(where, DAYS[0], "Friday brief of June 28")
    pruned = retention.prune(where, 2)
    assert pruned.removed == ()
    assert set(pruned.exempt) == {DAYS[0], DAYS[1]}
    assert "Friday brief" in pruned.exempt[DAYS[0]]
    retention.unpin(where, DAYS[0])
    assert retention.prune(where, 2, dry_run=True).removed == (DAYS[0],)
    assert store.delivery_folder(where, DAYS[0]).exists()
    assert retention.prune(where, 2).removed == (DAYS[0],)
    assert not store.delivery_folder(where, DAYS[0]).exists()
    assert store.history(where) == [*DAYS[1:]]
    assert repair.verify(where) == {"2026-07-03": [], DAYS[1]: [], DAYS[2]: []}


def test_retention_removes_nothing_it_is_not_sure_of(where, monkeypatch):
    (where / retention.PINS).write_text("{")
    with pytest.raises(StoreDamagedError, match="Nothing was removed"):
        retention.prune(where, 2)
    with pytest.raises(UsageError, match="at least 2"):
        retention.prune(where, 1)
    for wrong in ("1", "0", "-3", "all", "2.5"):
        monkeypatch.setenv(retention.SETTING, wrong)
        with pytest.raises(UsageError, match="whole number of 2 or more"):
            retention.setting()
    monkeypatch.delenv(retention.SETTING)
    assert retention.setting() is None
    assert len(repair.verify(where)) == 3


def test_retention_needs_a_reason_and_a_delivery(where):
    for delivery_id, why, sentence in (
        (DAYS[0], " ", "Give a reason"),
        ("2020-01-01", "x", "no delivery"),
        ("../x", "x", "no delivery"),
    ):
        with pytest.raises(UsageError, match=sentence):
            retention.pin(where, delivery_id, why)
    with pytest.raises(UsageError, match="not pinned"):
        retention.unpin(where, DAYS[0])


def test_a_killed_check_leaves_nothing_after_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = (
        "from data import work_folder; import os\nwith work_folder.work_folder() as w: (w / 'x').touch(); os._exit(9)"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False).returncode == 9
    (left,) = tmp_path.glob("workforce-check-*")
    with work_folder.work_folder() as first:
        assert not left.exists()
        assert first.is_dir()
        with work_folder.work_folder() as second:
            assert first.is_dir(), "a folder in use is nobody's leftover"
            assert second.is_dir(), "a folder in use is nobody's leftover"
    assert not list(tmp_path.glob("workforce-check-*"))


@pytest.mark.parametrize("content", [
    "", "null", "[]", "{}", "7", '{"delivery": "x"}', '{"delivery": "x", "history": []}', '{"delivery": null, "history": ["x"]}',
    '{"delivery": "../x", "history": ["../x"]}', '{"delivery": "x", "history": "x"}', '{"delivery": 1, "history": [1]}', "[" * 100_000,
])  # fmt: skip
def test_a_list_of_another_shape_is_damaged(tmp_path, content):
    (tmp_path / "current.json").write_text(content)
    with pytest.raises(StoreDamagedError, match="python -m data repair"):
        store.read_list(tmp_path)


def test_a_list_that_cannot_be_opened_is_damaged(tmp_path):
    (tmp_path / "current.json").mkdir()
    with pytest.raises(StoreDamagedError, match="cannot be read"):
        store.read_list(tmp_path)


def test_a_store_path_with_a_question_mark_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="question mark"):
        publish(write(tmp_path, tables()), tmp_path / "what?" / "store")
    assert not (tmp_path / "what?").exists()
