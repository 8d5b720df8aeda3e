"""Is the store as it was published, and what to do where its list is lost.

`verify` holds every file against the digest written when it was published, and every database against its report. `repair`
makes current.json anew, from its copy where that can be read, else from the deliveries' own reports.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data import manifest, publishing, store, store_files
from data.errors import Refused, counted, listed
from data.store import DeliveryList, StoreDamaged


def verify(where: Path) -> dict[str, list[str]]:
    """What is wrong with each delivery of the store, by id: sentences, none where it is as it was published.

    Raises StoreDamaged where the store's list cannot be read.
    """
    known = store.read_list(where)
    return check_folders(where, known)


def check_folders(where: Path, known: DeliveryList) -> dict[str, list[str]]:
    """The same for a list that was read, or for none: whatever stands in the store is looked at."""
    faults: dict[str, list[str]] = {}
    for delivery_id in dict.fromkeys((*known.ids, *publishing.unlisted(where, known))):
        folder = store.delivery_folder(where, delivery_id)
        missing = [f"{delivery_id}: the store's list names it, but its folder is missing."]
        faults[delivery_id] = manifest.faults(folder) if folder.is_dir() else missing
    return faults


@dataclass(frozen=True)
class Repaired:
    """What `repair` made: the list, whether it is a new one, and sentences about deliveries that are not in it."""

    listed: DeliveryList
    is_new: bool
    is_from_copy: bool = False
    notices: tuple[str, ...] = ()


def repair(where: Path, waiting: Callable[[], None] = store_files.no_wait) -> Repaired:
    """Rebuild the store's list where it cannot be read; change nothing where it can.

    Raises Refused where there is no store, or no delivery in it that can go on screen.
    """
    if not where.is_dir():
        raise Refused([f"There is no store at {where}, so there is nothing to repair."])
    with store_files.locked(where, waiting):
        try:
            known = store.read_list(where)
        except StoreDamaged:
            copy = _copy(where)
            made, notices = _rebuilt(where, copy)
            aside = _move_damaged_list(where)
            store_files.write_list(where, made)
            return Repaired(made, True, copy is not None, (*notices, *aside))
        spare = publishing.unlisted(where, known)
        notices = (_unlisted_sentence(spare),) if spare else ()
        return Repaired(known, False, notices=notices)


def _move_damaged_list(where: Path) -> tuple[str, ...]:
    """Move a damaged list out of the way, whatever it is by now: a folder could not be replaced by a file."""
    damaged = where / store.CURRENT
    if not damaged.exists() and not damaged.is_symlink():
        return ()
    aside = where / f"current-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"
    damaged.rename(aside)
    copy = where / store_files.LIST_COPY
    if copy.is_dir():
        copy.rename(aside.with_suffix(".copy.json"))
    return (f"The damaged list is now {aside.name}.",)


def _unlisted_sentence(spare: list[str]) -> str:
    are = "is in the store but not in its list" if len(spare) == 1 else "are in the store but not in its list"
    return f"{listed(spare)} {are}: a publish was cut off before it put them on screen. Publish the export again to show it."


def _rebuilt(where: Path, copy: DeliveryList | None) -> tuple[DeliveryList, tuple[str, ...]]:
    """The list as far as it can be known, and what to tell about it. Only deliveries that are as they were published, or that
    have no manifest to say so, get into it."""
    folder = where / store.DELIVERIES
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    faults = {name: manifest.faults(folder / name) for name in names if store.is_delivery_id(name)}
    sound = {name for name, why in faults.items() if not why or _is_only_without_manifest(folder / name, why)}
    if faults and not sound:
        raise Refused([
            "No delivery in the store is as it was published, so nothing can go on screen, and nothing was changed."
            " Restore a backup, or move the store away and publish the last export.",
            *(sentence for why in faults.values() for sentence in why),
        ])  # fmt: skip
    known = copy or DeliveryList()
    published = {name: str((store.report(where, name) or {}).get("published_at") or "") for name in sound}
    rolled_back = tuple(name for name in known.rolled_back if name in sound)
    earlier = tuple(name for name in known.history if name in sound)
    last = max((published[name] for name in (*earlier, *rolled_back)), default="")
    later = sorted((n for n in sound - {*earlier, *rolled_back} if published[n] >= last), key=lambda n: (published[n], n))
    history = (*earlier, *later)
    if not history and rolled_back:
        history, rolled_back = rolled_back[-1:], rolled_back[:-1]
    notices = [sentence for name in faults if name not in sound for sentence in faults[name]]
    if copy is None and len(history) > 1:
        notices.append("The copy of the list was lost too, so a delivery that had been rolled back counts as published: if"
                       f" {history[-1]} should not be on screen, python -m data rollback goes back.")  # fmt: skip
    spare = sorted(sound - {*history, *rolled_back})
    notices += [_unlisted_sentence(spare)] if spare else []
    return DeliveryList(history[-1] if history else None, history, rolled_back), tuple(notices)


def _is_only_without_manifest(folder: Path, faults: list[str]) -> bool:
    """Whether all that speaks against a delivery is that it has no manifest, as none had before there were any."""
    return not (folder / store.MANIFEST).exists() and len(faults) == 1 and not manifest.count_faults(folder)


def _copy(where: Path) -> DeliveryList | None:
    try:
        return store.parse_list(json.loads(store.read_text(where / store_files.LIST_COPY)))
    except (OSError, ValueError, RecursionError):
        return None


def summary(repaired: Repaired) -> str:
    """One sentence about what was done."""
    current = repaired.listed.current
    origin = "from its copy" if repaired.is_from_copy else "from the deliveries' reports"
    if not repaired.is_new:
        return f"The store's list is good; {current} is on screen." if current else "The store's list is good, and empty."
    if current is None:
        return "The store's list was rebuilt. It is empty: the store holds no delivery."
    return f"The store's list was rebuilt {origin}: {counted(len(repaired.listed.ids), 'delivery', 'deliveries')}, and {current} is on screen."
