"""Verify the store, and rebuild its list if it is lost.

`verify` compares every file with the digest from when it was published, and every database with its report. `repair`
rebuilds current.json from its copy, or else from the deliveries' reports.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data import manifest, published, store, store_files
from data.errors import RefusedError, counted, listed
from data.store import DeliveryList, StoreDamagedError


def verify(root: Path) -> dict[str, list[str]]:
    """Return the faults of each delivery by id; empty lists where nothing is wrong.

    Raises:
        StoreDamagedError: The store's list cannot be read.
    """
    known = store.read_list(root)
    return check_folders(root, known)


def check_folders(root: Path, known: DeliveryList) -> dict[str, list[str]]:
    """Return the same for a given list, plus deliveries in the store that it does not name."""
    faults: dict[str, list[str]] = {}
    for delivery_id in dict.fromkeys((*known.ids, *published.unlisted(root, known))):
        folder = store.delivery_folder(root, delivery_id)
        missing = [f"{delivery_id}: it is in the store's list, but its folder is missing."]
        faults[delivery_id] = manifest.faults(folder) if folder.is_dir() else missing
    return faults


@dataclass(frozen=True)
class Repaired:
    """The result of a repair: the list, whether it was rebuilt, and sentences about deliveries that are not in it."""

    listed: DeliveryList
    is_new: bool
    is_from_copy: bool = False
    notices: tuple[str, ...] = ()


def repair(root: Path, waiting: Callable[[], None] = store_files.no_wait) -> Repaired:
    """Rebuild the store's list if it cannot be read. Otherwise change nothing.

    Raises:
        RefusedError: There is no store, or no delivery in it that can go on screen.
    """
    if not root.is_dir():
        raise RefusedError([f"There is no store at {root}, so there is nothing to repair."])
    with store_files.locked(root, waiting):
        try:
            known = store.read_list(root)
        except StoreDamagedError:
            copy = _copy(root)
            rebuilt, notices = _rebuilt(root, copy)
            aside = _move_damaged_list(root)
            store_files.write_list(root, rebuilt)
            return Repaired(rebuilt, True, copy is not None, (*notices, *aside))
        spare = published.unlisted(root, known)
        notices = (_unlisted_sentence(spare),) if spare else ()
        return Repaired(known, False, notices=notices)


def _move_damaged_list(root: Path) -> tuple[str, ...]:
    """Move a damaged list aside, whatever it is by now. A file could not replace a folder."""
    damaged = root / store.CURRENT
    if not damaged.exists() and not damaged.is_symlink():
        return ()
    aside = root / f"current-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"
    damaged.rename(aside)
    copy = root / store_files.LIST_COPY
    if copy.is_dir():
        copy.rename(aside.with_suffix(".copy.json"))
    return (f"The damaged list is now {aside.name}.",)


def _unlisted_sentence(spare: list[str]) -> str:
    are = "is" if len(spare) == 1 else "are"
    return f"{listed(spare)} {are} in the store but not in its list, because publishing was interrupted. Publish the export again."


def _rebuilt(root: Path, copy: DeliveryList | None) -> tuple[DeliveryList, tuple[str, ...]]:
    """Return the list as far as it is known, and notices.

    Only deliveries that have not changed since they were published, or that have no manifest to check, are in it.
    """
    folders = {name: store.delivery_folder(root, name) for name in store.delivery_ids(root)}
    faults = {name: manifest.faults(folder) for name, folder in folders.items()}
    sound = {name for name, why in faults.items() if not why or _is_only_without_manifest(folders[name], why)}
    if faults and not sound:
        raise RefusedError([
            "Every delivery in the store is damaged, so none can go on screen. Nothing was changed. Restore a backup, or move the"
            " store away and publish the last export.",
            *(sentence for why in faults.values() for sentence in why),
        ])  # fmt: skip
    known = (copy or DeliveryList()).only(sound)
    published = {name: str((store.report(root, name) or {}).get("published_at") or "") for name in sound}
    last = max((published[name] for name in known.ids), default="")
    later = sorted((n for n in sound.difference(known.ids) if published[n] >= last), key=lambda n: (published[n], n))
    history, rolled_back = (*known.history, *later), known.rolled_back
    if not history and rolled_back:
        history, rolled_back = rolled_back[-1:], rolled_back[:-1]
    notices = [sentence for name in faults if name not in sound for sentence in faults[name]]
    if copy is None and len(history) > 1:
        notices.append("The copy of the list was lost too, so a delivery that had been rolled back may be on screen. If"
                       f" {history[-1]} should not be on screen: python -m data rollback")  # fmt: skip
    spare = sorted(sound - {*history, *rolled_back})
    notices += [_unlisted_sentence(spare)] if spare else []
    return DeliveryList(history, rolled_back), tuple(notices)


def _is_only_without_manifest(folder: Path, faults: list[str]) -> bool:
    """Return whether a delivery's only fault is a missing manifest, as in deliveries from before there were manifests."""
    return not (folder / store.MANIFEST).exists() and len(faults) == 1 and not manifest.count_faults(folder)


def _copy(root: Path) -> DeliveryList | None:
    try:
        return store.parse_list(json.loads(store.read_text(root / store_files.LIST_COPY)))
    except (OSError, ValueError, RecursionError):
        return None


def summary(repaired: Repaired) -> str:
    """Describe the repair in one sentence."""
    current = repaired.listed.current
    origin = "from its copy" if repaired.is_from_copy else "from the deliveries' reports"
    if not repaired.is_new:
        return (
            f"The store's list is intact. {current} is on screen."
            if current
            else "The store's list is intact and empty."
        )
    if current is None:
        return "The store's list was rebuilt. It is empty, because the store has no deliveries."
    return f"The store's list was rebuilt {origin}: {counted(len(repaired.listed.ids), 'delivery', 'deliveries')}. {current} is on screen."
