"""How many deliveries are kept. Nothing is removed unless the setting, or a command, says how many to keep.

Never removed: the delivery on screen, the one before it (a rollback goes there), one whose age is not known, and pinned ones, whose
figures have left the building. pinned.json in the store: {delivery id: why it is kept}.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data import publishing, store, store_files
from data.errors import Refused, WrongUse, shown
from data.masking import masked
from data.store import DeliveryList, StoreDamaged

SETTING = "DASHBOARD_KEEP_DELIVERIES"
PINS = "pinned.json"
LEAST = 2


def setting() -> int | None:
    """How many deliveries the configuration says to keep; None for all. Raises WrongUse where it is no such number."""
    text = os.environ.get(SETTING)
    if not text:
        return None
    if not text.isdecimal() or int(text) < LEAST:
        raise WrongUse(f"{SETTING} is {shown(text)}: it must be a whole number from {LEAST}, or not be set to keep all.")
    return int(text)


def pinned(where: Path) -> dict[str, str]:
    """The pinned deliveries and why. Raises StoreDamaged where pinned.json cannot be read: then nothing may be removed."""
    path = where / PINS
    if not path.exists():
        return {}
    pins = store.read_json(path)
    if pins is None or not all(isinstance(why, str) for why in pins.values()):
        raise StoreDamaged(f"{path}, which lists the deliveries to keep, cannot be read; nothing was removed.")
    return pins


def pin(where: Path, delivery_id: str, why: str) -> None:
    """Keep a delivery, whatever the setting. Raises WrongUse where there is no such delivery or no reason,
    StoreDamaged where the list cannot be read."""
    if not why.strip():
        raise WrongUse("Say why the delivery must be kept, for example: --because 'Friday brief of November 20'.")
    store.read_list(where)
    _need(where, delivery_id)
    with store_files.locked(where):
        store_files.replace_json(where / PINS, {**pinned(where), delivery_id: masked(why.strip())})


def unpin(where: Path, delivery_id: str) -> None:
    """Let the setting decide about a delivery again. Raises WrongUse where it is not pinned."""
    if not where.is_dir():
        raise WrongUse(f"There is no store at {where}.")
    with store_files.locked(where):
        pins = pinned(where)
        if delivery_id not in pins:
            raise WrongUse(f"{delivery_id} is not pinned.")
        store_files.replace_json(where / PINS, {name: why for name, why in pins.items() if name != delivery_id})


def _need(where: Path, delivery_id: str) -> None:
    if not store.is_delivery_id(delivery_id) or not store.delivery_folder(where, delivery_id).is_dir():
        raise WrongUse(f"There is no delivery {shown(delivery_id)} in the store: python -m data deliveries lists them.")


@dataclass(frozen=True)
class Pruned:
    """What was (or would be) removed, oldest first, and what was kept beyond the number, with why."""

    removed: tuple[str, ...]
    exempt: dict[str, str]


def prune(
    where: Path, keep: int, *, dry_run: bool = False, waiting: Callable[[], None] = store_files.no_wait
) -> Pruned:
    """Remove the oldest deliveries beyond the `keep` newest ones. `dry_run` only says which.

    Raises WrongUse for fewer than two, Refused where nothing is published, StoreDamaged where a list cannot be read.
    """
    if keep < LEAST:
        raise WrongUse(f"Keep at least {LEAST} deliveries: the one on screen and the one before it.")
    if not where.is_dir():
        raise Refused(["Nothing has been published yet, so there is nothing to remove."])
    with store_files.locked(where, waiting):
        listed, pins = store.read_list(where), pinned(where)
        entries = publishing.deliveries(where)
        every = [entry["delivery"] for entry in entries]
        beyond = every[: max(0, len(every) - keep)]
        kept_for = {e["delivery"]: "its report cannot be read, so its age is not known" for e in entries if not e["published_at"]}
        kept_for |= {name: "it is on screen" for name in listed.history[-1:]}
        kept_for |= {name: "a rollback goes back to it" for name in listed.history[-2:-1]}
        kept_for |= {name: f"it is pinned: {why}" for name, why in pins.items()}
        removed = tuple(name for name in beyond if name not in kept_for)
        if removed and not dry_run:
            _remove(where, listed, removed)
        return Pruned(removed, {name: kept_for[name] for name in beyond if name in kept_for})


def _remove(where: Path, listed: DeliveryList, removed: tuple[str, ...]) -> None:
    """Take deliveries out of the list first, then out of the folder: a crash in between leaves them unlisted, not half gone."""
    history = tuple(name for name in listed.history if name not in removed)
    rolled_back = tuple(name for name in listed.rolled_back if name not in removed)
    store_files.write_list(where, DeliveryList(listed.current, history, rolled_back))
    for name in removed:
        folder = store.delivery_folder(where, name)
        doomed = where / f"{store_files.WORK}removed-{name}"
        folder.rename(doomed)  # at once: no half-deleted delivery ever stands among the others
        if doomed.is_symlink():
            doomed.unlink()  # what it leads to lies elsewhere and is somebody else's to delete
        else:
            shutil.rmtree(doomed)
