"""How many deliveries to keep. Nothing is removed unless the setting or a command gives a number.

Never removed: the delivery on screen, the previous one (for a rollback), deliveries of unknown age, and pinned ones, whose
numbers have been published elsewhere. pinned.json in the store: {delivery id: reason}.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data import published, store, store_files
from data.errors import RefusedError, UsageError, shown
from data.masking import masked
from data.store import DeliveryList, StoreDamagedError

SETTING = "DASHBOARD_KEEP_DELIVERIES"
PINS = "pinned.json"
LEAST = 2


def setting() -> int | None:
    """Return how many deliveries to keep; None for all. Raises UsageError if the setting is not such a number."""
    text = os.environ.get(SETTING)
    if not text:
        return None
    if not text.isdecimal() or int(text) < LEAST:
        raise UsageError(
            f"{SETTING} is {shown(text)}. Set it to a whole number of {LEAST} or more, or remove it to keep all deliveries."
        )
    return int(text)


def pinned(root: Path) -> dict[str, str]:
    """Return the pinned deliveries with their reasons. Raises StoreDamagedError if pinned.json cannot be read."""
    path = root / PINS
    if not path.exists():
        return {}
    pins = store.read_json(path)
    if pins is None or not all(isinstance(why, str) for why in pins.values()):
        raise StoreDamagedError(f"{path}, which lists the deliveries to keep, cannot be read. Nothing was removed.")
    return pins


def pin(root: Path, delivery_id: str, why: str) -> None:
    """Keep a delivery whatever the setting.

    Raises:
        UsageError: There is no such delivery, or no reason is given.
        StoreDamagedError: The list cannot be read.
    """
    if not why.strip():
        raise UsageError(
            "Give a reason for keeping the delivery, for example: --because 'Friday brief of November 20'."
        )
    store.read_list(root)
    _need(root, delivery_id)
    with store_files.locked(root):
        store_files.replace_json(root / PINS, {**pinned(root), delivery_id: masked(why.strip())})


def unpin(root: Path, delivery_id: str) -> None:
    """Let the setting apply to a delivery again. Raises UsageError if it is not pinned."""
    if not root.is_dir():
        raise UsageError(f"There is no store at {root}.")
    with store_files.locked(root):
        pins = pinned(root)
        if delivery_id not in pins:
            raise UsageError(f"{delivery_id} is not pinned.")
        store_files.replace_json(root / PINS, {name: why for name, why in pins.items() if name != delivery_id})


def _need(root: Path, delivery_id: str) -> None:
    if not store.is_delivery_id(delivery_id) or not store.delivery_folder(root, delivery_id).is_dir():
        raise UsageError(
            f"There is no delivery {shown(delivery_id)} in the store. To list them: python -m data deliveries"
        )


@dataclass(frozen=True)
class Pruned:
    """Deliveries that were (or would be) removed, oldest first, and those kept beyond the number, with the reason."""

    removed: tuple[str, ...]
    exempt: dict[str, str]


def prune(root: Path, keep: int, *, dry_run: bool = False, waiting: Callable[[], None] = store_files.no_wait) -> Pruned:
    """Remove the oldest deliveries beyond the newest `keep`. With `dry_run`, only return which.

    Raises:
        UsageError: `keep` is less than two.
        RefusedError: Nothing has been published.
        StoreDamagedError: A list cannot be read.
    """
    if keep < LEAST:
        raise UsageError(f"Keep at least {LEAST} deliveries: the one on screen and the one before it.")
    if not root.is_dir():
        raise RefusedError(["Nothing has been published yet, so there is nothing to remove."])
    with store_files.locked(root, waiting):
        listed, pins = store.read_list(root), pinned(root)
        entries = published.deliveries(root)
        every = [entry.delivery for entry in entries]
        beyond = every[: max(0, len(every) - keep)]
        exempt = {e.delivery: "its report cannot be read, so its age is unknown" for e in entries if not e.published_at}
        exempt |= {name: "it is on screen" for name in listed.history[-1:]}
        exempt |= {name: "a rollback would go back to it" for name in listed.history[-2:-1]}
        exempt |= {name: f"it is pinned: {why}" for name, why in pins.items()}
        removed = tuple(name for name in beyond if name not in exempt)
        if removed and not dry_run:
            _remove(root, listed, removed)
        return Pruned(removed, {name: exempt[name] for name in beyond if name in exempt})


def _remove(root: Path, listed: DeliveryList, removed: tuple[str, ...]) -> None:
    """Remove deliveries from the list first, then from the folder, so that a crash leaves them unlisted and complete."""
    store_files.write_list(root, listed.only(set(listed.ids).difference(removed)))
    for name in removed:
        folder = store.delivery_folder(root, name)
        doomed = root / f"{store_files.WORK}removed-{name}"
        folder.rename(doomed)  # a rename is atomic, so no partly deleted delivery is ever among the others
        if doomed.is_symlink():
            doomed.unlink()  # its target is outside the store
        else:
            shutil.rmtree(doomed)
