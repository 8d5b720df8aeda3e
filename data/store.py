"""Where published deliveries are. This is the only part of the store's code that `queries/` imports.

store/current.json          the list: {"delivery": id or null, "history": [ids, oldest first], "rolled_back": [ids]}
store/refused.json          the last refused attempt: {"source", "at", "faults"}; removed by the next accepted one
store/unfinished/           steps that a cluster finished for an attempt that stopped (data/cluster/checkpoints.py); not in backups
store/deliveries/<id>/      store.duckdb, report.json, manifest.json, quarantine/<table>.csv; never changed once published

A list that is missing although there are deliveries, or that cannot be read, raises `StoreDamagedError`. "Nothing is published"
is shown only when that is true.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CURRENT, REFUSED, DELIVERIES = "current.json", "refused.json", "deliveries"
DATABASE, REPORT, MANIFEST, QUARANTINE = "store.duckdb", "report.json", "manifest.json", "quarantine"
# The format of store.duckdb that this version writes. Raise it when a table, a column or a rollup changes, so that a store
# from another version is refused with a sentence instead of read wrongly.
FORMAT = 5
# Tables with rows of residents. A delivery published without them has none of these (`delivery.has_rows` says so).
RESIDENT_TABLES = ("enrollments", "courses", "meetings")


class StoreDamagedError(Exception):
    """The store cannot be used. The message says what is wrong and what to do."""


@dataclass(frozen=True)
class DeliveryList:
    """The content of current.json.

    Attributes:
        history: Deliveries that were on screen and not rolled back, oldest first.
        rolled_back: Deliveries that were rolled back.
    """

    history: tuple[str, ...] = ()
    rolled_back: tuple[str, ...] = ()

    @property
    def current(self) -> str | None:
        """The delivery on screen, the last of `history`; None if nothing has been published."""
        return self.history[-1] if self.history else None

    @property
    def ids(self) -> tuple[str, ...]:
        """Every delivery in the list."""
        return (*self.rolled_back, *self.history)

    @property
    def withdrawn(self) -> str | None:
        """The newest delivery that was rolled back and that no later one has replaced; None where there is none."""
        newest = max(self.rolled_back, key=order_of, default=None)
        return newest if newest and self.current and order_of(newest) > order_of(self.current) else None

    def only(self, ids: Container[str]) -> DeliveryList:
        """Return the list without deliveries that are not among these."""
        history, rolled_back = (
            tuple(name for name in names if name in ids) for names in (self.history, self.rolled_back)
        )
        return DeliveryList(history, rolled_back)


def order_of(delivery_id: str) -> tuple[str, int]:
    """Return what deliveries are ordered by: their day, and their number among those of the day ("2026-11-20.2")."""
    day, _, number = delivery_id.partition(".")
    return day, int(number) if number.isdecimal() else 1


def store_path() -> Path:
    """Return the store's folder: `DASHBOARD_STORE`, or `store` in the working folder. It may not exist yet."""
    return Path(os.environ.get("DASHBOARD_STORE") or "store")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if the file is missing or has no object."""
    try:
        content = json.loads(read_text(path))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def read_text(path: Path) -> str:
    """Return the text of a file of the store. Raises OSError unless it is a regular file: reading a pipe would never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return path.read_text(encoding="utf-8-sig")


def read_list(store: Path) -> DeliveryList:
    """Return the list of published deliveries; empty if nothing has been published.

    Raises:
        StoreDamagedError: The list cannot be read, or is missing although there are deliveries.
    """
    path = store / CURRENT
    repair = "Nothing was changed. To rebuild it from the deliveries' reports: python -m data repair"
    try:
        text = read_text(path)
    except FileNotFoundError:
        number = _count_folders(store)
        if not number:
            return DeliveryList()
        are = "delivery is" if number == 1 else "deliveries are"
        raise StoreDamagedError(
            f"The store's list, {path}, is missing, but {number} {are} in {DELIVERIES}/. {repair}"
        ) from None
    except OSError as error:
        raise StoreDamagedError(
            f"The store's list, {path}, cannot be read: {error.strerror or error}. {repair}"
        ) from None
    except UnicodeDecodeError:
        raise StoreDamagedError(f"The store's list, {path}, cannot be read: it is not text. {repair}") from None
    try:
        return parse_list(json.loads(text))
    except (ValueError, RecursionError):
        why = "it is empty" if not text.strip() else "it does not say which delivery is on screen"
        raise StoreDamagedError(f"The store's list, {path}, cannot be read: {why}. {repair}") from None


def _count_folders(store: Path) -> int:
    """Return how many folders of deliveries the store has, complete or not."""
    try:
        return sum(1 for path in (store / DELIVERIES).iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise StoreDamagedError(f"The store {store} cannot be read: {error.strerror or error}.") from None


def parse_list(content: object) -> DeliveryList:
    """Parse the list from its JSON. Raises ValueError for anything that publishing does not write."""
    if not isinstance(content, dict) or not {"delivery", "history"} <= set(content):
        raise ValueError("not a list of deliveries")
    listed = DeliveryList(_ids(content["history"]), _ids(content.get("rolled_back", [])))
    if content["delivery"] != listed.current:
        raise ValueError("the delivery on screen is not the last in the history")
    return listed


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and is_delivery_id(each) for each in value):
        raise ValueError("not a list of ids")
    return tuple(value)


def current_id(store: Path) -> str | None:
    """Return the id of the delivery on screen, or None if nothing has been published. Raises StoreDamagedError."""
    return read_list(store).current


def history(store: Path) -> list[str]:
    """Return the ids of deliveries that were on screen and not rolled back, oldest first. The last is current."""
    return list(read_list(store).history)


def withdrawn(store: Path) -> str | None:
    """Return the delivery that a rollback took off the screen; None where there is none, or where it was a demo before real data.

    Raises:
        StoreDamagedError: As `read_list`.
    """
    listed = read_list(store)
    left = listed.withdrawn
    if left is None or listed.current is None:
        return None
    was_demo, is_demo = ((report(store, each) or {}).get("is_synthetic") for each in (left, listed.current))
    return left if is_demo or not was_demo else None


def is_delivery_id(text: str) -> bool:
    """Return whether a text is a plain folder name, as every delivery's id is."""
    return bool(text) and not text.startswith(".") and Path(text).name == text and "\0" not in text and len(text) < 100


def delivery_ids(store: Path) -> list[str]:
    """Return the ids of the folders of deliveries, complete or not, in order."""
    folder = store / DELIVERIES
    return sorted(path.name for path in folder.iterdir() if is_delivery_id(path.name)) if folder.is_dir() else []


def delivery_folder(store: Path, delivery_id: str) -> Path:
    """Return the folder of a published delivery. Raises ValueError for an id that is not a plain folder name."""
    if not is_delivery_id(delivery_id):
        raise ValueError(f"not a delivery id: {delivery_id!r}")
    return store / DELIVERIES / delivery_id


def database(store: Path, delivery_id: str) -> Path:
    """Return the DuckDB file of a published delivery."""
    return delivery_folder(store, delivery_id) / DATABASE


def report(store: Path, delivery_id: str) -> dict[str, Any] | None:
    """Return the report of a published delivery, as `check --json` prints it."""
    return read_json(delivery_folder(store, delivery_id) / REPORT)


def manifest(store: Path, delivery_id: str) -> dict[str, Any] | None:
    """Return a delivery's manifest: {"format": number, "files": {name: {"sha256", "bytes"}}}.

    None for deliveries from before there were manifests, or if the manifest cannot be read.
    """
    return read_json(delivery_folder(store, delivery_id) / MANIFEST)


def format_of(store: Path, delivery_id: str) -> int:
    """Return the format number of a delivery's database (see FORMAT); 0 if unknown."""
    number = (manifest(store, delivery_id) or {}).get("format")
    return number if isinstance(number, int) and not isinstance(number, bool) else 0
