"""Switching the store to a new delivery, whole or not at all, and back.

Everything is built in `building-<random>/`, renamed into `deliveries/`, and only then named in current.json by one
atomic replacement. Whatever dies in between leaves the old delivery on screen; the next publish clears the half-made
folder. Nothing in `deliveries/` is ever deleted here: what stands there was checked, accepted and written to its end.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import build_store, layouts, manifest, private_files, problem_files, store, store_files, validate
from data.checked import Checked
from data.delivery import Delivery
from data.errors import Refused
from data.masking import masked
from data.progress import Progress, silent
from data.report import Report
from data.store import DeliveryList

Prepare = Callable[[Path, Progress], object]  # what else is done to a new store's database before anybody reads it


def nothing(database: Path, progress: Progress) -> None:
    """Prepares nothing."""


@dataclass(frozen=True, kw_only=True)
class PublishOptions:
    """How a delivery is published. quarantine, problems: folders that also get the excluded rows, as they came or for those
    who sent them. prepare: the last thing done to a new database."""

    layout: layouts.Layout | None = None
    allow_older: bool = False
    most_quarantined: float = validate.MOST_QUARANTINED
    quarantine: Path | None = None
    problems: Path | None = None
    prepare: Prepare = field(default=nothing)


def publish(
    delivery: Delivery,
    options: PublishOptions = PublishOptions(),
    *,
    into: Path | None = None,
    progress: Progress = silent,
    waiting: Callable[[], None] = store_files.no_wait,
) -> Report:
    """Checks a delivery and, if it is good, makes it the current one; if not, notes the refusal for the dashboard.

    `waiting` is called once when another publish holds the store. The report says whether it was accepted.

    Raises Refused, with sentences, where it cannot be checked at all; StoreDamaged where the store's list cannot be read.
    """
    where = into or store.store_path()
    with store_files.locked(where, waiting):
        listed = store_files.start_list(where)
        _clear_leftovers(where)
        work = Path(tempfile.mkdtemp(prefix=store_files.WORK, dir=where))
        try:
            report = _publish(delivery, options, _Target(where, listed, work), progress)
        except Refused as refused:
            _note_refusal(where, delivery, refused.faults)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return report


@dataclass(frozen=True)
class _Target:
    """Where a delivery goes: the store, its list as it was when the lock was taken, and the folder to work in."""

    where: Path
    listed: DeliveryList
    work: Path


def _publish(delivery: Delivery, options: PublishOptions, target: _Target, progress: Progress) -> Report:
    _refuse_older(delivery, options, target)
    checked = validate.check(
        delivery,
        layout=options.layout,
        work=target.work,
        most_quarantined=options.most_quarantined,
        progress=progress,
    )
    ready = target.work / "ready"
    try:
        report = checked.report
        write_rows(checked, quarantine=options.quarantine, problems=options.problems)
        if not report.accepted:
            _note_refusal(target.where, delivery, report.faults, report)
            return report
        report.delivery = _free_id(target.where, report.delivered_on)
        ready.mkdir()
        build_store.build(checked, ready, progress)
    finally:
        checked.connection.close()
        (target.work / "work.duckdb").unlink(missing_ok=True)
    options.prepare(ready / store.DATABASE, progress)
    manifest.write(ready)
    _put_on_screen(target, ready, report.delivery)
    (target.where / store.REFUSED).unlink(missing_ok=True)
    return report


def write_rows(checked: Checked, *, quarantine: Path | None, problems: Path | None) -> None:
    """Write the excluded rows to the folders asked for, whatever becomes of the delivery."""
    if quarantine is not None:
        for path in build_store.write_quarantine(checked, quarantine):
            private_files.restrict(path)
    if problems is not None:
        problem_files.write(checked, problems)


def _refuse_older(delivery: Delivery, options: PublishOptions, target: _Target) -> None:
    """Raises Refused for a delivery older than the one on screen, unless that is the demo or the analyst asks for it."""
    current = target.listed.current
    if current is None or options.allow_older or delivery.delivered_on.isoformat() >= current[:10]:
        return
    shown = store.report(target.where, current) or {}
    if not shown.get("is_synthetic") or delivery.is_synthetic:
        raise Refused([f"This delivery is dated {delivery.delivered_on}, before the current one ({current});"
                       " --allow-older publishes it all the same."])  # fmt: skip


def _put_on_screen(target: _Target, ready: Path, delivery_id: str) -> None:
    """Moves a finished delivery to its place and names it in the list, each step on the disk before the next."""
    private_files.restrict(ready)
    store_files.sync_all(ready)
    folder = store.delivery_folder(target.where, delivery_id)
    private_files.make_folder(folder.parent)
    ready.rename(folder)
    store_files.sync(folder.parent)
    listed = target.listed
    try:
        store_files.write_list(
            target.where, DeliveryList(delivery_id, (*listed.history, delivery_id), listed.rolled_back)
        )
    except OSError:
        if store.current_id(target.where) != delivery_id:
            shutil.rmtree(folder, ignore_errors=True)  # this publish made it, says that it failed, and nobody saw it
        raise


def rollback(where: Path | None = None, waiting: Callable[[], None] = store_files.no_wait) -> tuple[str, str]:
    """Goes back to the delivery before: (the one left, the one now current).

    Raises Refused when there is none, or when it is not as it was published; StoreDamaged where the list cannot be read.
    """
    where = where or store.store_path()
    if not where.is_dir():
        raise Refused(["Nothing has been published yet, so there is nothing to roll back to."])
    with store_files.locked(where, waiting):
        listed = store.read_list(where)
        if len(listed.history) < 2:
            raise Refused([
                f"{listed.current} is the first delivery published; there is nothing before it to roll back to."
                if listed.current else "Nothing has been published yet, so there is nothing to roll back to."
            ])  # fmt: skip
        *earlier, now, left = listed.history
        folder = store.delivery_folder(where, now)
        if not manifest.is_published(folder):
            raise Refused([f"The delivery before, {now}, is no longer in the store, so nothing was rolled back."])
        if store.manifest(where, now) and (faults := manifest.faults(folder)):
            raise Refused(["The delivery before is damaged, so nothing was rolled back.", *faults])
        store_files.write_list(where, DeliveryList(now, (*earlier, now), (*listed.rolled_back, left)))
        return left, now


def deliveries(where: Path | None = None) -> list[dict[str, Any]]:
    """The deliveries in the store, first published first: what `deliveries --json` prints of each.

    Raises StoreDamaged where the store's list cannot be read.
    """
    where = where or store.store_path()
    listed = store.read_list(where)
    every = []
    for delivery_id in dict.fromkeys((*listed.ids, *unlisted(where, listed))):
        report = store.report(where, delivery_id) or {}
        rows = {name: t.get("accepted", 0) for name, t in report.get("tables", {}).items() if t.get("supplied")}
        every.append({
            "delivery": delivery_id, "delivered_on": report.get("delivered_on"), "layout": report.get("layout"),
            "published_at": report.get("published_at") or "", "rows": rows,
            "is_current": delivery_id == listed.current, "rolled_back": delivery_id in listed.rolled_back,
            "is_listed": delivery_id in listed.ids,
        })  # fmt: skip
    return sorted(every, key=lambda entry: (entry["published_at"], entry["delivery"]))


def unlisted(where: Path, listed: DeliveryList) -> list[str]:
    """Ids of published deliveries that the list does not name: a publish was cut off just before it switched over."""
    folder = where / store.DELIVERIES
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if name not in listed.ids and store.is_delivery_id(name)
            and manifest.is_published(folder / name)]  # fmt: skip


def _clear_leftovers(where: Path) -> None:
    """Removes what writers that died left behind: half-made folders and half-written files."""
    for path in where.glob(store_files.WORK + "*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in where.glob(".*.json-*"):
        path.unlink(missing_ok=True)


def _free_id(where: Path, day: str) -> str:
    number, free = 1, day
    while store.delivery_folder(where, free).exists():
        number += 1
        free = f"{day}.{number}"
    return free


def _note_refusal(where: Path, delivery: Delivery, faults: list[str], report: Report | None = None) -> None:
    """Keep what was refused for the page that shows it: who may read it there is decided when they ask."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    day = delivery.delivered_on.isoformat()
    details = report.as_json() if report else {}
    refusal = {"source": masked(delivery.path.name), "delivered_on": day, "at": at, "faults": faults,
               "report": details, "problems": details.get("problems", [])}  # fmt: skip
    store_files.replace_json(where / store.REFUSED, refusal)
