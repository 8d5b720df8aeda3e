"""The deliveries in the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data import manifest, store
from data.store import DeliveryList


@dataclass(frozen=True)
class Published:
    """A delivery in the store, as `deliveries --json` prints it.

    Attributes:
        delivery: Its id.
        delivered_on: Its date; None if its report cannot be read.
        layout: The layout that read it.
        published_at: When it was published; empty if its report cannot be read.
        rows: Accepted rows by table.
        is_current: Whether it is on screen.
        rolled_back: Whether it was rolled back.
        is_listed: Whether the store's list names it.
    """

    delivery: str
    delivered_on: str | None
    layout: str | None
    published_at: str
    rows: dict[str, int]
    is_current: bool
    rolled_back: bool
    is_listed: bool


def deliveries(root: Path | None = None) -> list[Published]:
    """Return the deliveries in the store, first published first.

    Raises:
        StoreDamagedError: The store's list cannot be read.
    """
    root = root or store.store_path()
    listed = store.read_list(root)
    every = []
    for delivery_id in dict.fromkeys((*listed.ids, *unlisted(root, listed))):
        report = store.report(root, delivery_id) or {}
        every.append(Published(
            delivery=delivery_id, delivered_on=report.get("delivered_on"), layout=report.get("layout"),
            published_at=report.get("published_at") or "",
            rows={name: t.get("accepted", 0) for name, t in report.get("tables", {}).items() if t.get("supplied")},
            is_current=delivery_id == listed.current, rolled_back=delivery_id in listed.rolled_back,
            is_listed=delivery_id in listed.ids,
        ))  # fmt: skip
    return sorted(every, key=lambda entry: (entry.published_at, entry.delivery))


def unlisted(root: Path, listed: DeliveryList) -> list[str]:
    """Return published deliveries that are not in the list, because a publish was interrupted before the switch."""
    names = (name for name in store.delivery_ids(root) if name not in listed.ids)
    return [name for name in names if manifest.is_published(store.delivery_folder(root, name))]
