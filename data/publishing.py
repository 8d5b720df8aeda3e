"""Switch the store to a new delivery, completely or not at all, and roll back.

Everything is built in `building-<random>/`, moved to `deliveries/`, and only then named in current.json by one atomic
replacement. If the process dies, the old delivery stays on screen and the next publish removes that folder. Where a cluster checks
the rows, it leaves what it finished in `unfinished/`, until a delivery is accepted or refused.
Nothing in `deliveries/` is deleted here: everything in it was checked, accepted and completely written.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from data import build_store, layouts, manifest, private_files, problem_files, store, store_files, validate
from data.checked import Checked
from data.delivery import Delivery
from data.errors import RefusedError
from data.masking import masked
from data.progress import Progress, silent
from data.report import Report
from data.store import DeliveryList
from data.typed_rows import MakeRows, RowsHere


class Prepare(Protocol):
    """The last step on a new database before anybody reads it."""

    def __call__(self, database: Path, progress: Progress, *, has_rows: bool) -> object:
        """Prepare it. Without `has_rows`, take residents' rows out of it."""


def nothing(database: Path, progress: Progress, *, has_rows: bool) -> None:
    """Prepare nothing."""


@dataclass(frozen=True, kw_only=True)
class PublishOptions:
    """How to publish a delivery.

    Attributes:
        layout: The layout that reads it.
        allow_older: Whether it may be older than the delivery on screen.
        most_quarantined: The largest share of quarantined rows in a table, in percent.
        quarantine: A folder for the excluded rows as they were sent.
        problems: A folder for the excluded rows by sender.
        prepare: The last step on the new database.
        has_rows: Whether the store gets residents' rows. Without them, `prepare` takes them out.
        make_rows: Where the rows are cast and judged.
    """

    layout: layouts.Layout | None = None
    allow_older: bool = False
    most_quarantined: float = validate.MOST_QUARANTINED
    quarantine: Path | None = None
    problems: Path | None = None
    prepare: Prepare = field(default=nothing)
    has_rows: bool = True
    make_rows: MakeRows = RowsHere


def publish(
    delivery: Delivery,
    options: PublishOptions = PublishOptions(),
    *,
    into: Path | None = None,
    progress: Progress = silent,
    waiting: Callable[[], None] = store_files.no_wait,
) -> Report:
    """Check a delivery and, if it is accepted, make it the current one. If not, record the refusal for the dashboard.

    Args:
        delivery: The delivery.
        options: How to publish it.
        into: The store; None for the configured one.
        progress: Called at each step.
        waiting: Called once if another command holds the store.

    Returns:
        The report, which says whether the delivery was accepted.

    Raises:
        RefusedError: The delivery cannot be checked at all.
        StoreDamagedError: The store's list cannot be read.
    """
    root = into or store.store_path()
    with store_files.locked(root, waiting):
        listed = store_files.start_list(root)
        _clear_leftovers(root)
        work = Path(tempfile.mkdtemp(prefix=store_files.WORK, dir=root))
        try:
            report = _publish(delivery, options, _Target(root, listed, work), progress)
            _clear_unfinished(root)
        except RefusedError as refused:
            _note_refusal(root, delivery, refused.faults)
            _clear_unfinished(root)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return report


@dataclass(frozen=True)
class _Target:
    """Where a delivery goes: the store, its list when the lock was taken, and a work folder."""

    root: Path
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
        make_rows=options.make_rows,
    )
    ready = target.work / "ready"
    try:
        report = checked.report
        write_rows(checked, quarantine=options.quarantine, problems=options.problems)
        if not report.accepted:
            _note_refusal(target.root, delivery, report.faults, report)
            return report
        report.delivery = _free_id(target.root, report.delivered_on)
        ready.mkdir()
        build_store.build(checked, ready, progress)
    finally:
        checked.connection.close()
        (target.work / "work.duckdb").unlink(missing_ok=True)
    options.prepare(ready / store.DATABASE, progress, has_rows=options.has_rows)
    manifest.write(ready)
    _put_on_screen(target, ready, report.delivery)
    (target.root / store.REFUSED).unlink(missing_ok=True)
    return report


def write_rows(checked: Checked, *, quarantine: Path | None, problems: Path | None) -> None:
    """Write the excluded rows to the given folders, whether the delivery is accepted or not."""
    if quarantine is not None:
        for path in build_store.write_quarantine(checked, quarantine):
            private_files.restrict(path)
    if problems is not None:
        problem_files.write(checked, problems)


def newer_on_screen(delivery: Delivery, root: Path, current: str | None) -> str | None:
    """Return the delivery on screen if it is newer than this one; None for the demo, which any real delivery replaces."""
    if current is None or delivery.delivered_on.isoformat() >= current[:10]:
        return None
    shown = store.report(root, current) or {}
    return current if not shown.get("is_synthetic") or delivery.is_synthetic else None


def _refuse_older(delivery: Delivery, options: PublishOptions, target: _Target) -> None:
    """Raise RefusedError for a delivery older than the one on screen, unless that is the demo or `allow_older` is set."""
    if not options.allow_older and (current := newer_on_screen(delivery, target.root, target.listed.current)):
        raise RefusedError([f"This delivery is dated {delivery.delivered_on}, before the current one ({current})."
                       " To publish it anyway, use --allow-older."])  # fmt: skip


def _put_on_screen(target: _Target, ready: Path, delivery_id: str) -> None:
    """Move a finished delivery to its place and add it to the list, each step on the disk before the next."""
    private_files.restrict(ready)
    store_files.sync_all(ready)
    folder = store.delivery_folder(target.root, delivery_id)
    private_files.make_folder(folder.parent)
    ready.rename(folder)
    store_files.sync(folder.parent)
    listed = target.listed
    try:
        store_files.write_list(target.root, DeliveryList((*listed.history, delivery_id), listed.rolled_back))
    except OSError:
        if store.current_id(target.root) != delivery_id:
            shutil.rmtree(folder, ignore_errors=True)  # this publish reports a failure, so its folder must not stay
        raise


def rollback(root: Path | None = None, waiting: Callable[[], None] = store_files.no_wait) -> tuple[str, str]:
    """Go back to the previous delivery. Returns the one left and the one now current.

    Raises:
        RefusedError: There is no previous delivery, or it is damaged.
        StoreDamagedError: The list cannot be read.
    """
    root = root or store.store_path()
    if not root.is_dir():
        raise RefusedError(["Nothing has been published yet, so there is nothing to roll back to."])
    with store_files.locked(root, waiting):
        listed = store.read_list(root)
        if len(listed.history) < 2:
            raise RefusedError([
                f"{listed.current} is the first published delivery, so there is nothing to roll back to."
                if listed.current else "Nothing has been published yet, so there is nothing to roll back to."
            ])  # fmt: skip
        *earlier, now, left = listed.history
        folder = store.delivery_folder(root, now)
        if not manifest.is_published(folder):
            raise RefusedError([f"The previous delivery, {now}, is no longer in the store. Nothing was rolled back."])
        if store.manifest(root, now) and (faults := manifest.faults(folder)):
            raise RefusedError(["The previous delivery is damaged. Nothing was rolled back.", *faults])
        store_files.write_list(root, DeliveryList((*earlier, now), (*listed.rolled_back, left)))
        return left, now


def _clear_leftovers(root: Path) -> None:
    """Remove unfinished folders and files of processes that died."""
    for path in root.glob(store_files.WORK + "*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in root.glob(".*.json-*"):
        path.unlink(missing_ok=True)


def remove_unfinished(root: Path, waiting: Callable[[], None] = store_files.no_wait) -> bool:
    """Remove what attempts on a cluster left that stopped. Returns whether there was anything."""
    if not (root / store_files.UNFINISHED).is_dir():
        return False
    with store_files.locked(root, waiting):
        _clear_unfinished(root)
    return True


def _clear_unfinished(root: Path) -> None:
    shutil.rmtree(root / store_files.UNFINISHED, ignore_errors=True)


def _free_id(root: Path, day: str) -> str:
    number, free = 1, day
    while store.delivery_folder(root, free).exists():
        number += 1
        free = f"{day}.{number}"
    return free


def _note_refusal(root: Path, delivery: Delivery, faults: list[str], report: Report | None = None) -> None:
    """Save what was refused for the page that shows it. The page decides who may read it."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    day = delivery.delivered_on.isoformat()
    details = report.as_json() if report else {}
    refusal = {"source": masked(delivery.path.name), "delivered_on": day, "at": at, "faults": faults,
               "report": details, "problems": details.get("problems", [])}  # fmt: skip
    store_files.replace_json(root / store.REFUSED, refusal)
