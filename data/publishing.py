"""Switching the store to a new delivery, whole or not at all, and back.

Everything is built in `building-<random>/`, renamed into `deliveries/`, and only then named in current.json by one
atomic replacement. Whatever dies in between leaves the old delivery on screen; the next publish clears what it left.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import building, checking, layouts, store
from data.delivery import Delivery
from data.faults import Refused
from data.progress import Progress, silent
from data.report import Report

_BUILDING = "building-"
Prepare = Callable[[Path, Progress], object]  # what else is done to a new store's database before anybody reads it


def nothing(database: Path, progress: Progress) -> None:
    """Prepares nothing."""


def publish(
    delivery: Delivery, *, layout: layouts.Layout | None = None, into: Path | None = None, allow_older: bool = False,
    most_quarantined: float = checking.MOST_QUARANTINED, quarantine: Path | None = None, prepare: Prepare = nothing,
    progress: Progress = silent, waiting: Callable[[], None] = lambda: None,
) -> Report:  # fmt: skip
    """Checks a delivery and, if it is good, makes it the current one; if not, notes the refusal for the dashboard.

    `waiting` is called once when another publish holds the store. The report says which it was.
    """
    where = into or store.store_path()
    with _locked(where, waiting):
        _clear_leftovers(where)
        work = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=where))
        try:
            report = _publish(
                delivery, layout, where, work, allow_older, most_quarantined, quarantine, prepare, progress
            )
        except Refused as refused:
            _note_refusal(where, delivery, refused.faults)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return report


def _publish(
    delivery: Delivery, layout: layouts.Layout | None, where: Path, work: Path, allow_older: bool,
    most_quarantined: float, quarantine: Path | None, prepare: Prepare, progress: Progress,
) -> Report:  # fmt: skip
    current = store.current_id(where)
    shown = store.report(where, current) or {} if current else {}
    over_a_demo = bool(shown.get("is_synthetic")) and not delivery.is_synthetic
    if current and not allow_older and not over_a_demo and delivery.delivered_on.isoformat() < current[:10]:
        raise Refused([f"This delivery is dated {delivery.delivered_on}, before the current one ({current});"
                       " --allow-older publishes it all the same."])  # fmt: skip
    checked = checking.check(delivery, layout=layout, work=work, most_quarantined=most_quarantined, progress=progress)
    try:
        report = checked.report
        if quarantine is not None:
            building.write_quarantine(checked, quarantine)
        if not report.accepted:
            _note_refusal(where, delivery, report.faults)
            return report
        report.delivery = _free_id(where, report.delivered_on)
        ready = work / "ready"
        ready.mkdir()
        building.build(checked, ready, progress)
    finally:
        checked.connection.close()
        (work / "work.duckdb").unlink(missing_ok=True)
    prepare(ready / store.DATABASE, progress)
    _sync(ready)
    target = store.delivery_folder(where, report.delivery)
    target.parent.mkdir(exist_ok=True)
    ready.rename(target)
    _sync(target.parent)
    try:
        _switch(where, report.delivery, [*store.history(where), report.delivery], store.rolled_back(where))
    except OSError:
        if store.current_id(where) != report.delivery:
            shutil.rmtree(target, ignore_errors=True)
        raise
    (where / store.REFUSED).unlink(missing_ok=True)
    return report


def rollback(where: Path | None = None, waiting: Callable[[], None] = lambda: None) -> tuple[str, str]:
    """Goes back to the delivery before: (the one left, the one now current). Raises Refused when there is none."""
    where = where or store.store_path()
    if not where.is_dir():
        raise Refused(["Nothing has been published yet, so there is nothing to roll back to."])
    with _locked(where, waiting):
        past = store.history(where)
        if len(past) < 2:
            raise Refused([
                f"{past[0]} is the first delivery published; there is nothing before it to roll back to." if past
                else "Nothing has been published yet, so there is nothing to roll back to."
            ])  # fmt: skip
        left, now = past[-1], past[-2]
        if not store.database(where, now).is_file():
            raise Refused([f"The delivery before, {now}, is no longer in the store, so nothing was rolled back."])
        _switch(where, now, past[:-1], [*store.rolled_back(where), left])
        return left, now


def deliveries(where: Path | None = None) -> list[dict[str, Any]]:
    """The deliveries in the store, first published first: what `deliveries --json` prints of each."""
    where = where or store.store_path()
    current, undone = store.current_id(where), set(store.rolled_back(where))
    found = []
    for delivery_id in [*store.rolled_back(where), *store.history(where)]:
        said = store.report(where, delivery_id) or {}
        tables = said.get("tables", {})
        rows = {name: table.get("accepted", 0) for name, table in tables.items() if table.get("supplied")}
        found.append({
            "delivery": delivery_id, "delivered_on": said.get("delivered_on"), "layout": said.get("layout"),
            "published_at": said.get("published_at") or "", "rows": rows,
            "is_current": delivery_id == current, "rolled_back": delivery_id in undone,
        })  # fmt: skip
    return sorted(found, key=lambda one: (one["published_at"], one["delivery"]))


@contextmanager
def _locked(where: Path, waiting: Callable[[], None]) -> Iterator[None]:
    where.mkdir(parents=True, exist_ok=True)
    ignored = where / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")  # residents' records never get into a repository by accident
    with (where / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not (where / store.CURRENT).exists() and store.read_list(where) == store.DeliveryList():
            _switch(where, None, [], [])  # from here on a missing list is a lost one
        yield


def _clear_leftovers(where: Path) -> None:
    """Removes what publishes that died left behind: building folders, half-written files, deliveries never current."""
    known = {*store.history(where), *store.rolled_back(where)}
    for path in where.glob(_BUILDING + "*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in where.glob(".*.json-*"):
        path.unlink(missing_ok=True)
    for path in (where / store.DELIVERIES).glob("*"):
        if path.name not in known and re.fullmatch(r"\d{4}-\d\d-\d\d(\.\d+)?", path.name):
            shutil.rmtree(path, ignore_errors=True)


def _free_id(where: Path, day: str) -> str:
    number, found = 1, day
    while store.delivery_folder(where, found).exists():
        number += 1
        found = f"{day}.{number}"
    return found


def _switch(where: Path, current: str | None, history: list[str], rolled_back: list[str]) -> None:
    _replace(where / store.CURRENT, {"delivery": current, "history": history, "rolled_back": rolled_back})


def _note_refusal(where: Path, delivery: Delivery, faults: list[str]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    said = {"source": delivery.path.name, "delivered_on": delivery.delivered_on.isoformat(), "at": at, "faults": faults}
    _replace(where / store.REFUSED, said)


def _replace(path: Path, content: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Asks the disk to keep a folder's files and names before the next step relies on them."""
    for path in (*(p for p in folder.iterdir() if p.is_file() and folder.name == "ready"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
