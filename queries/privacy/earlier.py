"""What protected readers saw of the delivery before: numbers that hardly changed stay as they were.

A reader can subtract the numbers of one delivery from those of the next. So a cell that changed by fewer than the limit stays
as it was last decided: hidden, or shown with the number of that delivery.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from queries import instances
from queries.database import Store
from queries.privacy.tables import Address

_JSON = json.JSONEncoder(ensure_ascii=False)
_TABLES = "select table_name from information_schema.tables where table_name = 'decided_cells'"
_CELLS = """
select decided.dimensions, decided.cell, decided.delivery, decided.counts, hidden.cell is not null as is_hidden
from decided_cells as decided
join releases on releases.stem = decided.stem and releases.is_released and releases.min_count = $min_count
left join hidden_cells as hidden
    on hidden.stem = decided.stem and hidden.dimensions = decided.dimensions and hidden.cell = decided.cell
where decided.stem = $stem
"""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was last decided about a cell.

    Attributes:
        delivery: The delivery that it was decided for.
        counts: The counts of the cell in that delivery.
        is_hidden: Whether the cell is hidden.
    """

    delivery: str
    counts: tuple[int, ...]
    is_hidden: bool

    def changes(self, counts: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return how much each count changed since; None if other counts are compared."""
        if len(counts) != len(self.counts):
            return None
        return tuple(count - before for count, before in zip(counts, self.counts, strict=True))


def decided_before(database: Path | None, stem: str, min_count: int) -> Mapping[Address, Decided]:
    """Return what the delivery before decided about each cell of a stem; nothing if it was not solved for this limit.

    Args:
        database: The DuckDB file of that delivery; None if there is none.
        stem: The stem.
        min_count: The limit.
    """
    if database is None or not database.exists():
        return {}
    store = Store("", instances.file_state(database))
    try:
        rows = store.run(_CELLS, {"stem": stem, "min_count": min_count}) if store.run(_TABLES) else []
    finally:
        instances.close(database)
    return {
        _address(row["dimensions"], row["cell"]): Decided(
            delivery=row["delivery"] or database.parent.name, counts=tuple(row["counts"]), is_hidden=row["is_hidden"]
        )
        for row in rows
    }


def _address(dimensions: str, cell: str) -> Address:
    names = [name.partition("=")[0] for name in dimensions.split(",") if name]
    return tuple(zip(names, json.loads(cell), strict=True))


def text_of(address: Address) -> str:
    """Return a cell's values as the store has them."""
    return _JSON.encode([value for _, value in address])
