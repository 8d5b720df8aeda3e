"""Whatever happens to the store's files, each delivery gives its own numbers or is reported as damaged, and none is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data import repair, store
from data.__main__ import main
from data.store import StoreDamagedError
from queries.__main__ import main as ask_on_the_command_line
from tests.data.deliveries import tables, write
from tests.faults.stores import DAYS

FAULTS = 1_000 if os.environ.get("FAULTS") == "full" else 50
RESIDENTS = {day: rows // 2 for day, rows in DAYS.items()}


def cut(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: rng.randrange(path.stat().st_size + 1)])


def garbage(path: Path, rng: random.Random) -> None:
    path.write_bytes(rng.randbytes(rng.choice((1, 100, 5_000))))


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 8, 300))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def zero_tail(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    start = rng.randrange(len(content))
    path.write_bytes(content[:start] + bytes(len(content) - start))


def other_file(path: Path, rng: random.Random) -> None:
    """Replace the file by another delivery's file of the same name, or by any other file of the store."""
    where = next(folder for folder in path.parents if (folder / "deliveries").is_dir())
    others = [each for each in sorted(where.rglob("*")) if each.is_file() and each != path]
    same = [each for each in others if each.name == path.name]
    shutil.copyfile(rng.choice(same or others), path)


def touch(path: Path, rng: random.Random) -> None:
    os.utime(path, ns=(rng.randrange(10**18), rng.randrange(10**18)))


def rewritten(path: Path, _: random.Random) -> None:
    """Write the same content to a new file, as restoring a backup does."""
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)


def loop(path: Path, _: random.Random) -> None:
    """Replace the file by a link to itself, which even root cannot read."""
    path.unlink()
    path.symlink_to(path)


def a_folder(path: Path, _: random.Random) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path, random.Random], object]] = {
    "missing": lambda path, _: path.unlink(), "empty": lambda path, _: path.write_bytes(b""), "cut": cut, "garbage": garbage,
    "flipped": flip, "zero tail": zero_tail, "another file": other_file, "touched": touch, "rewritten": rewritten,
    "unreadable": loop, "a folder": a_folder,
}  # fmt: skip
HARMLESS = ("touched", "rewritten")


@pytest.fixture
def where(three_deliveries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    shutil.copytree(three_deliveries, tmp_path / "store")
    return tmp_path / "store"


def answer(day: str | None, capsys: pytest.CaptureFixture[str]) -> int | str:
    """Return a delivery's enrolled residents (None: of the one on screen), or the message instead of a number."""
    capsys.readouterr()
    given = ["measure", "residents_enrolled", "--json", *(["--delivery", day] if day else [])]
    code = ask_on_the_command_line(given)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    if code == 0:
        return int(json.loads(out)["rows"][0]["value"])
    assert code == 1 or (code == 2 and day), f"exit code {code}: {err}"
    assert err.strip().endswith((".", "DELIVERY")), err
    return err


def judge(where: Path, damaged: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Check the rule of this suite after one file of the store was damaged."""
    owner = damaged.relative_to(where).parts[1] if damaged.parent != where else None
    for day, residents in RESIDENTS.items():
        result = answer(day, capsys)
        assert result == residents or (isinstance(result, str) and day == owner), (
            f"{day} says {result} after {name} of {damaged}"
        )
    try:
        faults = repair.verify(where)
    except StoreDamagedError:
        faults = {}
    if not faults:
        assert damaged.name == store.CURRENT
        assert main(["repair"]) == 0
        faults = repair.verify(where)
    damaged_days = {day for day, why in faults.items() if why}
    assert damaged_days <= {owner} or damaged.name == store.CURRENT
    assert set(DAYS) <= set(faults), "no delivery is lost"
    current = answer(None, capsys)
    assert current == RESIDENTS["2026-06-26"] or (owner == "2026-06-26" and isinstance(current, str))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["current.json", "current-copy.json", "store.duckdb", "report.json", "manifest.json"])
def test_every_kind_of_damage_to_every_file(where, capsys, name, damage):
    target = where / name if name.startswith("current") else where / "deliveries" / "2026-06-26" / name
    before = target.read_bytes()
    DAMAGES[damage](target, random.Random(7))
    is_changed = not target.is_file() or target.read_bytes() != before
    is_checked = name in ("store.duckdb", "report.json", "manifest.json")
    if is_checked:
        assert bool(repair.verify(where)["2026-06-26"]) is is_changed, (
            "verify reports exactly the deliveries that differ"
        )
    judge(where, target, damage, capsys)


def test_a_publish_over_damage_keeps_every_delivery(where, tmp_path):
    """Whichever file is damaged, publishing succeeds or is refused with a sentence, and no delivery's folder is lost."""
    new = write(tmp_path, tables(90), day="2026-07-31")
    rng = random.Random(11)
    files = [path for path in sorted(where.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    assert len(files) > len(DAYS)
    for number, path in enumerate(files):
        damage = list(DAMAGES)[number % len(DAMAGES)]
        store_copy = tmp_path / f"store{number}"
        shutil.copytree(where, store_copy)
        target = store_copy / path.relative_to(where)
        DAMAGES[damage](target, rng)
        os.environ["DASHBOARD_STORE"] = str(store_copy)
        assert main(["publish", str(new)]) in (0, 1)
        assert {p.name for p in (store_copy / "deliveries").iterdir()} >= set(DAYS)
        shutil.rmtree(store_copy)


def test_random_faults(where, three_deliveries, capsys):
    """Apply seeded faults one after the other, each to an intact store."""
    rng = random.Random(20261128)
    names = [path.relative_to(three_deliveries) for path in sorted(three_deliveries.rglob("*"))
             if path.is_file() and not path.name.startswith(".")]  # fmt: skip
    for _ in range(FAULTS):
        relative, damage = rng.choice(names), rng.choice(list(DAMAGES))
        target = where / relative
        DAMAGES[damage](target, rng)
        judge(where, target, damage, capsys)
        shutil.rmtree(where)
        shutil.copytree(three_deliveries, where)
