"""A command killed at any step leaves the old or the new delivery complete, and all others unchanged."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from data import published, repair, store
from data.__main__ import main
from tests.data.deliveries import tables, write
from tests.faults.kills import run_killed, timed
from tests.faults.stores import DAYS, enrolled

MOST_STEPS = 400
IS_FULL = os.environ.get("FAULTS") == "full"
EVERY = 1 if IS_FULL else 7  # CI tries every seventh step, `make faults` each
MOMENTS = 180 if IS_FULL else 15


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fourth delivery to publish."""
    return write(tmp_path_factory.mktemp("kills"), tables(90), day="2026-07-31")


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "store"


def fresh(three_deliveries: Path, where: Path) -> None:
    shutil.rmtree(where, ignore_errors=True)
    shutil.copytree(three_deliveries, where)


def steps(every: int) -> range:
    return range(1, MOST_STEPS, every)


def check_deliveries(where: Path) -> None:
    """Check that every delivery is there and unchanged."""
    assert all(enrolled(where, day) == rows for day, rows in DAYS.items())


def test_a_killed_publish(three_deliveries: Path, new: Path, where: Path) -> None:
    killed = 0
    for step in steps(EVERY):
        fresh(three_deliveries, where)
        if not run_killed(["publish", str(new)], folder=where, at=step):
            break
        killed += 1
        assert store.current_id(where) in ("2026-06-26", "2026-07-31")
        assert enrolled(where, store.current_id(where) or "") in (80, 90)
        check_deliveries(where)
        assert main(["publish", str(new)]) == 0, "the next publish succeeds"
        assert enrolled(where, store.current_id(where) or "") == 90
        assert not list(where.glob("building-*"))
        assert not any(repair.verify(where).values())
    assert killed > 30 // EVERY


def test_a_publish_killed_at_any_moment(three_deliveries: Path, new: Path, where: Path) -> None:
    """DuckDB writes without Python's audit hooks, so these kills come at random moments of a publish."""
    rng = random.Random(2026)
    fresh(three_deliveries, where)
    lasts = timed(["publish", str(new)])
    for _ in range(MOMENTS):
        fresh(three_deliveries, where)
        run_killed(["publish", str(new)], folder=where, after=rng.uniform(0, lasts))
        assert store.current_id(where) in ("2026-06-26", "2026-07-31")
        assert enrolled(where, store.current_id(where) or "") in (80, 90)
        check_deliveries(where)
        assert main(["verify"]) == 0


@pytest.mark.parametrize("command", ["rollback", "repair", "prune", "restore", "backup"])
def test_other_commands_killed(three_deliveries: Path, where: Path, tmp_path: Path, command: str) -> None:
    fresh(three_deliveries, where)
    backup = tmp_path / "b.tar"
    assert main(["backup", str(backup)]) == 0
    arguments = {
        "rollback": ["rollback"], "repair": ["repair"], "prune": ["prune", "--keep", "2"],
        "restore": ["restore", str(backup), "--replace"], "backup": ["backup", str(backup), "--overwrite"],
    }[command]  # fmt: skip
    killed = 0
    for step in steps(1 if command == "repair" else min(EVERY, 3)):  # the others have few steps
        fresh(three_deliveries, where)
        if command == "repair":
            (where / "current.json").write_text("")
        if not run_killed(arguments, folder=tmp_path, at=step):
            break
        killed += 1
        complete_days = list(DAYS) if command != "prune" else list(DAYS)[1:]
        places = [where, *where.glob("before-restore-*")]
        for day in complete_days:
            assert any(enrolled(place, day) == DAYS[day] for place in places if store.database(place, day).exists())
        # The list can be read, or is reported as damaged and repaired by one command.
        if command == "restore":
            assert main([*arguments]) == 0
        elif command == "repair":
            assert main(["repair"]) == 0
        assert store.current_id(where) in DAYS
        assert enrolled(where, store.current_id(where) or "") in DAYS.values()
        if command == "backup":
            assert main(["restore", str(backup), "--replace"]) == 0, "the backup is either the old or the new one"
    assert killed >= 5


def test_a_killed_check_touches_no_store(three_deliveries: Path, new: Path, where: Path, tmp_path: Path) -> None:
    fresh(three_deliveries, where)
    before = sorted(str(path) for path in where.rglob("*"))
    for step in steps(4 * EVERY):
        if not run_killed(["check", str(new)], folder=tmp_path, at=step):
            break
    assert sorted(str(path) for path in where.rglob("*")) == before
    assert main(["check", str(new)]) == 0
    assert not list(tmp_path.glob("workforce-check-*")), "the next check removes what a killed one left"


def test_a_first_publish_killed_leaves_an_empty_store_or_the_delivery(new: Path, where: Path) -> None:
    for step in steps(2 * EVERY):
        shutil.rmtree(where, ignore_errors=True)
        if not run_killed(["publish", str(new)], folder=where, at=step):
            break
        assert store.current_id(where) in (None, "2026-07-31")
        assert main(["publish", str(new)]) == 0
        current = store.current_id(where)
        assert current is not None
        assert enrolled(where, current) == 90
        assert len(published.deliveries(where)) in (1, 2)
