"""Read the excluded rows of a published delivery as its folder holds them, for the people who correct them.

Of each row only what its sender needs to find and correct it is read: where it came from, its id, and the value that is wrong. What
else the row says about a resident stays in the folder. Values are masked there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from data import problems, store
from data.contract import KEYS

_PLACE = 3  # the last columns of a file: its rows' file, row and reasons (data/build_store.py)
_SENDERS = (
    "provider",
    "referred_by",
    "recipient",
    "employer",
)  # who may have sent a row, by the columns that name them


@dataclass(frozen=True, kw_only=True)
class ExcludedRow:
    """One reason why one row was excluded.

    Attributes:
        table: The table.
        file: The file of the export.
        row: The row in it, as a spreadsheet counts.
        key: The row's id; "" where the export has none under that name.
        sender: The provider, organization, recipient or employer in the row; "" where it has none.
        column: The column that the reason is about; "" where there is none.
        value: What the row has there.
        reason: The reason as the store keeps it.
        how_to_fix: What to do.
    """

    table: str
    file: str
    row: str
    key: str
    sender: str
    column: str
    value: str
    reason: str
    how_to_fix: str


def read(delivery_id: str) -> Iterator[ExcludedRow]:
    """Yield the excluded rows of a delivery of the store, a table after the other, each row once for each of its reasons.

    Raises:
        OSError: A file cannot be read.
    """
    folder = store.delivery_folder(store.store_path(), delivery_id) / store.QUARANTINE
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            for cells in reader:
                if len(cells) == len(header) > _PLACE:
                    yield from _reasons(path.stem, dict(zip(header[:-_PLACE], cells, strict=False)), *cells[-_PLACE:])


def _reasons(table: str, values: dict[str, str], file: str, row: str, reasons: str) -> Iterator[ExcludedRow]:
    sender = next((values[name] for name in _SENDERS if values.get(name)), "")
    for reason in reasons.split("; "):
        fix = problems.fix_for(reason)
        yield ExcludedRow(
            table=table,
            file=file,
            row=row,
            key=values.get(KEYS.get(table, ""), ""),
            sender=sender,
            column=fix.column,
            value=values.get(fix.column, ""),
            reason=reason,
            how_to_fix=fix.how,
        )
