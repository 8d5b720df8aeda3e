"""Where published deliveries are: the only module of `data/` that `queries/` may import.

store/current.json          {"delivery": id, "history": [ids, oldest first], "rolled_back": [ids]}
store/refused.json          the last refused attempt: {"source", "at", "faults"}; gone after the next accepted one
store/deliveries/<id>/      store.duckdb, report.json, quarantine/<table>.csv; never changed once published
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

CURRENT, REFUSED, DELIVERIES = "current.json", "refused.json", "deliveries"
DATABASE, REPORT = "store.duckdb", "report.json"


def store_path() -> Path:
    """The store's folder: `DASHBOARD_STORE`, or `store` in the working folder. It need not exist yet."""
    return Path(os.environ.get("DASHBOARD_STORE") or "store")


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None when the file is missing or does not hold one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def current_id(store: Path) -> str | None:
    """The id of the delivery on screen, or None when nothing has been published."""
    found = (read_json(store / CURRENT) or {}).get("delivery")
    return found if isinstance(found, str) else None


def history(store: Path) -> list[str]:
    """Ids of the deliveries that became current and were not rolled back, oldest first; the last one is current."""
    return _ids(store, "history")


def rolled_back(store: Path) -> list[str]:
    """Ids of the deliveries that were published and then rolled back; their numbers can still be shown."""
    return _ids(store, "rolled_back")


def delivery_folder(store: Path, delivery_id: str) -> Path:
    """The folder of one published delivery. Raises ValueError for an id that is not a plain folder name."""
    if not delivery_id or delivery_id.startswith(".") or Path(delivery_id).name != delivery_id:
        raise ValueError(f"not a delivery id: {delivery_id!r}")
    return store / DELIVERIES / delivery_id


def database(store: Path, delivery_id: str) -> Path:
    """The DuckDB file of one published delivery."""
    return delivery_folder(store, delivery_id) / DATABASE


def report(store: Path, delivery_id: str) -> dict[str, Any] | None:
    """What checking said of one published delivery, as `check --json` prints it."""
    return read_json(delivery_folder(store, delivery_id) / REPORT)


def last_refusal(store: Path) -> dict[str, Any] | None:
    """The last refused attempt since the current delivery was published, or None: source, at, faults."""
    return read_json(store / REFUSED)


def _ids(store: Path, name: str) -> list[str]:
    found = (read_json(store / CURRENT) or {}).get(name)
    return [str(one) for one in found] if isinstance(found, list) else []
